/**
 * The network's weights: one flat vector with named views.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import type { Random } from "../search/random.ts";
import { columnKindFeatures } from "./column_kinds.ts";
import {
  coordinateFeatures,
  responseFeatures,
  statusFeatures,
  timestepFeatures,
} from "./features.ts";

/** The size of the network. Without `columns`, nothing in it depends on the number of hyperparameters or of points. */
export interface NetworkConfig {
  /** Width of a token. A multiple of 4 `heads`. */
  width: number;
  /** Attention heads of every block: 1..4. */
  heads: number;
  /** Blocks of the Transformer, which reads the context. */
  encoderBlocks: number;
  /** Blocks of the Network, which denoises. */
  decoderBlocks: number;
  /** Width of the embedding of (t, I). A multiple of 4. */
  conditionWidth: number;
  /** Bins of the head that classifies graded improvement. A multiple of 4. */
  headBins: number;
  /**
   * Columns of the one search space that the network is for: each has an embedding of its own, so that the network
   * can tell them apart. @default {none: it is for any search space}
   */
  columns?: number;
}

/** The network that is pre-trained on synthetic tasks: 128,761 parameters. */
export const pretrainedConfig: Readonly<NetworkConfig> = {
  width: 32,
  heads: 4,
  encoderBlocks: 3,
  decoderBlocks: 3,
  conditionWidth: 48,
  headBins: 48,
};

/** The small network that is trained on nothing but the history: 20,265 parameters. */
export const historyConfig: Readonly<NetworkConfig> = {
  width: 16,
  heads: 4,
  encoderBlocks: 1,
  decoderBlocks: 1,
  conditionWidth: 48,
  headBins: 48,
};

/** How a tensor is drawn before training. */
type Initialization =
  | { kind: "uniform"; bound: number }
  | { kind: "normal" }
  | { kind: "constant"; value: number }
  | { kind: "values"; values: readonly number[] };

/** A named tensor inside the flat vector. */
export interface ParameterEntry {
  /** The tensor's name, e.g. `enc.0.q.weight`. */
  readonly name: string;
  /** Its shape; matrices are [outputs, inputs]. */
  readonly shape: readonly number[];
  /** Index of its first element in the flat vector. */
  readonly offset: number;
  /** Number of elements. */
  readonly size: number;
}

/**
 * Initial widths of the ARD kernels, one a head: softplus^-1-like log values, so that the heads
 * start with receptive fields from broad to narrow.
 */
const initialRelevance = [0.3, 1, 3, 10].map((value) => Math.log(value / 2));

/** All weights of a network: one flat float32 vector, and the layout that names its parts. */
export class Parameters {
  /** The size of the network. */
  readonly config: Readonly<NetworkConfig>;
  /** The parts of {@linkcode values}, in order. */
  readonly layout: readonly ParameterEntry[];
  /** Every weight. May lie in a SharedArrayBuffer. */
  readonly values: Float32Array;

  /**
   * Lays out a network.
   *
   * @param values the flat vector, used as it is, not copied. @default {zeros}
   * @throws {RangeError} when the configuration is not possible or `values` has another length.
   */
  constructor(config: NetworkConfig, values?: Float32Array) {
    checkConfig(config);
    this.config = { ...config };
    this.layout = entriesOf(config);
    const last = this.layout[this.layout.length - 1];
    const length = last.offset + last.size;
    if (values !== undefined && values.length !== length) {
      throw new RangeError(
        `Cannot view the parameters as 'values' must have ${length} elements: got ${values.length}`,
      );
    }
    this.values = values ?? new Float32Array(length);
  }

  /**
   * Weights before training, distributed as PyTorch's defaults: linear layers uniform in
   * +-1 / sqrt(inputs), embeddings standard normal, gains one; output and modulation layers zero.
   */
  static initialize(config: NetworkConfig, random: Random): Parameters {
    const parameters = new Parameters(config);
    const initializations = tensorsOf(config);
    for (const { name, offset, size } of parameters.layout) {
      const how = initializations.find((tensor) => tensor.name === name)!.initialization;
      for (let i = 0; i < size; i++) {
        parameters.values[offset + i] = how.kind === "uniform"
          ? (2 * random.uniform() - 1) * how.bound
          : how.kind === "normal"
          ? random.normal()
          : how.kind === "constant"
          ? how.value
          : how.values[i];
      }
    }
    return parameters;
  }

  /** The view of one tensor of the flat vector. */
  view(name: string): Float32Array {
    const entry = this.layout.find((candidate) => candidate.name === name);
    if (entry === undefined) {
      throw new RangeError(`Cannot view the parameters as there is no tensor named "${name}"`);
    }
    return this.values.subarray(entry.offset, entry.offset + entry.size);
  }

  /**
   * A network for any search space as one for a space of so many columns. It answers as before: their embeddings are 0
   * until they are trained.
   */
  forColumns(columns: number): Parameters {
    const parameters = new Parameters({ ...this.config, columns });
    parameters.values.set(this.values); // embeddings of columns are the last tensor
    return parameters;
  }

