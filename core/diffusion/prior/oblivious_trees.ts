/**
 * Sums of random oblivious trees.
 *
 * @module
 */
import { Categorical } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/** Options of {@linkcode ObliviousTrees.draw}. */
export interface ObliviousTreesOptions {
  /** Number of trees. */
  trees: number;
  /** Number of splits of a tree, at most 8: it has 2^depth leaves. */
  depth: number;
  /** Standard deviation of the log magnitude of whole trees. @default {0} */
  magnitudeSpread?: number;
}

/**
 * A sum of oblivious decision trees: all nodes of a level share one split, so that the bits of the
 * comparisons are the leaf's index. Split inputs follow `splitWeights`, thresholds are uniform,
 * leaves normal; the variance of the sum is about 1 where trees have the same magnitude.
 */
export class ObliviousTrees implements SurfaceTerm {
  readonly #depth: number;
  readonly #inputs: Int32Array; // [trees, depth]
  readonly #thresholds: Float64Array; // [trees, depth]
  readonly #leaves: Float64Array; // [trees, 2^depth]

  private constructor(
    depth: number,
    inputs: Int32Array,
    thresholds: Float64Array,
    leaves: Float64Array,
  ) {
    this.#depth = depth;
    this.#inputs = inputs;
    this.#thresholds = thresholds;
    this.#leaves = leaves;
  }

  /** @param splitWeights d non-negative weights: how often an input is split on. */
  static draw(
    random: Random,
    splitWeights: Float64Array,
    options: ObliviousTreesOptions,
  ): ObliviousTrees {
    const { trees, depth, magnitudeSpread = 0 } = options;
    const splits = new Categorical(splitWeights);
    const inputs = Int32Array.from({ length: trees * depth }, () => splits.draw(random));
    const thresholds = random.point(trees * depth);
    const leafCount = 1 << depth;
    const leaves = new Float64Array(trees * leafCount);
    for (let t = 0; t < trees; t++) {
      const magnitude = Math.exp(magnitudeSpread * random.normal()) / Math.sqrt(trees);
      for (let l = 0; l < leafCount; l++) leaves[t * leafCount + l] = magnitude * random.normal();
    }
    return new ObliviousTrees(depth, inputs, thresholds, leaves);
  }

  /** The sum of the leaves that `point` falls into. */
  value(point: Float64Array): number {
    const depth = this.#depth, inputs = this.#inputs, thresholds = this.#thresholds;
    const leaves = this.#leaves, leafCount = 1 << depth;
    let sum = 0;
    for (let o = 0, first = 0; o < inputs.length; first += leafCount) {
      let leaf = 0;
      for (let level = 0; level < depth; level++, o++) {
        leaf |= Number(point[inputs[o]] > thresholds[o]) << level; // four times faster than a branch
      }
      sum += leaves[first + leaf];
    }
    return sum;
  }
}

/** Split weights that follow the inputs' amplitudes with log-normal jitter. */
export function drawSplitWeights(random: Random, amplitudes: Float64Array): Float64Array {
  return amplitudes.map((amplitude) => (amplitude + 1e-3) * Math.exp(0.5 * random.normal()));
}
