/**
 * What is to be done before something is timed.
 *
 * @module
 */

/** Seconds after which engines have compiled what is slow. */
const enough = 1;

/** Runs it at least once, and until a second has passed. */
export async function warmUp(run: () => unknown): Promise<void> {
  const start = performance.now();
  do await run(); while (performance.now() - start < enough * 1000);
}
