/**
 * A multilayer perceptron in float64 with its backward pass.
 *
 * @module
 */
import type { Random } from "../../core/search/random.ts";
import { dot } from "./linalg.ts";

/**
 * A fully connected network with ReLU between its layers and a linear last layer. Its parameters lie
 * one after the other in one array: of each layer the weights [outputs, inputs], then the biases.
 */
export class Perceptron {
  /** Numbers of units, the inputs first. */
  readonly sizes: readonly number[];
  /** Number of parameters. */
  readonly parameterCount: number;

  constructor(sizes: readonly number[]) {
    this.sizes = sizes;
    this.parameterCount = sizes.slice(1).reduce((sum, size, i) => sum + size * (sizes[i] + 1), 0);
  }

  /** Uniform in +-1 / sqrt(inputs), PyTorch's default for linear layers. */
  initialize(random: Random): Float64Array {
    const parameters = new Float64Array(this.parameterCount);
    this.#eachLayer((inputs, outputs, offset) => {
      const bound = 1 / Math.sqrt(inputs);
      for (let i = 0; i < outputs * (inputs + 1); i++) {
        parameters[offset + i] = (2 * random.uniform() - 1) * bound;
      }
    });
    return parameters;
  }

  /** The inputs [rows, inputs] and each layer's output after its ReLU; the last are the features. */
  forward(parameters: Float64Array, inputs: Float64Array): Float64Array[] {
    const activations = [inputs], rows = inputs.length / this.sizes[0];
    this.#eachLayer((inputSize, outputSize, offset, layer) => {
      const weights = parameters.subarray(offset, offset + outputSize * inputSize);
      const output = new Float64Array(rows * outputSize); // [rows, outputs]
      multiplyTransposed(activations[layer], weights, output, rows, outputSize, inputSize);
      const biases = offset + outputSize * inputSize, isLast = layer === this.sizes.length - 2;
      for (let i = 0; i < output.length; i += outputSize) {
        for (let j = 0; j < outputSize; j++) {
          const value = output[i + j] + parameters[biases + j];
          output[i + j] = isLast || value > 0 ? value : 0;
        }
      }
      activations.push(output);
    });
    return activations;
  }

  /**
   * Writes the gradient of a loss by the parameters into `gradient`, given the activations of
   * {@linkcode Perceptron.forward} and the loss's gradient by the features [rows, features].
   */
  backward(
    parameters: Float64Array,
    activations: readonly Float64Array[],
    featureGradient: Float64Array,
    gradient: Float64Array,
  ): void {
    const rows = activations[0].length / this.sizes[0];
    let upper = featureGradient, end = this.parameterCount;
    for (let layer = this.sizes.length - 2; layer >= 0; layer--) {
      const inputSize = this.sizes[layer], outputSize = this.sizes[layer + 1];
      const offset = end - outputSize * (inputSize + 1), biases = end - outputSize;
      gradient.fill(0, biases, end);
      for (let i = 0; i < upper.length; i += outputSize) {
        for (let j = 0; j < outputSize; j++) gradient[biases + j] += upper[i + j];
      }
      multiplyTransposed( // [outputs, inputs] = upper^T [outputs, rows] input [rows, inputs]
        transpose(upper, rows, outputSize),
        transpose(activations[layer], rows, inputSize),
        gradient.subarray(offset, biases),
        outputSize,
        inputSize,
        rows,
      );
      if (layer === 0) return;
      const weights = parameters.subarray(offset, biases),
        lower = new Float64Array(rows * inputSize);
      const weightsTransposed = transpose(weights, outputSize, inputSize);
      multiplyTransposed(upper, weightsTransposed, lower, rows, inputSize, outputSize);
      for (let i = 0; i < lower.length; i++) if (activations[layer][i] === 0) lower[i] = 0;
      upper = lower;
      end = offset;
    }
  }

  #eachLayer(
    visit: (inputs: number, outputs: number, offset: number, layer: number) => void,
  ): void {
    let offset = 0;
    for (let layer = 0; layer + 1 < this.sizes.length; layer++) {
      const inputs = this.sizes[layer], outputs = this.sizes[layer + 1];
      visit(inputs, outputs, offset, layer);
      offset += outputs * (inputs + 1);
    }
  }
}

function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
  }
  return out;
}

/**
 * out [m, n] = a [m, k] b^T, for b [n, k]. Both factors are read along their rows, two rows of `a` and
 * four of `b` in one pass, so that numbers read are used more than once.
 */
function multiplyTransposed(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  m: number,
  n: number,
  k: number,
): void {
  for (let i = 0; i < m; i += 2) {
    const second = i + 1 < m ? i + 1 : i; // an odd last row is its own partner
    const a0 = i * k, a1 = second * k, out0 = i * n, out1 = second * n;
    let j = 0;
    for (; j + 3 < n; j += 4) {
      const b0 = j * k, b1 = b0 + k, b2 = b1 + k, b3 = b2 + k;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
      for (let l = 0; l < k; l++) {
        const u = a[a0 + l], w = a[a1 + l];
        const v0 = b[b0 + l], v1 = b[b1 + l], v2 = b[b2 + l], v3 = b[b3 + l];
        s0 += u * v0;
        s1 += u * v1;
        s2 += u * v2;
        s3 += u * v3;
        t0 += w * v0;
        t1 += w * v1;
        t2 += w * v2;
        t3 += w * v3;
      }
      out[out0 + j] = s0;
      out[out0 + j + 1] = s1;
      out[out0 + j + 2] = s2;
      out[out0 + j + 3] = s3;
      out[out1 + j] = t0;
      out[out1 + j + 1] = t1;
      out[out1 + j + 2] = t2;
      out[out1 + j + 3] = t3;
    }
    for (; j < n; j++) {
      out[out0 + j] = dot(a, a0, b, j * k, k);
      out[out1 + j] = dot(a, a1, b, j * k, k);
    }
  }
}
