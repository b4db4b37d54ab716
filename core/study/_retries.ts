/**
 * Trials whose worker died, or gave them back: they fail, and are tried again.
 *
 * @module
 */
import type { Changes } from "./_changes.ts";
import type { TrialRecord } from "./records.ts";
import type { Expiry, Storage } from "./storage.ts";
import { REASON } from "./told.ts";

/** Attributes of a trial that tries others again, as Optuna's own callback for that writes them. */
const FAILED_TRIAL = "failed_trial", RETRY_HISTORY = "retry_history";
/** Attribute of a trial that its worker gave back: it is tried again, however often. */
const GIVEN_BACK = "genhpo:given_back";
/** Attribute of a trial that tries others again: how many of those were lost with their workers. */
const LOST = "genhpo:lost";

/** What is needed of a study to look after its abandoned trials. */
interface Keeper {
  readonly storage: Storage;
  readonly id: number;
  /** How often a trial whose worker died is tried again. */
  readonly retries: number;
  readonly changes: Changes;
}

/** Fails running trials whose lease has run out; each is tried again as often as the study says. */
export async function failAbandoned({ storage, id, retries, changes }: Keeper): Promise<void> {
  const failed = await storage.failExpired(id, (trial) => expiryOf(trial, retries));
  if (failed.length > 0) changes.happened();
}

/** Gives a running trial back, so that it is tried again at once. */
export async function giveBack(keeper: Keeper, trialId: number): Promise<void> {
  const systemAttributes = { [GIVEN_BACK]: true };
  await keeper.storage.changeTrial(trialId, { lease: 0, systemAttributes });
  await failAbandoned(keeper);
}

/** Numbers of the trials that others try again; these stand for them. */
export function retriedNumbers(trials: readonly TrialRecord[]): ReadonlySet<number> {
  return new Set(trials.flatMap(retryHistory));
}

function expiryOf(trial: TrialRecord, retries: number): Expiry {
  const { number, parameters, userAttributes, systemAttributes } = trial;
  const history = retryHistory(trial);
  const lost = Number(systemAttributes[LOST] ?? history.length);
  const isGivenBack = systemAttributes[GIVEN_BACK] === true;
  const isRetried = isGivenBack || lost < retries;
  const why = isGivenBack ? "its worker gave it back" : "its worker was not heard of in time";
  const reason = { [REASON]: isRetried ? `${why}; it is tried again` : why };
  if (!isRetried) return { systemAttributes: reason };
  const { fixed_params: fixed } = systemAttributes;
  return {
    systemAttributes: reason,
    retry: {
      state: "waiting",
      parameters,
      userAttributes,
      systemAttributes: {
        ...(fixed !== undefined && { fixed_params: fixed }),
        [FAILED_TRIAL]: history[0] ?? number,
        [RETRY_HISTORY]: [...history, number],
        [LOST]: isGivenBack ? lost : lost + 1,
      },
    },
  };
}

/** Numbers of the trials that this one tries again, from the first. */
function retryHistory({ systemAttributes }: TrialRecord): readonly number[] {
  const history = systemAttributes[RETRY_HISTORY];
  return Array.isArray(history) ? history.filter(Number.isInteger) : [];
}
