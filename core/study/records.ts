/**
 * What a storage keeps: studies and trials as plain values, in the terms of Optuna's tables.
 *
 * @module
 */
import type { OptunaParameter } from "../search/formats/optuna.ts";

/** A value of an attribute: JSON, whose numbers may also be NaN or infinite, as Python writes them. */
export type AttributeValue =
  | null
  | boolean
  | number
  | string
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** Attributes by name (at most 512 characters). */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What is done with an objective value; `"not_set"` is found in studies of preferences only. */
export type Direction = "minimize" | "maximize" | "not_set";

/** A study that is to be created. */
export interface NewStudy {
  /** Its name, unique in the storage; 1 to 512 characters. */
  readonly name: string;
  /** One direction an objective; at least one. */
  readonly directions: readonly Direction[];
  /** Attributes that dashboards show. @default {{}} */
  readonly userAttributes?: Attributes;
  /** Attributes of programs; ours begin with `genhpo:`. @default {{}} */
  readonly systemAttributes?: Attributes;
}

/** A study as it is stored. */
export interface StudyRecord extends Required<NewStudy> {
  /** Identifies the study in its storage. */
  readonly id: number;
}

/**
 * Where a trial stands: waiting to be claimed, running, or finished (complete, pruned, failed).
 * Finished trials never change.
 */
export type TrialState = "waiting" | "running" | "complete" | "pruned" | "fail";

/** Whether a trial of this state can still change. */
export function isUnfinished(state: TrialState): boolean {
  return state === "waiting" || state === "running";
}

/** The value of one hyperparameter in a trial; a storage keeps the distribution's text unread. */
export type ParameterRecord = OptunaParameter;

/** A value that was reported while the trial ran. */
export interface IntermediateValue {
  /** An integer >= 0, e.g. the epoch. */
  readonly step: number;
  /** Any number, NaN and infinite ones too. */
  readonly value: number;
}

/** A trial that is to be created. */
export interface NewTrial {
  /** Its first state. */
  readonly state: TrialState;
  /** Values of hyperparameters, each name once. @default {[]} */
  readonly parameters?: readonly ParameterRecord[];
  /** One value an objective, none NaN; given for complete and, if known, for pruned trials. @default {[]} */
  readonly values?: readonly number[];
  /** Values on the way, each step once. @default {[]} */
  readonly intermediateValues?: readonly IntermediateValue[];
  /** Attributes that dashboards show. @default {{}} */
  readonly userAttributes?: Attributes;
  /** Attributes of programs; ours begin with `genhpo:`. @default {{}} */
  readonly systemAttributes?: Attributes;
  /** When it started. @default {now, by the storage's clock, unless it waits} */
  readonly startedAt?: Date;
  /** When it finished. @default {now, by the storage's clock, once it has finished} */
  readonly finishedAt?: Date;
  /** Seconds >= 0 until a running trial may be taken from its worker. @default {never} */
  readonly lease?: number;
}

/** A trial as it is stored. */
export interface TrialRecord {
  /** Identifies the trial in its storage; grows with the number. */
  readonly id: number;
  /** Its number in the study: 0, 1, 2, ... without a gap. */
  readonly number: number;
  /** Where it stands. */
  readonly state: TrialState;
  /** Values of hyperparameters, in the order they were written. */
  readonly parameters: readonly ParameterRecord[];
  /** One value an objective, or empty. */
  readonly values: readonly number[];
  /** Values on the way, by step. */
  readonly intermediateValues: readonly IntermediateValue[];
  /** Attributes that dashboards show. */
  readonly userAttributes: Attributes;
  /** Attributes of programs. */
  readonly systemAttributes: Attributes;
  /** When it started; absent while it waits. */
  readonly startedAt?: Date;
  /** When it finished; absent before. */
  readonly finishedAt?: Date;
  /** When it may be taken from its worker, by the storage's clock; absent: never. */
  readonly leasedUntil?: Date;
}

/** What is to become of an unfinished trial; what is left out stays. */
export interface TrialChange {
  /** The states in which the change may be made. @default {["running"]} */
  readonly from?: readonly TrialState[];
  /** The new state. Times are set by the storage's clock. */
  readonly state?: TrialState;
  /** Hyperparameters that get these values. */
  readonly parameters?: readonly ParameterRecord[];
  /** One value an objective, none NaN. */
  readonly values?: readonly number[];
  /** Values on the way; a step that is there already is replaced. */
  readonly intermediateValues?: readonly IntermediateValue[];
  /** Attributes that get these values. */
  readonly userAttributes?: Attributes;
  /** Attributes that get these values. */
  readonly systemAttributes?: Attributes;
  /** Seconds >= 0 from now until the trial may be taken from its worker. */
  readonly lease?: number;
}
