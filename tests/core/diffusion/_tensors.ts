/** For tests that compute with tensors themselves. */
import * as tf from "@tensorflow/tfjs";
import { type BackendName, startBackend } from "../../../core/diffusion/backend.ts";
import { ownBackendName } from "../../../core/diffusion/kernels/backend_name.ts";

/** Starts a backend and puts it in force for the whole process. */
export async function useBackend(name: BackendName): Promise<void> {
  await startBackend(name);
  await tf.setBackend(ownBackendName(name));
}
