import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "./_tensors.ts";
import { fusedKernelModuleBase64 } from "../../../core/diffusion/kernels/_fused_module.ts";
import {
  kernelModuleBase64,
  kernelSourcesSha256,
} from "../../../core/diffusion/kernels/_module.ts";
import { sourcesSha256 } from "../../../core/diffusion/kernels/assembly/sources.ts";
import {
  axialBlock,
  axialBlockFormula,
  layOutKeysAndValues,
} from "../../../core/diffusion/kernels/axial_block.ts";
import type {
  AxialBlockInputs,
  AxialBlockWeights,
} from "../../../core/diffusion/kernels/axial_block.ts";
import { dense, denseFormula } from "../../../core/diffusion/kernels/dense.ts";
import {
  meanAndMax,
  meanAndMaxFormula,
  poolFormula,
  poolPoints,
} from "../../../core/diffusion/kernels/pool.ts";
import { rmsNorm, rmsNormFormula } from "../../../core/diffusion/kernels/rms_norm.ts";
import { Random } from "../../../core/search/random.ts";

await useBackend("wasm");

type Named = Record<string, tf.Tensor>;

/**
 * Asserts that an operation and its formula agree, and so do their gradients: the operation's own,
 * and the one that TensorFlow.js derives from the formula.
 */
function assertSameOperation(
  variables: Named,
  operation: (given: Named) => tf.Tensor,
  formula: (given: Named) => tf.Tensor,
): void {
  const names = Object.keys(variables);
  const evaluate = (f: (given: Named) => tf.Tensor): Named => {
    const value = f(variables);
    const probe = normal(value.shape, "probe");
    const gradients = tf.grads((...args: tf.Tensor[]) =>
      tf.sum(tf.mul(f(Object.fromEntries(names.map((name, i) => [name, args[i]]))), probe))
    )(Object.values(variables));
    return { value, ...Object.fromEntries(names.map((name, i) => [`d${name}`, gradients[i]])) };
  };
  const actual = evaluate(operation), expected = evaluate(formula);
  for (const [name, tensor] of Object.entries(expected)) {
    assertEquals(actual[name].shape, tensor.shape, name);
    const a = actual[name].dataSync(), b = tensor.dataSync();
    let scale = 1, error = 0;
    b.forEach((value: number, i: number) => {
      scale = Math.max(scale, Math.abs(value));
      error = Math.max(error, Math.abs(value - a[i]));
    });
    assert(error <= 2e-5 * scale, `${name}: differs by ${error} where values reach ${scale}`);
  }
}

/** A tensor of normal numbers that depends on its shape and label alone. */
function normal(shape: readonly number[], label: string, scale = 1): tf.Tensor {
  const random = Random.of(label, ...shape);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(Float32Array.from({ length: size }, () => scale * random.normal()), [...shape]);
}

/** Runs a property over sizes, disposing of all tensors of a run. */
function forSizes<T>(
  sizes: { [K in keyof T]: fc.Arbitrary<T[K]> },
  property: (sizes: T) => void,
): void {
  fc.assert(
    fc.property(fc.record(sizes), (given) => {
      tf.engine().startScope();
      property(given as T);
      tf.engine().endScope();
    }),
    { seed: 1, numRuns: 25 },
  );
}

const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

Deno.test("a dense layer is x W^T + b, with any number of rows, inputs and outputs", () => {
  forSizes(
    { rows: between(1, 70), inputs: between(1, 33), outputs: between(1, 33), bias: fc.boolean() },
    ({ rows, inputs, outputs, bias }) => {
      const variables = {
        x: normal([rows, 2, inputs], "x"),
        weight: normal([outputs, inputs], "weight"),
        ...(bias ? { bias: normal([outputs], "bias") } : {}),
      };
      assertSameOperation(
        variables,
        ({ x, ...layer }) => dense(x, layer as { weight: tf.Tensor }),
        ({ x, ...layer }) => denseFormula(x, layer as { weight: tf.Tensor }),
      );
    },
  );
});

Deno.test("root-mean-square normalization agrees with its formula", () => {
  forSizes({ rows: between(1, 40), fours: between(1, 16) }, ({ rows, fours }) => {
    assertSameOperation(
      { x: normal([2, rows, 4 * fours], "x", 3), gain: normal([4 * fours], "gain") },
      ({ x, gain }) => rmsNorm(x, gain),
      ({ x, gain }) => rmsNormFormula(x, gain),
    );
  });
});

