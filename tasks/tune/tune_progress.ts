/**
 * What a person sees of a study while it goes on, and at its end.
 *
 * @module
 */
import type { Goal } from "../../core/study/goal.ts";
import type { Recommendation } from "../../core/study/recommendation.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import { formatDuration } from "../shared/progress.ts";
import type { TuneSettings } from "./settings.ts";

/** A line for each trial that ends, on stderr. */
export class TuneProgress {
  readonly #goal: Goal;
  readonly #trials: number;
  readonly #started = performance.now();
  #done: number;
  #own = 0;
  #best: TrialSummary<unknown> | undefined;

  constructor(study: { goal: Goal; trials: number; before: readonly TrialSummary<unknown>[] }) {
    this.#goal = study.goal;
    this.#trials = study.trials;
    const ended = study.before.filter(({ finishedAt }) => finishedAt !== undefined);
    this.#done = ended.length;
    for (const trial of ended) this.#see(trial);
    if (ended.length > 0) {
      console.error(`The study has ${ended.length} trials already${this.#bestWords()}.`);
    }
  }

  /** Says how a trial ended, what the best is, and how long the rest will take. */
  ended(trial: TrialSummary<unknown>): void {
    this.#see(trial);
    this.#done++;
    this.#own++;
    const { number, state, value, reason } = trial;
    const words = state === "complete"
      ? `${value}`
      : state === "pruned"
      ? `stopped early at ${value}`
      : `failed: ${reason}`;
    const left = Math.max(0, this.#trials - this.#done);
    const seconds = (performance.now() - this.#started) / 1000 / this.#own * left;
    const eta = left === 0 ? "" : `, ${formatDuration(seconds)} left`;
    console.error(
      `trial ${number}: ${words}${this.#bestWords()}; ${this.#done} of ${this.#trials}${eta}`,
    );
  }

  #see(trial: TrialSummary<unknown>): void {
    if (trial.state !== "complete") return;
    if (this.#best === undefined || isBetter(trial, this.#best, this.#goal)) this.#best = trial;
  }

  #bestWords(): string {
    return this.#best === undefined
      ? ""
      : ` (best ${this.#best.value} of trial ${this.#best.number})`;
  }
}

/** Says what an interrupt does. @param isLast Whether running trials end, too. */
export function sayInterrupted(isLast: boolean): void {
  console.error(
    isLast
      ? "Ending the running trials; they are given back to the study."
      : "No further trial is begun; waiting for the running ones. Ctrl-C again gives them back. " +
        "The same command continues.",
  );
}

function isBetter(a: TrialSummary<unknown>, b: TrialSummary<unknown>, goal: Goal): boolean {
  return goal === "maximize" ? a.value! > b.value! : a.value! < b.value!;
}

/** The best trials beside the space's defaults, and the configuration to use. */
export function finalTable(
  trials: readonly TrialSummary<unknown>[],
  { recommended, defaults }: {
    readonly recommended: Recommendation<unknown> | undefined;
    readonly defaults: unknown;
  },
  { goal, study, storage, out }: Omit<TuneSettings, "goal"> & { goal: Goal },
): string {
  const complete = trials.filter(({ state }) => state === "complete");
  const best = complete.toSorted((a, b) => isBetter(a, b, goal) ? -1 : 1).slice(0, 5);
  const counts = Object.entries(Object.groupBy(trials, ({ state }) => state))
    .map(([state, some]) => `${some!.length} ${state}`);
  const again = trials.filter(({ confirms }) => confirms !== undefined).length;
  if (again > 0) counts.push(`${again} of them measured again`);
  // Both have the order of the space.
  const untuned = complete.find(({ configuration }) =>
    JSON.stringify(configuration) === JSON.stringify(defaults)
  );
  return [
    `Study "${study}" in ${storage.replace(/:[^:@/]*@/, ":***@")}: ${
      counts.join(", ")
    }. Output of the trials: ${out}.`,
    ...best.map(({ number, value, configuration, confirms }) =>
      `  trial ${String(number).padEnd(5)} ${String(value).padEnd(22)} ${
        JSON.stringify(configuration)
      }${confirms === undefined ? "" : ` (trial ${confirms} again)`}`
    ),
    ...(untuned === undefined
      ? []
      : [`With the defaults: ${untuned.value} (trial ${untuned.number})`]),
    ...(recommended === undefined ? ["No trial is complete."] : [
      `Recommended: ${JSON.stringify(recommended.configuration)} (estimate ${
        describeEstimate(recommended)
      })`,
    ]),
  ].join("\n");
}

function describeEstimate({ estimate, trials, confidence }: Recommendation<unknown>): string {
  const measured = trials.length > 1 ? `, measured ${trials.length} times` : "";
  if (confidence === undefined || confidence.noise === 0) return `${estimate}${measured}`;
  const { standardDeviation, noise } = confidence;
  const [digits, deviation, spread] = [estimate, standardDeviation, noise].map((value) =>
    Number(value.toPrecision(4))
  );
  return `${digits} +- ${deviation}${measured}; a measurement varies by ${spread}`;
}
