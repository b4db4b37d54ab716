/**
 * The pre-training loop.
 *
 * @module
 */
import { InputError } from "../../search/errors.ts";
import type { Observations } from "../../search/observations.ts";
import { Random } from "../../search/random.ts";
import { AdamW, type StepReport } from "../adamw.ts";
import type { LossValue } from "../loss.ts";
import { Model } from "../model.ts";
import { Parameters } from "../parameters.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { LocalEngine, type TrainingEngine } from "./engine.ts";
import { hiddenMatrices } from "./hidden_matrices.ts";
import type { OwnHistories } from "./own_histories.ts";
import type { OwnHistoriesRound } from "./own_histories_round.ts";
import { PretrainingSampler } from "./pretraining_sampler.ts";
import { factsOf, type TrainingSettings } from "./training_settings.ts";

/** What a training did in one step. */
export interface TrainingStep extends StepReport {
  /** Steps taken so far, this one among them. */
  step: number;
  /** The losses of the step's batches, before it. */
  losses: readonly LossValue[];
}

/** Held-out batches of an evaluation. */
const heldOutBatches = 32;

/**
 * A pre-training on synthetic tasks, step by step. Where it stands can be stored and continued from, and what is
 * learned depends on the settings alone: not on the engine, nor on interruptions.
 *
 * @example Train a small model for a few steps
 * ```ts
 * import { Training, trainingSettings } from "@genhpo/genhpo/training";
 *
 * const training = new Training(trainingSettings({
 *   network: { width: 16, encoderBlocks: 1, decoderBlocks: 1 },
 *   optimizer: { steps: 2 },
 *   sampler: { contexts: 2, candidates: 40, dimensions: { smallest: 1, largest: 4, focus: 2, focusShare: 0 } },
 * }));
 * while (!training.isDone) {
 *   const { step, losses } = await training.step();
 *   console.log(step, losses[0].epsLoss);
 * }
 * console.log(training.model.facts.largestDimension); // 4
 * ```
 */
export class Training {
  /** The settings. */
  readonly settings: TrainingSettings;
  readonly #optimizer: AdamW;
  readonly #tables: readonly Observations[];
  #round: OwnHistoriesRound | undefined;

