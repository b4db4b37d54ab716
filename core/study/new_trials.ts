/**
 * Trials that people bring: to be tried first, or tried elsewhere.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import { toOptunaParameters } from "../search/formats/optuna.ts";
import { isRecord } from "../search/space_checks.ts";
import type { SearchSpace, ValueProblem } from "../search/search_space.ts";
import type {
  Attributes,
  IntermediateValue,
  NewTrial,
  TrialRecord,
  TrialState,
} from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import { REASON } from "./told.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** A trial that was evaluated elsewhere, such as another study's summary. `C` is the type of configurations. */
export interface AddedTrial<C> {
  /** The hyperparameters. Trials without are passed over. */
  readonly configuration: C | undefined;
  /** What the objective gave. */
  readonly value?: number;
  /**
   * How it ended; trials that wait or run are passed over.
   * @default {"complete" with a finite value, otherwise "fail"}
   */
  readonly state?: TrialState;
  /** What was reported on the way. @default {[]} */
  readonly intermediateValues?: readonly IntermediateValue[];
  /** Why it failed or was stopped. */
  readonly reason?: string;
  /** What was noted with it. @default {{}} */
  readonly attributes?: Attributes;
  /** When it started. @default {now} */
  readonly startedAt?: Date;
  /** When it finished. @default {now} */
  readonly finishedAt?: Date;
}

/** What to do with added trials outside of the space: refuse all, take the nearest configuration, or leave them out. */
export type OutsideRule = "refuse" | "clip" | "omit";

/** Problems that one error lists. */
const mostProblems = 10;

/** Attribute of a trial: by which text it was enqueued. */
const ENQUEUED_BY = "genhpo:enqueued_by";

/**
 * Enqueues a configuration, or a part of one, unless it is there; the number of its trial.
 *
 * @param request The trial that was enqueued by this text is the answer, if there is one.
 */
export async function enqueueTrial(
  { storage, id, log, space, repeats, changes }: StudyContext,
  given: UntypedConfiguration,
  request?: string,
): Promise<number> {
  const plain = waitingTrial(space, given), identity = identityOf(plain);
  const mark = request === undefined ? {} : { [ENQUEUED_BY]: request };
  const trial = { ...plain, systemAttributes: { ...plain.systemAttributes, ...mark } };
  const isSame = (known: TrialRecord): boolean =>
    (request !== undefined && known.systemAttributes[ENQUEUED_BY] === request) ||
    (!repeats && known.state !== "fail" && identityOf(known) === identity);
  for (;;) {
    const trials = await log.refresh();
    const same = trials.find(isSame);
    if (same !== undefined) return same.number;
    // Only as the next one, so that no other worker has enqueued the same in the meantime.
    const created = await storage.createTrial(id, trial, { number: trials.length });
    if (created === undefined) continue;
    changes.happened();
    return created.number;
  }
}

/** Adds finished trials, those that are there aside; how many were added. */
export async function addFinishedTrials<C>(
  { storage, id, log, space, changes }: StudyContext,
  trials: Iterable<AddedTrial<C>>,
  outside: OutsideRule,
): Promise<number> {
  const found = finishedTrials(space, trials, outside);
  const outcomeOf = (trial: NewTrial) => `${identityOf(trial)} ${trial.state} ${trial.values}`;
  const known = new Set((await log.refresh()).map(outcomeOf));
  const added = found.filter((trial) => !known.has(outcomeOf(trial)));
  for (const trial of added) await storage.createTrial(id, trial);
  if (added.length > 0) changes.happened();
  return added.length;
}

/** Equal for equal configurations, or equal fixed parts of one. */
function identityOf({ parameters = [], systemAttributes = {} }: NewTrial): string {
  const { fixed_params: fixed } = systemAttributes;
  const values = isRecord(fixed)
    ? Object.entries(fixed)
    : parameters.map(({ name, value }) => [name, value] as const);
  return JSON.stringify(values.sort(([one], [other]) => one < other ? -1 : 1));
}

function waitingTrial(space: SearchSpace, given: UntypedConfiguration): NewTrial {
  const { configuration, problems } = space.read(given);
  const problem = problems.find(({ kind }) => kind !== "missing");
  if (problem !== undefined) {
    throw new InputError(`Cannot enqueue the configuration as ${problem.message}`);
  }
  return configuration !== undefined && problems.length === 0
    ? { state: "waiting", parameters: toOptunaParameters(space, configuration) }
    : { state: "waiting", systemAttributes: { fixed_params: { ...given } } };
}

/**
 * The trials as they are stored.
 *
 * @throws {InputError} that lists what is wrong with up to ten of them.
 */
function finishedTrials<C>(
  space: SearchSpace,
  trials: Iterable<AddedTrial<C>>,
  outside: OutsideRule,
): readonly NewTrial[] {
  const found: NewTrial[] = [], problems: string[] = [];
  let index = 0;
  for (const trial of trials) {
    const label = `trial ${index++}`;
    const { configuration: given, state } = trial;
    if (given === undefined || state === "waiting" || state === "running") continue;
    const { configuration, problems: wrong } = space.read(given as UntypedConfiguration);
    if (wrong.length > 0 && outside === "omit") continue;
    if (configuration === undefined || (wrong.length > 0 && outside === "refuse")) {
      problems.push(`${label}: ${wrong.map(({ message }: ValueProblem) => message).join("; ")}`);
      continue;
    }
    try {
      found.push(finishedTrial(space, configuration, trial));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      problems.push(`${label}: ${error.message}`);
    }
  }
  if (problems.length === 0) return found;
  const more = problems.length - mostProblems;
  throw new InputError(
    `Cannot add the trials as each must be one of the space: got\n${
      problems.slice(0, mostProblems).join("\n")
    }${more > 0 ? `\nand ${more} more` : ""}`,
  );
}

function finishedTrial<C>(
  space: SearchSpace,
  configuration: UntypedConfiguration,
  trial: AddedTrial<C>,
): NewTrial {
  const { value = NaN, intermediateValues = [], reason, attributes = {} } = trial;
  const { startedAt, finishedAt } = trial;
  const state = trial.state ?? (Number.isFinite(value) ? "complete" : "fail");
  if (state === "complete" && !Number.isFinite(value)) {
    throw new RangeError(`Cannot add a complete trial as 'value' must be finite: got ${value}`);
  }
  const last = intermediateValues.at(-1)?.value ?? NaN;
  const kept = state === "fail" ? [] : [Number.isNaN(value) ? last : value];
  return {
    state,
    parameters: toOptunaParameters(space, configuration),
    values: kept.filter((one) => !Number.isNaN(one)),
    intermediateValues,
    userAttributes: attributes,
    systemAttributes: reason === undefined ? {} : { [REASON]: reason },
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
  };
}
