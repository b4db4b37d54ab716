/** A study of ours, for Optuna to read. */
import { RandomSearch } from "../../../../baselines/random_search.ts";
import { SearchSpace } from "../../../../core/search/search_space.ts";
import { openStorage } from "../../../../core/storage/mod.ts";
import { Study } from "../../../../core/study/study.ts";

/** Hyperparameters of every kind. */
export const space = new SearchSpace({
  plain: { type: "real", min: -1, max: 1 },
  rate: { type: "real", min: 1e-5, max: 0.1, log: true },
  dropout: { type: "real", min: 0, max: 0.9, step: 0.3 },
  layers: { type: "integer", min: 1, max: 9 },
  width: { type: "integer", min: 8, max: 1024, log: true },
  batch: { type: "integer", min: 8, max: 256, step: 8 },
  kind: { type: "choice", values: ["sgd", "adam", null, true, 2.5] },
  size: { type: "ordered", values: ["small", "middle", "large"] },
  momentum: { type: "real", min: 0, max: 1, when: { kind: "sgd" } },
  version: { type: "constant", value: "v1" },
});

/** Creates the study "ours", with trials of every state. */
export async function createOurStudy(
  url: string,
): Promise<Study<typeof space.hyperparameters>> {
  const study = await Study.open({
    storage: await openStorage(url),
    name: "ours",
    space,
    goal: "minimize",
    algorithm: new RandomSearch({ seed: 1 }),
  });
  for (let i = 0; i < 12; i++) {
    const trial = await study.ask();
    await trial.report(0, i / 3);
    await trial.report(5, i === 3 ? NaN : -i / 7);
    await trial.note({ worker: "one", odd: [NaN, Infinity] });
    if (i === 5) await study.tell(trial, { state: "fail", reason: "out of memory" });
    else if (i === 7) await study.tell(trial, { state: "pruned" });
    else await study.tell(trial, trial.configuration.plain + trial.configuration.layers);
  }
  const { configuration } = await study.ask();
  await study.enqueue({ ...configuration, plain: 0.125 });
  return study;
}