  /**
   * Begins a training, or continues one.
   *
   * @param from The model that is trained further, where the settings name one; or where an earlier training stood:
   * its checkpoint, and the latest searches of its own.
   * @param tables Measured tables of the search space that is transferred to; the settings name them.
   * @throws {InputError} when the checkpoint is of other settings, or the model of another size.
   */
  constructor(
    settings: TrainingSettings,
    from?: { model: Model } | { checkpoint: Checkpoint; round?: OwnHistoriesRound | undefined },
    tables: readonly Observations[] = [],
  ) {
    this.settings = settings;
    this.#tables = tables;
    if (from === undefined || "model" in from) {
      const { values, layout } = from === undefined
        ? Parameters.initialize(settings.network, Random.of("initialization", settings.seed))
        : parametersOf(from.model, settings);
      this.#optimizer = new AdamW(values, settings.optimizer, hiddenMatrices(layout));
      return;
    }
    if (from.checkpoint.settings !== JSON.stringify(settings)) {
      throw new InputError(
        "Cannot continue the training as the settings must be those of its checkpoint",
      );
    }
    const { layout } = new Parameters(settings.network);
    this.#optimizer = new AdamW(
      from.checkpoint.optimizer,
      settings.optimizer,
      hiddenMatrices(layout),
    );
    this.#round = from.round;
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#optimizer.step;
  }

  /** Whether all steps were taken. */
  get isDone(): boolean {
    return this.steps >= this.settings.optimizer.steps;
  }

  /** The model as it stands: the moving average of the weights. */
  get model(): Model {
    const { network } = this.settings;
    return new Model(
      new Parameters(network, this.#optimizer.average.slice()),
      factsOf(this.settings),
    );
  }

  /** Where the training stands. What it holds changes with the next step. */
  get checkpoint(): Checkpoint {
    const { settings } = this;
    return {
      config: settings.network,
      optimizer: this.#optimizer.state,
      settings: JSON.stringify(settings),
    };
  }

  /** The latest searches of the model's own, if any. */
  get round(): OwnHistoriesRound | undefined {
    return this.#round;
  }

  /** Whether the next step begins with new searches of the model's own. */
  get needsRound(): boolean {
    return this.#roundDue() !== this.#round?.step;
  }

  /**
   * Makes the searches that the next step needs, unless they are there. {@linkcode Training.step} does it as well;
   * whoever stores where a training stands does so before and after.
   *
   * @throws {InputError} when they are of weights that have gone: the training was continued without its searches.
   */
  async makeRound(engine: TrainingEngine = new LocalEngine()): Promise<void> {
    const step = this.#roundDue();
    if (step === undefined || !this.needsRound) return;
    if (step < this.steps) {
      throw new InputError(
        `Cannot continue the training as its own histories must be those of step ${step}: ` +
          `got ${this.#round === undefined ? "none" : `those of step ${this.#round.step}`}`,
      );
    }
    const { settings } = this;
    const { seed, sampler: { contexts }, ownHistories } = settings;
    const tables = this.#tables;
    const sampler = new PretrainingSampler(settings.sampler, tables);
    const values = this.#optimizer.average;
    const searches = await Promise.all(
      Array.from({ length: ownHistories.batches }, (_, batch): Promise<OwnHistories> => {
        const key = ["own histories", seed, step, batch];
        const shape = sampler.drawShape(Random.of(...key, "shape"));
        return engine.search({ settings, values, tables, shape: { ...shape, key, contexts } });
      }),
    );
    this.#round = { step, searches };
  }

  /** Takes one step. @param engine Who computes; by default this thread, on the WASM backend. */
  async step(engine: TrainingEngine = new LocalEngine()): Promise<TrainingStep> {
    await this.makeRound(engine);
    const { settings } = this;
    const tables = this.#tables;
    const { values, step } = this.#optimizer;
    const own = this.#round?.searches ?? [];
    const parts = await Promise.all(
      Array.from(
        { length: settings.shards },
        (_, shard) => engine.gradient({ settings, values, tables, step, shard, own }),
      ),
    );
    const mean = values.map((_, i) => {
      let sum = 0;
      for (const { gradient } of parts) sum += gradient[i];
      return sum / parts.length;
    });
    const report = this.#optimizer.apply(mean);
    return { ...report, step: this.steps, losses: parts.map(({ gradient: _, ...loss }) => loss) };
  }

  /** Losses of the model as it stands on batches that no training sees, the same for all. */
  async heldOut(engine: TrainingEngine = new LocalEngine()): Promise<LossValue[]> {
    const { settings } = this;
    const tables = this.#tables;
    const values = this.#optimizer.average;
    return await Promise.all(
      Array.from(
        { length: heldOutBatches },
        (_, index) => engine.heldOut({ settings, values, tables, index }),
      ),
    );
  }

  /** The step whose searches are to be trained on now. */
  #roundDue(): number | undefined {
    return this.settings.ownHistories.afterSteps.findLast((after) => after <= this.steps);
  }
}

/** The weights of a model that is trained further, for the columns of one search space where it was for any. */
function parametersOf({ parameters }: Model, { network, start }: TrainingSettings): Parameters {
  if (start === null) {
    throw new InputError("Cannot train the model further as the settings must name it");
  }
  const { columns } = network;
  const isForAnySpace = parameters.config.columns === undefined;
  const first = columns !== undefined && isForAnySpace
    ? parameters.forColumns(columns)
    : parameters;
  const [given, required] = [first.config, network].map((config) => JSON.stringify(config));
  if (given === required) return first;
  throw new InputError(
    `Cannot train the model further as its network must be ${required}: got ${given}`,
  );
}
