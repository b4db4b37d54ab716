/**
 * Which runs `deno task bench` makes.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { type HpobHandler, modes } from "../../hpob/handler.ts";
import type { RunIdentity } from "../../hpob/comparison/run.ts";
import { type Flag, type Flags, oneOf, UsageError } from "../shared/cli.ts";
import { type MethodName, methodNames } from "../shared/methods.ts";

/** The flags that say on which benchmark, and which of its runs. */
export const runFlags: Record<string, Flag> = {
  data: {
    value: "DIR",
    description: "Folder in HPO-B's format (default: the embedded hpob-mini)",
  },
  mode: { value: "MODE", description: `HPO-B's mode: ${modes.join(", ")}`, default: "v3-test" },
  space: { value: "ID", description: "Search space, or all (default: the only one)" },
  datasets: { value: "a,b", description: "Data sets (default: all)" },
  seeds: { value: "a,b", description: "Initializations, test0 to test4 (default: all)" },
};

/**
 * The runs that the flags `space`, `datasets` and `seeds` ask for.
 *
 * @throws {UsageError} for names that the benchmark does not have.
 */
export function planRuns(flags: Flags, handler: HpobHandler): RunIdentity[] {
  const spaces = handler.searchSpaces();
  const wanted = flags.text("space");
  if (wanted === undefined && spaces.length > 1) {
    throw new UsageError(
      `Missing flag: --space is required as the benchmark has several: ` +
        `${spaces.join(", ")}, or all`,
    );
  }
  const chosen = wanted === "all" || wanted === undefined ? spaces : [knownSpace(wanted, handler)];
  const knownDatasets = [...new Set(chosen.flatMap((space) => handler.datasets(space)))];
  const datasets = flags.list("datasets")?.map((name) => oneOf("--datasets", name, knownDatasets));
  const knownSeeds = handler.seeds();
  const seeds = flags.list("seeds")?.map((name) => oneOf("--seeds", name, knownSeeds)) ??
    knownSeeds;
  return chosen.flatMap((searchSpaceId) =>
    handler.datasets(searchSpaceId)
      .filter((datasetId) => datasets?.includes(datasetId) ?? true)
      .flatMap((datasetId) => seeds.map((seed) => ({ searchSpaceId, datasetId, seed })))
  );
}

/** A search space of the benchmark. */
function knownSpace(name: string, handler: HpobHandler): string {
  try {
    handler.datasets(name);
    return name;
  } catch (error) {
    // The handler knows whether it could be fetched.
    throw error instanceof InputError ? new UsageError(error.message) : error;
  }
}

/** A method as it is compared. */
export interface PlannedMethod {
  /** Its name in result files and tables. */
  name: string;
  /** What runs. */
  method: MethodName;
  /** File of weights in place of the package's. */
  weights: string | undefined;
}

/** The methods that the flag `methods` asks for, in its order, and that of the flag `transfer`. */
export function planMethods(flags: Flags): PlannedMethod[] {
  const methods = flags.list("methods")!.map((name) => oneOf("--methods", name, methodNames));
  const transfer = flags.text("transfer");
  return [
    ...methods.map((method) => ({ name: method, method, weights: undefined })),
    ...(transfer === undefined
      ? []
      : [{ name: "diffusion-transfer", method: "diffusion" as const, weights: transfer }]),
  ];
}
