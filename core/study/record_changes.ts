/**
 * What becomes of records: the rules of creating and changing trials, for storages that keep records whole.
 *
 * @module
 */
import {
  type Attributes,
  type IntermediateValue,
  isUnfinished,
  type NewStudy,
  type NewTrial,
  type ParameterRecord,
  type StudyRecord,
  type TrialChange,
  type TrialRecord,
} from "./records.ts";

/** What has attributes: a study, a trial, or a change of one. */
export interface WithAttributes {
  /** Attributes that dashboards show. */
  readonly userAttributes?: Attributes;
  /** Attributes of programs. */
  readonly systemAttributes?: Attributes;
}

/** The record of a study that is created. */
export function newStudyRecord(id: number, study: NewStudy): StudyRecord {
  return { id, ...withAttributes(structuredClone(study)) };
}

/** A record whose attributes have these values, too. */
export function withChangedAttributes<T extends WithAttributes>(
  record: T,
  attributes: WithAttributes,
): T & Required<WithAttributes> {
  return { ...record, ...mergedAttributes(record, structuredClone(attributes)) };
}

/** The record of a trial that is created now. */
export function newTrialRecord(
  place: { readonly id: number; readonly number: number },
  trial: NewTrial,
): TrialRecord {
  const { lease, startedAt, finishedAt, parameters, values, intermediateValues, ...rest } =
    structuredClone(trial);
  const now = new Date();
  const started = startedAt ?? (trial.state === "waiting" ? undefined : now);
  const finished = finishedAt ?? (isUnfinished(trial.state) ? undefined : now);
  return {
    ...place,
    ...withAttributes(rest),
    parameters: parameters ?? [],
    values: values ?? [],
    intermediateValues: mergedSteps([], intermediateValues ?? []),
    ...(started && { startedAt: started }),
    ...(finished && { finishedAt: finished }),
    ...(lease !== undefined && { leasedUntil: leaseEnd(now, lease) }),
  };
}

/** A trial as it is after a change that is made now; undefined when it is in none of the states that the change names. */
export function changedTrialRecord(
  trial: TrialRecord,
  change: TrialChange,
): TrialRecord | undefined {
  if (!(change.from ?? ["running"]).includes(trial.state)) return undefined;
  const now = new Date();
  const { leasedUntil, ...kept } = trial;
  const { parameters = [], values = trial.values, intermediateValues = [], ...rest } =
    structuredClone(change);
  const state = change.state ?? trial.state;
  const lease = change.lease === undefined ? leasedUntil : leaseEnd(now, change.lease);
  return {
    ...kept,
    ...mergedAttributes(trial, rest),
    state,
    parameters: mergedParameters(trial.parameters, parameters),
    values,
    intermediateValues: mergedSteps(trial.intermediateValues, intermediateValues),
    ...(state !== "waiting" && trial.startedAt === undefined && { startedAt: now }),
    ...(!isUnfinished(state) && { finishedAt: now }),
    ...(state === "running" && lease !== undefined && { leasedUntil: lease }),
  };
}

/** Whether a running trial's lease has run out by now. */
export function isExpired({ state, leasedUntil }: TrialRecord): boolean {
  return state === "running" && leasedUntil !== undefined && leasedUntil.getTime() <= Date.now();
}

function leaseEnd(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

function withAttributes<T extends WithAttributes>(record: T): T & Required<WithAttributes> {
  return { userAttributes: {}, systemAttributes: {}, ...record };
}

function mergedAttributes(old: WithAttributes, change: WithAttributes): Required<WithAttributes> {
  return {
    userAttributes: { ...old.userAttributes, ...change.userAttributes },
    systemAttributes: { ...old.systemAttributes, ...change.systemAttributes },
  };
}

function mergedParameters(
  old: readonly ParameterRecord[],
  changed: readonly ParameterRecord[],
): readonly ParameterRecord[] {
  return [
    ...new Map([...old, ...changed].map((parameter) => [parameter.name, parameter])).values(),
  ];
}

function mergedSteps(
  old: readonly IntermediateValue[],
  changed: readonly IntermediateValue[],
): readonly IntermediateValue[] {
  const byStep = new Map([...old, ...changed].map((value) => [value.step, value]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}
