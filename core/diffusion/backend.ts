/**
 * The one place that chooses and starts TensorFlow.js.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

/** Where tensors are computed. */
export type BackendName = "wasm" | "webgpu" | "cpu";

/** The backends of {@linkcode startBackend}. */
export const backendNames: readonly BackendName[] = ["wasm", "webgpu", "cpu"];

let started: Promise<void> | undefined;
let startedName: BackendName | undefined;

/**
 * Starts a TensorFlow.js backend in this thread (main thread or Worker); asking for the same one
 * again does nothing. There is no fallback: what was asked for runs, or this fails.
 *
 * @throws {RangeError} for an unknown name.
 * @throws {Error} when the backend cannot start here, or another one already runs.
 */
export async function startBackend(name: BackendName): Promise<void> {
  if (!backendNames.includes(name)) {
    throw new RangeError(
      `Cannot start a backend as 'name' must be one of ${backendNames.join(", ")}: got "${name}"`,
    );
  }
  if (started !== undefined && startedName !== name) {
    throw new Error(
      `Cannot start the backend "${name}" as a thread has one backend: "${startedName}" runs already`,
    );
  }
  startedName = name;
  started ??= start(name).catch((error) => {
    started = startedName = undefined;
    throw error;
  });
  await started;
}

async function start(name: BackendName): Promise<void> {
  tf.enableProdMode();
  if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  let reason = "";
  try {
    if (await tf.setBackend(name)) {
      await tf.ready();
      return;
    }
  } catch (error) {
    reason = ` (${error instanceof Error ? error.message : String(error)})`;
  }
  throw new Error(
    `Cannot start the backend "${name}" as TensorFlow.js must support it here${reason}; ` +
      `others are ${backendNames.filter((other) => other !== name).join(", ")}`,
  );
}
