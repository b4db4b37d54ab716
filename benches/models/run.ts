/**
 * `deno task bench:models`: tunes three real models on real data, by every method and by Optuna's.
 *
 * Our methods run as people run them: a service, asked over HTTP by a program in Python. Optuna runs in that program.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { parseSearchSpace } from "../../core/search/formats/space_file.ts";
import { deriveSeed, Random } from "../../core/search/random.ts";
import type { SearchSpace } from "../../core/search/search_space.ts";
import { alignResults } from "../../hpob/comparison/aligned_results.ts";
import { writeAtomically } from "../../hpob/files/atomic.ts";
import { methodSettings } from "../../tasks/bench/settings.ts";
import {
  formatModelRuns,
  modelResults,
  type ModelRun,
  readModelRuns,
} from "../../tasks/report/model_runs.ts";
import { type Command, oneOf, runCommand, UsageError } from "../../tasks/shared/cli.ts";
import { defaultMethods, type MethodName, methodNames } from "../../tasks/shared/methods.ts";
import { Progress } from "../../tasks/shared/progress.ts";
import { summaryTable } from "../../tasks/shared/summary.ts";
import { installedPackages, interpreter } from "../peers/environment.ts";
import { startService } from "../serving.ts";
import { Tuner } from "./_tuner.ts";

/** What the names of models stand for is in models.py; their spaces are beside it. */
const models = ["xgboost", "svm", "network"] as const;
/** Packages of Optuna's methods. */
const optunaMethods = { "optuna-tpe": ["optuna"], "optuna-gp": ["optuna", "torch"] } as const;
const names = [...methodNames, ...Object.keys(optunaMethods)];

const command: Command = {
  name: "bench:models",
  summary:
    "Tunes three real models on real data, by every method through the service, and by Optuna.",
  flags: {
    models: { value: "a,b", description: "Models", default: models.join(",") },
    methods: {
      value: "a,b",
      description: "Methods of this package and of Optuna",
      default: [...defaultMethods, ...Object.keys(optunaMethods)].join(","),
    },
    seeds: {
      value: "a,b",
      description: "Keys of randomness, a run for each",
      default: "0,1,2,3,4",
    },
    initial: { value: "N", description: "Random configurations of every run first", default: "5" },
    trials: { value: "N", description: "Suggestions of every run after them", default: "40" },
    python: {
      value: "FILE",
      description: "A Python with scikit-learn, xgboost-cpu and optuna",
      default: interpreter,
    },
    out: { value: "DIR", description: "Folder of the raw measurements", default: "results/models" },
  },
  examples: [
    "deno task bench:peers --setup",
    "deno task bench:models --out docs/results/models",
    "deno task bench:models --methods diffusion --models svm",
  ],
};

await runCommand(command, async (flags) => {
  const chosen = flags.list("models")!.map((name) => oneOf("--models", name, models));
  const methods = flags.list("methods")!.map((name) => oneOf("--methods", name, names));
  const seeds = flags.list("seeds")!.map((text) => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new UsageError(`Flag --seeds must be integers from 0 on: got "${text}"`);
  });
  const counts = {
    initial: flags.integer("initial", 1, 1000),
    trials: flags.integer("trials", 1, 1000),
  };
  const python = flags.required("python"), out = flags.required("out");
  const packages = await installedPackages(python);
  const settings = new Map<string, ModelRun["settings"]>(); // by method and model
  for (const method of methods) {
    for (const model of chosen) {
      settings.set(`${method} ${model}`, await settingsOf(method, model, packages));
    }
  }
  await Deno.mkdir(out, { recursive: true });
  const made = new Map<string, ModelRun[]>();
  for (const method of methods) {
    const path = `${out}/${method}.jsonl`;
    made.set(method, await readModelRuns(path));
    for (const run of made.get(method)!) {
      checkContinues(path, run, settings.get(`${method} ${run.model}`) ?? run.settings, counts);
    }
  }
  const missing = seeds.flatMap((seed) =>
    chosen.flatMap((model) => methods.map((method) => ({ model, method, seed })))
  ).filter(({ model, method, seed }) =>
    !made.get(method)!.some((run) => run.model === model && run.seed === seed)
  );
  if (missing.length > 0) {
    const folder = await Deno.makeTempDir();
    await using service = await startService("--storage", `sqlite:${folder}/studies.db`);
    await using tuner = new Tuner(python, service.origin);
    const progress = new Progress(missing.length, (done) => `${done} of ${missing.length} runs`);
    progress.update(0);
    for (const [done, { model, method, seed }] of missing.entries()) {
      const space = await readSpace(model);
      const initial = initialConfigurations(space, { model, seed, count: counts.initial });
      const trials = await tuner.tune({
        ...{ model, method, space, initial, trials: counts.trials },
        seed: deriveSeed("models", model, seed),
      });
      const runs = made.get(method)!;
      runs.push({
        model,
        seed,
        initial: counts.initial,
        settings: settings.get(`${method} ${model}`)!,
        trials,
      });
      await writeAtomically(`${out}/${method}.jsonl`, formatModelRuns(runs));
      progress.update(done + 1);
    }
    progress.finish();
    await Deno.remove(folder, { recursive: true });
  }
  const results = modelResults([...made].map(([method, runs]) => ({ method, runs })));
  console.log(summaryTable(alignResults(results), results));
});

async function readSpace(model: string): Promise<SearchSpace> {
  return parseSearchSpace(await Deno.readTextFile(new URL(`${model}.json`, import.meta.url)));
}

/** Uniform configurations, the same for every method. */
function initialConfigurations(
  space: SearchSpace,
  { model, seed, count }: { model: string; seed: number; count: number },
): Record<string, unknown>[] {
  const random = Random.of("initial configurations", model, seed);
  return Array.from({ length: count }, () => space.decode(random.point(space.dimension)));
}

/** What a run depends on, beside its seed. @throws {InputError} when a package is missing. */
async function settingsOf(
  method: string,
  model: string,
  packages: ReadonlyMap<string, string>,
): Promise<ModelRun["settings"]> {
  const versionOf = (name: string, purpose: string): string => {
    const version = packages.get(name);
    if (version !== undefined) return `${name} ${version}`;
    throw new InputError(`Cannot run '${purpose}' as ${name} must be installed`);
  };
  const learner = versionOf(model === "xgboost" ? "xgboost-cpu" : "scikit-learn", model);
  const needed = optunaMethods[method as keyof typeof optunaMethods];
  if (needed !== undefined) {
    return { learner, package: needed.map((name) => versionOf(name, method))[0] };
  }
  const { version, weights } = await methodSettings(method as MethodName, {
    ...{ benchmark: model, seed: 0, backend: "wasm" },
  });
  return { learner, package: `genhpo ${version}`, ...(weights !== undefined && { weights }) };
}

/** Refuses to continue a file with runs of another kind. */
function checkContinues(
  path: string,
  run: ModelRun,
  settings: ModelRun["settings"],
  { initial, trials }: { initial: number; trials: number },
): void {
  const [had, got] = [
    { settings: run.settings, initial: run.initial, trials: run.trials.length - run.initial },
    { settings, initial, trials },
  ].map((all) => JSON.stringify(all));
  if (had === got) return;
  throw new InputError(
    `Cannot continue ${path} as its runs must be made alike, ${had}: got ${got}; ` +
      "remove the file, or choose another --out",
  );
}
