/**
 * The studies of a service, opened when they are asked for.
 *
 * @module
 */
import type { z } from "@hono/zod-openapi";
import { recommend } from "../../baselines/recommend.ts";
import { isRecord } from "../../core/search/space_checks.ts";
import { parseSearchSpace } from "../../core/search/formats/space_file.ts";
import type { SearchSpace } from "../../core/search/search_space.ts";
import type { StudyRecord } from "../../core/study/records.ts";
import type { Storage } from "../../core/study/storage.ts";
import { Study } from "../../core/study/study.ts";
import type { StudyOptions } from "../../core/study/study_options.ts";
import { StudyError } from "../../core/study/study_error.ts";
import type { Trial } from "../../core/study/trial.ts";
import type { AnyStudy } from "../page/any_study.ts";
import { type MethodName, methodNames, methods } from "../shared/methods.ts";
import { Problem } from "./problems.ts";
import type { newStudySchema } from "./schemas.ts";

/** A study that is to be created. */
type NewStudy = z.output<typeof newStudySchema>;

/** How a study is served: kept with it, so that a service that is begun again goes on in the same way. */
export interface ServiceOptions {
  /** Who suggests. */
  readonly method: MethodName;
  /** Key of all randomness. */
  readonly seed: number;
  /** That of the method, where another program gave it one of its own. @default {seed} */
  readonly methodSeed?: number;
  /** Whether trials are stopped that are behind. */
  readonly prune: boolean;
  /** Whether a configuration may be tried again. */
  readonly repeats: boolean;
  /** When leaders are measured again. */
  readonly confirm: "never" | "auto";
}

/** A study with what is known of it here. */
export interface OpenStudy {
  readonly study: AnyStudy;
  readonly options: ServiceOptions;
  /** Trials that were given out since the service began. */
  readonly running: Map<number, Trial<unknown>>;
}

/** Attribute of a study that keeps how it is served. */
const SERVICE = "genhpo:service";

/** Seconds of lease that a sign of life gives a leased trial that was given out before the service began. */
const inheritedLease = 300;

/** Opens each study once. */
export class OpenStudies {
  readonly #storage: Storage;
  readonly #method: MethodName;
  readonly #limit: number;
  readonly #open = new Map<string, Promise<OpenStudy>>();
  #lastCreated: Promise<unknown> = Promise.resolve();

  /** @param defaults `method`: who suggests where a study does not say; `limit`: of the number of studies. */
  constructor(storage: Storage, { method, limit }: { method: MethodName; limit: number }) {
    this.#storage = storage;
    this.#method = method;
    this.#limit = limit;
  }

  /** All studies of the storage. */
  async list(): Promise<readonly StudyRecord[]> {
    return await this.#storage.studies();
  }

  /** The stored form of a study. */
  async record(name: string): Promise<StudyRecord> {
    const record = await this.#storage.findStudy(name);
    if (record !== undefined) return record;
    throw new StudyError(
      "unknown-study",
      `Cannot open study "${name}" as it must be in the storage: got an unknown name`,
    );
  }

