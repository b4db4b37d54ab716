import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { maxSobolDimension, sobolPoints } from "../../../core/numerics/sobol.ts";
import { Random } from "../../../core/search/random.ts";
import golden from "../../baselines/goldens/sobol.json" with { type: "json" };

Deno.test("plain Sobol points are SciPy's in all 21 dimensions", () => {
  const points = sobolPoints(2048, 21);
  assertEquals(Array.from(points.subarray(0, 16 * 21)), golden.first.flat());
  assertEquals(Array.from(points.subarray(1500 * 21, 1501 * 21)), golden.at1500);
  for (let j = 0; j < 21; j++) {
    let sum = 0;
    for (let i = 0; i < 2048; i++) sum += points[i * 21 + j];
    assertAlmostEquals(sum, golden.columnSumsOf2048[j], 1e-9);
  }
});

Deno.test("scrambled points put one point into every interval of length 2^-k", () => {
  const d = 21, count = 256;
  const points = sobolPoints(count, d, Random.of("scramble"));
  for (let j = 0; j < d; j++) {
    const cells = new Set(
      Array.from({ length: count }, (_, i) => Math.floor(points[i * d + j] * count)),
    );
    assertEquals(cells.size, count, `dimension ${j}`);
  }
});

Deno.test("the first two scrambled dimensions are a (0, 8, 2)-net: one point in every box", () => {
  const points = sobolPoints(256, 2, Random.of("net"));
  for (let bits = 0; bits <= 8; bits++) {
    const boxes = new Set(
      Array.from(
        { length: 256 },
        (_, i) =>
          Math.floor(points[2 * i] * 2 ** bits) * 2 ** (8 - bits) +
          Math.floor(points[2 * i + 1] * 2 ** (8 - bits)),
      ),
    );
    assertEquals(boxes.size, 256, `${bits} bits for the first dimension`);
  }
});

Deno.test("scrambling is a function of the stream", () => {
  const points = (seed: number) => Array.from(sobolPoints(8, 5, Random.of(seed)));
  assertEquals(points(1), points(1));
  assert(points(1).some((v, i) => v !== points(2)[i]));
  assert(points(1).every((v) => v >= 0 && v < 1));
});

Deno.test("Sobol points of an unknown dimension are refused", () => {
  for (const dimension of [0, maxSobolDimension + 1, NaN]) {
    assertThrows(() => sobolPoints(4, dimension), RangeError, `got ${dimension}`);
  }
});
