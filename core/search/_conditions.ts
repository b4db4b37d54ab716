/**
 * When hyperparameters are active: conditions as they are written, resolved to places of their parents.
 *
 * @module
 */
import { valuesOf } from "./coordinates.ts";
import type { Domain } from "./_domain.ts";
import { isRecord, spaceError } from "./space_checks.ts";
import { didYouMean } from "./errors.ts";
import type { Hyperparameter } from "./hyperparameter.ts";

/** One condition: a parent, and the places of its values for which the child is active. */
export interface Condition {
  readonly parent: string;
  readonly places: readonly number[];
}

/** A hyperparameter with everything that is known of it. */
export interface Member {
  readonly name: string;
  readonly given: Hyperparameter;
  readonly domain: Domain;
}

/**
 * Resolves what is written under `when`.
 *
 * @returns the conditions of each hyperparameter, of which all must hold.
 * @throws {InputError} for parents that are unknown or have no list of values, for values that they do not have,
 * and for circles.
 */
export function resolveConditions(
  members: ReadonlyMap<string, Member>,
): Map<string, readonly Condition[]> {
  const conditions = new Map<string, readonly Condition[]>();
  for (const member of members.values()) conditions.set(member.name, conditionsOf(member, members));
  return conditions;
}

function conditionsOf({ name, given }: Member, members: ReadonlyMap<string, Member>): Condition[] {
  const when: unknown = given.when;
  if (when === undefined) return [];
  if (!isRecord(when) || Object.keys(when).length === 0) {
    throw spaceError(name, "'when' must name a parent with its values", when);
  }
  return Object.entries(when).map(([parent, wanted]) => {
    const member = members.get(parent);
    if (member === undefined) {
      throw spaceError(
        name,
        "'when' must name hyperparameters of the space as parents",
        parent,
        didYouMean(parent, [...members.keys()]),
      );
    }
    const { given: { type }, domain } = member;
    if (type === "real" || domain.coordinate?.kind === "real") {
      throw spaceError(
        name,
        `parents must be choices, ordered lists, constants or integers of at most 1000 values, unlike '${parent}' in 'when'`,
        type,
      );
    }
    const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    if (values.length === 0) {
      throw spaceError(name, `'when' must list a value of '${parent}' for the condition`, values);
    }
    const places = new Set<number>();
    for (const value of values) {
      const reading = domain.read(value);
      if ("value" in reading) places.add(domain.place(reading.value));
      // A constant that never takes the value switches its children off: that is how a choice is fixed.
      else if (domain.coordinate !== undefined) {
        throw spaceError(
          name,
          `'when' must hold values of '${parent}', which must be ${reading.requirement}, in the condition`,
          value,
        );
      }
    }
    return { parent, places: [...places].sort((a, b) => a - b) };
  });
}

/**
 * The names in an order in which parents stand before their children, and as they were given otherwise.
 *
 * @throws {InputError} for a circle, naming it.
 */
export function parentsFirst(conditions: ReadonlyMap<string, readonly Condition[]>): string[] {
  const sorted = new Set<string>(), path: string[] = [];
  const visit = (name: string): void => {
    if (sorted.has(name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name];
      throw spaceError(name, "'when' must not lead back in a circle to the conditions", circle);
    }
    path.push(name);
    for (const { parent } of conditions.get(name)!) visit(parent);
    path.pop();
    sorted.add(name);
  };
  for (const name of conditions.keys()) visit(name);
  return [...sorted];
}

/** Places by parent, all of which hold while a hyperparameter is active. */
type Premises = ReadonlyMap<string, readonly number[]>;

/**
 * What the columns need to know: conditions on hyperparameters that have columns, none of which another one of the
 * same child implies. A constant stands for its own conditions where it takes the value. Undefined for a
 * hyperparameter that can never be active.
 *
 * @param sorted Names, parents first.
 */
export function effectiveConditions(
  sorted: readonly string[],
  conditions: ReadonlyMap<string, readonly Condition[]>,
  members: ReadonlyMap<string, Member>,
): Map<string, readonly Condition[] | undefined> {
  const effective = new Map<string, readonly Condition[] | undefined>();
  const premises = new Map<string, Premises | undefined>();
  for (const name of sorted) {
    const own = conditions.get(name)!;
    const all = allPremises(own, premises);
    const canBeActive = [...all?.values() ?? [[]]].every((places) => places.length > 0);
    premises.set(name, canBeActive ? all : undefined);
    effective.set(name, canBeActive ? leastConditions(all!, premises, members) : undefined);
  }
  return effective;
}

/** Everything that holds when the conditions do, parents' conditions among it; undefined if a parent never is active. */
function allPremises(
  own: readonly Condition[],
  premises: ReadonlyMap<string, Premises | undefined>,
): Premises | undefined {
  const all = new Map<string, readonly number[]>();
  for (const { parent, places } of own) {
    const inherited = premises.get(parent);
    if (inherited === undefined) return undefined;
    for (const [name, wanted] of [...inherited, [parent, places] as const]) {
      all.set(name, all.get(name)?.filter((place) => wanted.includes(place)) ?? wanted);
    }
  }
  return all;
}

/** The premises on hyperparameters with columns that are left when those are taken away that follow from others. */
function leastConditions(
  all: Premises,
  premises: ReadonlyMap<string, Premises | undefined>,
  members: ReadonlyMap<string, Member>,
): readonly Condition[] {
  const list = [...all].map(([parent, places]) => ({ parent, places }))
    .filter(({ parent }) => members.get(parent)!.domain.coordinate !== undefined);
  return list.filter(({ parent, places }) => {
    const isAlways = premises.get(parent)!.size === 0 &&
      places.length === valuesOf(members.get(parent)!.domain.coordinate!);
    return !isAlways && !list.some((other) => {
      const implied = premises.get(other.parent)!.get(parent);
      return implied !== undefined && implied.every((place) => places.includes(place));
    });
  });
}
