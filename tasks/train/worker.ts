/**
 * Worker of `deno task train`: gradients, held-out losses and searches of the model in training.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import {
  type GradientJob,
  type HeldOutJob,
  LocalEngine,
  type SearchJob,
} from "../../core/diffusion/training/engine.ts";
import { serveJobs } from "../shared/pool.ts";

/** A job, and where its tensors are computed. */
export type TrainJob =
  & { backend: BackendName }
  & (
    | { kind: "gradient"; job: GradientJob }
    | { kind: "heldOut"; job: HeldOutJob }
    | { kind: "search"; job: SearchJob }
  );

let engine: LocalEngine | undefined;

serveJobs((request: TrainJob): Promise<unknown> => {
  engine ??= new LocalEngine(request.backend);
  switch (request.kind) {
    case "gradient":
      return engine.gradient(request.job);
    case "heldOut":
      return engine.heldOut(request.job);
    case "search":
      return engine.search(request.job);
  }
});
