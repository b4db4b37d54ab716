/** Imports the package into a process that uses TensorFlow.js already, and prints what has changed of it. */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

await tf.setBackend("cpu");
const state = (): string =>
  JSON.stringify({
    backend: tf.getBackend(),
    flags: tf.env().getFlags(),
    isProduction: tf.env().getBool("PROD"),
    kernels: ["cpu", "wasm"].map((name) =>
      tf.getKernelsForBackend(name).map(({ kernelName, kernelFunc }) => kernelName + kernelFunc)
    ),
    globals: Object.keys(globalThis),
  });
state(); // reading a flag for the first time sets it
const before = state();
const { RandomSearch } = await import("../../../mod.ts");
await new RandomSearch().observeAndSuggest({ points: [], responses: [] }, { dimension: 2 });
console.log(state() === before ? "nothing" : "something");
