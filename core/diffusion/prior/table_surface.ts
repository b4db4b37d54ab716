/**
 * Surfaces of measured tables: what other data sets of one search space have taught.
 *
 * @module
 */
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";
import { BoostedTrees } from "./boosted_trees.ts";
import { drawTreesOptions } from "./surrogate.ts";

/** At most so many rows of a table are fitted, drawn anew for each surface. */
const largestFit = 600;

/** Boosted trees that were fitted to some rows of a measured table. */
export class TableSurface {
  /** d, the number of inputs. */
  readonly dimension: number;
  /** The rows. */
  readonly table: Observations;
  /** Nothing is known of the parts of the response. */
  readonly parts = { gate: undefined };
  /** Nothing is known of the range of the inputs. */
  readonly isInterior = false;
  readonly #trees: BoostedTrees;

  private constructor(random: Random, table: Observations) {
    this.dimension = table.dimension;
    this.table = table;
    this.#trees = BoostedTrees.fit(random, table, drawTreesOptions(random));
  }

  /** Fits trees with random settings to at most 600 random rows of a table, at least half of them. */
  static fit(random: Random, { dimension, size, x, y }: Observations): TableSurface {
    const most = Math.min(size, largestFit);
    const count = Math.ceil(most * (0.5 + 0.5 * random.uniform()));
    const rows = random.permutation(size).subarray(0, count);
    const table = {
      dimension,
      size: count,
      x: new Float64Array(count * dimension),
      y: Float64Array.from(rows, (row) => y[row]),
    };
    rows.forEach((row, i) => {
      table.x.set(x.subarray(row * dimension, (row + 1) * dimension), i * dimension);
    });
    return new TableSurface(random, table);
  }

  /** The responses at n points, [n, d]. */
  evaluate(points: Float64Array): Float64Array {
    const values = new Float64Array(points.length / this.dimension);
    this.evaluateInto(points, values);
    return values;
  }

  /** Like {@linkcode TableSurface.evaluate}, into an array of n values. */
  evaluateInto(points: Float64Array, values: Float64Array): void {
    const { dimension } = this;
    for (let i = 0; i < values.length; i++) {
      values[i] = this.#trees.value(points.subarray(i * dimension, (i + 1) * dimension));
    }
  }
}
