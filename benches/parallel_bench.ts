/**
 * What running several trials at once costs: HPO-B's continuous protocol in batches, in which no response is known
 * before the last suggestion of the batch is made, against one trial at a time.
 *
 *     deno run --allow-read benches/parallel_bench.ts --data FOLDER [--methods random,gp,dgp,tpe,diffusion]
 *         [--batches 1,4] [--seeds test0,test1] [--trials 50] [--key 0]
 *
 * FOLDER is in HPO-B's format. Prints the mean and median regret after all trials of each method and batch size, the mean
 * beside that of the first size, and a comparison of the runs with those of the first size.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { median } from "simple-statistics";
import { deriveSeed } from "../core/search/random.ts";
import { signTest, wilcoxonTest } from "../hpob/comparison/statistics.ts";
import { HpobHandler } from "../hpob/handler.ts";
import { inBatches } from "../tasks/shared/in_batches.ts";
import { defaultMethods, type MethodName, methods } from "../tasks/shared/methods.ts";

const args = parseArgs(Deno.args, {
  string: ["data", "methods", "batches", "seeds", "trials", "key"],
  default: { methods: defaultMethods.join(","), batches: "1,4", trials: "50", key: "0" },
});
const handler = args.data ? await HpobHandler.open(args.data) : await HpobHandler.embedded();
const [trials, key] = [args.trials, args.key].map(Number);
const sizes = args.batches.split(",").map(Number);
const names = args.methods.split(",") as MethodName[];
const seeds = args.seeds?.split(",") ?? handler.seeds();

/** The regrets of a method's runs at the end. */
async function regrets(name: MethodName, size: number): Promise<number[]> {
  const found: number[] = [];
  for (const searchSpaceId of handler.searchSpaces()) {
    for (const datasetId of handler.datasets(searchSpaceId)) {
      for (const seed of seeds) {
        const run = { searchSpaceId, datasetId, seed };
        const initial = (await handler.continuousTask(run)).start.points.length;
        const algorithm = methods[name]({
          seed: deriveSeed(key, searchSpaceId, datasetId, seed),
          backend: "wasm",
        });
        const batched = inBatches(algorithm, size, initial);
        const incumbents = await handler.evaluateContinuous(batched, { ...run, trials });
        found.push(1 - incumbents[trials]);
      }
    }
  }
  return found;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
console.log("method      batch    mean  median   ratio");
for (const name of names) {
  let first: number[] | undefined;
  for (const size of sizes) {
    const found = await regrets(name, size);
    const numbers = [mean(found), median(found), first ? mean(found) / mean(first) : 1];
    const line = [
      name.padEnd(10),
      String(size).padStart(6),
      ...numbers.map((x, i) => x.toFixed(i < 2 ? 4 : 2).padStart(7)),
    ];
    if (first !== undefined) {
      const { wins, ties, losses } = signTest(found, first);
      const { pValue } = wilcoxonTest(found, first);
      line.push(` ${wins} won, ${ties} tied, ${losses} lost, p = ${pValue.toPrecision(2)}`);
    }
    console.log(line.join(" "));
    first ??= found;
  }
}
