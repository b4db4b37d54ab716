/**
 * A trained model: its weights, what they were trained with, and the file of both.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import { featureVersion } from "./features.ts";
import { configOfMetadata, Parameters } from "./parameters.ts";
import { parseSafetensors, type StoredTensor, writeSafetensors } from "./safetensors.ts";
import { type Schedule, type ScheduleName, scheduleNames, scheduleOf } from "./schedule.ts";

/** What a model was trained with, and is to be used with. */
export interface ModelFacts {
  /** The noise schedule. */
  readonly schedule: ScheduleName;
  /** The most observations that it was shown at once, at least 1: it is shown no more in use. */
  readonly largestContext: number;
  /** The fewest hyperparameters of a task, at least 1. */
  readonly smallestDimension: number;
  /** The most hyperparameters of a task. It can be used with more, but has never seen the like. */
  readonly largestDimension: number;
}

const format = "genhpo weights 2";

/** The weights of a network and the facts of their training. */
export class Model {
  /** The weights. */
  readonly parameters: Parameters;
  /** What they were trained with. */
  readonly facts: ModelFacts;

  /** Puts a model together. @throws {RangeError} when a fact is not possible. */
  constructor(parameters: Parameters, facts: ModelFacts) {
    const { schedule, largestContext, smallestDimension, largestDimension } = facts;
    checkFact("schedule", schedule, scheduleNames.join(" or "), scheduleNames.includes(schedule));
    checkFact("largestContext", largestContext, "a count", isCount(largestContext));
    checkFact("smallestDimension", smallestDimension, "a count", isCount(smallestDimension));
    checkFact(
      "largestDimension",
      largestDimension,
      `an integer from ${smallestDimension}`,
      isCount(largestDimension) && largestDimension >= smallestDimension,
    );
    this.parameters = parameters;
    this.facts = { schedule, largestContext, smallestDimension, largestDimension };
  }

  /** The table of the noise schedule. */
  get schedule(): Schedule {
    return scheduleOf(this.facts.schedule);
  }

  /**
   * SHA-256 of the weights, in hexadecimal: of the float32 values of all tensors in the order of the layout,
   * little endian. Models are told apart by it; facts and the file's layout do not enter.
   */
  async checksum(): Promise<string> {
    const { values } = this.parameters;
    const bytes = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** A file in the safetensors layout, whose metadata hold the network's configuration and the facts. */
  toSafetensors(): Uint8Array<ArrayBuffer> {
    const { config, layout } = this.parameters;
    const facts = Object.entries({ ...this.facts, features: featureVersion });
    return writeSafetensors(
      layout.map(({ name, shape }) => ({ name, shape, values: this.parameters.view(name) })),
      {
        format,
        config: JSON.stringify(config),
        ...Object.fromEntries(facts.map(([name, value]) => [name, `${value}`])),
      },
    );
  }

  /**
   * Reads a model.
   *
   * @throws {InputError} when the file is truncated or malformed, is of another program or an older version of
   * this one, was trained with other features, has tensors of another architecture, or values that are not finite.
   */
  static fromSafetensors(bytes: Uint8Array): Model {
    const { tensors, metadata } = parseSafetensors(bytes);
    if (metadata.format !== format) {
      throw new InputError(
        `Cannot read weights as the file must be of format "${format}": got ${
          metadata.format === undefined ? "no format" : `"${metadata.format}"`
        }, which is of another program or another version of this one`,
      );
    }
    if (metadata.features !== `${featureVersion}`) {
      throw new InputError(
        `Cannot read weights as they must be trained with version ${featureVersion} of the features: ` +
          `got ${metadata.features ?? "none"}`,
      );
    }
    const parameters = new Parameters(configOfMetadata(metadata.config));
    fillFrom(tensors, parameters);
    const number = (name: keyof ModelFacts): number => Number(metadata[name] ?? NaN);
    try {
      return new Model(parameters, {
        schedule: metadata.schedule as ScheduleName,
        largestContext: number("largestContext"),
        smallestDimension: number("smallestDimension"),
        largestDimension: number("largestDimension"),
      });
    } catch (error) {
      throw error instanceof RangeError ? new InputError(error.message) : error;
    }
  }
}

/** A checksum as messages give it: its first 12 digits. */
export function shortChecksum(checksum: string): string {
  return checksum.slice(0, 12);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function checkFact(name: string, value: unknown, requirement: string, isMet: boolean): void {
  if (isMet) return;
  throw new RangeError(
    `Cannot use weights as their '${name}' must be ${requirement}: got ${value}`,
  );
}

/** Copies the tensors of a file. @throws {InputError} when they are not those of the network. */
function fillFrom(tensors: ReadonlyMap<string, StoredTensor>, parameters: Parameters): void {
  const names = new Set(tensors.keys());
  for (const { name, shape } of parameters.layout) {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      throw new InputError(
        `Cannot read weights as they must have a tensor "${name}": it is missing`,
      );
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new InputError(
        `Cannot read weights as tensor "${name}" must have shape [${shape}]: got [${tensor.shape}]`,
      );
    }
    if (!tensor.values.every(Number.isFinite)) {
      throw new InputError(
        `Cannot read weights as tensor "${name}" must be finite: it has NaN or infinity`,
      );
    }
    parameters.view(name).set(tensor.values);
    names.delete(name);
  }
  for (const name of names) {
    throw new InputError(`Cannot read weights as this architecture has no tensor "${name}"`);
  }
}
