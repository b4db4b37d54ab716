/**
 * What the stored values of a trial mean.
 *
 * @module
 */
import { fromOptunaParameters } from "../search/formats/optuna.ts";
import type { Hyperparameter, Value } from "../search/hyperparameter.ts";
import type { SearchSpace } from "../search/search_space.ts";
import { keyOf } from "../search/untried.ts";
import type { TrialRecord } from "./records.ts";

/** Values of hyperparameters by name, without the type of their space. */
export type UntypedConfiguration = Readonly<Record<string, Value>>;

/** A trial's point. */
export interface TrialPoint {
  /** A point of [0,1]^d. */
  readonly point: Float64Array;
  /** Equal for equal points alone. */
  readonly key: string;
  /** Whether its configuration is not in the space, and this is the nearest that is. */
  readonly isOutside: boolean;
}

/** Reads the trials of one study, each record once. */
export class TrialReader {
  readonly #space: SearchSpace;
  readonly #distributions = new Map<string, Hyperparameter>();
  readonly #configurations = new WeakMap<TrialRecord, UntypedConfiguration | undefined>();
  readonly #points = new WeakMap<TrialRecord, TrialPoint | undefined>();

  /** Reads trials for this space. */
  constructor(space: SearchSpace) {
    this.#space = space;
  }

  /** The values as they were stored; undefined while there are none, or for what cannot be read. */
  configuration(trial: TrialRecord): UntypedConfiguration | undefined {
    return remember(this.#configurations, trial, () => {
      if (trial.parameters.length === 0) return undefined;
      try {
        return fromOptunaParameters(trial.parameters, this.#distributions);
      } catch {
        return undefined;
      }
    });
  }

  /** Where it stands; undefined if a value is missing, or is of another kind than the space's. */
  point(trial: TrialRecord): TrialPoint | undefined {
    return remember(this.#points, trial, () => {
      const { configuration, problems } = this.#space.read(this.configuration(trial) ?? {});
      if (configuration === undefined) return undefined;
      const point = this.#space.encode(configuration);
      return { point, key: keyOf(point), isOutside: problems.length > 0 };
    });
  }
}

function remember<T>(known: WeakMap<TrialRecord, T>, trial: TrialRecord, find: () => T): T {
  if (!known.has(trial)) known.set(trial, find());
  return known.get(trial)!;
}
