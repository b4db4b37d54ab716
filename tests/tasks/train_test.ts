import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InputError } from "../../core/search/errors.ts";
import { trainingSettings } from "../../core/diffusion/training/training_settings.ts";
import { TrainingFolder } from "../../tasks/train/training_folder.ts";
import { WorkerEngine } from "../../tasks/train/worker_engine.ts";
import { runTask } from "./_run_task.ts";

const settings = trainingSettings({
  seed: 5,
  network: { width: 16, encoderBlocks: 1, decoderBlocks: 1, conditionWidth: 16 },
  optimizer: { steps: 60, learningRate: 0.004, warmupSteps: 5, averageDecay: 0.9 },
  sampler: {
    contexts: 2,
    queries: 6,
    headQueries: 4,
    candidates: 40,
    contextSizes: { smallest: 3, largest: 8 },
    dimensions: { smallest: 2, largest: 3, focus: 2, focusShare: 0 },
  },
  ownHistories: { afterSteps: [10, 30, 55], batches: 3 },
});

/** Trains in a folder with some workers, pausing at the first row of the log where asked. */
async function train(folder: string, { workers, pause }: { workers: number; pause: boolean }) {
  const engine = new WorkerEngine({ workers, backend: "wasm" });
  try {
    const training = await TrainingFolder.open(folder, settings);
    return await training.run(engine, { minutes: pause ? 0 : Infinity });
  } finally {
    engine.close();
  }
}

/** A log without its column of seconds. */
async function log(folder: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${folder}/log.csv`);
  return text.split("\n").map((line) => line.split(",").toSpliced(1, 1).join(","));
}

Deno.test("a training that was paused and continued ends bit-equal, with any number of workers", async () => {
  const folder = await Deno.makeTempDir();
  const [whole, parts] = [`${folder}/whole`, `${folder}/parts`];
  await Deno.mkdir(whole);
  await Deno.mkdir(parts);
  try {
    assertEquals(await train(whole, { workers: 2, pause: false }), true);
    assertEquals(await train(parts, { workers: 1, pause: true }), false);
    const own = `${parts}/own_histories.safetensors`;
    await Deno.rename(own, `${own}.away`);
    await assertRejects(
      () => train(parts, { workers: 1, pause: false }),
      InputError,
      "own histories must be those of step 30: got none",
    );
    await Deno.rename(`${own}.away`, own);
    assertEquals(await train(parts, { workers: 1, pause: false }), true);
    for (const name of ["weights", "checkpoint", "own_histories"]) {
      const file = `${name}.safetensors`;
      const [a, b] = await Promise.all(
        [whole, parts].map((dir) => Deno.readFile(`${dir}/${file}`)),
      );
      assertEquals(a, b, file);
    }
    const rows = await log(whole);
    assertEquals(await log(parts), rows);
    assertEquals(rows.length, 4); // header, step 50, step 60, end of file
    assert(rows[2].split(",").slice(-3).every((value) => Number(value) > 0), "held-out losses");
    const other = { ...settings, seed: 6 };
    await assertRejects(
      () => TrainingFolder.open(whole, other),
      InputError,
      "those of its checkpoint",
    );
    await Deno.truncate(`${whole}/checkpoint.safetensors`, 1000);
    await assertRejects(() => TrainingFolder.open(whole, settings), InputError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("train refuses what it does not know", async () => {
  const { code, stderr } = await runTask("train", "--preset", "smoky");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'did you mean "smoke"?');
});
