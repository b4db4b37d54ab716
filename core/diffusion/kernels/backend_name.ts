/**
 * The names that TensorFlow.js knows our instances of its backends by.
 *
 * @module
 */

/** The name of our instance of a backend. */
export function ownBackendName(name: string): string {
  return `genhpo-${name}`;
}

/** The name of our instance of the WASM backend, which has kernels of our own. */
export const wasmBackendName: string = ownBackendName("wasm");
