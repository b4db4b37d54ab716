/**
 * How much another seed of the training changes.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { describeP } from "../../hpob/comparison/p_values.ts";
import { signTest, wilcoxonTest } from "../../hpob/comparison/statistics.ts";
import type { LossRow } from "../../hpob/figures/loss_figure.ts";
import type { Evaluated } from "../evaluate/evaluate_variant.ts";
import type { SecondTraining } from "./inputs.ts";
import { regret } from "./tables.ts";

/** The commands that make the results; the logs of the training lie beside them. */
const secondTrainingCommands =
  "`deno task train --seed 2 --out results/seed-2` and `deno task evaluate '{}' " +
  '\'{"weights":"results/seed-2/weights.safetensors"}\' --keys 0,1,2,3,4 --out ' +
  "docs/results/second-training/hpob-mini.json`";

/** A sentence or two. @param log That of the shipped weights. @param second Undefined where there is none. */
export function secondTrainingText(
  log: readonly LossRow[],
  second: SecondTraining | undefined,
): string {
  if (second === undefined) {
    return "The weights are from one training: how much another seed changes is unknown.";
  }
  const [shipped, other] = second.evaluated.map(finalRegrets);
  const { wins, ties, losses } = signTest(other.byRun, shipped.byRun);
  const { pValue } = wilcoxonTest(other.byRun, shipped.byRun);
  return "The weights are from one training. A second one, from another seed, has a held-out loss of " +
    `${heldOut(second.log)} (Eq. 2; the shipped one ${heldOut(log)}) and a mean regret after ` +
    `${other.trials} trials of ${regret(mean(other.byRun))} over ${other.keys} keys (${
      regret(mean(shipped.byRun))
    }); with each run averaged over the keys, it is ${wins}–${ties}–${losses} won, tied, lost ` +
    `against the shipped weights (Wilcoxon ${describeP(pValue)}). (${secondTrainingCommands})`;
}

/** The last held-out loss of a log. */
function heldOut(log: readonly LossRow[]): string {
  const losses = log.flatMap(({ heldOutEpsLoss }) => heldOutEpsLoss ?? []);
  return losses.at(-1)?.toFixed(4) ?? "unknown";
}

/** Regrets after the last trial, each run averaged over its keys. */
function finalRegrets(
  { spaces }: Evaluated,
): { byRun: number[]; keys: number; trials: number } {
  const runs = spaces.flatMap((space) => space.runs);
  // A run is called KEY/DATASET/SEED.
  const byRun = Map.groupBy(runs, ({ name }) => name.slice(name.indexOf("/")));
  return {
    byRun: [...byRun.values()].map((same) => mean(same.map(({ regrets }) => regrets.at(-1)!))),
    keys: runs.length / byRun.size,
    trials: runs[0].regrets.length - 1,
  };
}
