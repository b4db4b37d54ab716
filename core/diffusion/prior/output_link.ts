/**
 * How a latent response becomes a measured one.
 *
 * @module
 */
import { logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";

const kinds = [
  "identity",
  "identity",
  "exponential",
  "tanh",
  "sigmoid",
  "softplus",
  "peak",
  "peak",
] as const;

/**
 * An increasing function of the standardised latent response: accuracies saturate, errors have a heavy
 * tail on the bad side; where several inputs have to be right at once, good responses are rare peaks. One of
 * identity and exp(a f) (a quarter of the draws each), -exp(-a f), tanh(a f + b), sigmoid(2 a f + b) and
 * -softplus(b - 2 a f), with a log-uniform in [.25, 1.5] and b standard normal.
 */
export class OutputLink {
  readonly #kind: typeof kinds[number];
  readonly #slope: number;
  readonly #offset: number;

  private constructor(kind: typeof kinds[number], slope: number, offset: number) {
    this.#kind = kind;
    this.#slope = slope;
    this.#offset = offset;
  }

  /** Draws a link. */
  static draw(random: Random): OutputLink {
    const kind = kinds[random.integer(kinds.length)];
    return new OutputLink(kind, logUniform(random, 0.25, 1.5), random.normal());
  }

  /** The measured response for a latent one. */
  apply(latent: number): number {
    const slope = this.#slope, offset = this.#offset;
    switch (this.#kind) {
      case "identity":
        return latent;
      case "exponential":
        return -Math.exp(-slope * Math.min(6, Math.max(-6, latent)));
      case "peak":
        return Math.exp(slope * Math.min(6, Math.max(-6, latent)));
      case "tanh":
        return Math.tanh(slope * latent + offset);
      case "sigmoid":
        return 1 / (1 + Math.exp(-2 * slope * latent - offset));
      case "softplus":
        return -softplus(offset - 2 * slope * latent);
    }
  }
}

function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}
