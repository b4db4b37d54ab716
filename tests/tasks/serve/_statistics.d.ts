/** Types of the page's statistics, for tests. */
export function importances(
  space: Record<string, unknown>,
  trials: readonly Record<string, unknown>[],
): { name: string; share: number }[];
export function lanesOf(
  trials: readonly Record<string, unknown>[],
  now: number,
): { number: number; lane: number; end: number }[];
