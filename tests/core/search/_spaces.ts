/** Random search spaces of every kind of hyperparameter, for property tests. */
import fc from "fast-check";
import type { Hyperparameter, Hyperparameters } from "../../../core/search/hyperparameter.ts";

const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const values = fc.uniqueArray(value, { selector: String, minLength: 1, maxLength: 6 });
const bounds = (one: fc.Arbitrary<number>) =>
  fc.tuple(one, one).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

/** One hyperparameter without conditions. */
export const hyperparameter: fc.Arbitrary<Hyperparameter> = fc.oneof(
  bounds(fc.double({ min: -1e6, max: 1e6, noNaN: true })).map((range) => ({
    type: "real" as const,
    ...range,
  })),
  bounds(fc.double({ min: 1e-9, max: 1e9, noNaN: true })).map((range) => ({
    type: "real" as const,
    log: true,
    ...range,
  })),
  fc.record({ steps: fc.nat(3000), start: fc.integer({ min: -50, max: 50 }), digits: fc.nat(4) })
    .map(({ steps, start, digits }) => ({
      type: "real" as const,
      min: Number((start / 10 ** digits).toFixed(digits)),
      max: Number(((start + steps) / 10 ** digits).toFixed(digits)),
      step: Number((1 / 10 ** digits).toFixed(digits)),
    })),
  bounds(fc.integer()).map((range) => ({ type: "integer" as const, ...range })),
  bounds(fc.integer({ min: 1, max: 2000 })).map((range) => ({
    type: "integer" as const,
    log: true,
    ...range,
  })),
  fc.record({ min: fc.integer(), steps: fc.nat(30), step: fc.integer({ min: 1, max: 30 }) })
    .map(({ min, steps, step }) => ({
      type: "integer" as const,
      min,
      max: min + steps * step,
      step,
    })),
  values.map((values) => ({ type: "choice" as const, values })),
  values.map((values) => ({ type: "ordered" as const, values })),
  value.map((value) => ({ type: "constant" as const, value })),
);

/** Spaces in which at least one hyperparameter varies; some have conditions, nested ones among them. */
export const spaces: fc.Arbitrary<Hyperparameters> = fc.tuple(
  fc.array(fc.tuple(hyperparameter, fc.nat(), fc.nat()), { maxLength: 6 }),
  fc.boolean(),
).map(([list, isReversed]) => {
  const entries: [string, Hyperparameter][] = [["always", { type: "real", min: 0, max: 1 }]];
  list.forEach(([one, parents, pick], i) => {
    const lists = entries.flatMap(([name, parent]) =>
      parent.type === "choice" || parent.type === "ordered" ? [[name, parent.values] as const] : []
    );
    // None, one or two parents, each with some of its values.
    const when = Object.fromEntries(
      lists.filter((_, k) => parents >> k & 1).slice(0, 2)
        .map(([name, values]) => [name, values.slice(0, 1 + pick % values.length)]),
    );
    const isConditional = Object.keys(when).length > 0;
    entries.push([`x${i}`, isConditional ? { ...one, when } : one]);
  });
  return Object.fromEntries(isReversed ? entries.reverse() : entries);
});
