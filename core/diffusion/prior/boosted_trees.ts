/**
 * Gradient-boosted regression trees, fitted to a table.
 *
 * @module
 */
import { chance } from "../../search/draw.ts";
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/** Options of {@linkcode BoostedTrees.fit}; the names in brackets are XGBoost's. */
export interface BoostedTreesOptions {
  /** Number of trees (`n_estimators`). */
  trees: number;
  /** Largest number of splits on a path (`max_depth`). */
  depth: number;
  /** Factor of each tree's leaves (`eta`). */
  learningRate: number;
  /** L2 penalty of the leaves (`lambda`). */
  penalty: number;
  /** Probability that a tree may split on an input (`colsample_bytree`). @default {1} */
  inputShare?: number;
}

/** Inputs of more values than this are split between quantiles. */
const quantiles = 64;
/** A bin holds a quantile's share or is next to a value that does. */
const largestBins = 2 * quantiles + 1;
/** Gains that differ by less, as a share of all squares, are equal but for rounding: the first input is preferred. */
const gainTolerance = 1e-9;

/**
 * A sum of regression trees for squared error, each grown by the largest gain (XGBoost's greedy algorithm, Chen &
 * Guestrin 2016, Eqs. 5-7, with h = 1). Up to 64 different values of an input are split exactly, more in quantiles.
 */
export class BoostedTrees implements SurfaceTerm {
  readonly #mean: number;
  readonly #roots: Int32Array; // [trees], first node of each
  readonly #inputs: Int32Array; // [nodes], -1 for a leaf
  readonly #values: Float64Array; // [nodes]
  readonly #children: Int32Array; // [nodes]

  private constructor(mean: number, roots: Int32Array, { inputs, values, children }: Nodes) {
    this.#mean = mean;
    this.#roots = roots;
    this.#inputs = Int32Array.from(inputs);
    this.#values = Float64Array.from(values);
    this.#children = Int32Array.from(children);
  }

  /** Fits trees to observations; `random` chooses the inputs of each tree where `inputShare` is below 1. */
  static fit(random: Random, table: Observations, options: BoostedTreesOptions): BoostedTrees {
    const { inputShare = 1 } = options;
    const columns = toColumns(table);
    const mean = table.y.reduce((sum, y) => sum + y, 0) / table.size;
    const grower = new Grower(table.y.map((y) => y - mean), options);
    const roots = Int32Array.from({ length: options.trees }, () => {
      const allowed = inputShare < 1 ? columns.filter(() => chance(random, inputShare)) : columns;
      return grower.grow(allowed);
    });
    return new BoostedTrees(mean, roots, grower.nodes);
  }

  /** The mean response plus the leaves that `point` falls into. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, values = this.#values, children = this.#children;
    const roots = this.#roots;
    let sum = this.#mean;
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree];
      while (inputs[node] >= 0) {
        node = children[node] + Number(point[inputs[node]] > values[node]);
      }
      sum += values[node];
    }
    return sum;
  }
}

/** The nodes of all trees; the right child follows the left one. */
interface Nodes {
  inputs: number[]; // -1 for a leaf
  values: number[]; // thresholds of splits, values of leaves
  children: number[]; // the left one, of a split
}

/** An input with its values in bins. */
interface Column {
  input: number;
  bins: Uint8Array; // [n]
  smallest: number[]; // of each bin
  largest: number[]; // of each bin
}

/** The inputs that are not constant. */
function toColumns({ dimension, size, x }: Observations): Column[] {
  return Array.from({ length: dimension }, (_, input) => {
    const values = Float64Array.from({ length: size }, (_, i) => x[i * dimension + input]);
    const { smallest, largest } = binBounds(values.slice().sort());
    const bins = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      let low = 0, high = largest.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (values[i] > largest[middle]) low = middle + 1;
        else high = middle;
      }
      bins[i] = low;
    }
    return { input, bins, smallest, largest };
  }).filter(({ smallest }) => smallest.length > 1);
}

/** Bins that hold a quantile's share, or end before a value that does. */
function binBounds(sorted: Float64Array): Pick<Column, "smallest" | "largest"> {
  const share = sorted.length / quantiles;
  const smallest: number[] = [], largest: number[] = [];
  for (let start = 0, held = share; start < sorted.length;) {
    const value = sorted[start];
    let end = start + 1;
    while (end < sorted.length && sorted[end] === value) end++;
    const count = end - start;
    if (held >= share || count >= share) {
      smallest.push(value);
      held = 0;
    }
    largest[smallest.length - 1] = value;
    held += count;
    start = end;
  }
  return { smallest, largest };
}

