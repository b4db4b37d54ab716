/**
 * The conformance suite of algorithms, and reproducibility in other isolates, as tests of Deno.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { sampleHistory } from "../core/testing/_histories.ts";
import {
  type AlgorithmFactory,
  type AlgorithmTestOptions,
  algorithmTests,
} from "../core/testing/mod.ts";
import type { Observed } from "../core/search/task.ts";

export type { AlgorithmFactory };

/** Options of {@linkcode algorithmConformance}. */
export interface ConformanceOptions extends AlgorithmTestOptions {
  /**
   * URL of a module that exports `factories: Record<string, AlgorithmFactory>` with this algorithm's
   * factory under its name. Workers import it, so it must not define tests.
   */
  factories: string;
}

/** Registers the tests of the algorithm `name`. */
export function algorithmConformance(
  name: string,
  factory: AlgorithmFactory,
  options: ConformanceOptions,
): void {
  for (const test of algorithmTests(name, factory, options)) Deno.test(test.name, test.run);

  Deno.test(`${name} suggests the same in other processes, however many there are`, async () => {
    const histories = [sampleHistory(9, 3), sampleHistory(5, 1), sampleHistory(12, 16)];
    const expected = [];
    for (const history of histories) {
      expected.push(await (await factory(1)).observeAndSuggest(history));
    }
    const { factories } = options;
    assertEquals(await inWorkers(histories.map((h) => [h]), { factories, name }), expected);
    assertEquals(
      await inWorkers([histories.toReversed()], { factories, name }),
      expected.toReversed(),
    );
  });
}

/** Suggestions for each worker's histories with seed 1, in order; all workers run at once. */
async function inWorkers(
  shares: readonly Observed[][],
  algorithm: { factories: string; name: string },
): Promise<Float64Array[]> {
  const workers = shares.map(() =>
    new Worker(import.meta.resolve("./_conformance_worker.js"), { type: "module" })
  );
  try {
    const answers = workers.map((worker, i) =>
      new Promise<Float64Array[]>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
        worker.postMessage({ ...algorithm, seed: 1, histories: shares[i] });
      })
    );
    return (await Promise.all(answers)).flat();
  } finally {
    for (const worker of workers) worker.terminate();
  }
}
