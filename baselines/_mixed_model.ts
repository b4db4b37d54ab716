/**
 * A Gaussian process of a mixed search space, fitted to noisy responses.
 *
 * @module
 */
import { type Coordinate, readValues } from "../core/search/coordinates.ts";
import { type Observations, pointsOf } from "../core/search/observations.ts";
import type { Random } from "../core/search/random.ts";
import type { Point } from "../core/search/task.ts";
import { fitHyperparameters, logNormalPrior, type Prior } from "./_gp_fit.ts";
import { type GpHyperparameters, GpPosterior } from "./_gp_posterior.ts";
import { MixedEmbedding } from "./_mixed_kernel.ts";
import { representatives } from "./_observations.ts";

/** Runs of L-BFGS from which the hyperparameters are taken. */
const FITS = 2;
/** Observations that the hyperparameters are fitted to, at most. */
const LARGEST_FIT = 200;

/** The process and how points of the space are its vectors. */
export class MixedModel {
  /** How configurations are vectors. */
  readonly embedding: MixedEmbedding;
  /** The hyperparameters of the process. */
  readonly hyperparameters: GpHyperparameters;
  /** The process given the observations. */
  readonly posterior: GpPosterior;
  readonly #coordinates: readonly Coordinate[];

  private constructor(
    coordinates: readonly Coordinate[],
    embedding: MixedEmbedding,
    hyperparameters: GpHyperparameters,
    posterior: GpPosterior,
  ) {
    this.#coordinates = coordinates;
    this.embedding = embedding;
    this.hyperparameters = hyperparameters;
    this.posterior = posterior;
  }

  /**
   * The process given points and their standardized responses. Lengthscales are around the square root of the
   * number of hyperparameters, a factor of e being one standard deviation.
   *
   * @param noise Prior of the variance of the noise.
   * @returns undefined where the kernel matrix cannot be factorized.
   */
  static fit(
    { size, x, y, dimension }: Observations,
    coordinates: readonly Coordinate[],
    noise: Prior,
    random: Random,
  ): MixedModel | undefined {
    const embedding = new MixedEmbedding(coordinates);
    const points = pointsOf({ size, x, y, dimension });
    const embedded = embedding.embed(points.map((point) => readValues(point, coordinates)));
    const observations = { size, x: embedded, y, dimension: embedding.dimension };
    const hyperparameters = fitHyperparameters(
      representatives(observations, LARGEST_FIT),
      { lengthscale: logNormalPrior(0.5 * Math.log(coordinates.length), 1), noise },
      FITS,
      random,
      embedding.groups,
    );
    const posterior = hyperparameters && GpPosterior.condition(observations, hyperparameters);
    return posterior &&
      new MixedModel(coordinates, embedding, hyperparameters, posterior);
  }

  /** The vectors of points of the space, flat [m, embedding.dimension]. */
  embed(points: readonly Point[]): Float64Array {
    return this.embedding.embed(points.map((point) => readValues(point, this.#coordinates)));
  }
}
