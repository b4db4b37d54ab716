/**
 * What of results a comparison leaves out, in words.
 *
 * @module
 */
import type { Comparison } from "./aligned_results.ts";
import type { Results } from "./result_types.ts";

/** A sentence for everything that the comparison of these results leaves out; none for nothing. */
export function describeOmissions(results: readonly Results[], comparison: Comparison): string[] {
  const sentences: string[] = [];
  const { trials, runs } = comparison;
  const longer = results.filter((result) => result.trials > trials);
  if (longer.length > 0) {
    const names = longer.map((result) => `${result.method} has ${result.trials}`);
    sentences.push(
      `only the first ${trials} trials, which all have, are compared: ${names.join(", ")}`,
    );
  }
  for (const { method, runs: { length } } of results) {
    if (length === runs.length) continue;
    sentences.push(
      `${
        length - runs.length
      } of the ${length} runs of ${method} are left out, as not all methods ` +
        "have them",
    );
  }
  return sentences;
}
