import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  decodeCheckpoint,
  decodeRound,
  encodeCheckpoint,
  encodeRound,
  Training,
  trainingSettings,
} from "../../../../core/diffusion/training/mod.ts";
import { InputError } from "../../../../core/search/errors.ts";
import { DiffusionSearch } from "../../../../core/diffusion/diffusion_search.ts";
import { WorkerEngine } from "../../../../tasks/train/worker_engine.ts";

const settings = trainingSettings({
  seed: 3,
  network: { width: 16, encoderBlocks: 1, decoderBlocks: 1, conditionWidth: 16 },
  optimizer: { steps: 4, warmupSteps: 1 },
  sampler: {
    contexts: 2,
    queries: 4,
    headQueries: 4,
    candidates: 20,
    contextSizes: { smallest: 3, largest: 6 },
    dimensions: { smallest: 2, largest: 2, focus: 2, focusShare: 0 },
    largestMixed: 3,
  },
  ownHistories: { afterSteps: [1, 3], batches: 1 },
});

/** Takes all steps in this thread. */
async function finish(training: Training): Promise<Training> {
  while (!training.isDone) await training.step();
  return training;
}

Deno.test("a training ends bit-equal in this thread, on workers, and stored and continued after any step", async () => {
  const whole = await finish(new Training(settings));
  const expected = whole.model.parameters.values;
  assert(expected.every(Number.isFinite));

  const engine = new WorkerEngine({ workers: 2, backend: "wasm" });
  try {
    const onWorkers = new Training(settings);
    while (!onWorkers.isDone) await onWorkers.step(engine);
    assertEquals(onWorkers.model.parameters.values, expected);
  } finally {
    engine.close();
  }

  let training = new Training(settings);
  for (let step = 1; step <= 4; step++) {
    assertEquals((await training.step()).step, step);
    const checkpoint = decodeCheckpoint(encodeCheckpoint(training.checkpoint));
    const round = training.round && decodeRound(encodeRound(training.round));
    training = new Training(settings, { checkpoint, round });
  }
  assertEquals(training.model.parameters.values, expected);
});

Deno.test("a trained model knows its training and searches, shown no more than it was trained with", async () => {
  const { model } = await finish(new Training(settings));
  assertEquals(model.facts, {
    schedule: "cosine",
    largestContext: 6,
    smallestDimension: 2,
    largestDimension: 3,
  });
  const points = Array.from({ length: 9 }, (_, i) => [i / 8, 1 - i / 8]);
  const responses = points.map(([x]) => x);
  const next = await new DiffusionSearch({ model }).observeAndSuggest({ points, responses });
  assert(next.every((x) => x >= 0 && x <= 1));
});

Deno.test("a training is not continued with other settings, or without its searches", async () => {
  const training = new Training(settings);
  for (let step = 0; step < 2; step++) await training.step();
  const { checkpoint, round } = training;
  assertThrows(
    () => new Training({ ...settings, seed: 4 }, { checkpoint, round }),
    InputError,
    "those of its checkpoint",
  );
  const without = new Training(settings, { checkpoint });
  const error = await without.step().catch((error) => error);
  assert(error instanceof InputError, `${error}`);
  assertEquals(
    error.message,
    "Cannot continue the training as its own histories must be those of step 1: got none",
  );
});

Deno.test("a training goes on from a model that its settings name", async () => {
  const first = (await finish(new Training(settings))).model;
  const further = trainingSettings({ ...settings, seed: 4, start: await first.checksum() });
  const training = new Training(further, { model: first });
  assertEquals(training.model.parameters.values, first.parameters.values);
  await training.step();
  assert(training.model.parameters.values.some((x, i) => x !== first.parameters.values[i]));
  assertThrows(
    () => new Training(settings, { model: first }),
    InputError,
    "Cannot train the model further as the settings must name it",
  );
  const wider = { ...further, network: { ...further.network, width: 32 } };
  assertThrows(() => new Training(wider, { model: first }), InputError, "its network must be");
});

Deno.test("with tables of a search space all tasks are of its columns, which the model learns to tell apart", async () => {
  const size = 60, dimension = 4;
  const x = Float64Array.from({ length: size * dimension }, (_, i) => (7 * i % 61) / 61);
  const y = Float64Array.from({ length: size }, (_, i) => x[4 * i] + x[4 * i + 1] ** 2);
  const tables = [{ dimension, size, x, y }];
  const first = (await finish(new Training(settings))).model;
  const transfer = trainingSettings({
    ...settings,
    start: await first.checksum(),
    transfer: "a table",
    network: { ...settings.network, columns: dimension },
  });
  const training = await finish(new Training(transfer, { model: first }, tables));
  assertEquals(training.round?.searches.map((search) => search.dimension), [4]);
  const { parameters, facts } = training.model;
  assertEquals([facts.smallestDimension, facts.largestDimension], [4, 4]);
  assert(parameters.values.every(Number.isFinite));
  assert(parameters.view("ci").every((x) => x !== 0), "every column has learned an embedding");
  const other = { ...transfer, network: { ...transfer.network, columns: 3 } };
  assertThrows(
    () => new Training(other, { model: training.model }, tables),
    InputError,
    `"columns":4}`,
  );
});
