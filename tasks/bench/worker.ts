/**
 * Worker of `deno task bench`: one run of one method.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import type { Model } from "../../core/diffusion/model.ts";
import { deriveSeed } from "../../core/search/random.ts";
import type { HpobHandler } from "../../hpob/handler.ts";
import type { Protocol, RunResult } from "../../hpob/comparison/results.ts";
import type { RunIdentity } from "../../hpob/comparison/run.ts";
import { type BenchmarkSource, openBenchmark } from "../shared/benchmark.ts";
import { type MethodName, methods } from "../shared/methods.ts";
import { serveJobs } from "../shared/pool.ts";
import { readModel } from "../shared/read_model.ts";

/** One run. */
export interface BenchJob extends RunIdentity {
  source: BenchmarkSource;
  method: MethodName;
  /** File of weights in place of the package's. */
  weights: string | undefined;
  trials: number;
  protocol: Protocol;
  /** The experiment's seed, of which the run's own is derived. */
  experimentSeed: number;
  backend: BackendName;
  /** Shared counters of the method: trials done, milliseconds spent on suggestions. */
  counters: Int32Array;
}

let handler: Promise<HpobHandler> | undefined;
const models = new Map<string, Promise<Model>>();

/** The model of a file, read once. */
function modelOf(path: string): Promise<Model> {
  const model = models.get(path) ?? readModel(path);
  models.set(path, model);
  return model;
}

async function run(job: BenchJob): Promise<RunResult> {
  const { searchSpaceId, datasetId, seed, trials, protocol, counters } = job;
  handler ??= openBenchmark(job.source);
  const algorithm = methods[job.method]({
    seed: deriveSeed(job.experimentSeed, searchSpaceId, datasetId, seed),
    backend: job.backend,
    ...(job.weights !== undefined && { model: await modelOf(job.weights) }),
  });
  let seconds = 0, suggestions = 0;
  const options = {
    searchSpaceId,
    datasetId,
    seed,
    trials,
    onTrial: (report: { seconds: number }): void => {
      seconds += report.seconds;
      suggestions++;
      Atomics.add(counters, 0, 1);
      Atomics.add(counters, 1, Math.round(report.seconds * 1000));
    },
  };
  const incumbents = protocol === "continuous"
    ? await (await handler).evaluateContinuous(algorithm, options)
    : await (await handler).evaluate(algorithm, options);
  Atomics.add(counters, 0, trials - suggestions); // a run that found the optimum ends early
  const secondsPerSuggestion = Number((seconds / Math.max(1, suggestions)).toPrecision(3));
  return { searchSpaceId, datasetId, seed, incumbents, secondsPerSuggestion };
}

serveJobs(run);
