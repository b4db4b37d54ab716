/**
 * Limited-memory BFGS in a box.
 *
 * @module
 */

/** Writes the gradient at `x` into `gradient` and returns the value; Infinity where it is undefined. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** Options of {@linkcode minimizeInBox}. */
export interface MinimizeOptions {
  /** Lower bounds. */
  lower: Float64Array;
  /** Upper bounds. */
  upper: Float64Array;
  /** Largest number of iterations. @default {100} */
  maxIterations?: number;
  /** Stop when the largest component of the projected gradient is below this. @default {1e-5} */
  gradientTolerance?: number;
  /** Stop when an iteration gains less than this, relative to max(1, |f|). @default {1e-9} */
  valueTolerance?: number;
}

/** What {@linkcode minimizeInBox} found. */
export interface Minimum {
  /** The best point. */
  x: Float64Array;
  /** Its value. */
  value: number;
  /** Number of calls of the objective. */
  evaluations: number;
}

const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const MAX_BACKTRACKS = 25;

/**
 * Minimizes a smooth function in a box by projected L-BFGS: variables that rest at a bound with the
 * gradient pointing outwards are held, the two-loop recursion (Nocedal 1980) runs over the free ones,
 * and the line search goes along the projected path (Bertsekas 1982, "Projected Newton methods for
 * optimization problems with simple constraints").
 */
export function minimizeInBox(
  objective: Objective,
  start: Float64Array,
  options: MinimizeOptions,
): Minimum {
  const { lower, upper, maxIterations = 100 } = options;
  const { gradientTolerance = 1e-5, valueTolerance = 1e-9 } = options;
  const n = start.length;
  let x = start.map((v, i) => Math.min(Math.max(v, lower[i]), upper[i]));
  let gradient = new Float64Array(n);
  let value = objective(x, gradient), evaluations = 1;
  let trial = new Float64Array(n), trialGradient = new Float64Array(n);
  const free = new Uint8Array(n), direction = new Float64Array(n);
  const memory = new CurvatureMemory(n);

  for (let iteration = 0; iteration < maxIterations && Number.isFinite(value); iteration++) {
    let projected = 0, norm = 0;
    for (let i = 0; i < n; i++) {
      const held = gradient[i] > 0 ? x[i] <= lower[i] : x[i] >= upper[i];
      free[i] = held ? 0 : 1;
      if (held) continue;
      const move = Math.min(Math.max(x[i] - gradient[i], lower[i]), upper[i]) - x[i];
      projected = Math.max(projected, Math.abs(move));
      norm += gradient[i] * gradient[i];
    }
    if (projected <= gradientTolerance) break;

    memory.direction(gradient, free, direction);
    let slope = 0;
    for (let i = 0; i < n; i++) slope += direction[i] * gradient[i];
    if (!(slope < 0)) {
      memory.clear();
      for (let i = 0; i < n; i++) direction[i] = free[i] ? -gradient[i] : 0;
      slope = -norm;
    }
    let step = memory.isEmpty ? Math.min(1, 1 / Math.sqrt(norm)) : 1;
    let trialValue = Infinity, expected = 0, accepted = false;
    for (let k = 0; k < MAX_BACKTRACKS && !accepted; k++) {
      expected = 0;
      for (let i = 0; i < n; i++) {
        trial[i] = Math.min(Math.max(x[i] + step * direction[i], lower[i]), upper[i]);
        expected += gradient[i] * (trial[i] - x[i]);
      }
      trialValue = objective(trial, trialGradient);
      evaluations++;
      accepted = trialValue <= value + SUFFICIENT_DECREASE * expected;
      if (accepted) break;
      // the minimum of the parabola through value, slope and trial value, kept within [0.1, 0.5]
      const parabola = -slope * step / (2 * (trialValue - value - slope * step));
      step *= Number.isFinite(trialValue) ? Math.min(Math.max(parabola, 0.1), 0.5) : 0.1;
    }
    if (!accepted) {
      if (memory.isEmpty) break;
      memory.clear(); // once more along the gradient before giving up
      continue;
    }
    memory.push(x, trial, gradient, trialGradient);
    const gain = value - trialValue;
    value = trialValue;
    [x, trial] = [trial, x];
    [gradient, trialGradient] = [trialGradient, gradient];
    if (gain <= valueTolerance * Math.max(1, Math.abs(value))) break;
  }
  return { x, value, evaluations };
}

/** The last steps s and gradient changes y: an implicit inverse Hessian. */
class CurvatureMemory {
  readonly #n: number;
  readonly #alpha = new Float64Array(MEMORY);
  #pairs: { s: Float64Array; y: Float64Array }[] = [];

  constructor(n: number) {
    this.#n = n;
  }

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  clear(): void {
    this.#pairs = [];
  }

  push(x: Float64Array, next: Float64Array, g: Float64Array, nextGradient: Float64Array): void {
    const s = next.map((v, i) => v - x[i]), y = nextGradient.map((v, i) => v - g[i]);
    let sy = 0, yy = 0;
    for (let i = 0; i < this.#n; i++) {
      sy += s[i] * y[i];
      yy += y[i] * y[i];
    }
    if (!(sy > 1e-12 * yy)) return; // no curvature to learn from
    if (this.#pairs.length === MEMORY) this.#pairs.shift();
    this.#pairs.push({ s, y });
  }

  /** Writes -H g into `out`, where H acts on the free variables alone. */
  direction(gradient: Float64Array, free: Uint8Array, out: Float64Array): void {
    const n = this.#n, pairs = this.#pairs, alpha = this.#alpha;
    for (let i = 0; i < n; i++) out[i] = free[i] ? -gradient[i] : 0;
    let scale = 0;
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { s, y } = pairs[k];
      let sy = 0, sd = 0, yy = 0;
      for (let i = 0; i < n; i++) {
        if (!free[i]) continue;
        sy += s[i] * y[i];
        sd += s[i] * out[i];
        yy += y[i] * y[i];
      }
      alpha[k] = NaN;
      if (!(sy > 1e-12 * yy)) continue; // no curvature left within the free variables
      alpha[k] = sd / sy;
      if (scale === 0) scale = sy / yy;
      for (let i = 0; i < n; i++) if (free[i]) out[i] -= alpha[k] * y[i];
    }
    for (let i = 0; i < n; i++) out[i] *= scale || 1;
    for (let k = 0; k < pairs.length; k++) {
      if (Number.isNaN(alpha[k])) continue;
      const { s, y } = pairs[k];
      let sy = 0, yd = 0;
      for (let i = 0; i < n; i++) {
        if (!free[i]) continue;
        sy += s[i] * y[i];
        yd += y[i] * out[i];
      }
      const factor = alpha[k] - yd / sy;
      for (let i = 0; i < n; i++) if (free[i]) out[i] += factor * s[i];
    }
  }
}