  /** A copy with memory of its own. */
  clone(): Parameters {
    return new Parameters(this.config, this.values.slice());
  }
}

/** No size of a network is larger: a damaged file must not ask for all memory. */
const largestSize = 1024;

function checkConfig(config: NetworkConfig): void {
  const { heads, width, conditionWidth, headBins } = config;
  for (const [name, value] of Object.entries(config)) {
    if (!Number.isInteger(value) || value < 1 || value > largestSize) {
      throw new RangeError(
        `Cannot lay out the network as '${name}' must be an integer in 1..${largestSize}: ` +
          `got ${value}`,
      );
    }
  }
  if (heads > initialRelevance.length) {
    throw new RangeError(
      `Cannot lay out the network as 'heads' must be in 1..${initialRelevance.length}: got ${heads}`,
    );
  }
  const multiples = [["width", width, 4 * heads], ["conditionWidth", conditionWidth, 4], [
    "headBins",
    headBins,
    4,
  ]] as const;
  for (const [name, value, divisor] of multiples) {
    if (value % divisor !== 0) {
      throw new RangeError(
        `Cannot lay out the network as '${name}' must be a multiple of ${divisor}: got ${value}`,
      );
    }
  }
}

interface NamedTensor {
  name: string;
  shape: readonly number[];
  initialization: Initialization;
}

/** Every tensor of a network, in the order of the flat vector. */
function tensorsOf(config: NetworkConfig): NamedTensor[] {
  const { width, heads, conditionWidth, headBins } = config;
  const tensors: NamedTensor[] = [];
  const add = (name: string, shape: readonly number[], initialization: Initialization): void => {
    tensors.push({ name, shape, initialization });
  };
  const zeros: Initialization = { kind: "constant", value: 0 };
  const ones: Initialization = { kind: "constant", value: 1 };
  const linear = (
    name: string,
    inputs: number,
    outputs: number,
    options: { bias?: Initialization | false; weight?: Initialization } = {},
  ): void => {
    const torch: Initialization = { kind: "uniform", bound: 1 / Math.sqrt(inputs) };
    add(`${name}.weight`, [outputs, inputs], options.weight ?? torch);
    if (options.bias !== false) add(`${name}.bias`, [outputs], options.bias ?? torch);
  };
  const block = (name: string, condition: number): void => {
    add(`${name}.n1.g`, [width], ones);
    add(`${name}.n2.g`, [width], ones);
    linear(`${name}.q`, width, 2 * width, { bias: false });
    linear(`${name}.kv`, width, 4 * width, { bias: false });
    linear(`${name}.o`, 2 * width, width, { bias: false });
    linear(`${name}.ard`, width + condition, heads, {
      weight: zeros,
      bias: { kind: "values", values: initialRelevance },
    });
    linear(`${name}.m1`, 2 * width, 2 * width);
    linear(`${name}.m2`, 2 * width, width);
    if (condition > 0) linear(`${name}.ada`, condition, 4 * width, { weight: zeros, bias: zeros });
  };
  linear("ex", coordinateFeatures, width);
  linear("ey", responseFeatures, width);
  for (let i = 0; i < config.encoderBlocks; i++) block(`enc.${i}`, 0);
  for (let i = 0; i < config.encoderBlocks; i++) linear(`eg.${i}`, width, width);
  add("nk.g", [width], ones);
  linear("colp", 2 * width, width);
  linear("qx", coordinateFeatures, width);
  linear("qc", width, width);
  linear("te.0", timestepFeatures, conditionWidth);
  linear("te.2", conditionWidth, conditionWidth);
  add("ie.weight", [3, conditionWidth], { kind: "normal" });
  for (let i = 0; i < config.decoderBlocks; i++) block(`dec.${i}`, conditionWidth);
  add("no.g", [width], ones);
  linear("out", width, 1, { weight: zeros, bias: zeros });
  linear("hd.0", 2 * width + conditionWidth, 2 * width);
  linear("hd.2", 2 * width, headBins);
  linear("es", statusFeatures, width, { bias: false, weight: zeros });
  linear("ck", columnKindFeatures, width, { bias: false, weight: zeros });
  if (config.columns !== undefined) add("ci", [config.columns, width], zeros);
  return tensors;
}

function entriesOf(config: NetworkConfig): ParameterEntry[] {
  let offset = 0;
  return tensorsOf(config).map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const entry = { name, shape, offset, size };
    offset += size;
    return entry;
  });
}

/**
 * Reads the configuration that a file's metadata hold as JSON.
 *
 * @throws {InputError} when it is none.
 */
export function configOfMetadata(text: string): NetworkConfig {
  try {
    const { width, heads, encoderBlocks, decoderBlocks, conditionWidth, headBins, columns } = JSON
      .parse(text);
    const config = {
      width,
      heads,
      encoderBlocks,
      decoderBlocks,
      conditionWidth,
      headBins,
      ...(columns !== undefined && { columns }),
    };
    checkConfig(config);
    return config;
  } catch (error) {
    throw new InputError(
      `Cannot read weights as their metadata must hold a network configuration: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}
