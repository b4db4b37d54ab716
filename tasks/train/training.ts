/**
 * A pre-training in a folder: log, settings, weights, and the checkpoint that it continues from.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../core/diffusion/training/checkpoint.ts";
import { InputError } from "../../core/search/errors.ts";
import type { LossValue } from "../../core/diffusion/loss.ts";
import type { OwnHistories } from "../../core/diffusion/training/own_histories.ts";
import { Parameters } from "../../core/diffusion/parameters.ts";
import { Random } from "../../core/search/random.ts";
import { Trainer } from "../../core/diffusion/adamw.ts";
import { readIfExists, writeAtomically } from "../../hpob/files/atomic.ts";
import { type OwnHistoriesRound, readRound, searchSurfaces, writeRound } from "./own_histories.ts";
import type { WorkerPool } from "../shared/pool.ts";
import { formatDuration, Progress } from "../shared/progress.ts";
import type { TrainJob } from "./worker.ts";
import { logHeader, logUntil, LossMeter } from "./training_log.ts";
import type { TrainingSettings } from "./training_settings.ts";

/** Steps between two rows of the log, two held-out evaluations, two checkpoints. */
const logInterval = 50, evaluationInterval = 500, checkpointInterval = 200;
/** Held-out batches of an evaluation. */
const heldOutBatches = 32;

/** A training in a folder: continues from the folder's checkpoint, or starts. */
export class Training {
  readonly #folder: string;
  readonly #settings: TrainingSettings;
  readonly #trainer: Trainer;
  #log: string;
  #round: OwnHistoriesRound | undefined;
  #meter = new LossMeter();
  /** Seconds of training before this process. */
  readonly #earlierSeconds: number;
  readonly #start = performance.now();

  private constructor(
    folder: string,
    settings: TrainingSettings,
    state: { trainer: Trainer; log: string; round?: OwnHistoriesRound | undefined },
  ) {
    this.#folder = folder;
    this.#settings = settings;
    this.#trainer = state.trainer;
    this.#log = state.log;
    this.#round = state.round;
    const lastRow = state.log.trimEnd().split("\n").at(-1)!;
    this.#earlierSeconds = Number(lastRow.split(",")[1]) || 0;
  }

  /**
   * Opens a training.
   * @throws {InputError} when the folder's checkpoint is damaged or of other settings.
   */
  static async open(folder: string, settings: TrainingSettings): Promise<Training> {
    const bytes = await readIfExists(`${folder}/checkpoint.safetensors`);
    if (bytes === undefined) {
      const random = Random.of("initialization", settings.seed);
      const { values } = Parameters.initialize(settings.network, random);
      const trainer = new Trainer(values, settings.trainer);
      return new Training(folder, settings, { trainer, log: `${logHeader}\n` });
    }
    const checkpoint = decodeCheckpoint(bytes);
    if (checkpoint.settings !== JSON.stringify(settings)) {
      throw new InputError(
        `Cannot continue the training in ${folder} as the settings must be those of its ` +
          `checkpoint: choose another --out, or give the same flags as before`,
      );
    }
    const trainer = new Trainer(checkpoint.trainer, settings.trainer);
    const log = logUntil(await Deno.readTextFile(`${folder}/log.csv`), trainer.step);
    return new Training(folder, settings, { trainer, log, round: await readRound(folder) });
  }

