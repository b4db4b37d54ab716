/// <reference lib="deno.worker" />
/** Predicts velocities in a worker, with a backend of its own. */
import { startBackend } from "../../../core/diffusion/backend.ts";
import type { ContextBatch } from "../../../core/diffusion/features.ts";
import { Network } from "../../../core/diffusion/network.ts";
import { Model } from "../../../core/diffusion/model.ts";

self.onmessage = async (
  { data }: MessageEvent<{ bytes: Uint8Array; contexts: ContextBatch; noisy: Float32Array }>,
) => {
  await startBackend("wasm");
  const { parameters, schedule } = Model.fromSafetensors(data.bytes);
  const network = new Network(parameters, { schedule });
  const velocity = await network.predictVelocity({
    queries: 3,
    noisy: data.noisy,
    timestep: Int32Array.of(900, 300, 10),
    improvementFlag: Int32Array.of(1, 0, 2),
  }, network.encode(data.contexts));
  self.postMessage(velocity);
};