/** Rows whose bin is at most `bin` go left. */
interface Split {
  column: Column;
  bin: number;
  /** The next bin that the node has rows in. */
  next: number;
}

/** Grows one tree after the other, each on what the earlier ones have left. */
class Grower {
  readonly nodes: Nodes = { inputs: [], values: [], children: [] };
  readonly #residuals: Float64Array; // [n]
  readonly #options: BoostedTreesOptions;
  readonly #tolerance: number;
  readonly #rows: Int32Array; // [n], those of a node side by side
  readonly #moved: Int32Array; // scratch, [n]
  readonly #sums = new Float64Array(largestBins); // scratch
  readonly #counts = new Int32Array(largestBins); // scratch

  constructor(residuals: Float64Array, options: BoostedTreesOptions) {
    this.#residuals = residuals;
    this.#options = options;
    this.#tolerance = gainTolerance * residuals.reduce((sum, r) => sum + r * r, 0);
    this.#rows = Int32Array.from(residuals.keys());
    this.#moved = new Int32Array(residuals.length);
  }

  /** Grows a tree that splits on these columns; returns its first node. */
  grow(columns: readonly Column[]): number {
    const root = this.#newNode();
    this.#growNode(columns, root, { from: 0, to: this.#rows.length, depth: 0 });
    return root;
  }

  #newNode(): number {
    const { inputs, values, children } = this.nodes;
    inputs.push(-1);
    values.push(0);
    children.push(0);
    return inputs.length - 1;
  }

  #growNode(
    columns: readonly Column[],
    node: number,
    { from, to, depth }: { from: number; to: number; depth: number },
  ): void {
    const residuals = this.#residuals, rows = this.#rows;
    let total = 0;
    for (let i = from; i < to; i++) total += residuals[rows[i]];
    const split = depth < this.#options.depth
      ? this.#bestSplit(columns, { from, to, total })
      : undefined;
    if (split === undefined) {
      const leaf = this.#options.learningRate * total / (to - from + this.#options.penalty);
      this.nodes.values[node] = leaf;
      for (let i = from; i < to; i++) residuals[rows[i]] -= leaf;
      return;
    }
    const { column, bin, next } = split;
    const middle = this.#partition(column.bins, bin, from, to);
    const left = this.#newNode(), right = this.#newNode();
    this.nodes.inputs[node] = column.input;
    this.nodes.values[node] = (column.largest[bin] + column.smallest[next]) / 2;
    this.nodes.children[node] = left;
    this.#growNode(columns, left, { from, to: middle, depth: depth + 1 });
    this.#growNode(columns, right, { from: middle, to, depth: depth + 1 });
  }

  /** The split of rows from..to whose gain is largest, if one has a gain. */
  #bestSplit(
    columns: readonly Column[],
    { from, to, total }: { from: number; to: number; total: number },
  ): Split | undefined {
    const residuals = this.#residuals, rows = this.#rows, sums = this.#sums, counts = this.#counts;
    const { penalty } = this.#options;
    const count = to - from;
    let best: Split | undefined;
    let bestScore = total * total / (count + penalty); // of no split
    for (const column of columns) {
      const { bins, smallest: { length } } = column;
      sums.fill(0, 0, length);
      counts.fill(0, 0, length);
      for (let i = from; i < to; i++) {
        const row = rows[i], bin = bins[row];
        sums[bin] += residuals[row];
        counts[bin]++;
      }
      let left = 0, leftCount = 0, previous = 0;
      for (let bin = 0; leftCount < count; bin++) {
        if (counts[bin] === 0) continue;
        const right = total - left, rightCount = count - leftCount;
        const score = left * left / (leftCount + penalty) +
          right * right / (rightCount + penalty);
        if (leftCount > 0 && score > bestScore + this.#tolerance) {
          bestScore = score;
          best = { column, bin: previous, next: bin };
        }
        left += sums[bin];
        leftCount += counts[bin];
        previous = bin;
      }
    }
    return best;
  }

  /** Brings the rows up to a bin to the front; returns where the others begin. */
  #partition(bins: Uint8Array, bin: number, from: number, to: number): number {
    const rows = this.#rows, moved = this.#moved;
    let front = from, others = 0;
    for (let i = from; i < to; i++) {
      if (bins[rows[i]] <= bin) rows[front++] = rows[i];
      else moved[others++] = rows[i];
    }
    rows.set(moved.subarray(0, others), front);
    return front;
  }
}
