/**
 * What XGBoost's objectives do to the sum of the trees: the functions between a model's margin and its
 * prediction.
 *
 * @module
 */

/** How a model with this objective predicts. All numbers are 32-bit floats. */
export interface Objective {
  /** The margin of the base score, which is stored as a prediction. */
  margin(baseScore: number): number;
  /** The prediction of a margin; undefined where it is the margin itself. */
  readonly response?: (margin: number) => number;
  /** Whether a base score has a margin. */
  accepts?(baseScore: number): boolean;
}

const f32 = Math.fround;

const identity: Objective = { margin: (score) => score };

/**
 * `exp` and `log` are rounded correctly here. XGBoost leaves them to the C library: glibc does the same
 * since 2.41; before, the last bit differs in one of some 1,600 values of exp and one of 140 of log.
 */
const logarithmic: Objective = {
  margin: (score) => f32(Math.log(score)),
  response: (margin) => f32(Math.exp(margin)),
  accepts: (score) => score > 0,
};

/** XGBoost moves base scores so far away from 0 and 1. */
const leastScore = f32(1e-6);

function logit(score: number): number {
  const inside = Math.min(Math.max(score, leastScore), f32(1 - leastScore));
  return f32(-Math.log(f32(f32(1 / inside) - 1)));
}

/** The exponent is limited as in XGBoost, so that no sum overflows. */
function sigmoid(margin: number): number {
  const exponential = f32(Math.exp(Math.min(-margin, f32(88.7))));
  return f32(1 / f32(exponential + 1));
}

const logistic: Objective = {
  margin: logit,
  response: sigmoid,
  accepts: (score) => score >= 0 && score <= 1,
};

/** The objectives of models with one output, by name. */
export const objectives: ReadonlyMap<string, Objective> = new Map([
  ["reg:squarederror", identity],
  ["reg:linear", identity], // the name of reg:squarederror before XGBoost 0.90
  ["reg:squaredlogerror", identity],
  ["reg:pseudohubererror", identity],
  ["reg:absoluteerror", identity],
  ["reg:quantileerror", identity],
  ["reg:expectileerror", identity],
  ["rank:pairwise", identity],
  ["rank:ndcg", identity],
  ["rank:map", identity],
  ["binary:logitraw", identity],
  ["binary:hinge", { ...identity, response: (margin) => margin > 0 ? 1 : 0 }],
  ["reg:logistic", logistic],
  ["binary:logistic", logistic],
  ["count:poisson", logarithmic],
  ["reg:gamma", logarithmic],
  ["reg:tweedie", logarithmic],
  ["survival:cox", logarithmic],
  ["survival:aft", logarithmic],
]);
