import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaussianProcess } from "../../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { recommend } from "../../../baselines/recommend.ts";
import { InputError } from "../../../core/search/errors.ts";
import { Random } from "../../../core/search/random.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { Study } from "../../../core/study/study.ts";

const space = new SearchSpace({
  depth: { type: "integer", min: 1, max: 8 },
  kind: { type: "choice", values: ["a", "b", "c"] },
});

/** A loss that is least at depth 5 of kind b, measured with noise. */
function noisyLoss(noise: number): (trial: {
  number: number;
  configuration: { depth: number; kind: string };
}) => number {
  return ({ number, configuration: { depth, kind } }) =>
    ((depth - 5) / 8) ** 2 + (kind === "b" ? 0 : 0.2) +
    noise * Random.of("noisy loss", number).normal();
}

Deno.test("with noise, trials at the end measure leaders again and say so", async () => {
  await using study = await Study.open({
    space,
    goal: "minimize",
    algorithm: new GaussianProcess(),
    confirm: "auto",
  });
  await study.optimize(noisyLoss(0.1), { trials: 24 });
  const trials = await study.trials(),
    again = trials.filter(({ confirms }) => confirms !== undefined);
  assert(again.length > 0, "none was measured again");
  for (const { number, confirms, configuration } of again) {
    assert(number >= 17, `trial ${number}`);
    assertEquals(configuration, trials[confirms!].configuration);
  }
  const first = trials.filter(({ confirms }) => confirms === undefined);
  const keys = new Set(first.map(({ configuration }) => JSON.stringify(configuration)));
  assertEquals(keys.size, first.length, "no other trial repeats a configuration");
});

Deno.test("without noise one trial finds that out, and the best is recommended", async () => {
  await using study = await Study.open({
    space,
    goal: "minimize",
    algorithm: new GaussianProcess(),
    confirm: "auto",
  });
  await study.optimize(noisyLoss(0), { trials: 20 });
  const again = (await study.trials()).filter(({ confirms }) => confirms !== undefined);
  assertEquals(again.map(({ number }) => number), [18]);
  const best = (await study.best())!, recommended = (await study.recommend())!;
  assertEquals(recommended.configuration, best.configuration);
  assertEquals([recommended.estimate, recommended.trials[0]], [best.value, best.number]);
  const { standardDeviation, valueOfMeasuring, noise } = recommended.confidence!;
  assertEquals([standardDeviation, valueOfMeasuring, noise], [0, 0, 0]);
});

Deno.test("an estimator says what to deploy of a study of any algorithm", async () => {
  await using study = await Study.open({
    space,
    goal: "minimize",
    algorithm: new RandomSearch(),
    estimator: recommend,
  });
  assertEquals(await study.recommend(), undefined);
  await study.optimize(noisyLoss(0.02), { trials: 18 });
  const recommended = (await study.recommend())!;
  assertEquals(recommended.configuration.kind, "b");
  assert(Math.abs(recommended.estimate - ((recommended.configuration.depth - 5) / 8) ** 2) < 0.06);
  assert(recommended.confidence!.standardDeviation >= 0);
  assert(recommended.confidence!.probabilityOfBest > 0.2);
});

Deno.test("every third trial measures again where a number says so", async () => {
  await using study = await Study.open({ space, algorithm: new GaussianProcess(), confirm: 3 });
  for (let k = 0; k < 9; k++) await study.tell(await study.ask(), Math.sin(k));
  const again = (await study.trials()).filter(({ confirms }) => confirms !== undefined);
  assertEquals(again.map(({ number }) => number), [2, 5, 8]);
});

Deno.test("measuring again needs somebody who estimates", async () => {
  const options = { space, algorithm: new RandomSearch(), confirm: "auto" } as const;
  await assertRejects(() => Study.open(options), InputError, "'estimator' must be given");
  await assertRejects(
    () => Study.open({ ...options, estimator: recommend, confirm: 1 }),
    RangeError,
    "got 1",
  );
});
