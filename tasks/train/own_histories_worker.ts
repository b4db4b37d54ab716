/**
 * Worker of `deno task train`: searches of synthetic surfaces by the model in training.
 *
 * @module
 */
import { type BackendName, startBackend } from "../../core/diffusion/backend.ts";
import { Network } from "../../core/diffusion/network.ts";
import {
  makeOwnHistories,
  type OwnHistories,
} from "../../core/diffusion/training/own_histories.ts";
import { type NetworkConfig, Parameters } from "../../core/diffusion/parameters.ts";
import type { ResponseSurfaceOptions } from "../../core/diffusion/prior/response_surface.ts";
import { cosineSchedule } from "../../core/diffusion/schedule.ts";
import { serveJobs } from "../shared/pool.ts";

/** Searches to make. */
export interface OwnHistoriesJob {
  backend: BackendName;
  network: NetworkConfig;
  /** The weights. */
  values: Float32Array;
  /** What is to be searched. */
  shape: Omit<OwnHistories, "x">;
  /** How its surfaces are drawn. */
  surface: ResponseSurfaceOptions | undefined;
}

serveJobs(async ({ backend, network, values, shape, surface }: OwnHistoriesJob) => {
  await startBackend(backend);
  const model = new Network(new Parameters(network, values), { schedule: cosineSchedule() });
  try {
    return await makeOwnHistories(model, shape, surface);
  } finally {
    model.dispose();
  }
});
