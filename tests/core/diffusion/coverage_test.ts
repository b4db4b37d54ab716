import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  defaultEdgeMargin,
  defaultProbePeriod,
  isProbe,
  leaveEdges,
  probeGap,
} from "../../../core/diffusion/coverage.ts";
import { DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { Random } from "../../../core/search/random.ts";

Deno.test("first points are drawn in from the edges, later ones less, and after 25 points none", () => {
  const corner = Float64Array.of(0, 1, 0.5);
  const kept = (observations: number) => [...leaveEdges(corner, 0.1, observations)];
  kept(5).forEach((x, j) => assertAlmostEquals(x, [0.1, 0.9, 0.5][j], 1e-12));
  kept(15).forEach((x, j) => assertAlmostEquals(x, [0.05, 0.95, 0.5][j], 1e-12));
  assertEquals(kept(25), [0, 1, 0.5]);
  assertEquals(kept(0), kept(5));
});

Deno.test("with few hyperparameters there are no margins, and more probes", () => {
  assertEquals([2, 12, 14, 16, 20].map(defaultEdgeMargin), [0, 0, 0.05, 0.1, 0.1]);
  assertEquals([2, 8, 16].map(defaultProbePeriod), [4, 5, 6]);
});

Deno.test("every k-th suggestion is a probe, after the initial points, and none with 0", () => {
  const probes = (period: number) => [...Array(18).keys()].filter((n) => isProbe(n, period));
  assertEquals(probes(4), [8, 12, 16]);
  assertEquals(probes(0), []);
});

Deno.test("a probe moves one coordinate into the largest interval in which nothing was tried", () => {
  const tried = [[0.1, 0.5], [0.2, 0.45], [0.9, 0.55]].map((point) => Float64Array.from(point));
  const point = Float64Array.of(0.15, 0.5);
  for (let seed = 0; seed < 50; seed++) {
    const probe = probeGap(point, tried, Random.of("probe", seed));
    if (probe[0] !== point[0]) assert(probe[0] > 0.2 && probe[0] < 0.9 && probe[1] === point[1]);
    else assert(probe[1] > 0 && (probe[1] < 0.45 || probe[1] > 0.55));
  }
});

Deno.test("a switch, of which both ends were tried, is not probed in between", () => {
  const tried = [[0, 0.5], [1, 0.5]].map((point) => Float64Array.from(point));
  for (let seed = 0; seed < 20; seed++) {
    assertEquals(probeGap(Float64Array.of(1, 0.5), tried, Random.of("switch", seed))[0], 1);
  }
  const switches = [Float64Array.of(0), Float64Array.of(1)];
  assertEquals([...probeGap(Float64Array.of(0), switches, Random.of("alone"))], [0]);
});

Deno.test("probes leave no large interval unvisited: the largest gap falls below a tenth", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), (seed, dimension) => {
      const random = Random.of("probes", seed);
      const tried = [random.point(dimension)];
      for (let k = 0; k < 60 * dimension; k++) tried.push(probeGap(tried[0], tried, random));
      for (let j = 0; j < dimension; j++) {
        const values = [0, ...tried.map((point) => point[j]).sort((a, b) => a - b), 1];
        const gaps = values.slice(1).map((value, i) => value - values[i]);
        assert(Math.max(...gaps) < 0.1, `${Math.max(...gaps)}`);
      }
    }),
    { numRuns: 20, seed: 7 },
  );
});

Deno.test("a search that is stuck in one basin leaves it", async () => {
  // A broad hill of .5 where all initial points are, and a peak of 1 beyond a valley.
  const respond = (x: number): number => x < 0.7 ? 0.5 - (x - 0.2) ** 2 : 1 - 20 * (x - 0.95) ** 2;
  const best = async (seed: number, probePeriod: number): Promise<number> => {
    const search = new DiffusionSearch({ seed, probePeriod, denoisingSteps: 4, refinements: 0 });
    const points: Float64Array[] = [0.1, 0.15, 0.2, 0.25, 0.3].map((x) => Float64Array.of(x));
    for (let trial = 0; trial < 16; trial++) {
      const responses = points.map(([x]) => respond(x));
      points.push(await search.observeAndSuggest({ points, responses }));
    }
    return Math.max(...points.map(([x]) => respond(x)));
  };
  let without = 0;
  for (let seed = 0; seed < 8; seed++) {
    if (await best(seed, 0) > 0.5) without++;
    assert(await best(seed, 4) > 0.5, "probes find the other basin");
  }
  assert(without <= 5, `${without} of 8 find it without probes`);
});
