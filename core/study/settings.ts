/**
 * What a study stores of itself beside Optuna's tables, and how it is opened again.
 *
 * @module
 */
import type { Algorithm } from "../search/algorithm.ts";
import { InputError } from "../search/errors.ts";
import { shown } from "../search/json.ts";
import { SearchSpace } from "../search/search_space.ts";
import { isRecord } from "../search/space_checks.ts";
import type { Goal } from "./goal.ts";
import type { Attributes, AttributeValue, StudyRecord } from "./records.ts";
import type { Storage } from "./storage.ts";
import { StudyError } from "./study_error.ts";

/** A part of a study's settings that may be changed when it is opened again. */
export type ChangeableSetting = "space" | "algorithm" | "seed";

/** How a study is opened. */
export interface Opening {
  readonly name: string;
  /** Undefined: the stored one. */
  readonly space: SearchSpace | undefined;
  /** Undefined: the stored one. */
  readonly goal: Goal | undefined;
  /** Undefined: the stored one, which asks for nothing here. */
  readonly algorithm: Algorithm | undefined;
  /** Undefined: the stored one, or 0. */
  readonly seed: number | undefined;
  readonly existing: "resume" | "require" | "refuse";
  readonly change: readonly ChangeableSetting[];
}

/** A study that is in the storage. */
export interface OpenedStudy {
  readonly id: number;
  readonly space: SearchSpace;
  readonly goal: Goal;
  readonly seed: number;
  /** Whether it was not there before. */
  readonly isNew: boolean;
}

const SPACE = "genhpo:space", ALGORITHM = "genhpo:algorithm", SEED = "genhpo:seed";

