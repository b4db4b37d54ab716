/**
 * How a worker gets a trial: one that waits, or a new one.
 *
 * @module
 */
import { drawPoint } from "../search/coordinates.ts";
import { toOptunaParameters } from "../search/formats/optuna.ts";
import { Random } from "../search/random.ts";
import { isRecord } from "../search/space_checks.ts";
import { type Proposal, proposeConfirmation } from "./_confirming.ts";
import type { Attributes, TrialRecord } from "./records.ts";
import { failAbandoned, giveBack, retriedNumbers } from "./_retries.ts";
import type { StudyContext } from "./_study_context.ts";
import { suggestConfiguration } from "./_suggestion.ts";
import { REASON } from "./told.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** What a worker asks for. */
export interface Asking {
  /** Seconds until the trial may be taken from its worker; undefined: never. */
  readonly lease: number | undefined;
  /** Number of trials of the study at which none is given any more. */
  readonly limit: number;
  /** The trial that was asked for by this text is the answer, if there is one. */
  readonly request: string | undefined;
}

/** Attribute of a trial: by which text it was asked for. */
const ASKED_BY = "genhpo:asked_by";

/** A trial that was claimed. */
export interface Claim {
  readonly record: TrialRecord;
  readonly configuration: UntypedConfiguration;
}

/** Attempts to be the next before the number is claimed first. */
const races = 3;

/**
 * Claims a trial, for one caller alone; undefined at the limit.
 *
 * A new trial's configuration is chosen from all trials with smaller numbers: if another worker takes the number in
 * the meantime, it is chosen anew, so that no two get the same. Where suggestions take so long that a worker loses
 * several times in a row, it claims the number first and chooses then, for as long as the space is endless.
 */
export async function claimTrial(
  context: StudyContext,
  asking: Asking,
): Promise<Claim | undefined> {
  const { storage, id, space, repeats } = context;
  const lease = asking.lease === undefined ? {} : { lease: asking.lease };
  const { request } = asking;
  const mark: Attributes = request === undefined ? {} : { [ASKED_BY]: request };
  for (let race = 0;; race++) {
    const trials = await refreshed(context);
    const given = request === undefined ? undefined : await claimAgain(context, trials, {
      request,
      lease,
    });
    if (given !== undefined) return given;
    if (countTrials(trials) >= asking.limit) return undefined;
    if (trials.some(({ state }) => state === "waiting")) {
      const waiting = await storage.claimTrial(id, { ...lease, systemAttributes: mark });
      const claim = waiting && await completeClaim(context, waiting, lease);
      if (claim !== undefined) return claim;
      continue; // another worker took it, so that it counts now
    }
    const number = trials.length;
    if (race < races || (space.size < Infinity && !repeats)) {
      const proposal: Proposal = await proposeConfirmation(context, trials, asking.limit) ??
        { configuration: await suggestConfiguration(context, trials, number) };
      const { configuration } = proposal;
      const parameters = toOptunaParameters(space, configuration);
      const systemAttributes = { ...proposal.systemAttributes, ...mark };
      const trial = { state: "running", parameters, systemAttributes, ...lease } as const;
      const record = await storage.createTrial(id, trial, { number });
      if (record !== undefined) return { record, configuration };
    } else {
      const record = await storage.createTrial(
        id,
        { state: "running", systemAttributes: mark, ...lease },
        { number },
      );
      const claim = record && await completeClaim(context, record, lease);
      if (claim !== undefined) return claim;
    }
  }
}

/** The trial that was given for this request before; undefined: none was. */
async function claimAgain(
  context: StudyContext,
  trials: readonly TrialRecord[],
  { request, lease }: { readonly request: string; readonly lease: { readonly lease?: number } },
): Promise<Claim | undefined> {
  const record = trials.find(({ systemAttributes }) => systemAttributes[ASKED_BY] === request);
  if (record === undefined) return undefined;
  if (record.state === "running") return await completeClaim(context, record, lease);
  const configuration = context.reader.configuration(record);
  return configuration && { record, configuration };
}

/** All trials, those failed that were abandoned. */
async function refreshed(context: StudyContext): Promise<readonly TrialRecord[]> {
  const trials = await context.log.refresh();
  const isLeased = ({ state, leasedUntil }: TrialRecord) =>
    state === "running" && leasedUntil !== undefined;
  if (!trials.some(isLeased)) return trials;
  await failAbandoned(context);
  return await context.log.refresh();
}

/** Number of trials that count towards a study's total: those that run or have finished and are not tried again. */
export function countTrials(trials: readonly TrialRecord[]): number {
  const retried = retriedNumbers(trials);
  return trials.filter(({ state, number }) => state !== "waiting" && !retried.has(number)).length;
}

/** Gives a running trial the hyperparameters that it lacks; undefined if it cannot be run, or was taken away. */
async function completeClaim(
  context: StudyContext,
  record: TrialRecord,
  lease: { readonly lease?: number },
): Promise<Claim | undefined> {
  const { space, storage, log, reader } = context;
  const fixed = { ...fixedValues(record), ...reader.configuration(record) };
  const { problems } = space.read(fixed);
  const unusable = problems.find(({ kind }) => kind === "invalid" || kind === "unknown");
  if (unusable !== undefined) {
    const reason = `Cannot try the configuration that was enqueued as ${unusable.message}`;
    await storage.changeTrial(record.id, { state: "fail", systemAttributes: { [REASON]: reason } });
    return undefined;
  }
  const configuration = await fillIn(context, fixed, await log.refresh(), record.number)
    .catch(async (error) => {
      // The trial is this worker's, which is about to give up.
      await giveBack(context, record.id);
      throw error;
    });
  const parameters = toOptunaParameters(space, configuration);
  const { changed, trial } = await storage.changeTrial(record.id, { parameters, ...lease });
  return changed ? { record: trial, configuration } : undefined;
}

/** The configuration in which some values are fixed and the algorithm chooses the others. */
async function fillIn(
  context: StudyContext,
  fixed: UntypedConfiguration,
  trials: readonly TrialRecord[],
  number: number,
): Promise<UntypedConfiguration> {
  const { space, seed } = context;
  const whole = space.read(fixed).configuration;
  if (whole !== undefined) return whole;
  const others = trials.filter((trial) => trial.number !== number);
  const isFree = Object.keys(fixed).length === 0;
  let suggested = await suggestConfiguration(
    isFree ? context : { ...context, repeats: true },
    others,
    number,
  );
  const random = Random.of("study", "fixed", seed, number);
  for (;;) {
    // What is fixed may switch on hyperparameters that the suggestion lacks: those are drawn.
    const { configuration } = space.read({ ...suggested, ...fixed });
    if (configuration !== undefined) return configuration;
    suggested = { ...space.decode(drawPoint(random, space.coordinates)), ...suggested };
  }
}

/** The values that Optuna's `enqueue_trial` fixed. */
function fixedValues(
  { systemAttributes: { fixed_params: fixed } }: TrialRecord,
): UntypedConfiguration {
  return isRecord(fixed) ? fixed as UntypedConfiguration : {};
}
