/**
 * Mixed search spaces as points of a Euclidean space, on which a Matern-5/2 kernel is defined.
 *
 * @module
 */
import { type Coordinate, valuesOf } from "../core/search/coordinates.ts";

/**
 * Writes a configuration, as one number for each hyperparameter (see `readValues`), as a vector whose
 * Euclidean distances are those of the kernel,
 *
 *     k(x, x') = matern52(sqrt(sum_j d_j(x, x')^2 / lengthscale_j^2)),
 *
 * where d_j is the difference of two numbers or of the positions of two levels, and for a choice the Hamming
 * distance: 0 for the same value, 1 for another one. A choice of k > 2 values is the vertex e_i / sqrt(2) of a
 * simplex, whose sides have length 1; one of two values is 0 or 1. The columns of a choice share a lengthscale.
 *
 * An inactive hyperparameter is the centre of its interval or simplex. So it does not tell apart two points
 * where it is inactive, whatever it would be set to; and from where it is active it has the distance to the
 * centre. (No distance at all would not do: were d_j = 0 whenever one of the two is inactive, two points that
 * differ in it would be one with a third and not with each other, which no positive definite kernel allows.)
 *
 * The kernel is positive definite as Matern's is on every Euclidean space.
 */
export class MixedEmbedding {
  /** Number of columns of a vector. */
  readonly dimension: number;
  /** The hyperparameter that each column belongs to. */
  readonly groups: Int32Array;
  /** The first column of each hyperparameter. */
  readonly offsets: Int32Array;
  readonly #coordinates: readonly Coordinate[];

  /** @param coordinates The hyperparameters of the space. */
  constructor(coordinates: readonly Coordinate[]) {
    this.#coordinates = coordinates;
    const widths = coordinates.map((c) => c.kind === "choice" && c.count > 2 ? c.count : 1);
    this.groups = Int32Array.from(widths.flatMap((width, j) => new Array<number>(width).fill(j)));
    this.dimension = this.groups.length;
    this.offsets = Int32Array.from(widths, (_, j) => this.groups.indexOf(j));
  }

  /** The vectors of configurations, flat [n, dimension]. */
  embed(configurations: readonly Float64Array[]): Float64Array {
    const vectors = new Float64Array(configurations.length * this.dimension);
    configurations.forEach((values, i) => this.#write(values, vectors, i * this.dimension));
    return vectors;
  }

  #write(values: Float64Array, vectors: Float64Array, start: number): void {
    this.#coordinates.forEach((coordinate, j) => {
      const value = values[j], column = start + this.offsets[j], count = valuesOf(coordinate);
      const isInactive = Number.isNaN(value);
      if (coordinate.kind === "choice" && count > 2) {
        if (isInactive) vectors.fill(Math.SQRT1_2 / count, column, column + count);
        else vectors[column + value] = Math.SQRT1_2;
      } else if (isInactive) vectors[column] = 0.5;
      else vectors[column] = coordinate.kind === "levels" ? coordinate.positions[value] : value;
    });
  }
}