  /** Trains until the last step, or for so many minutes; returns whether it is done. */
  async run(
    pool: WorkerPool<TrainJob, LossValue>,
    options: { backend: BackendName; minutes: number },
  ): Promise<boolean> {
    const trainer = this.#trainer, { shards, trainer: { steps } } = this.#settings;
    const job = { settings: this.#settings, backend: options.backend };
    const values = shared(trainer.values.length);
    const gradients = Array.from({ length: shards }, () => shared(values.length));
    const mean = new Float32Array(values.length);
    let epsLoss = NaN;
    const progress = new Progress(
      steps,
      (step, seconds) =>
        `step ${step} of ${steps}, ${formatDuration(seconds)}` +
        (Number.isNaN(epsLoss) ? "" : `, eps-loss ${epsLoss.toFixed(4)}`),
    );
    progress.update(trainer.step);
    // A pause waits for the next row of the log, so that a continued log is that of an unbroken training.
    let pauseWanted = false, paused = false;
    const pause = (): void => void (pauseWanted = true);
    Deno.addSignalListener("SIGINT", pause);
    while (trainer.step < steps && !paused) {
      values.set(trainer.values);
      const step = trainer.step;
      const own = await this.#ownHistories({ backend: options.backend, workers: pool.size });
      const losses = await Promise.all(
        gradients.map((gradient, shard) =>
          pool.run({ ...job, values, batch: { kind: "training", step, shard, gradient, own } })
        ),
      );
      losses.forEach((loss) => this.#meter.add(loss));
      for (let i = 0; i < mean.length; i++) {
        let sum = 0;
        for (const gradient of gradients) sum += gradient[i];
        mean[i] = sum / shards;
      }
      const report = trainer.apply(mean);
      epsLoss = this.#meter.epsLoss;
      progress.update(trainer.step);
      if (trainer.step % logInterval === 0 || trainer.step === steps) {
        const evaluate = trainer.step % evaluationInterval === 0 || trainer.step === steps;
        values.set(trainer.average);
        const heldOut = evaluate ? await evaluateHeldOut(pool, { ...job, values }) : ["", "", ""];
        this.#log += [
          trainer.step,
          this.#seconds().toFixed(0),
          report.learningRate.toPrecision(4),
          report.gradientNorm.toFixed(4),
          ...this.#meter.columns(),
          ...heldOut,
        ].join(",") + "\n";
        if (evaluate) progress.log(`step ${trainer.step}: held-out eps-loss ${heldOut[1]}`);
        this.#meter = new LossMeter();
        paused = pauseWanted || performance.now() - this.#start > 60_000 * options.minutes;
      }
      if (trainer.step % checkpointInterval === 0) await this.#save();
    }
    Deno.removeSignalListener("SIGINT", pause);
    progress.finish();
    await this.#save();
    console.log(
      trainer.step < steps
        ? `Paused after step ${trainer.step} of ${steps}; run the same command to continue.`
        : `Trained ${steps} steps in ${formatDuration(this.#seconds())}: ` +
          `${this.#folder}/weights.safetensors`,
    );
    return trainer.step >= steps;
  }

  /**
   * The searches to train on at this step: of the latest round that is due. The checkpoint is written before the file
   * of a new round, so that a process that dies in between makes the round again.
   */
  async #ownHistories(
    options: { backend: BackendName; workers: number },
  ): Promise<readonly OwnHistories[]> {
    const { step, average } = this.#trainer;
    const due = this.#settings.ownHistories.afterSteps.findLast((after) => after <= step);
    if (due === undefined) return [];
    if (this.#round?.step === due) return this.#round.searches;
    if (due < step) {
      throw new InputError(
        `Cannot continue the training in ${this.#folder} as own_histories.safetensors must hold ` +
          `the searches of step ${due}: got ${this.#round?.step ?? "no file"}`,
      );
    }
    await this.#save();
    this.#round = await searchSurfaces(this.#settings, { ...options, step, values: average });
    await writeRound(this.#folder, this.#round);
    return this.#round.searches;
  }

  #seconds(): number {
    return this.#earlierSeconds + (performance.now() - this.#start) / 1000;
  }

  /** Writes log, settings and weights, and last the checkpoint, from which all the others can be continued. */
  async #save(): Promise<void> {
    const { network } = this.#settings;
    const weights = new Parameters(network, this.#trainer.average).toSafetensors();
    const settings = JSON.stringify(this.#settings);
    await writeAtomically(`${this.#folder}/log.csv`, this.#log);
    await writeAtomically(
      `${this.#folder}/settings.json`,
      JSON.stringify(this.#settings, null, 2) + "\n",
    );
    await writeAtomically(`${this.#folder}/weights.safetensors`, weights);
    const state = { config: network, trainer: this.#trainer.state, settings };
    await writeAtomically(`${this.#folder}/checkpoint.safetensors`, encodeCheckpoint(state));
  }
}

/** Mean losses on the held-out batches: loss, eps, head. */
async function evaluateHeldOut(
  pool: WorkerPool<TrainJob, LossValue>,
  job: Omit<TrainJob, "batch">,
): Promise<string[]> {
  const meter = new LossMeter();
  const jobs = Array.from(
    { length: heldOutBatches },
    (_, index) => pool.run({ ...job, batch: { kind: "held-out", index } }),
  );
  for (const value of await Promise.all(jobs)) meter.add(value);
  return meter.columns().slice(0, 3);
}

/** A vector that the workers see without copying. */
function shared(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
