/**
 * Surrogates of tables: what surrogate-based benchmarks let an optimizer search.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";
import { BoostedTrees, type BoostedTreesOptions } from "./boosted_trees.ts";
import type { Gate } from "./gate.ts";
import { addNoise, drawTablePoints } from "./table.ts";

/** A table of measured points, and the trees that were fitted to it. */
export interface Surrogate {
  /** The measurements: 80 to 600 points. */
  table: Observations;
  /** The response everywhere. */
  trees: BoostedTrees;
}

/** What is measured for a table. */
export interface TabulatedFunction {
  /** d, the number of inputs. */
  dimension: number;
  /** The conditional hyperparameter, if there is one. */
  gate: Gate | undefined;
  /** The responses at n points, [n, d], row-major. */
  evaluate(points: Float64Array): Float64Array;
}

const depths = [3, 4, 5, 6, 6];

/**
 * Measures a function at the points of a table, in half of the draws with noise of .005 to .3 of its deviation, and
 * fits 12 to 60 boosted trees to the measurements, which they follow closely. Away from its points such a surrogate
 * is flat in pieces, reacts to a few of several inputs that say the same, and is best next to a lucky measurement.
 */
export function fitSurrogate(
  random: Random,
  { dimension, gate, evaluate }: TabulatedFunction,
): Surrogate {
  const size = Math.round(logUniform(random, 80, 600));
  const x = drawTablePoints(random, { dimension, count: size, gate });
  const y = evaluate(x);
  if (chance(random, 0.5)) addNoise(random, y, logUniform(random, 0.005, 0.3));
  const table = { dimension, size, x, y };
  return { table, trees: BoostedTrees.fit(random, table, drawTreesOptions(random)) };
}

/** Settings of trees that follow their table closely: 12 to 60 trees of depth 3 to 6. */
export function drawTreesOptions(random: Random): BoostedTreesOptions {
  const learningRate = logUniform(random, 0.05, 0.5);
  return {
    trees: Math.ceil(Math.min(60, Math.max(12, (2 + 3 * random.uniform()) / learningRate))),
    depth: depths[random.integer(depths.length)],
    learningRate,
    penalty: logUniform(random, 0.1, 10),
    inputShare: chance(random, 0.7) ? 1 : 0.5 + 0.4 * random.uniform(),
  };
}
