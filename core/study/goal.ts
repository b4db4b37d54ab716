/**
 * Whether responses are to become large or small.
 *
 * @module
 */

/** What a study does with the value of its objective. */
export type Goal = "maximize" | "minimize";

/** A value as optimizers see it: larger is better. The only place where values are negated. */
export function responseOf(value: number, goal: Goal): number {
  return goal === "maximize" ? value : -value;
}