Deno.test("pooling over points agrees with its formula", () => {
  forSizes(
    { contexts: between(1, 3), points: between(1, 20), dimension: between(1, 9) },
    ({ contexts, points, dimension }) => {
      const pooling = normal([contexts, 2, points], "pooling") as tf.Tensor3D;
      assertSameOperation(
        { tokens: normal([contexts, points, dimension, 8], "tokens") },
        ({ tokens }) => poolPoints(pooling, tokens as tf.Tensor4D),
        ({ tokens }) => poolFormula(pooling, tokens as tf.Tensor4D),
      );
    },
  );
});

Deno.test("mean and maximum over hyperparameters agree with their formula", () => {
  forSizes({ points: between(1, 9), dimension: between(1, 20) }, ({ points, dimension }) => {
    assertSameOperation(
      { tokens: normal([2, points, dimension, 8], "tokens") },
      ({ tokens }) => meanAndMax(tokens as tf.Tensor4D),
      ({ tokens }) => meanAndMaxFormula(tokens as tf.Tensor4D),
    );
  });
});

interface BlockSizes {
  queries: number;
  points: number;
  /** Points behind the size of the second context. */
  padding: number;
  dimension: number;
  shape: readonly [width: number, heads: number];
}

const blockSizes = {
  queries: between(1, 9),
  points: between(1, 13),
  padding: between(0, 5),
  dimension: between(1, 20),
  shape: fc.constantFrom([32, 4], [16, 4], [16, 2], [24, 3], [64, 4]) as fc.Arbitrary<
    readonly [number, number]
  >,
};

function blockWeights(width: number): Named {
  return {
    n1: normal([width], "n1"),
    n2: normal([width], "n2"),
    q: normal([2 * width, width], "q", 0.2),
    kv: normal([4 * width, width], "kv", 0.2),
    o: normal([width, 2 * width], "o", 0.2),
    m1: normal([2 * width, 2 * width], "m1", 0.2),
    m1Bias: normal([2 * width], "m1Bias"),
    m2: normal([width, 2 * width], "m2", 0.2),
    m2Bias: normal([width], "m2Bias"),
  };
}

/** Sizes and key mask of two contexts, the second of which ends in padding. */
function contextSizes(
  points: number,
  padding: number,
): Pick<AxialBlockInputs, "sizes" | "keyMask"> {
  const sizes = [points, Math.max(1, points - padding)];
  const mask = sizes.flatMap((size) =>
    Array.from({ length: points }, (_, i) => (i < size ? 0 : -1e9))
  );
  return {
    sizes: tf.tensor1d(sizes, "int32"),
    keyMask: tf.tensor4d(mask, [2, 1, 1, points]),
  };
}

/** Both forms of the block on variables that mix weights and inputs. */
function assertSameBlock(variables: Named, constants: Partial<AxialBlockInputs>): void {
  const both = [axialBlock, axialBlockFormula].map((block) => (given: Named): tf.Tensor =>
    block(
      given as unknown as AxialBlockWeights,
      { ...constants, ...given } as unknown as AxialBlockInputs,
    )
  );
  assertSameOperation(variables, both[0], both[1]);
}

Deno.test("the fused block attending to itself agrees with its formula", () => {
  forSizes<BlockSizes>(blockSizes, ({ points, padding, dimension, shape: [width, heads] }) => {
    const coordinates = normal([2, points, dimension], "z", 0.5) as tf.Tensor3D;
    assertSameBlock({
      ...blockWeights(width),
      tokens: normal([2, points, dimension, width], "tokens"),
      relevance: tf.softplus(normal([2, 1, dimension, heads], "relevance")),
    }, {
      queryCoordinates: coordinates,
      keyCoordinates: coordinates,
      keyShare: tf.ones([2, points]),
      ...contextSizes(points, padding),
    });
  });
});

Deno.test("the fused block attending to a context agrees with its formula", () => {
  forSizes<BlockSizes>(blockSizes, (sizes) => {
    const { queries, points, padding, dimension, shape: [width, heads] } = sizes;
    const { kv: _, ...weights } = blockWeights(width);
    assertSameBlock({
      ...weights,
      tokens: normal([2, queries, dimension, width], "tokens"),
      relevance: tf.softplus(normal([2, queries, dimension, heads], "relevance")),
      keysAndValues: normal([2, points, dimension, 4 * width], "kv"),
      modulation: normal([2, queries, 4 * width], "modulation", 0.3),
    }, {
      queryCoordinates: normal([2, queries, dimension], "zq", 0.5) as tf.Tensor3D,
      keyCoordinates: normal([2, points, dimension], "zk", 0.5) as tf.Tensor3D,
      keyShare: tf.abs(normal([2, queries], "share")) as tf.Tensor2D,
      ...contextSizes(points, padding),
    });
  });
});

