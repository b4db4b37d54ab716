/**
 * The normal distribution's special functions that acquisition functions need, accurate in both tails.
 *
 * @module
 */

const SQRT_HALF = Math.SQRT1_2;
const SQRT_PI_OVER_2 = Math.sqrt(Math.PI / 2);
const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);
const ONE_OVER_SQRT_PI = 1 / Math.sqrt(Math.PI);

// Rational Chebyshev approximations of Cody 1969, "Rational Chebyshev approximations for the error
// function", as published in CALERF (NETLIB specfun), for |x| <= 0.46875, x <= 4 and x > 4.
// deno-fmt-ignore
const A = [3.16112374387056560e00, 1.13864154151050156e02, 3.77485237685302021e02,
  3.20937758913846947e03, 1.85777706184603153e-1];
// deno-fmt-ignore
const B = [2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03,
  2.84423683343917062e03];
// deno-fmt-ignore
const C = [5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e01,
  2.98635138197400131e02, 8.81952221241769090e02, 1.71204761263407058e03,
  2.05107837782607147e03, 1.23033935479799725e03, 2.15311535474403846e-8];
// deno-fmt-ignore
const D = [1.57449261107098347e01, 1.17693950891312499e02, 5.37181101862009858e02,
  1.62138957456669019e03, 3.29079923573345963e03, 4.36261909014324716e03,
  3.43936767414372164e03, 1.23033935480374942e03];
// deno-fmt-ignore
const P = [3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
  1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2];
// deno-fmt-ignore
const Q = [2.56852019228982242e00, 1.87295284992346725e00, 5.27905102951428412e-1,
  6.05183413124413191e-2, 2.33520497626869185e-3];

/** The error function for |x| <= 0.46875. */
function erfNearZero(x: number): number {
  const y = x * x;
  let numerator = A[4] * y, denominator = y;
  for (let i = 0; i < 3; i++) {
    numerator = (numerator + A[i]) * y;
    denominator = (denominator + B[i]) * y;
  }
  return x * (numerator + A[3]) / (denominator + B[3]);
}

/** The scaled complementary error function exp(x^2) erfc(x), for x >= 0. */
export function erfcx(x: number): number {
  if (x <= 0.46875) return Math.exp(x * x) * (1 - erfNearZero(x));
  if (x <= 4) {
    let numerator = C[8] * x, denominator = x;
    for (let i = 0; i < 7; i++) {
      numerator = (numerator + C[i]) * x;
      denominator = (denominator + D[i]) * x;
    }
    return (numerator + C[7]) / (denominator + D[7]);
  }
  const y = 1 / (x * x);
  let numerator = P[5] * y, denominator = y;
  for (let i = 0; i < 4; i++) {
    numerator = (numerator + P[i]) * y;
    denominator = (denominator + Q[i]) * y;
  }
  return (ONE_OVER_SQRT_PI - y * (numerator + P[4]) / (denominator + Q[4])) / x;
}

/** The standard normal density. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z - LOG_SQRT_2_PI);
}

/** The standard normal distribution function. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) * SQRT_HALF;
  if (x <= 0.46875) return 0.5 + Math.sign(z) * 0.5 * erfNearZero(x);
  const tail = 0.5 * Math.exp(-0.5 * z * z) * erfcx(x);
  return z < 0 ? tail : 1 - tail;
}

/** The logarithm of the standard normal distribution function. */
export function logNormalCdf(z: number): number {
  const x = Math.abs(z) * SQRT_HALF;
  if (z > 0) return Math.log1p(-0.5 * Math.exp(-0.5 * z * z) * erfcx(x));
  return z === -Infinity ? z : -0.5 * z * z + Math.log(0.5 * erfcx(x));
}

/** Number of Newton steps at most; from the starting values below it takes less than ten. */
const MAX_NEWTON_STEPS = 100;

/**
 * The z with log Phi(z) = y, for y <= 0: Newton's method from tail asymptotics, or from the logistic approximation
 * where neither tail is near.
 */
export function inverseLogNormalCdf(y: number): number {
  if (y === 0 || y === -Infinity) return y === 0 ? Infinity : -Infinity;
  // Close to y = 0 the upper tail, log(1 - Phi), has the digits that log Phi lacks.
  const isUpper = y > -1e-2;
  const target = isUpper ? Math.log(-Math.expm1(y)) : y;
  let z = target < -5
    ? -Math.sqrt(-2 * (target + LOG_SQRT_2_PI))
    : -Math.sqrt(3) / Math.PI * Math.log(Math.expm1(-target));
  for (let step = 0; step < MAX_NEWTON_STEPS; step++) {
    const value = logNormalCdf(z);
    const change = (value - target) * Math.exp(value + 0.5 * z * z + LOG_SQRT_2_PI);
    z -= change;
    if (Math.abs(change) < 1e-8 * Math.max(1, Math.abs(z))) break; // the next one would be its square
  }
  return isUpper ? -z : z;
}

/** What {@linkcode logH} returns. */
export interface LogH {
  /** log h(z). */
  value: number;
  /** Phi(z) / h(z), the derivative of log h. */
  cdfRatio: number;
  /** phi(z) / h(z). */
  densityRatio: number;
}

/**
 * log h(z), h(z) = phi(z) + z Phi(z), and the two ratios its gradients need: LogEI of Ament et al.
 * 2023 (Eq. 9) is log sigma + log h((mu - best) / sigma). Three forms, each where it is accurate:
 * as written above z = -1; by the Mills ratio m(t) = Phi(-t) / phi(t), h(-t) = phi(t) (1 - t m(t)),
 * down to z = -10; below it the asymptotic series of 1 - t m(t), whose cancellation has no digits
 * left in the far tail. `out` saves an allocation in inner loops.
 */
export function logH(z: number, out: LogH = { value: 0, cdfRatio: 0, densityRatio: 0 }): LogH {
  if (z > -1) {
    const density = normalDensity(z), cdf = normalCdf(z), h = density + z * cdf;
    out.value = Math.log(h);
    out.cdfRatio = cdf / h;
    out.densityRatio = density / h;
    return out;
  }
  const t = -z, logDensity = -0.5 * t * t - LOG_SQRT_2_PI;
  if (t <= 10) {
    const mills = SQRT_PI_OVER_2 * erfcx(t * SQRT_HALF), g = 1 - t * mills;
    out.value = logDensity + Math.log(g);
    out.cdfRatio = mills / g;
    out.densityRatio = 1 / g;
    return out;
  }
  // 1 - t m(t) = t^-2 (1 - 3 t^-2 + 15 t^-4 - ...), the k-th coefficient (-1)^k (2k + 1)!!
  const u = 1 / (t * t);
  let series = 1, term = 1;
  for (let k = 1; k <= 16; k++) {
    term *= -(2 * k + 1) * u;
    series += term;
  }
  const g = u * series;
  out.value = logDensity - 2 * Math.log(t) + Math.log(series);
  out.cdfRatio = (1 - g) / (t * g);
  out.densityRatio = 1 / g;
  return out;
}
