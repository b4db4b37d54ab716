/** What the workers of a soak evaluate, and how they write down what they did. */
import { SearchSpace } from "../../../../core/search/search_space.ts";

/** The name of the study. */
export const STUDY = "soak";

/** A space of every kind, with a condition. */
export const space = new SearchSpace({
  rate: { type: "real", min: 1e-5, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 9 },
  kind: { type: "choice", values: ["a", "b", "c"] },
  momentum: { type: "real", min: 0, max: 1, when: { kind: "a" } },
});

/** A configuration of the space. */
export type Configuration = Readonly<Record<string, unknown>>;

/** The value of a configuration, which a told value can be checked by. */
export function valueOf({ rate, depth, momentum }: Configuration): number {
  return Math.log10(rate as number) * (depth as number) + ((momentum as number | undefined) ?? 2);
}

/** A line of a worker's ledger: a trial that was given to it, or of which it knows that it was told. */
export type Entry =
  | { readonly kind: "given"; readonly number: number }
  | { readonly kind: "told"; readonly number: number; readonly value: number };
