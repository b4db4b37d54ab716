/**
 * A study's trials as its algorithm sees them.
 *
 * @module
 */
import type { Observed } from "../search/task.ts";
import type { Keys } from "../search/untried.ts";
import { type Goal, responseOf } from "./goal.ts";
import { isUnfinished, type TrialRecord } from "./records.ts";
import { retriedNumbers } from "./_retries.ts";
import type { TrialPoint, TrialReader } from "./_trial_reader.ts";

/** What is observed, and what was done with trials outside of the space. */
export interface ObservedTrials extends Observed {
  readonly points: readonly Float64Array[];
  readonly responses: Float64Array;
  /** Points of running trials, and of those that wait with a configuration. */
  readonly running: readonly Float64Array[];
  /** Keys of all these points. */
  readonly known: Keys;
  /** Numbers of the finished trials whose configurations were moved into the space. */
  readonly clipped: readonly number[];
  /** Numbers of the finished trials that were left out. */
  readonly omitted: readonly number[];
}

/** How trials are observed. */
export interface Observing {
  readonly reader: TrialReader;
  readonly goal: Goal;
  /** What is observed of trials outside of the space. */
  readonly outOfSpace: "clip" | "omit";
}

/**
 * Observes trials.
 *
 * Complete trials are observed with their value (negated if it is to become small), failed ones as NaN.
 *
 * A pruned trial is known to be a bad one, but its last value is of an earlier step and so not comparable: it is
 * observed as that value, moved into the range from the worst to the median complete response. A loss of the first
 * epoch then does not make all others look alike, nor is an early peak taken for an optimum. While no trial is
 * complete it counts as it is; one that reported nothing counts as failed.
 *
 * A trial that is tried again is left to the one that does so.
 *
 * Finished trials never change: what an observer has seen of them it keeps, so that it has little to do when it is
 * asked again for a study of thousands.
 */
export class TrialObserver {
  readonly #observing: Observing;
  #finished = new FinishedTrials();

  /** An observer of one study's trials. */
  constructor(observing: Observing) {
    this.#observing = observing;
  }

  /** What is observed of these trials, which stand in the order of their numbers. */
  observe(trials: readonly TrialRecord[]): ObservedTrials {
    const retried = retriedNumbers(trials);
    const counted = retried.size === 0
      ? trials
      : trials.filter(({ number }) => !retried.has(number));
    if (!this.#finished.areAmong(counted)) this.#finished = new FinishedTrials();
    const running: TrialPoint[] = [];
    for (const trial of counted) {
      if (this.#finished.has(trial)) continue;
      if (!isUnfinished(trial.state)) {
        this.#finished.add(trial, this.#read(trial), this.#observing.goal);
      } else if (trial.parameters.length > 0) {
        const read = this.#read(trial);
        if (read !== undefined) running.push(read);
      }
    }
    return {
      ...this.#finished.observed(),
      running: running.map(({ point }) => point),
      known: this.#finished.keysWith(running),
    };
  }

  /** Where a trial stands; undefined where it is left out. */
  #read(trial: TrialRecord): TrialPoint | undefined {
    const { reader, outOfSpace } = this.#observing;
    const read = reader.point(trial);
    return read?.isOutside && outOfSpace === "omit" ? undefined : read;
  }
}

/** Finished trials, with what is observed of them in the order of their numbers. */
class FinishedTrials {
  /** By number. */
  readonly #records: TrialRecord[] = [];
  #count = 0;
  /** Numbers of those that are observed, with their points, and their responses whatever those of others are. */
  readonly #numbers: number[] = [];
  readonly #points: Float64Array[] = [];
  readonly #responses: number[] = [];
  /** Numbers of the pruned ones, whose responses are moved. */
  readonly #pruned = new Set<number>();
  /** Responses of all complete ones, those that are left out too. */
  readonly #complete: number[] = [];
  readonly #keys = new Set<string>();
  readonly #clipped: number[] = [];
  readonly #omitted: number[] = [];

  has(trial: TrialRecord): boolean {
    return this.#records[trial.number] === trial;
  }

  /** Whether all of them are among these trials. */
  areAmong(trials: readonly TrialRecord[]): boolean {
    let found = 0;
    for (const trial of trials) if (this.has(trial)) found++;
    return found === this.#count;
  }

  /** @param read Where it stands; undefined where it is left out. */
  add(trial: TrialRecord, read: TrialPoint | undefined, goal: Goal): void {
    const { number, state, values } = trial;
    const response = state === "fail" || values.length === 0 ? NaN : responseOf(values[0], goal);
    this.#records[number] = trial;
    this.#count++;
    if (state === "complete") this.#complete.push(response);
    if (read === undefined) return void this.#omitted.push(number);
    if (read.isOutside) this.#clipped.push(number);
    if (state === "pruned") this.#pruned.add(number);
    this.#keys.add(read.key);
    // Most end about in the order of their numbers.
    const place = this.#numbers.findLastIndex((other) => other < number) + 1;
    this.#numbers.splice(place, 0, number);
    this.#points.splice(place, 0, read.point);
    this.#responses.splice(place, 0, response);
  }

  observed(): Omit<ObservedTrials, "running" | "known"> {
    const responses = Float64Array.from(this.#responses);
    if (this.#pruned.size > 0) {
      const { low, high } = rangeOfPruned(this.#complete);
      this.#numbers.forEach((number, i) => {
        if (!this.#pruned.has(number)) return;
        responses[i] = Math.max(low, Math.min(high, responses[i]));
      });
    }
    const [clipped, omitted] = [this.#clipped, this.#omitted].map((numbers) =>
      numbers.toSorted((one, other) => one - other)
    );
    // A copy, as whoever gets it may look at it after the next trial has ended.
    return { points: [...this.#points], responses, clipped, omitted };
  }

  /** Keys of their points and of these. */
  keysWith(running: readonly TrialPoint[]): Keys {
    const finished = this.#keys;
    const others = new Set(running.map(({ key }) => key).filter((key) => !finished.has(key)));
    return {
      has: (key) => others.has(key) || finished.has(key),
      size: finished.size + others.size,
    };
  }
}

/** From the worst to the median of the finite responses. */
function rangeOfPruned(complete: readonly number[]): { low: number; high: number } {
  const sorted = Float64Array.from(complete.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return { low: -Infinity, high: Infinity };
  return { low: sorted[0], high: sorted[sorted.length >> 1] };
}
