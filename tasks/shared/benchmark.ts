/**
 * Which benchmark a task works on.
 *
 * @module
 */
import { HpobHandler, type Mode } from "../../hpob/handler.ts";

/** Where the benchmark's data comes from. */
export interface BenchmarkSource {
  /** A folder in HPO-B's format, or the embedded benchmark. */
  folder: string | undefined;
  /** HPO-B's mode. */
  mode: Mode;
}

/** Opens a benchmark. */
export function openBenchmark({ folder, mode }: BenchmarkSource): Promise<HpobHandler> {
  return folder === undefined ? HpobHandler.embedded() : HpobHandler.open(folder, { mode });
}