Deno.test("keys and values that were laid out before give the same to the bit", () => {
  forSizes<BlockSizes>(blockSizes, (sizes) => {
    const { queries, points, padding, dimension, shape: [width, heads] } = sizes;
    const keysAndValues = normal([2, points, dimension, 4 * width], "kv") as tf.Tensor4D;
    const inputs: AxialBlockInputs = {
      tokens: normal([2, queries, dimension, width], "tokens") as tf.Tensor4D,
      relevance: tf.softplus(normal([2, queries, dimension, heads], "relevance")) as tf.Tensor4D,
      keysAndValues,
      queryCoordinates: normal([2, queries, dimension], "zq", 0.5) as tf.Tensor3D,
      keyCoordinates: normal([2, points, dimension], "zk", 0.5) as tf.Tensor3D,
      keyShare: tf.abs(normal([2, queries], "share")) as tf.Tensor2D,
      ...contextSizes(points, padding),
    };
    const weights = blockWeights(width) as unknown as AxialBlockWeights;
    const laidOut = layOutKeysAndValues(keysAndValues, { sizes: inputs.sizes, heads });
    assert(laidOut !== undefined);
    assertEquals(
      axialBlock(weights, { ...inputs, laidOut }).dataSync(),
      axialBlock(weights, inputs).dataSync(),
    );
  });
});

Deno.test("large logits neither overflow nor lose the largest", () => {
  const width = 16;
  const { q, ...weights } = blockWeights(width);
  const coordinates = normal([2, 7, 3], "z") as tf.Tensor3D;
  const inputs: AxialBlockInputs = {
    tokens: normal([2, 7, 3, width], "tokens", 100) as tf.Tensor4D,
    relevance: tf.fill([2, 1, 3, 4], 500),
    queryCoordinates: coordinates,
    keyCoordinates: coordinates,
    keyShare: tf.ones([2, 7]),
    ...contextSizes(7, 2),
  };
  const given = { ...weights, q: tf.mul(q, 1000) } as unknown as AxialBlockWeights;
  const actual = axialBlock(given, inputs).dataSync();
  const expected = axialBlockFormula(given, inputs).dataSync();
  actual.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-2, `${value}`));
});

Deno.test("the compiled kernels are those of the sources", async () => {
  const folder = new URL("../../../core/diffusion/kernels/assembly/", import.meta.url);
  assertEquals(
    kernelSourcesSha256,
    await sourcesSha256(folder),
    "run core/diffusion/kernels/assembly/build.ts",
  );
});

/** The kernels of a module, on memory of their own. */
function kernelsOf(moduleBase64: string) {
  const bytes = Uint8Array.from(atob(moduleBase64), (char) => char.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: 32 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const kernels = instance.exports as unknown as {
    constantBytes: WebAssembly.Global;
    initialize(memory: number): void;
    matmul(...values: number[]): void;
  };
  kernels.initialize(16);
  return { matmul: kernels.matmul, memory, free: 16 + kernels.constantBytes.value };
}

for (
  const [name, moduleBase64] of [
    ["fused", fusedKernelModuleBase64],
    ["separate", kernelModuleBase64],
  ]
) {
  Deno.test(`a product of matrices with ${name} additions is the sum of products`, () => {
    const { matmul, memory, free } = kernelsOf(moduleBase64);
    const count = fc.integer({ min: 1, max: 21 });
    const sizes = fc.record({
      rows: count,
      columns: count,
      outer: fc.integer({ min: 1, max: 3 }),
      inner: fc.oneof(count, fc.constantFrom(8, 32, 600)),
      transposed: fc.boolean(),
      accumulate: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, ({ rows, columns, outer, inner, transposed, accumulate }) => {
        const random = Random.of("matmul", rows, columns, outer, inner);
        const depth = outer * inner;
        const floats = (length: number): number[] =>
          Array.from({ length }, () => Math.fround(random.normal()));
        const [a, b, c] = [rows * depth, depth * columns, rows * columns].map(floats);
        const heap = new Float32Array(memory.buffer);
        const at = [free, free + 4 * a.length, free + 4 * (a.length + b.length)];
        [a, b, c].forEach((values, i) => heap.set(values, at[i] / 4));
        const strides = transposed ? [4, 4 * inner * rows, 4 * rows] : [4 * depth, 4 * inner, 4];
        matmul(
          ...[rows, columns, outer, inner, at[0], ...strides],
          ...[at[1], 4 * columns, at[2], 4 * columns, Number(accumulate)],
        );
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let expected = accumulate ? c[i * columns + j] : 0;
            for (let k = 0; k < depth; k++) {
              expected += (transposed ? a[k * rows + i] : a[i * depth + k]) * b[k * columns + j];
            }
            const actual = heap[at[2] / 4 + i * columns + j];
            assert(Math.abs(actual - expected) < 1e-5 * (1 + depth), `${actual}, not ${expected}`);
          }
        }
      }),
      { seed: 1 },
    );
  });
}
