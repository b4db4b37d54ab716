/**
 * What every storage refuses to keep, before it writes anything.
 *
 * @module
 */
import {
  type Attributes,
  isUnfinished,
  type NewStudy,
  type NewTrial,
  type ParameterRecord,
  type TrialChange,
} from "./records.ts";

/** The longest name that Optuna's tables hold. */
const LONGEST_NAME = 512;

/**
 * Checks a study that is to be created.
 *
 * @throws {RangeError} when its name or its directions cannot be kept.
 */
export function checkNewStudy({ name, directions, ...attributes }: NewStudy): void {
  checkName("study", name);
  if (directions.length === 0) {
    throw new RangeError(`Cannot create study "${name}" as it must have a direction: got none`);
  }
  checkAttributeNames(attributes);
}

/**
 * Checks a trial that is to be created.
 *
 * @throws {RangeError} when one of its parts cannot be kept.
 */
export function checkNewTrial(trial: NewTrial): void {
  checkParts(trial);
  if (trial.state === "complete") checkComplete(trial.values ?? []);
  if (trial.state === "fail") checkFailed(trial.values ?? []);
  if (trial.lease !== undefined && trial.state !== "running") {
    throw new RangeError(`Cannot lease the trial as it must be running: got ${trial.state}`);
  }
}

/**
 * Checks a change of a trial.
 *
 * @throws {RangeError} when one of its parts cannot be kept.
 */
export function checkChange(change: TrialChange): void {
  checkParts(change);
  if (change.state === "complete") checkComplete(change.values ?? []);
  if (change.state === "fail") checkFailed(change.values ?? []);
  if (change.from?.some((state) => !isUnfinished(state))) {
    throw new RangeError(
      `Cannot change the trial as 'from' must name unfinished states: got ${
        change.from.join(", ")
      }`,
    );
  }
}

/** Checks what new and changed trials have in common. */
function checkParts(trial: NewTrial | TrialChange): void {
  for (const parameter of trial.parameters ?? []) checkParameter(parameter);
  for (const { step } of trial.intermediateValues ?? []) {
    if (!Number.isSafeInteger(step) || step < 0 || step >= 2 ** 31) {
      throw new RangeError(
        `Cannot report the value as 'step' must be an integer from 0 to 2147483647: got ${step}`,
      );
    }
  }
  if (trial.values?.some(Number.isNaN)) {
    throw new RangeError("Cannot tell the trial as its values must not be NaN: got NaN");
  }
  if (trial.lease !== undefined && !(trial.lease >= 0 && trial.lease < Infinity)) {
    throw new RangeError(
      `Cannot lease the trial as 'lease' must be a number of seconds >= 0: got ${trial.lease}`,
    );
  }
  checkAttributeNames(trial);
}

function checkParameter({ name, value }: ParameterRecord): void {
  checkName("hyperparameter", name);
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot keep hyperparameter "${name}" as it must be finite: got ${value}`);
  }
}

function checkComplete(values: readonly number[]): void {
  if (values.length === 0) {
    throw new RangeError("Cannot complete the trial as it must have a value: got none");
  }
}

function checkFailed(values: readonly number[]): void {
  if (values.length > 0) {
    throw new RangeError(
      `Cannot fail the trial as it must have no value: got ${values.join(", ")}`,
    );
  }
}

/** Checks the names of attributes. */
export function checkAttributeNames(
  attributes: { readonly userAttributes?: Attributes; readonly systemAttributes?: Attributes },
): void {
  for (const name of Object.keys(attributes.userAttributes ?? {})) checkName("attribute", name);
  for (const name of Object.keys(attributes.systemAttributes ?? {})) checkName("attribute", name);
}

function checkName(what: string, name: string): void {
  if (name.length > 0 && name.length <= LONGEST_NAME && !name.includes("\0")) return;
  throw new RangeError(
    `Cannot use the name of the ${what} as it must have 1 to ${LONGEST_NAME} characters, ` +
      `none of them NUL: got ${JSON.stringify(name.slice(0, 40))}, ${name.length} characters`,
  );
}
