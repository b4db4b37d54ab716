import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { AdamW, type AdamWState } from "../../../core/diffusion/adamw.ts";
import { type MatrixPart, muonDirections, orthogonalized } from "../../../core/diffusion/muon.ts";
import { hiddenMatrices } from "../../../core/diffusion/training/hidden_matrices.ts";
import { Parameters, pretrainedConfig } from "../../../core/diffusion/parameters.ts";
import golden from "./goldens/muon.json" with { type: "json" };

const options = {
  steps: 12,
  learningRate: 0.05,
  warmupSteps: 4,
  weightDecay: 0.1,
  muonScale: 0.5,
};
const matrices: MatrixPart[] = [{ offset: 0, rows: 3, columns: 2 }];

function gradientAt(values: Float32Array): Float32Array {
  const { curvature, target } = golden;
  return values.map((value, i) => 2 * curvature[i] * (value - target[i]));
}

Deno.test("the iteration works on singular values as NumPy's decomposition says", () => {
  for (const { matrix, rows, columns, orthogonalized: expected } of golden.matrices) {
    const actual = orthogonalized(Float64Array.from(matrix), rows, columns);
    expected.forEach((value, i) => assertAlmostEquals(actual[i], value, 1e-9));
  }
});

Deno.test("a direction depends neither on the gradient's size nor on the side it is seen from", () => {
  const size = fc.integer({ min: 1, max: 6 });
  const matrix = fc.record({ rows: size, columns: size }).chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(fc.integer({ min: -9, max: 9 }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      }),
    })
  );
  fc.assert(
    fc.property(matrix, fc.double({ min: 0.01, max: 100, noNaN: true }), (given, factor) => {
      const { rows, columns, values } = given;
      const one = orthogonalized(Float64Array.from(values), rows, columns);
      const scaled = orthogonalized(Float64Array.from(values, (v) => v * factor), rows, columns);
      const mirrored = Float64Array.from(
        values,
        (_, i) => values[(i % rows) * columns + Math.floor(i / rows)],
      );
      const other = orthogonalized(mirrored, columns, rows);
      one.forEach((value, i) => {
        assertAlmostEquals(scaled[i], value, 1e-6);
        assertAlmostEquals(other[(i % columns) * rows + Math.floor(i / columns)], value, 1e-6);
      });
    }),
    { seed: 1 },
  );
});

Deno.test("only matrices are given directions, and one without a gradient is not moved", () => {
  const moments = Float64Array.of(3, 0, 0, 0, 0, 5);
  const directions = muonDirections(moments, [
    { offset: 1, rows: 2, columns: 2 },
  ], 1);
  assertEquals([...directions], [NaN, 0, 0, 0, 0, NaN]);
});

Deno.test("Muon's steps of a matrix and AdamW's of the rest are those of NumPy and PyTorch", () => {
  const trainer = new AdamW(Float32Array.from(golden.start), options, matrices);
  for (const expected of golden.trajectory) {
    trainer.apply(gradientAt(trainer.values));
    expected.forEach((value, i) => assertAlmostEquals(trainer.values[i], value, 1e-5));
  }
});

Deno.test("a training by Muon continued from a saved state ends bit-equal", () => {
  const run = (trainer: AdamW, steps: number): AdamW => {
    for (let i = 0; i < steps; i++) trainer.apply(gradientAt(trainer.values));
    return trainer;
  };
  const whole = run(new AdamW(Float32Array.from(golden.start), options, matrices), 12);
  const half = run(new AdamW(Float32Array.from(golden.start), options, matrices), 5);
  const saved: AdamWState = structuredClone(half.state);
  assertEquals(run(new AdamW(saved, options, matrices), 7).state, whole.state);
});

Deno.test("the hidden matrices of the network lie inside of its tensors and do not overlap", () => {
  const { layout } = new Parameters(pretrainedConfig);
  const parts = hiddenMatrices(layout);
  const share = parts.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  assertEquals(share, 120_064);
  let end = 0;
  for (const { offset, rows, columns } of parts) {
    assert(offset >= end, "a matrix overlaps with the one before it");
    end = offset + rows * columns;
    const tensor = layout.findLast((entry) => entry.offset <= offset)!;
    assert(end <= tensor.offset + tensor.size, `a matrix reaches beyond ${tensor.name}`);
    assertEquals(tensor.shape[1], columns);
  }
});
