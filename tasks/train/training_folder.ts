/**
 * A pre-training in a folder: log, settings, weights, and the checkpoint that it continues from.
 *
 * @module
 */
import type { Model } from "../../core/diffusion/model.ts";
import { InputError } from "../../core/search/errors.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../core/diffusion/training/checkpoint.ts";
import type { Observations } from "../../core/search/observations.ts";
import type { TrainingEngine } from "../../core/diffusion/training/engine.ts";
import {
  decodeRound,
  encodeRound,
  type OwnHistoriesRound,
} from "../../core/diffusion/training/own_histories_round.ts";
import { Training } from "../../core/diffusion/training/training.ts";
import type { TrainingSettings } from "../../core/diffusion/training/training_settings.ts";
import { readIfExists, writeAtomically } from "../../hpob/files/atomic.ts";
import { formatDuration, Progress } from "../shared/progress.ts";
import { logHeader, logUntil, LossMeter } from "./training_log.ts";
import { shared } from "./worker_engine.ts";

/** Steps between two rows of the log, two held-out evaluations, two checkpoints. */
const logInterval = 50, evaluationInterval = 500, checkpointInterval = 200;

/** A training in a folder: continues from the folder's checkpoint, or starts. */
export class TrainingFolder {
  readonly #folder: string;
  readonly #training: Training;
  #log: string;
  #meter = new LossMeter();
  /** Seconds of training before this process. */
  readonly #earlierSeconds: number;
  readonly #start = performance.now();

  private constructor(folder: string, training: Training, log: string) {
    this.#folder = folder;
    this.#training = training;
    this.#log = log;
    const lastRow = log.trimEnd().split("\n").at(-1)!;
    this.#earlierSeconds = Number(lastRow.split(",")[1]) || 0;
  }

  /**
   * Opens a training.
   * @param start The model that is trained further, if any.
   * @param tables Measured tables of the search space that is transferred to, if any.
   * @throws {InputError} when the folder's checkpoint is damaged or of other settings.
   */
  static async open(
    folder: string,
    settings: TrainingSettings,
    start?: Model,
    tables?: readonly Observations[],
  ): Promise<TrainingFolder> {
    try {
      const bytes = await readIfExists(`${folder}/checkpoint.safetensors`);
      if (bytes === undefined) {
        const training = new Training(settings, start && { model: start }, tables);
        return new TrainingFolder(folder, training, `${logHeader}\n`);
      }
      const checkpoint = decodeCheckpoint(bytes);
      const training = new Training(
        settings,
        { checkpoint, round: await readRound(folder) },
        tables,
      );
      const log = logUntil(await Deno.readTextFile(`${folder}/log.csv`), training.steps);
      return new TrainingFolder(folder, training, log);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(
        `${error.message}; ${folder} is continued: choose another --out, or give the same flags as before`,
      );
    }
  }

  /** Trains until the last step, or for so many minutes; returns whether it is done. */
  async run(engine: TrainingEngine, options: { minutes: number }): Promise<boolean> {
    const training = this.#training, { steps } = training.settings.optimizer;
    let epsLoss = NaN;
    const progress = new Progress(
      steps,
      (step, seconds) =>
        `step ${step} of ${steps}, ${formatDuration(seconds)}` +
        (Number.isNaN(epsLoss) ? "" : `, eps-loss ${epsLoss.toFixed(4)}`),
    );
    progress.update(training.steps);
    // A pause waits for the next row of the log, so that a continued log is that of an unbroken training.
    let pauseWanted = false, paused = false;
    const pause = (): void => void (pauseWanted = true);
    Deno.addSignalListener("SIGINT", pause);
    try {
      while (!training.isDone && !paused) {
        if (training.needsRound) await this.#makeRound(engine);
        const { step, losses, learningRate, gradientNorm } = await training.step(engine);
        losses.forEach((loss) => this.#meter.add(loss));
        epsLoss = this.#meter.epsLoss;
        progress.update(step);
        if (step % logInterval === 0 || training.isDone) {
          const evaluate = step % evaluationInterval === 0 || training.isDone;
          const heldOut = evaluate ? await this.#heldOut(engine) : ["", "", ""];
          this.#log += [
            step,
            this.#seconds().toFixed(0),
            learningRate.toPrecision(4),
            gradientNorm.toFixed(4),
            ...this.#meter.columns(),
            ...heldOut,
          ].join(",") + "\n";
          if (evaluate) progress.log(`step ${step}: held-out eps-loss ${heldOut[1]}`);
          this.#meter = new LossMeter();
          paused = pauseWanted || performance.now() - this.#start > 60_000 * options.minutes;
        }
        if (step % checkpointInterval === 0) await this.#save();
      }
    } finally {
      Deno.removeSignalListener("SIGINT", pause);
    }
    progress.finish();
    await this.#save();
    console.log(
      training.isDone
        ? `Trained ${steps} steps in ${formatDuration(this.#seconds())}: ` +
          `${this.#folder}/weights.safetensors`
        : `Paused after step ${training.steps} of ${steps}; run the same command to continue.`,
    );
    return training.isDone;
  }

  /**
   * The checkpoint is written before the file of a new round, so that a process that dies in between makes the round
   * again.
   */
  async #makeRound(engine: TrainingEngine): Promise<void> {
    await this.#save();
    await this.#training.makeRound(engine);
    await writeAtomically(roundPath(this.#folder), encodeRound(this.#training.round!));
  }

  /** Mean losses on the held-out batches: loss, eps, head. */
  async #heldOut(engine: TrainingEngine): Promise<string[]> {
    const meter = new LossMeter();
    for (const value of await this.#training.heldOut(engine)) meter.add(value);
    return meter.columns().slice(0, 3);
  }

  #seconds(): number {
    return this.#earlierSeconds + (performance.now() - this.#start) / 1000;
  }

  /** Writes log, settings and weights, and last the checkpoint, from which all the others can be continued. */
  async #save(): Promise<void> {
    const folder = this.#folder, { settings, model, checkpoint } = this.#training;
    await writeAtomically(`${folder}/log.csv`, this.#log);
    await writeAtomically(`${folder}/settings.json`, JSON.stringify(settings, null, 2) + "\n");
    await writeAtomically(`${folder}/weights.safetensors`, model.toSafetensors());
    await writeAtomically(`${folder}/checkpoint.safetensors`, encodeCheckpoint(checkpoint));
  }
}

function roundPath(folder: string): string {
  return `${folder}/own_histories.safetensors`;
}

/** The round that a folder keeps, if any, with its points in memory that workers see without copying. */
async function readRound(folder: string): Promise<OwnHistoriesRound | undefined> {
  const bytes = await readIfExists(roundPath(folder));
  if (bytes === undefined) return undefined;
  const { step, searches } = decodeRound(bytes);
  return { step, searches: searches.map(shared) };
}
