/**
 * Candidates: points drawn given a context, among which the queries of a batch are chosen.
 *
 * @module
 */
import { Categorical } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { byDimension } from "../low_dimension.ts";
import type { PretrainingSamplerSettings } from "./pretraining_sampler_settings.ts";
import { propose } from "./proposal.ts";
import type { ViewedTask } from "./viewed_task.ts";

/** Improvements up to this are ties. */
export const tieTolerance = 1e-6;
/** Weight of a generation of candidates relative to the one before. */
const generationDecay = 0.35;
/** Share of the queries that are to be better than their context. */
const betterShare = 2 / 3;

/** Points drawn from the proposal. */
export interface Candidates {
  /** Inputs of m points, [m, inputs]. */
  x: Float64Array;
  /** Their true responses, [m]. */
  y: Float64Array;
  /** Weights of their generations, [m]. */
  generationWeights: Float64Array;
}

/**
 * Candidates of all generations with their true responses and the weights of their generations. The first generation
 * is drawn from the proposal; where rows of a measured table are known, as many of these follow, as the proposal knows
 * nothing of what is good elsewhere in their search space.
 */
export function drawCandidates(
  random: Random,
  { evaluate, history, isInterior, rows }: ViewedTask,
  { candidates, generations: byD }: Pick<PretrainingSamplerSettings, "candidates" | "generations">,
): Candidates {
  const { dimension, size } = history;
  const generations = Math.round(byDimension(dimension, byD));
  const known = Math.min(candidates, rows.length);
  const counts = Array.from(
    { length: generations },
    (_, g) => g === 0 ? candidates + known : candidates >> 1,
  );
  const total = size + counts.reduce((sum, count) => sum + count, 0);
  const seen = {
    dimension,
    size,
    x: new Float64Array(total * dimension),
    y: new Float64Array(total),
  };
  seen.x.set(history.x);
  seen.y.set(history.y);
  const generationWeights = new Float64Array(total - size);
  counts.forEach((count, g) => {
    const options = g === 0 ? { count: candidates } : { count, uniformShare: 0.05 };
    const points = propose(random, seen, { ...options, interior: isInterior });
    seen.x.set(points, seen.size * dimension);
    if (g === 0 && known > 0) {
      random.permutation(rows.length).subarray(0, known).forEach((row, i) => {
        seen.x.set(rows[row], (seen.size + candidates + i) * dimension);
      });
    }
    const added = seen.x.subarray(seen.size * dimension, (seen.size + count) * dimension);
    seen.y.set(evaluate(added), seen.size);
    const from = seen.size - size;
    generationWeights.fill(generationDecay ** g, from, from + count);
    seen.size += count;
  });
  return { x: seen.x.subarray(size * dimension), y: seen.y.subarray(size), generationWeights };
}

/** Indices of the candidates that become diffusion queries: first those with I = 1, then those with I = 0. */
export function chooseQueries(
  random: Random,
  improvement: Float64Array,
  { count, exponent, generationWeights }: {
    count: number;
    exponent: number;
    generationWeights: Float64Array;
  },
): Int32Array {
  const largest = improvement.reduce((a, b) => Math.max(a, b)); // as powers of u itself may overflow
  const better = generationWeights.map((weight, i) =>
    improvement[i] > tieTolerance ? weight * (improvement[i] / largest) ** exponent : 0
  );
  const notBetter = improvement.map((u) => u > tieTolerance ? 0 : 1);
  const anyBetter = better.some((weight) => weight > 0);
  const anyNotBetter = notBetter.some((weight) => weight > 0);
  const fromBetter = new Categorical(anyBetter ? better : notBetter);
  const fromNotBetter = new Categorical(anyNotBetter ? notBetter : better);
  const betterCount = Math.floor(count * betterShare);
  return Int32Array.from(
    { length: count },
    (_, k) => (k < betterCount ? fromBetter : fromNotBetter).draw(random),
  );
}
