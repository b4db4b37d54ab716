/**
 * Tail probabilities of the normal, chi-squared, F and binomial distributions, to about 12 digits, from
 * the incomplete gamma and beta functions.
 *
 * Source: Press et al., Numerical Recipes, 3rd edition (2007), sections 6.1, 6.2 and 6.4.
 *
 * @module
 */
import { normalCdf } from "./normal.ts";

/** P(Z > z) for a standard normal Z. */
export function normalTail(z: number): number {
  return normalCdf(-z);
}

/** P(X > x) for chi-squared X with `degrees` degrees of freedom, x >= 0. */
export function chiSquaredTail(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** P(X > x) for X of the F distribution with the given degrees of freedom, 0 <= x <= Infinity. */
export function fTail(x: number, numerator: number, denominator: number): number {
  if (x === Infinity) return 0;
  return incompleteBeta(
    denominator / 2,
    numerator / 2,
    denominator / (denominator + numerator * x),
  );
}

/** P(X >= k) for binomial X with n trials of probability 1/2. */
export function binomialTail(k: number, n: number): number {
  if (k <= 0) return 1;
  return k > n ? 0 : incompleteBeta(k, n - k + 1, 0.5);
}

/** Relative accuracy at which series and continued fractions stop. */
const accuracy = 1e-16;
/** Keeps the denominators of Lentz's method from zero. */
const tiny = 1e-300;

/** Regularized upper incomplete gamma function Q(a, x), a > 0, x >= 0. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * accuracy; n++) {
      term *= x / n;
      sum += term;
    }
    return 1 - front * sum;
  }
  const fraction = lentz(x + 1 - a, (i) => [-i * (i - a), x + 1 - a + 2 * i]);
  return front / fraction;
}

/** Regularized incomplete beta function I_x(a, b), a, b > 0, 0 <= x <= 1. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  const fraction = lentz(1, (i) => {
    const m = Math.floor(i / 2);
    const numerator = i % 2 === 0
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [numerator, 1];
  });
  return front / (a * fraction);
}

/** The continued fraction b0 + a1 / (b1 + a2 / (b2 + ...)) by Lentz's method. */
function lentz(b0: number, term: (i: number) => [a: number, b: number]): number {
  let value = b0 || tiny;
  let c = value;
  let d = 0;
  for (let i = 1; i <= 10_000; i++) {
    const [a, b] = term(i);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 2 * accuracy) break;
  }
  return value;
}

/** log Gamma(x), x > 0, by Lanczos' approximation with the coefficients of Numerical Recipes. */
function logGamma(x: number): number {
  // deno-fmt-ignore
  const coefficients = [
    57.1562356658629235, -59.5979603554754912, 14.1360979747417471, -0.491913816097620199,
    0.339946499848118887e-4, 0.465236289270485756e-4, -0.983744753048795646e-4,
    0.158088703224912494e-3, -0.210264441724104883e-3, 0.217439618115212643e-3,
    -0.164318106536763890e-3, 0.844182239838527433e-4, -0.261908384015814087e-4,
    0.368991826595316234e-5,
  ];
  const shifted = x + 671 / 128;
  const sum = coefficients.reduce((total, c, j) => total + c / (x + j + 1), 0.999999999999997092);
  return (x + 0.5) * Math.log(shifted) - shifted + Math.log((2.5066282746310005 * sum) / x);
}