  /** The study of this name. */
  async get(name: string): Promise<OpenStudy> {
    return await this.#remember(name, async () => {
      const { systemAttributes } = await this.record(name);
      const options = this.#optionsOf(systemAttributes);
      return await this.#opened(options, { name, existing: "require" });
    });
  }

  /** Creates a study, or opens the one of this name with the same settings. */
  async create(wanted: NewStudy): Promise<{ open: OpenStudy; isNew: boolean }> {
    const next = this.#lastCreated.then(() => this.#create(wanted), () => this.#create(wanted));
    this.#lastCreated = next; // one after the other, so that each is counted
    return await next;
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const open of this.#open.values()) {
      await open.then(({ study }) => study.close(), () => {});
    }
    await this.#storage[Symbol.asyncDispose]();
  }

  async #create(wanted: NewStudy): Promise<{ open: OpenStudy; isNew: boolean }> {
    const space = parseSearchSpace(JSON.stringify(wanted.space));
    const { name, goal } = wanted;
    const found = await this.#storage.findStudy(name);
    if (found === undefined && (await this.list()).length >= this.#limit) {
      throw new Problem(
        429,
        "too-many-studies",
        `Cannot create study "${name}" as there must be fewer than ${this.#limit} in the storage`,
      );
    }
    const stored = found && this.#optionsOf(found.systemAttributes);
    const options = { ...stored ?? this.#optionsOf({}), ...optionsOf(wanted) };
    if (stored !== undefined) checkSame(name, stored, options);
    // Opened anew, so that the space, the goal and the method are compared with the stored ones.
    const opened = await this.#opened(options, { name, goal, space });
    if (found !== undefined) {
      await opened.study.close();
      return { open: await this.get(name), isNew: false };
    }
    const { id } = await this.record(name);
    await this.#storage.setStudyAttributes(id, { systemAttributes: { [SERVICE]: { ...options } } });
    this.#open.set(name, Promise.resolve(opened));
    return { open: opened, isNew: true };
  }

  async #remember(name: string, open: () => Promise<OpenStudy>): Promise<OpenStudy> {
    let opened = this.#open.get(name);
    if (opened === undefined) {
      opened = open();
      this.#open.set(name, opened);
      opened.catch(() => this.#open.delete(name)); // tried again with the next request
    }
    return await opened;
  }

  async #opened(
    options: ServiceOptions,
    opening: Pick<StudyOptions<never>, "name" | "goal" | "existing"> & { space?: SearchSpace },
  ): Promise<OpenStudy> {
    const { method, seed, methodSeed = seed, prune, repeats, confirm } = options;
    const study: AnyStudy = await Study.open({
      ...opening as StudyOptions<never>,
      storage: this.#storage,
      keepStorage: true,
      algorithm: methods[method]({ seed: methodSeed, backend: "wasm" }),
      seed,
      repeats,
      estimator: recommend,
      confirm: confirm === "auto" ? "auto" : false,
      ...(prune && { asha: {} }),
      onWarning: (message) => console.error(`warning: ${message}`),
    });
    return { study, options, running: new Map() };
  }

  /** As stored by a service; otherwise by the study itself, which `tune` or another program has begun. */
  #optionsOf(attributes: StudyRecord["systemAttributes"]): ServiceOptions {
    const { [SERVICE]: service, "genhpo:algorithm": algorithm, "genhpo:seed": seed } = attributes;
    const { name, seed: methodSeed } = isRecord(algorithm) ? algorithm : {};
    return {
      method: methodNames.find((method) => method === name) ?? this.#method,
      seed: typeof seed === "number" ? seed : 0,
      ...(typeof methodSeed === "number" && { methodSeed }),
      prune: false,
      repeats: false,
      confirm: "never",
      ...(isRecord(service) && optionsOf(service)),
    };
  }
}

/** The trial of this number, to report of it. */
export async function runningTrial(
  { study, running }: OpenStudy,
  number: number,
): Promise<Trial<unknown>> {
  const known = running.get(number);
  if (known !== undefined) return known;
  const trial = await study.resume(number, { lease: inheritedLease });
  running.set(number, trial);
  return trial;
}

function checkSame(name: string, stored: ServiceOptions, given: ServiceOptions): void {
  for (const option of Object.keys(stored) as (keyof ServiceOptions)[]) {
    if (stored[option] === given[option]) continue;
    throw new StudyError(
      "other-settings",
      `Cannot open study "${name}" as '${option}' must be the stored ${stored[option]}: ` +
        `got ${given[option]}`,
    );
  }
}

function optionsOf(given: Partial<NewStudy>): Partial<ServiceOptions> {
  const { method, seed, prune, repeats, confirm } = given;
  return {
    ...(method !== undefined && { method }),
    ...(seed !== undefined && { seed }),
    ...(prune !== undefined && { prune }),
    ...(repeats !== undefined && { repeats }),
    ...(confirm !== undefined && { confirm }),
  };
}
