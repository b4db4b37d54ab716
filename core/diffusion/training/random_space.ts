/**
 * Random search spaces: what the columns of synthetic tasks mean, where it is known.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import {
  type Activation,
  type Coordinate,
  dimensionOf,
  valuesOf,
} from "../../search/coordinates.ts";
import type { Random } from "../../search/random.ts";
import { largestLevels } from "../column_kinds.ts";

/** Largest number of choices of a hyperparameter. */
const largestChoice = 8;
/** Share of the hyperparameters that are active under a condition, where a space has conditions. */
const conditionalShare = 0.4;

/**
 * Draws a search space of `columns` columns: reals, levels and choices in shares that differ from space to space
 * (in a fifth of the spaces one of the kinds alone), in 30 % of the spaces some of them active under a condition.
 */
export function drawSpace(random: Random, columns: number): Coordinate[] {
  const shares = [random.uniform(), random.uniform(), random.uniform()];
  if (chance(random, 0.2)) shares.fill(0).splice(random.integer(3), 1, 1);
  const hasConditions = chance(random, 0.3);
  const coordinates: Coordinate[] = [];
  for (let left = columns; left > 0; left = columns - dimensionOf(coordinates)) {
    const when = hasConditions && left >= 2 && chance(random, conditionalShare)
      ? drawCondition(random, coordinates)
      : undefined;
    const own = left - (when === undefined ? 0 : 1);
    coordinates.push({ ...drawKind(random, shares, own), ...when === undefined ? {} : { when } });
  }
  return coordinates;
}

/** A hyperparameter of at most `columns` columns. */
function drawKind(random: Random, shares: readonly number[], columns: number): Coordinate {
  const draw = random.uniform() * (shares[0] + shares[1] + shares[2]);
  if (draw < shares[0]) return { kind: "real" };
  if (draw < shares[0] + shares[1]) {
    const count = Math.floor(logUniform(random, 2, largestLevels + 1));
    return { kind: "levels", positions: drawPositions(random, count) };
  }
  const count = Math.min(columns, 2 + random.integer(largestChoice - 1));
  return { kind: "choice", count: Math.max(2, count) };
}

/** Positions of levels: evenly from 0 to 1, or, in a third of the draws, unevenly. */
function drawPositions(random: Random, count: number): number[] {
  const even = Array.from({ length: count }, (_, k) => k / (count - 1));
  if (chance(random, 2 / 3)) return even;
  const power = Math.exp(0.5 * random.normal());
  return even.map((position) => position ** power);
}

/** One condition on an earlier hyperparameter that has a few values. */
function drawCondition(
  random: Random,
  coordinates: readonly Coordinate[],
): Activation[] | undefined {
  const parents = [...coordinates.keys()].filter((i) => valuesOf(coordinates[i]) <= largestChoice);
  if (parents.length === 0) return undefined;
  const parent = parents[random.integer(parents.length)];
  const all = Array.from({ length: valuesOf(coordinates[parent]) }, (_, value) => value);
  const values = all.filter(() => chance(random, 0.5));
  if (values.length === 0 || values.length === all.length) return undefined;
  return [{ parent, values }];
}
