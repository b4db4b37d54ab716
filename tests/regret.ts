/**
 * A statistical test that an optimizer optimizes (after Vizier's regret comparison).
 *
 * @module
 */
import { assert } from "@std/assert";
import { RandomSearch } from "../baselines/random_search.ts";
import type { Algorithm } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";
import { searchTask } from "../core/search/search_loop.ts";
import type { AlgorithmFactory } from "./conformance.ts";
import { branin, hartmann3, type SyntheticFunction } from "../tasks/shared/synthetic_functions.ts";

/** Options of {@linkcode regretTest}. */
export interface RegretTestOptions {
  /**
   * Number of suggestions of a run, after five random points; random search gets twice as many.
   * @default {20}
   */
  trials?: number;
  /**
   * Number of paired runs on each function, at least 3.
   * @default {8}
   */
  runs?: number;
}

/**
 * Registers the test that the algorithm `name` beats random search with twice the trials on Branin
 * and Hartmann-3: the sign test over runs from common initial points rejects, at 5 %, that it wins no
 * more than every second one.
 */
export function regretTest(
  name: string,
  factory: AlgorithmFactory,
  options: RegretTestOptions = {},
): void {
  const { trials = 20, runs = 8 } = options;
  Deno.test(`${name} beats random search that has twice the trials`, async () => {
    let wins = 0;
    for (const target of [branin, hartmann3]) {
      for (let seed = 0; seed < runs; seed++) {
        const rival = await bestOf(new RandomSearch({ seed }), target, 2 * trials, seed);
        if (await bestOf(await factory(seed), target, trials, seed) > rival) wins++;
      }
    }
    const p = signTest(wins, 2 * runs);
    assert(p < 0.05, `it won ${wins} of ${2 * runs} runs, p = ${p.toFixed(3)}`);
  });
}

/** The best response after five random points, the same for each algorithm, and `trials` more. */
async function bestOf(
  algorithm: Algorithm,
  target: SyntheticFunction,
  trials: number,
  seed: number,
): Promise<number> {
  const random = Random.of("regret test", target.name, seed);
  const points = Array.from({ length: 5 }, () => random.point(target.dimension));
  const responses = points.map((point) => target.evaluate(point));
  let best = Math.max(...responses);
  const steps = searchTask(algorithm, target, { points, responses });
  for (let trial = 0; trial < trials; trial++) {
    best = Math.max(best, (await steps.next()).value!.response);
  }
  return best;
}

/** P(at least `wins` heads in `runs` throws of a fair coin). */
function signTest(wins: number, runs: number): number {
  let p = 0, term = 2 ** -runs; // of `runs` heads, then one fewer at a time
  for (let heads = runs; heads >= wins; heads--) {
    p += term;
    term *= heads / (runs - heads + 1);
  }
  return p;
}
