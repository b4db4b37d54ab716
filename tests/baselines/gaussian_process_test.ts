import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess, type GaussianProcessVariant } from "../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../baselines/random_search.ts";
import { type Coordinate, drawPoint, readValues, snap } from "../../core/search/coordinates.ts";
import { Random } from "../../core/search/random.ts";

const variants: GaussianProcessVariant[] = ["gp", "gp-polished", "gp-candidates", "gp-hpob"];

/** A parabola with its top at (0.7, ..., 0.7), seen at n random points. */
function parabola(n: number, d: number): { points: Float64Array[]; responses: Float64Array } {
  const random = Random.of("parabola", n, d);
  const points = Array.from({ length: n }, () => random.point(d));
  const response = (point: Float64Array) => -point.reduce((sum, v) => sum + (v - 0.7) ** 2, 0);
  return { points, responses: Float64Array.from(points, response) };
}

Deno.test("the name is the variant, gp by default", () => {
  assertEquals(new GaussianProcess().name, "gp");
  for (const variant of variants) assertEquals(new GaussianProcess({ variant }).name, variant);
  assertEquals(new DeepGaussianProcess().name, "dgp");
});

Deno.test("unknown variants and seeds that are no integers are refused", () => {
  const variant = "gp-magic" as GaussianProcessVariant;
  assertThrows(() => new GaussianProcess({ variant }), RangeError, 'got "gp-magic"');
  for (const seed of [0.5, NaN, Infinity]) {
    for (const algorithm of [GaussianProcess, DeepGaussianProcess, RandomSearch]) {
      assertThrows(() => new algorithm({ seed }), RangeError, `got ${seed}`);
    }
  }
});

for (const variant of variants) {
  Deno.test(`${variant} finds the top of a parabola it has seen enough of`, async () => {
    const point = await new GaussianProcess({ variant }).observeAndSuggest(parabola(25, 2));
    point.forEach((v) => assertAlmostEquals(v, 0.7, 0.05));
  });

  Deno.test(`${variant} chooses the pending point at the top`, async () => {
    const rows = [[0.1, 0.1], [0.9, 0.2], [0.7, 0.69], [0, 1]];
    assertEquals(await new GaussianProcess({ variant }).observeAndChoose(parabola(25, 2), rows), 2);
  });

  Deno.test(`${variant} does not depend on the unit of the responses`, async () => {
    const { points, responses } = parabola(8, 3), algorithm = new GaussianProcess({ variant });
    const expected = await algorithm.observeAndSuggest({ points, responses });
    // a power of two changes no digit of the arithmetic
    const scaled = { points, responses: responses.map((v) => v * 2 ** 40) };
    assertEquals(await algorithm.observeAndSuggest(scaled), expected);
  });
}

Deno.test("a deep kernel chooses the pending point at the top", async () => {
  const rows = [[0.1, 0.1], [0.7, 0.69], [0, 1]];
  assertEquals(await new DeepGaussianProcess().observeAndChoose(parabola(30, 2), rows), 1);
});

Deno.test("points around a failed one are not suggested", async () => {
  const { points, responses } = parabola(25, 2), tried = [...points], told = [...responses];
  const algorithm = new GaussianProcess({ variant: "gp-polished" });
  for (let k = 0; k < 3; k++) {
    const point = await algorithm.observeAndSuggest({ points: tried, responses: told });
    for (const failed of tried.slice(points.length)) {
      assert(point.some((v, j) => Math.abs(v - failed[j]) >= 1e-3), `${point} failed before`);
    }
    tried.push(point);
    told.push(NaN);
  }
});

Deno.test("one penalty does not blind the process", async () => {
  const observed = parabola(25, 2), { responses } = observed;
  responses[responses.indexOf(Math.min(...responses))] = -1e9;
  const point = await new GaussianProcess().observeAndSuggest(observed);
  point.forEach((v) => assertAlmostEquals(v, 0.7, 0.1));
});

Deno.test("of many observations the best and a spread of the others are enough", async () => {
  const point = await new GaussianProcess().observeAndSuggest(parabola(1100, 2));
  point.forEach((v) => assertAlmostEquals(v, 0.7, 0.01));
});

/** A learning rate for each of two optimizers, a depth, and a choice of five of which one is good. */
const mixed: Coordinate[] = [
  { kind: "choice", count: 2 },
  { kind: "real", when: [{ parent: 0, values: [0] }] },
  { kind: "real", when: [{ parent: 0, values: [1] }] },
  {
    kind: "levels",
    positions: [1 / 16, 3 / 16, 5 / 16, 7 / 16, 9 / 16, 11 / 16, 13 / 16, 15 / 16],
  },
  { kind: "choice", count: 5 },
];

function mixedResponse(point: Float64Array): number {
  const [optimizer, first, second, level, kind] = readValues(point, mixed);
  const rate = optimizer === 0 ? -((first - 0.2) ** 2) : -((second - 0.8) ** 2) - 0.1;
  return 2 * rate - ((level - 5) / 8) ** 2 - (kind === 3 ? 0 : 0.3);
}

Deno.test("in a mixed space gp finds levels, choices and the real that belongs to the choice", async () => {
  const random = Random.of("mixed test"), algorithm = new GaussianProcess();
  const points = Array.from({ length: 5 }, () => drawPoint(random, mixed));
  for (let trial = 0; trial < 25; trial++) {
    const responses = Float64Array.from(points, mixedResponse);
    points.push(await algorithm.observeAndSuggest({ points, responses }, { coordinates: mixed }));
  }
  const best = points.reduce((a, b) => mixedResponse(b) > mixedResponse(a) ? b : a);
  const [optimizer, rate, , level, kind] = readValues(best, mixed);
  assertEquals([optimizer, level, kind], [0, 5, 3]);
  assertAlmostEquals(rate, 0.2, 0.05);
});

Deno.test("workers that ask one after the other get points apart", async () => {
  const { points } = parabola(20, 2);
  const responses = points.map(([a, b]) => Math.sin(9 * a) + Math.cos(7 * b));
  const observed = { points, responses };
  const algorithm = new GaussianProcess({ variant: "gp-polished" });
  const running: Float64Array[] = [];
  for (let worker = 0; worker < 3; worker++) {
    const point = await algorithm.observeAndSuggest({ ...observed, running: [...running] });
    for (const other of running) {
      assert(point.some((v, j) => Math.abs(v - other[j]) > 0.05), `${point} beside ${other}`);
    }
    running.push(point);
  }
});

Deno.test("in a mixed space constant, failed, single and repeated observations are answered", async () => {
  const random = Random.of("mixed histories"), algorithm = new GaussianProcess();
  const points = Array.from({ length: 6 }, () => drawPoint(random, mixed));
  const histories = [
    { points, responses: new Float64Array(6).fill(2) },
    { points, responses: new Float64Array(6).fill(NaN) },
    { points, responses: Float64Array.of(1, 2, 3, NaN, Infinity, -1e9) },
    { points: points.slice(0, 1), responses: Float64Array.of(0.5) },
    { points: points.map(() => points[0]), responses: Float64Array.of(1, 2, 1, 2, 1, 3) },
  ];
  for (const observed of histories) {
    const point = await algorithm.observeAndSuggest(observed, { coordinates: mixed });
    assertEquals(point, snap(point, mixed));
    assert(
      observed.points.every((other) => other.some((v, j) => v !== point[j])),
      `${point} again`,
    );
  }
});
