/**
 * A running trial's dealings with the storage.
 *
 * @module
 */
import { describe } from "../search/errors.ts";
import type { Claim } from "./_asking.ts";
import { judge, rungsReached } from "./asha.ts";
import { knownTrial } from "./_known_trial.ts";
import { type Attributes, isUnfinished, type TrialChange, type TrialRecord } from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import { StudyError } from "./study_error.ts";
import { REASON } from "./told.ts";
import type { Trial } from "./trial.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** A trial of this process. */
export class RunningTrial implements Trial<UntypedConfiguration> {
  /** The record's id. */
  readonly id: number;
  readonly number: number;
  readonly configuration: UntypedConfiguration;
  readonly #context: StudyContext;
  readonly #lease: number | undefined;
  readonly #abort = new AbortController();
  readonly signal: AbortSignal = this.#abort.signal;
  #lastSign = performance.now();

  /** @param lease Seconds by which each sign of life prolongs the lease; undefined: it has none. */
  constructor(
    context: StudyContext,
    { record, configuration }: Claim,
    lease: number | undefined,
  ) {
    this.id = record.id;
    this.number = record.number;
    this.configuration = configuration;
    this.#context = context;
    this.#lease = lease;
    if (record.state !== "running") this.stop(takenError(record)); // it was asked for before
  }

  /** Says that there is no use in going on. */
  stop(reason: unknown): void {
    this.#abort.abort(reason);
  }

  readonly report = async (step: number, value: number): Promise<void> => {
    if (typeof value !== "number") {
      throw new TypeError(
        `Cannot report of trial ${this.number} as 'value' must be a number: got ${describe(value)}`,
      );
    }
    await this.#mustChange({ intermediateValues: [{ step, value }] });
  };

  readonly shouldPrune = async (): Promise<boolean> => {
    const { asha, log, goal } = this.#context;
    if (asha === undefined) return false;
    const trials = await log.refresh();
    const trial = trials[this.number];
    const { prune, reason } = judge(trial, trials, goal, asha);
    const rungs = rungsReached(trial.intermediateValues, trials, asha)
      .map(({ value }, k) => [`completed_rung_${k}`, value] as const)
      .filter(([name]) => trial.systemAttributes[name] === undefined);
    if (rungs.length === 0 && !prune) return false;
    // Optuna's successive halving judges its own trials by these attributes of ours.
    const systemAttributes = { ...Object.fromEntries(rungs), ...(prune && { [REASON]: reason }) };
    await this.#mustChange({ systemAttributes });
    return prune;
  };

  readonly heartbeat = async (): Promise<boolean> => {
    const { changed } = await this.#change({});
    return changed;
  };

  /** Prolongs the lease if a third of it is over. */
  async heartbeatIfDue(): Promise<void> {
    const seconds = (performance.now() - this.#lastSign) / 1000;
    if (this.#lease !== undefined && seconds >= this.#lease / 3) await this.heartbeat();
  }

  readonly note = async (attributes: Attributes): Promise<void> => {
    await this.#mustChange({ userAttributes: attributes });
  };

  async #mustChange(change: TrialChange): Promise<void> {
    const { changed, trial } = await this.#change(change);
    if (!changed) throw takenError(trial);
    this.#context.changes.happened();
  }

  /** Changes the trial and prolongs its lease; its signal is aborted if it runs no more. */
  async #change(change: TrialChange): Promise<{ changed: boolean; trial: TrialRecord }> {
    this.#lastSign = performance.now();
    const lease = this.#lease === undefined ? {} : { lease: this.#lease };
    const result = await this.#context.storage.changeTrial(this.id, { ...change, ...lease });
    if (!result.changed) this.stop(takenError(result.trial));
    return result;
  }
}

/**
 * The handle of a trial that runs already.
 *
 * @param lease Seconds by which each sign of life prolongs the lease, of a trial that has one.
 * @throws {StudyError} when it is unknown, or does not run.
 */
export async function resumeTrial(
  context: StudyContext,
  number: number,
  lease: number | undefined,
): Promise<RunningTrial> {
  const record = await knownTrial(context, number, "go on with");
  const configuration = context.reader.configuration(record);
  if (record.state !== "running" || configuration === undefined) throw takenError(record);
  const { leasedUntil } = record;
  return new RunningTrial(context, { record, configuration }, leasedUntil && lease);
}

function takenError({ number, state, systemAttributes }: TrialRecord): StudyError {
  const reason = systemAttributes[REASON];
  const why = typeof reason === "string" ? ` (${reason})` : "";
  return new StudyError(
    isUnfinished(state) ? "waiting-trial" : "finished-trial",
    `Cannot go on with trial ${number} as it must be running: it is ${
      isUnfinished(state) ? state : `${state} already`
    }${why}`,
  );
}