/** Creates the study, or goes on with the one that has the name. */
export async function openStudy(storage: Storage, opening: Opening): Promise<OpenedStudy> {
  const { name, space, goal = "maximize", algorithm, seed = 0, existing } = opening;
  if (goal !== "maximize" && goal !== "minimize") {
    throw new RangeError(
      `Cannot open study "${name}" as 'goal' must be "maximize" or "minimize": got ${shown(goal)}`,
    );
  }
  if (space !== undefined && !(space instanceof SearchSpace)) {
    throw new TypeError(
      `Cannot open study "${name}" as 'space' must be a SearchSpace: got ${shown(space)}`,
    );
  }
  if (algorithm !== undefined && typeof algorithm?.observeAndSuggest !== "function") {
    throw new TypeError(
      `Cannot open study "${name}" as 'algorithm' must be an Algorithm: got ${shown(algorithm)}`,
    );
  }
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot open study "${name}" as 'seed' must be an integer: got ${seed}`);
  }
  const found = await storage.findStudy(name);
  if (found !== undefined) return await resume(storage, opening, found);
  if (existing === "require" || space === undefined) {
    const known = (await storage.studies()).map((study) => `"${study.name}"`);
    const missing = existing === "require" ? "" : " or 'space' be given to create it";
    throw new StudyError(
      "unknown-study",
      `Cannot open study "${name}" as it must be in the storage${missing}: the storage has ${
        known.length === 0 ? "none" : known.slice(0, 20).join(", ")
      }`,
    );
  }
  if (algorithm === undefined) {
    throw new InputError(
      `Cannot create study "${name}" as 'algorithm' must be given: got nothing`,
    );
  }
  const created = await storage.createStudy({
    name,
    directions: [goal],
    systemAttributes: settingsOf({ space, algorithm, seed }),
  });
  if (created !== undefined) return { id: created.id, space, goal, seed, isNew: true };
  return await resume(storage, opening, (await storage.findStudy(name))!); // another one was faster
}

async function resume(
  storage: Storage,
  opening: Opening,
  study: StudyRecord,
): Promise<OpenedStudy> {
  const { name, existing, change } = opening;
  if (existing === "refuse") {
    throw new StudyError(
      "study-exists",
      `Cannot create study "${name}" as its name must be new in the storage: there is one already`,
    );
  }
  const goal = goalOf(study, opening.goal);
  const { [SPACE]: storedSpace, [ALGORITHM]: storedAlgorithm, [SEED]: storedSeed } =
    study.systemAttributes;
  const stored = storedSpace === undefined ? undefined : SearchSpace.fromJSON(storedSpace);
  const space = opening.space ?? stored;
  if (space === undefined) {
    throw new StudyError(
      "unsupported-study",
      `Cannot open study "${name}" as 'space' must be given: another program created it, and stored none`,
    );
  }
  const seed = opening.seed ?? (typeof storedSeed === "number" ? storedSeed : 0);
  const settings = settingsOf({ space, algorithm: opening.algorithm, seed });
  const differences: Record<ChangeableSetting, readonly string[]> = {
    space: stored === undefined ? [] : stored.difference(space),
    algorithm: difference("algorithm", storedAlgorithm, settings[ALGORITHM]),
    seed: difference("seed", storedSeed, settings[SEED]),
  };
  const parts = Object.keys(differences) as ChangeableSetting[];
  const refused = parts.filter((part) => differences[part].length > 0 && !change.includes(part));
  if (refused.length > 0) {
    const list = refused.map((part) => `"${part}"`).join(", ");
    throw new StudyError(
      "other-settings",
      `Cannot open study "${name}" as its ${refused.join(" and ")} must be as stored, ` +
        `or 'change' name them (change: [${list}]): ` +
        `${refused.flatMap((part) => differences[part]).join("; ")} (first: stored, second: given)`,
    );
  }
  const isForeign = stored === undefined ||
    (storedAlgorithm === undefined && opening.algorithm !== undefined);
  if (isForeign || parts.some((part) => differences[part].length > 0)) {
    await storage.setStudyAttributes(study.id, { systemAttributes: settings });
  }
  return { id: study.id, space, goal, seed, isNew: false };
}

/**
 * The goal of a stored study, which cannot be changed.
 *
 * @throws {StudyError} when it has several objectives, or another goal than the one that is given.
 */
export function goalOf({ name, directions }: StudyRecord, goal?: Goal): Goal {
  const [direction] = directions;
  if (directions.length !== 1 || direction === "not_set") {
    throw new StudyError(
      "unsupported-study",
      `Cannot open study "${name}" as it must have one objective to maximize or minimize: got ${
        directions.join(", ")
      }`,
    );
  }
  if (goal === undefined || goal === direction) return direction;
  throw new StudyError(
    "other-settings",
    `Cannot open study "${name}" as 'goal' must be the stored "${direction}": got "${goal}"`,
  );
}

/** The attributes that hold the settings. */
function settingsOf(
  { space, algorithm, seed }: {
    space: SearchSpace;
    algorithm: Algorithm | undefined;
    seed: number;
  },
): Attributes {
  return {
    // Hyperparameters are plain JSON, checked when the space was made.
    [SPACE]: space.toJSON() as unknown as AttributeValue,
    ...(algorithm && { [ALGORITHM]: { name: algorithm.name, ...algorithm.settings } }),
    [SEED]: seed,
  };
}

/** One sentence for each field that differs; none for a study that stored nothing. */
function difference(
  what: string,
  stored: AttributeValue | undefined,
  given: AttributeValue | undefined,
): string[] {
  if (stored === undefined || given === undefined) return [];
  const [first, second] = [fieldsOf(what, stored), fieldsOf(what, given)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  return names.filter((name) => first.get(name) !== second.get(name)).map((name) =>
    `${name} is ${first.get(name) ?? "not given"} in the first and ${
      second.get(name) ?? "not given"
    } in the second`
  );
}

/** Fields as JSON by their names: `the algorithm's 'seed'`. */
function fieldsOf(what: string, value: AttributeValue): Map<string, string> {
  if (!isRecord(value)) return new Map([[`the ${what}`, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).map(([name, one]) => [`'${name}' of the ${what}`, JSON.stringify(one)]),
  );
}
