import { assert, assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "./_tensors.ts";
import { denoise } from "../../../core/diffusion/denoiser.ts";
import { evaluateLoss, lossAndGradient } from "../../../core/diffusion/loss.ts";
import { Network, release } from "../../../core/diffusion/network.ts";
import { historyConfig, Parameters } from "../../../core/diffusion/parameters.ts";
import { Random } from "../../../core/search/random.ts";
import { linearSchedule, type Schedule } from "../../../core/diffusion/schedule.ts";
import { AdamW } from "../../../core/diffusion/adamw.ts";
import { flagValues, type TrainingBatch } from "../../../core/diffusion/training_batch.ts";

const schedule = linearSchedule();

/** A batch of one fixed context, whose queries are drawn from any distribution. */
function batchOf(
  draw: (random: Random) => number[],
  queries: number,
  random: Random,
): TrainingBatch {
  const dimension = draw(random).length;
  const contextX = Float32Array.from(
    [0.1, 0.9, 0.4].flatMap((x) => Array.from({ length: dimension }, (_, j) => x ** (j + 1))),
  );
  return {
    contexts: 1,
    contextSize: 3,
    dimension,
    contextX,
    contextY: Float32Array.of(-1, 0, -0.4),
    queries,
    queryX: Float32Array.from(Array.from({ length: queries }, () => draw(random)).flat()),
    improvementFlag: new Int32Array(queries).fill(flagValues.better),
    timestep: Int32Array.from({ length: queries }, () => 1 + random.integer(schedule.steps)),
    noise: Float32Array.from({ length: queries * dimension }, () => random.normal()),
    headQueries: 0,
    headX: new Float32Array(),
    headImprovement: new Float32Array(),
  };
}

async function train(draw: (random: Random) => number[], steps: number): Promise<Parameters> {
  await useBackend("wasm");
  const start = Parameters.initialize(historyConfig, Random.of("toy", 1));
  const trainer = new AdamW(start.values, {
    steps,
    learningRate: 0.01,
    warmupSteps: 10,
    averageDecay: 0.98,
  });
  const parameters = new Parameters(historyConfig, trainer.values);
  const random = Random.of("toy batches");
  for (let step = 0; step < steps; step++) {
    const batch = batchOf(draw, 128, random);
    const { gradient } = await lossAndGradient(parameters, batch, {
      schedule,
      timestepWeight: "noise",
    });
    trainer.apply(gradient);
  }
  return new Parameters(historyConfig, trainer.average);
}

/**
 * The least possible value of Eq. 2 when x is a or b with probability 1/2 (d = 1): the mean over t of
 * E[Var(eps | z_t)], by quadrature. Given z_t, eps is one of two values that differ by
 * sqrt(abar) |z_a - z_b| / sqrt(1 - abar).
 */
function optimalTwoPointLoss(a: number, b: number, schedule: Schedule): number {
  const gap = 2 * Math.abs(a - b);
  let total = 0;
  for (let t = 1; t <= schedule.steps; t++) {
    const alphaBar = schedule.alphaBar[t];
    const difference = Math.sqrt(alphaBar / (1 - alphaBar)) * gap;
    // Given x = a, the log odds of a against b are difference^2 / 2 + difference * eps.
    let variance = 0;
    const width = 0.01;
    for (let eps = -6; eps < 6; eps += width) {
      const density = Math.exp(-eps * eps / 2) / Math.sqrt(2 * Math.PI);
      const odds = Math.exp(-(difference * difference) / 2 - difference * eps);
      const probability = odds / (1 + odds);
      variance += width * density * probability * (1 - probability) * difference * difference;
    }
    total += variance / schedule.steps;
  }
  return total;
}

Deno.test("the eps-loss falls to the analytic optimum of a two-point distribution", async () => {
  const [a, b] = [0.3, 0.6];
  const draw = (random: Random): number[] => [random.uniform() < 0.5 ? a : b];
  const optimum = optimalTwoPointLoss(a, b, schedule);
  const parameters = await train(draw, 400);
  const batch = batchOf(draw, 8000, Random.of("toy test"));
  const { epsLoss } = await evaluateLoss(parameters, batch, { schedule });
  const untrained = await evaluateLoss(Parameters.initialize(historyConfig, Random.of(1)), batch, {
    schedule,
  });
  assert(untrained.epsLoss > 2 * optimum, `untrained ${untrained.epsLoss}, optimum ${optimum}`);
  assertAlmostEquals(epsLoss, optimum, 0.15 * optimum);
});

Deno.test("a planted mixture in two dimensions is recovered by sampling", async () => {
  const modes = [[0.25, 0.75], [0.8, 0.4]];
  const spread = 0.04;
  const draw = (random: Random): number[] =>
    modes[random.integer(2)].map((centre) => centre + spread * random.normal());
  const parameters = await train(draw, 400);
  const network = new Network(parameters, { schedule });
  const context = network.encode(batchOf(draw, 1, Random.of("context")));
  const samples = 200;
  const points = await denoise(network, context, {
    random: Random.of("samples"),
    samples,
    steps: 100,
  });
  release(context);
  network.dispose();
  const counts = [0, 0];
  for (let i = 0; i < samples; i++) {
    const near = modes.findIndex((mode) =>
      Math.hypot(mode[0] - points[2 * i], mode[1] - points[2 * i + 1]) < 4 * spread
    );
    if (near >= 0) counts[near]++;
  }
  assert(counts[0] + counts[1] > 0.85 * samples, `${counts} of ${samples} samples at the modes`);
  assert(Math.min(...counts) > 0.3 * samples, `${counts} of ${samples} samples at the modes`);
});

Deno.test("training and sampling leave no tensors behind", async () => {
  await train(() => [0.5], 2);
  const before = tf.memory().numTensors;
  const parameters = await train(() => [0.5], 3);
  const network = new Network(parameters, { schedule });
  const context = network.encode(batchOf(() => [0.5], 1, Random.of(0)));
  await denoise(network, context, { random: Random.of(0), samples: 2, steps: 5, guidance: 1 });
  release(context);
  network.dispose();
  assert(tf.memory().numTensors === before, `${tf.memory().numTensors - before} tensors left`);
});
