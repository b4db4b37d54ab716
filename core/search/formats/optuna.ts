/**
 * Search spaces and configurations as Optuna writes them down.
 *
 * Optuna keeps one `distribution_json` with each value of a trial and knows no conditions: a hyperparameter that is not
 * active has no value in that trial. An ordered list and a constant are a `CategoricalDistribution` there. A logarithmic
 * scale with steps, which Optuna does not have, is written without the logarithm.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Hyperparameter, Value } from "../hyperparameter.ts";
import { parseJson, shown } from "../json.ts";
import { isRecord, isValue } from "../space_checks.ts";
import { SearchSpace } from "../search_space.ts";

/** One of Optuna's distributions, as in `distribution_json`. */
export interface OptunaDistribution {
  /** Name of its class. */
  readonly name: "FloatDistribution" | "IntDistribution" | "CategoricalDistribution";
  /** Arguments of its class. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A value of a trial, as in Optuna's table `trial_params`. */
export interface OptunaParameter {
  /** Name of the hyperparameter. */
  readonly name: string;
  /** The number itself, or the index of a choice. */
  readonly value: number;
  /** Its `distribution_json`. */
  readonly distribution: string;
}

/** The distribution of a hyperparameter; its conditions are left out. */
export function toOptunaDistribution(one: Hyperparameter): OptunaDistribution {
  if (one.type === "constant") return categorical([one.value]);
  if (one.type === "choice" || one.type === "ordered") return categorical(one.values);
  const { min: low, max: high, log = false, step, type } = one;
  if (type === "real") {
    return {
      name: "FloatDistribution",
      attributes: { step: step ?? null, low, high, log: log && step === undefined },
    };
  }
  return {
    name: "IntDistribution",
    attributes: { log: log && (step ?? 1) === 1, step: step ?? 1, low, high },
  };
}

function categorical(choices: readonly Value[]): OptunaDistribution {
  return { name: "CategoricalDistribution", attributes: { choices } };
}

/**
 * The hyperparameter of a distribution. Optuna's older names and the short form (`{"type": "float", ...}`) are read,
 * too; `high` is cut to the last step as Optuna does.
 *
 * @param name Name of the hyperparameter, for errors.
 * @param value Parsed `distribution_json`.
 * @throws {InputError} naming the hyperparameter, for what is no distribution.
 */
export function fromOptunaDistribution(name: string, value: unknown): Hyperparameter {
  const { kind, attributes } = partsOf(name, value);
  const number = (field: string): number => {
    const given = attributes[field];
    if (typeof given === "number" && Number.isFinite(given)) return given;
    throw distributionError(name, `have a finite number '${field}'`, value);
  };
  if (kind === "choice") {
    const { choices } = attributes;
    if (!Array.isArray(choices) || choices.length === 0) {
      throw distributionError(name, "have a list 'choices' with at least one", value);
    }
    const wrong = choices.find((choice) => !isValue(choice));
    if (wrong !== undefined || choices.includes(undefined)) {
      throw distributionError(
        name,
        "have choices that are texts, finite numbers, booleans or None",
        wrong,
      );
    }
    return choices.length === 1
      ? { type: "constant", value: choices[0] }
      : { type: "choice", values: choices };
  }
  const min = number("low"), high = number("high");
  const log = attributes.log === true || String(attributes.name).includes("Log");
  const stepField = attributes.q === undefined ? "step" : "q";
  const given = attributes[stepField] ?? null;
  const step = given === null ? undefined : number(stepField);
  if (step !== undefined && step <= 0) throw distributionError(name, "have a step above 0", value);
  const gap = step ?? (kind === "integer" ? 1 : undefined);
  const max = gap === undefined ? high : lastStep(min, high, gap);
  return {
    type: kind,
    min,
    max,
    ...(log ? { log } : {}),
    ...(step === undefined || (kind === "integer" && step === 1) ? {} : { step }),
  };
}

/** The values of a configuration, with their distributions, in the order of the space. */
export function toOptunaParameters(
  space: SearchSpace,
  configuration: Readonly<Record<string, Value>>,
): OptunaParameter[] {
  return Object.entries(space.hyperparameters).flatMap(([name, one]) => {
    if (!Object.hasOwn(configuration, name)) return [];
    const distribution = toOptunaDistribution(one);
    const { choices } = distribution.attributes;
    const given = configuration[name];
    const value = Array.isArray(choices) ? choices.indexOf(given) : Number(given);
    return [{ name, value, distribution: JSON.stringify(distribution) }];
  });
}

/**
 * The configuration of a trial.
 *
 * @param known Distributions that were read before, by their text; it is filled, so that many trials are read fast.
 * @throws {InputError} for a distribution that cannot be read, or an index without a choice.
 */
export function fromOptunaParameters(
  parameters: readonly OptunaParameter[],
  known: Map<string, Hyperparameter> = new Map(),
): Record<string, Value> {
  return Object.fromEntries(parameters.map(({ name, value, distribution }) => {
    const one = known.get(distribution) ?? parseDistribution(name, distribution);
    known.set(distribution, one);
    if (one.type === "real" || one.type === "integer") return [name, value];
    const choices = one.type === "constant" ? [one.value] : one.values;
    const choice = choices[value];
    if (choice === undefined) {
      throw new InputError(
        `Cannot read the value of '${name}' as it must be the index of a choice below ${choices.length}: got ${value}`,
      );
    }
    return [name, choice];
  }));
}

/**
 * The space that the trials of a study were drawn from: of each hyperparameter the last distribution.
 *
 * @throws {InputError} when one is missing in a trial, as the condition for that is not written down.
 */
export function spaceOfOptunaTrials(trials: readonly (readonly OptunaParameter[])[]): SearchSpace {
  const found = new Map<string, Hyperparameter>();
  for (const trial of trials) {
    for (const { name, distribution } of trial) {
      found.set(name, parseDistribution(name, distribution));
    }
  }
  for (const name of found.keys()) {
    const without = trials.findIndex((trial) => trial.every((one) => one.name !== name));
    if (without >= 0) {
      throw new InputError(
        `Cannot tell the search space from the trials as '${name}' must be in each: it is missing in trial ` +
          `${without + 1} of ${trials.length}; describe the space, with 'when' for its condition`,
      );
    }
  }
  return new SearchSpace(Object.fromEntries(found));
}

/**
 * The space of the hyperparameters that all trials have, which is what Optuna's own samplers search together: of each the
 * last distribution. Those that no space can have, such as choices among lists, are left out.
 *
 * @returns undefined when none is left, or nothing varies.
 */
export function commonSpaceOfOptunaTrials(
  trials: readonly (readonly OptunaParameter[])[],
): SearchSpace | undefined {
  const last = new Map<string, string>(), counts = new Map<string, number>();
  for (const trial of trials) {
    for (const { name, distribution } of trial) {
      last.set(name, distribution);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const spaceOf = (hyperparameters: Record<string, Hyperparameter>): SearchSpace | undefined => {
    try {
      return new SearchSpace(hyperparameters);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
  const common: Record<string, Hyperparameter> = {};
  for (const [name, distribution] of last) {
    if (counts.get(name) !== trials.length) continue;
    try {
      const one = parseDistribution(name, distribution);
      // A space of constants alone is none, so that each is tried beside one that varies.
      const beside = `${name} `;
      if (spaceOf({ [name]: one, [beside]: { type: "choice", values: [0, 1] } })) {
        common[name] = one;
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return spaceOf(common);
}

function parseDistribution(name: string, text: string): Hyperparameter {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw distributionError(name, "be JSON", text);
  }
  return fromOptunaDistribution(name, value);
}

const kinds: Readonly<Record<string, "real" | "integer" | "choice">> = {
  FloatDistribution: "real",
  UniformDistribution: "real",
  LogUniformDistribution: "real",
  DiscreteUniformDistribution: "real",
  IntDistribution: "integer",
  IntUniformDistribution: "integer",
  IntLogUniformDistribution: "integer",
  CategoricalDistribution: "choice",
  float: "real",
  int: "integer",
  categorical: "choice",
};

function partsOf(name: string, value: unknown) {
  const label = isRecord(value) ? value.name ?? value.type : undefined;
  const kind = typeof label === "string" && Object.hasOwn(kinds, label) ? kinds[label] : undefined;
  if (!isRecord(value) || kind === undefined) {
    throw distributionError(name, `be one of ${Object.keys(kinds).join(", ")}`, label ?? value);
  }
  const attributes = "name" in value ? value.attributes : value;
  if (!isRecord(attributes)) throw distributionError(name, "have 'attributes'", value);
  return { kind, attributes: { ...attributes, name: label } as Record<string, unknown> };
}

/** The largest of `low`, `low + step`, ... that is not above `high`, by decimals as Optuna reckons. */
function lastStep(low: number, high: number, step: number): number {
  const steps = Math.floor((high - low) / step + 1e-8);
  return Number((low + steps * step).toPrecision(15));
}

function distributionError(name: string, requirement: string, given: unknown): InputError {
  return new InputError(
    `Cannot read the distribution of '${name}' as it must ${requirement}: got ${shown(given)}`,
  );
}
