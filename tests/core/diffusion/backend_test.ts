import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import { type BackendName, onBackend, startBackend } from "../../../core/diffusion/backend.ts";
import { suggest } from "./_suggest.ts";

const observed = { points: [[0.2, 0.7], [0.9, 0.1], [0.5, 0.5]], responses: [0.61, 0.74, 0.7] };

Deno.test("an unknown backend is refused with the names of the known ones", async () => {
  await assertRejects(
    () => startBackend("webgl" as BackendName),
    RangeError,
    `must be one of wasm, webgpu, cpu: got "webgl"`,
  );
});

Deno.test("nothing is computed before a backend is started", () => {
  assertThrows(() => onBackend(() => tf.scalar(1)), Error, "call startBackend first");
});

Deno.test("a backend starts once, and no other one beside it", async () => {
  await startBackend("wasm");
  await startBackend("wasm");
  assertEquals(onBackend(() => tf.getBackend()), "genhpo-wasm");
  await assertRejects(() => startBackend("cpu"), Error, `"wasm" runs already`);
});

/** A suggestion made in a process that uses TensorFlow.js for nothing else, and what it prints as errors. */
async function suggestApart(
  backend: BackendName,
): Promise<{ point: number[]; errors: string }> {
  const program = new URL("./_suggest_program.ts", import.meta.url).href;
  const job = { kind: "pretrained", options: { seed: 0, backend }, ...observed };
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", program, JSON.stringify(job)],
  }).output();
  const decoder = new TextDecoder();
  return { point: JSON.parse(decoder.decode(stdout)), errors: decoder.decode(stderr) };
}

const { point: expected, errors } = await suggestApart("wasm");
assertEquals(errors, "", "something was printed");

const hasGpu = await navigator.gpu?.requestAdapter() != null;
Deno.test({
  name: `suggestions on WebGPU are those on WebAssembly${hasGpu ? "" : " (not run: no WebGPU)"}`,
  ignore: !hasGpu,
  fn: async () => {
    const { point } = await suggestApart("webgpu");
    point.forEach((x, j) => assertAlmostEquals(x, expected[j], 1e-4));
  },
});

Deno.test("importing the package changes nothing of TensorFlow.js in the process", async () => {
  const program = new URL("./_import_program.ts", import.meta.url).href;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", program],
  }).output();
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(stdout).trim(), "nothing", decoder.decode(stderr));
});

for (const theirs of ["cpu", "wasm"]) {
  Deno.test(`suggestions leave the process's own use of TensorFlow.js on ${theirs} alone`, async () => {
    await suggest({ kind: "pretrained", options: { seed: 0 }, ...observed }); // keeps its network
    await tf.setBackend(theirs);
    const state = () => ({
      backend: tf.getBackend(),
      isProduction: tf.env().getBool("PROD"),
      identity: tf.getKernel(tf.Identity, theirs),
      tensors: tf.memory().numTensors,
    });
    const before = state();
    const matrix = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const product = (): number[] => [...tf.tidy(() =>
      tf.matMul(matrix, tf.clone(matrix)).dataSync()
    )];
    const suggestion = suggest({ kind: "pretrained", options: { seed: 0 }, ...observed });
    for (let i = 0; i < 50; i++) { // while the suggestion is made
      assertEquals(product(), [7, 10, 15, 22]);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assertEquals([...await suggestion], expected);
    matrix.dispose();
    assertEquals(state(), before);
  });
}
