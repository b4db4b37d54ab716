/**
 * Which hyperparameters matter, and how much.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";

/** How strongly a surface reacts to each of its inputs. */
export interface Relevance {
  /** d amplitudes: 1 for a relevant input, otherwise one small value shared by all others, often 0. */
  amplitudes: Float64Array;
  /** k >= 1, the number of relevant inputs. */
  relevantCount: number;
}

/** Options of {@linkcode drawRelevance}. */
export interface RelevanceOptions {
  /** Probability that all inputs are relevant. @default {0} */
  allShare?: number;
}

/**
 * Draws the relevance of d inputs: the number of relevant ones is log-uniform in 1..d with +-40 %
 * jitter, which ones is uniform, and the others have amplitude 0 in 40 % of the draws, else
 * log-uniform in [.01, .2].
 */
export function drawRelevance(
  random: Random,
  dimension: number,
  options: RelevanceOptions = {},
): Relevance {
  const jitter = 0.6 + 0.8 * random.uniform();
  const drawn = Math.ceil(Math.pow(dimension, random.uniform()) * jitter);
  const relevantCount = chance(random, options.allShare ?? 0)
    ? dimension
    : Math.min(dimension, Math.max(1, drawn));
  const minor = chance(random, 0.6) ? logUniform(random, 0.01, 0.2) : 0;
  const amplitudes = new Float64Array(dimension).fill(minor);
  const order = random.permutation(dimension);
  for (let i = 0; i < relevantCount; i++) amplitudes[order[i]] = 1;
  return { amplitudes, relevantCount };
}

/** The inputs that a surface reacts to at all, most relevant first. */
export function activeInputs(relevance: Relevance): Int32Array {
  const { amplitudes } = relevance;
  return Int32Array.from(amplitudes.keys())
    .filter((j) => amplitudes[j] > 0)
    .sort((a, b) => amplitudes[b] - amplitudes[a]);
}

/** The relevant inputs alone, in ascending order. */
export function relevantInputs(relevance: Relevance): Int32Array {
  const { amplitudes } = relevance;
  return Int32Array.from(amplitudes.keys()).filter((j) => amplitudes[j] === 1);
}
