/**
 * The jobs of a training on worker threads.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import type { LossAndGradient, LossValue } from "../../core/diffusion/loss.ts";
import type {
  GradientJob,
  HeldOutJob,
  SearchJob,
  TrainingEngine,
} from "../../core/diffusion/training/engine.ts";
import type { OwnHistories } from "../../core/diffusion/training/own_histories.ts";
import { WorkerPool } from "../shared/pool.ts";
import type { TrainJob } from "./worker.ts";

/** Does the jobs on workers; to be closed. */
export class WorkerEngine implements TrainingEngine {
  readonly #pool: WorkerPool<TrainJob, unknown>;
  readonly #backend: BackendName;

  /** Starts so many workers. */
  constructor(options: { workers: number; backend: BackendName }) {
    this.#pool = new WorkerPool(new URL("./worker.ts", import.meta.url), options.workers);
    this.#backend = options.backend;
  }

  /** See {@linkcode TrainingEngine}. */
  async gradient(job: GradientJob): Promise<LossAndGradient> {
    const request = { backend: this.#backend, kind: "gradient" as const, job };
    return await this.#pool.run(request) as LossAndGradient;
  }

  /** See {@linkcode TrainingEngine}. */
  async heldOut(job: HeldOutJob): Promise<LossValue> {
    const request = { backend: this.#backend, kind: "heldOut" as const, job };
    return await this.#pool.run(request) as LossValue;
  }

  /** See {@linkcode TrainingEngine}. */
  async search(job: SearchJob): Promise<OwnHistories> {
    const request = { backend: this.#backend, kind: "search" as const, job };
    return shared(await this.#pool.run(request) as OwnHistories);
  }

  /** Ends the workers. */
  close(): void {
    this.#pool.close();
  }
}

/** Searches in memory that workers see without copying: every job of a gradient is given all of them. */
export function shared(searches: OwnHistories): OwnHistories {
  const x = new Float32Array(new SharedArrayBuffer(4 * searches.x.length));
  x.set(searches.x);
  return { ...searches, x };
}
