import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type BackendName, startBackend } from "../../../core/diffusion/backend.ts";

Deno.test("an unknown backend is refused with the names of the known ones", async () => {
  await assertRejects(
    () => startBackend("webgl" as BackendName),
    RangeError,
    `must be one of wasm, webgpu, cpu: got "webgl"`,
  );
});

Deno.test("a backend starts once, and no other one beside it", async () => {
  await startBackend("wasm");
  await startBackend("wasm");
  assertEquals(tf.getBackend(), "wasm");
  await assertRejects(() => startBackend("cpu"), Error, `"wasm" runs already`);
});
