/**
 * The two kinds of response surfaces that the prior mixes, as lists of parts.
 *
 * @module
 */
import { chance, logUniform, softmaxNormal } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { CurvedValley } from "./curved_valley.ts";
import { FailureCliff } from "./failure_cliff.ts";
import { FourierProcess } from "./fourier_process.ts";
import { Gate } from "./gate.ts";
import { GaussianBumps } from "./gaussian_bumps.ts";
import { InputTransform } from "./input_transform.ts";
import { MainEffects } from "./main_effects.ts";
import { drawSplitWeights, ObliviousTrees } from "./oblivious_trees.ts";
import { OutputLink } from "./output_link.ts";
import { QuadraticBowl } from "./quadratic_bowl.ts";
import { drawRelevance, type Relevance } from "./relevance.ts";
import { SaturatingCurves } from "./saturating_curves.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/** What a response surface is composed of; `ResponseSurface` says how. */
export interface SurfaceParts {
  /** Applied to a point before the terms see it. */
  inputs: InputTransform;
  /** A conditional hyperparameter, if there is one. */
  gate: Gate | undefined;
  /** The functions that are summed. */
  terms: readonly SurfaceTerm[];
  /** The weight of each term after it was standardised. */
  weights: readonly number[];
  /** Applied to the standardised sum. */
  link: OutputLink;
  /** A region of failure, if there is one. */
  cliff: FailureCliff | undefined;
  /** A function of the untransformed point that is added to the response, if there is one. */
  residual: SurfaceTerm | undefined;
  /** The residual's standard deviation in standard deviations of the response. */
  residualAmplitude: number;
}

/** A term whose weight is below this is not drawn: nobody would see it, and it costs time. */
const negligibleWeight = 0.02;

/**
 * What hyperparameters of real learners look like through a table or a boosted-tree surrogate: a Gaussian
 * process, main effects and trees with softmax-random weights, on warped, quantised and binary inputs, with
 * a gate in 45 %, a jagged residual in 70 % and a failure cliff in 15 % of the draws.
 *
 * @param interior Whether main effects have their peaks off the border, mostly.
 */
export function drawRuggedParts(
  random: Random,
  dimension: number,
  interior = false,
): SurfaceParts {
  const relevance = drawRelevance(random, dimension);
  const splitWeights = drawSplitWeights(random, relevance.amplitudes);
  const families: ((random: Random) => SurfaceTerm)[] = [
    (random) => FourierProcess.draw(random, relevance),
    (random) => MainEffects.draw(random, relevance, interior),
    (random) =>
      ObliviousTrees.draw(random, splitWeights, { trees: 24, depth: 3, magnitudeSpread: 0.5 }),
  ];
  const drawn = softmaxNormal(random, [0.6, 0.3, 0], 2.5)
    .map((weight, i) => ({ weight, draw: families[i] }))
    .filter(({ weight }) => weight >= negligibleWeight);
  return {
    inputs: InputTransform.draw(random, dimension),
    gate: chance(random, 0.45) ? Gate.draw(random, dimension) : undefined,
    terms: drawn.map(({ draw }) => draw(random)),
    weights: drawn.map(({ weight }) => weight),
    link: OutputLink.draw(random),
    cliff: chance(random, 0.15) ? FailureCliff.draw(random, dimension) : undefined,
    ...drawResidual(random, splitWeights),
  };
}

/** Deep trees that now and then split on irrelevant inputs: what an over-fitted surrogate adds. */
function drawResidual(
  random: Random,
  splitWeights: Float64Array,
): Pick<SurfaceParts, "residual" | "residualAmplitude"> {
  if (!chance(random, 0.7)) return { residual: undefined, residualAmplitude: 0 };
  const background = 0.02 * splitWeights.reduce((a, b) => Math.max(a, b));
  const weights = splitWeights.map((weight) => weight + background);
  return {
    residual: ObliviousTrees.draw(random, weights, { trees: 48, depth: 4 }),
    residualAmplitude: logUniform(random, 0.02, 0.6),
  };
}

type SmoothFamily = (random: Random, relevance: Relevance) => SurfaceTerm;

/** The smooth families; the Gaussian process is drawn twice as often as each of the others. */
const smoothFamilies: readonly SmoothFamily[] = [
  drawSmoothProcess,
  drawSmoothProcess,
  QuadraticBowl.draw,
  CurvedValley.draw,
  GaussianBumps.draw,
  SaturatingCurves.draw,
];

function drawSmoothProcess(random: Random, relevance: Relevance): SurfaceTerm {
  return FourierProcess.draw(random, relevance, {
    medianLengthscale: logUniform(random, 0.25, 1),
    lengthscaleSpread: 0.4,
    maternShare: 0.3,
  });
}

/**
 * Numeric hyperparameters with a smooth response: one family, in 40 % of the draws with a weaker second one;
 * all inputs relevant in half of the draws; inputs warped in 40 % and quantised in 10 %, never binary.
 */
export function drawSmoothParts(random: Random, dimension: number): SurfaceParts {
  const relevance = drawRelevance(random, dimension, { allShare: 0.5 });
  const drawTerm = () => smoothFamilies[random.integer(smoothFamilies.length)](random, relevance);
  const terms = [drawTerm()];
  const weights = [1];
  if (chance(random, 0.4)) {
    terms.push(drawTerm());
    weights.push(logUniform(random, 0.05, 0.7));
  }
  return {
    inputs: InputTransform.draw(random, dimension, { quantisedShare: 0.1, binaryShare: 0 }),
    gate: undefined,
    terms,
    weights,
    link: OutputLink.draw(random),
    cliff: chance(random, 0.05) ? FailureCliff.draw(random, dimension) : undefined,
    residual: undefined,
    residualAmplitude: 0,
  };
}
