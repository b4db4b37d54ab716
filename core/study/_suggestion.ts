/**
 * The next configuration of a study.
 *
 * @module
 */
import { describe, ExhaustedError, InputError } from "../search/errors.ts";
import { deriveSeed, Random } from "../search/random.ts";
import { keyOf, type Keys, untriedPoints } from "../search/untried.ts";
import type { ObservedTrials } from "./_observed_trials.ts";
import type { TrialRecord } from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** Suggestions of an algorithm that repeats itself before an untried configuration is drawn at random. */
const suggestions = 4;

/**
 * Asks the algorithm what to try in the trial of this number. It was not tried and is not being tried, unless the
 * study allows repeats.
 *
 * @param trials All trials with smaller numbers, and others.
 * @throws {ExhaustedError} when nothing is left to try.
 */
export async function suggestConfiguration(
  context: StudyContext,
  trials: readonly TrialRecord[],
  number: number,
): Promise<UntypedConfiguration> {
  const { space, repeats, seed } = context;
  const observed = context.observer.observe(trials);
  warnOfOutside(context, observed);
  const known: Keys = repeats ? new Set<string>() : observed.known;
  if (known.size >= space.size) {
    throw new ExhaustedError(
      `Cannot ask for a trial as a configuration must be left to try: all ${space.size} were`,
    );
  }
  for (let attempt = 0; attempt < suggestions; attempt++) {
    const configuration = await suggestOnce(context, observed, number, attempt);
    if (!known.has(keyOf(space.encode(configuration)))) return configuration;
  }
  const random = Random.of("study", seed, number);
  const rows = untriedPoints(known, space.size, space.coordinates, random);
  return space.decode(rows[random.integer(rows.length)]);
}

async function suggestOnce(
  { name, algorithm, space, repeats, seed }: StudyContext,
  { points, responses, running }: ObservedTrials,
  number: number,
  attempt: number,
): Promise<UntypedConfiguration> {
  if (algorithm === undefined) {
    throw new InputError(
      `Cannot ask for a trial as 'algorithm' must be given when study "${name}" is opened: got nothing`,
    );
  }
  const { coordinates, dimension } = space;
  // One key a trial: two workers that see the same history do not draw the same point.
  const key = (deriveSeed("study", seed) + number) % 2 ** 32 + attempt * 2 ** 32;
  const point = await algorithm.observeAndSuggest(
    { points, responses, running },
    { dimension, coordinates, key, repeats },
  );
  if (!(point instanceof Float64Array) || point.length !== dimension) {
    throw new TypeError(
      `Cannot use the suggestion of '${algorithm.name}' as it must be a Float64Array of ` +
        `${dimension} coordinates: got ${describe(point)}`,
    );
  }
  return space.decode(point);
}

/** Says once of each trial outside of the space what was done with it. */
function warnOfOutside(
  { name, warn, warned }: StudyContext,
  { clipped, omitted }: ObservedTrials,
): void {
  const tell = (numbers: readonly number[], what: string): void => {
    const unknown = numbers.filter((number) => !warned.has(number));
    for (const number of unknown) warned.add(number);
    if (unknown.length === 0) return;
    const [one, more] = [unknown.slice(0, 10).join(", "), unknown.length - 10];
    const trials = more > 0 ? `${one} and ${more} others` : one;
    warn(
      `Study "${name}" has finished trials outside of its search space, which are ${what}: ${trials}`,
    );
  };
  tell(clipped, "observed as the nearest configurations in it");
  tell(omitted, "left out of what the algorithm sees");
}
