/**
 * The one place that loads and starts TensorFlow.js, and keeps it apart from whatever else the process does with it.
 *
 * Importing this module does not load TensorFlow.js, starting a backend does. The backend is an instance of its own
 * under a name of its own, with its own kernels, and it is in force only while this package computes
 * ({@linkcode onBackend}): the backend and the flags that the process has chosen stay what they are.
 *
 * @module
 */
import type * as tfjs from "@tensorflow/tfjs";
import { ownBackendName } from "./kernels/backend_name.ts";

/** Where tensors are computed. */
export type BackendName = "wasm" | "webgpu" | "cpu";

/** The backends of {@linkcode startBackend}. */
export const backendNames: readonly BackendName[] = ["wasm", "webgpu", "cpu"];

/** Options of {@linkcode startBackend}. */
export interface BackendOptions {
  /**
   * Path or URL, with a slash at its end, of the folder that holds `tfjs-backend-wasm-simd.wasm` of the npm package
   * `@tensorflow/tfjs-backend-wasm`. To be given in browsers and in bundled programs.
   * @default {the npm package's own folder}
   */
  wasmPath?: string;
}

let started: Promise<void> | undefined;
let startedName: BackendName | undefined;
/** What {@linkcode onBackend} switches to. */
let running:
  | { library: typeof tfjs; name: BackendName; instance: tfjs.KernelBackend; isSetUp: boolean }
  | undefined;

/**
 * Starts a backend in this thread (main thread or Worker); asking for the same one again does nothing.
 * There is no fallback: what was asked for runs, or this fails.
 *
 * What remains in the process: the entries of TensorFlow.js and its backend in its own registries, and the path of
 * its WASM files, of which TensorFlow.js has one only, where `wasmPath` is given.
 *
 * @throws {RangeError} for an unknown name.
 * @throws {Error} when the backend cannot start here, or another one already runs.
 */
export async function startBackend(name: BackendName, options: BackendOptions = {}): Promise<void> {
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
  started ??= start(name, options).catch((error) => {
    started = startedName = undefined;
    throw error;
  });
  await started;
}

async function start(name: BackendName, options: BackendOptions): Promise<void> {
  try {
    const library = await import("@tensorflow/tfjs");
    const instance = await makeBackend(library, name, options);
    const own = ownBackendName(name);
    library.registerBackend(own, () => instance, 0); // 0: never the automatic choice of anybody
    for (const kernel of library.getKernelsForBackend(name)) {
      // Those that are there already are our own in place of TensorFlow.js's.
      if (library.getKernel(kernel.kernelName, own)) continue;
      library.registerKernel({ ...kernel, backendName: own });
    }
    running = { library, name, instance, isSetUp: false };
  } catch (error) {
    const reason = error instanceof Error ? error.message : (error as { message?: string }).message;
    throw new Error(
      `Cannot start the backend "${name}" as TensorFlow.js must support it here (${reason}); ` +
        `others are ${backendNames.filter((other) => other !== name).join(", ")}`,
    );
  }
}

/** An instance of the backend that nobody else uses. */
async function makeBackend(
  library: typeof tfjs,
  name: BackendName,
  { wasmPath }: BackendOptions,
): Promise<tfjs.KernelBackend> {
  if (name === "wasm") {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    if (wasmPath !== undefined) setWasmPaths(wasmPath);
  }
  if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  // Kernels of ours share the memory of the variant without threads, which a page could have otherwise.
  const threads = "WASM_HAS_MULTITHREAD_SUPPORT";
  const hadThreads = name === "wasm" && await library.env().getAsync(threads);
  if (hadThreads) library.env().set(threads, false);
  try {
    return await library.findBackendFactory(name)();
  } finally {
    if (hadThreads) library.env().set(threads, true);
  }
}

/** What TensorFlow.js's engine keeps of its backend; not all of it is public, so its version is pinned. */
interface EngineState {
  backendName?: string;
  backendInstance?: tfjs.KernelBackend | null;
  pendingBackendInit?: Promise<boolean> | null;
  readonly registry: Readonly<Record<string, tfjs.KernelBackend | undefined>>;
  setupRegisteredKernels(): void;
}

/**
 * Computes with tensors on the started backend. Everything that makes or combines tensors goes through here;
 * reading and freeing them need not.
 *
 * @param compute What is computed; it ends before it returns, without waiting for anything.
 * @throws {Error} when no backend was started.
 */
export function onBackend<T>(compute: () => T): T {
  if (running === undefined) {
    throw new Error("Cannot compute as a backend must run: call startBackend first");
  }
  const { library, name, instance } = running;
  const own = ownBackendName(name), env = library.env();
  const engine = library.engine() as unknown as EngineState;
  if (engine.backendName === own) return compute();
  const { backendName, backendInstance, pendingBackendInit } = engine;
  const isProduction = env.getBool("PROD");
  // Kernels of WASM know one instance at a time: they are set up for ours, and for the process's again afterwards.
  const isShared = engine.registry[name] !== undefined;
  Object.assign(engine, { backendName: own, backendInstance: instance, pendingBackendInit: null });
  env.set("PROD", true); // prints nothing
  try {
    if (isShared || !running.isSetUp) engine.setupRegisteredKernels();
    running.isSetUp = !isShared;
    return compute();
  } finally {
    env.set("PROD", isProduction);
    Object.assign(engine, { backendName, backendInstance, pendingBackendInit });
    if (isShared && backendName === name) engine.setupRegisteredKernels();
  }
}
