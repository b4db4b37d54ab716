import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { recommend } from "../../baselines/recommend.ts";
import type { Coordinate } from "../../core/search/coordinates.ts";
import { Random } from "../../core/search/random.ts";
import type { Observed } from "../../core/search/task.ts";

/** A parabola with its top at .6, measured with noise at 40 points. */
function noisyParabola(noise: number, seed = 0): Observed {
  const random = Random.of("noisy parabola", noise, seed);
  const points = Array.from({ length: 40 }, () => random.point(1));
  return { points, responses: points.map(([x]) => -((x - 0.6) ** 2) + noise * random.normal()) };
}

Deno.test("without noise what is recommended is the best, and it is certain", async () => {
  const observed = noisyParabola(0);
  const { recommended, noise, tried } = (await recommend(observed))!;
  assertEquals(recommended.estimate, Math.max(...Array.from(observed.responses)));
  assertEquals([noise, recommended.standardDeviation, recommended.probabilityOfBest], [0, 0, 1]);
  assertEquals(tried.length, 40);
});

Deno.test("with noise the recommendation is better than the luckiest measurement", async () => {
  let regret = 0, luckyRegret = 0;
  for (let seed = 0; seed < 12; seed++) {
    const observed = noisyParabola(0.1, seed), responses = Array.from(observed.responses);
    const answer = (await recommend(observed))!;
    const lucky = observed.points[responses.indexOf(Math.max(...responses))];
    regret += (answer.recommended.point[0] - 0.6) ** 2;
    luckyRegret += (lucky[0] - 0.6) ** 2;
  }
  assert(regret < 0.7 * luckyRegret, `${regret} against ${luckyRegret}`);
});

Deno.test("probabilities add up to 1, and measuring is worth something", async () => {
  const { tried } = (await recommend(noisyParabola(0.1)))!;
  assertAlmostEquals(tried.reduce((sum, one) => sum + one.probabilityOfBest, 0), 1, 1e-9);
  assert(tried.every((one) => one.valueOfMeasuring >= 0));
  assert(tried.some((one) => one.valueOfMeasuring > 1e-4));
  const estimates = tried.map((one) => one.estimate);
  assertEquals(estimates, estimates.toSorted((a, b) => b - a));
});

Deno.test("measurements of one configuration are pooled, and tell how large the noise is", async () => {
  const random = Random.of("pooled"), truth = [0, 0.5, 0.45], points = [], responses = [];
  for (let k = 0; k < 36; k++) {
    points.push([0.2, 0.5, 0.8].slice(k % 3, k % 3 + 1));
    responses.push(truth[k % 3] + 0.1 * random.normal());
  }
  const { tried, noise } = (await recommend({ points, responses }))!;
  assertEquals(tried.map((one) => one.measurements), [12, 12, 12]);
  assert(noise > 0.07 && noise < 0.14, `${noise}`);
  for (const one of tried.slice(0, 2)) {
    assertAlmostEquals(one.estimate, one.mean, 0.02);
    assertAlmostEquals(one.standardDeviation, 0.1 / Math.sqrt(12), 0.01);
  }
});

Deno.test("an outlier of a thousand times the scale moves no estimate of the good ones", async () => {
  const observed = noisyParabola(0.1), responses = Array.from(observed.responses);
  const worst = responses.indexOf(Math.min(...responses));
  const answer = await recommend(observed);
  const outlying = await recommend({ ...observed, responses: responses.with(worst, -7000) });
  assertEquals(outlying!.recommended, answer!.recommended);
});

Deno.test("the order of the observations does not matter, nor what is running or failed", async () => {
  const { points, responses } = noisyParabola(0.1), answer = await recommend({ points, responses });
  const reversed = { points: points.toReversed(), responses: Array.from(responses).toReversed() };
  assertEquals(await recommend(reversed), answer);
  const more = { points: [...points, [0.6]], responses: [...Array.from(responses), NaN] };
  assertEquals(await recommend({ ...more, running: [[0.61]] }), answer);
});

Deno.test("equal responses, one observation and none are answered", async () => {
  const constant = (await recommend({ points: [[0.1], [0.5], [0.9]], responses: [2, 2, 2] }))!;
  assertEquals(constant.recommended.estimate, 2);
  assertEquals(constant.tried.map((one) => one.probabilityOfBest), [1 / 3, 1 / 3, 1 / 3]);
  const one = (await recommend({ points: [[0.5]], responses: [3] }))!;
  assertEquals([one.recommended.estimate, one.recommended.probabilityOfBest], [3, 1]);
  const same = (await recommend({ points: [[0.5], [0.5], [0.5]], responses: [1, 2, 4] }))!;
  assertEquals([same.tried.length, same.recommended.measurements], [1, 3]);
  assertAlmostEquals(same.recommended.mean, 7 / 3, 1e-12);
  assertEquals(await recommend({ points: [], responses: [] }), undefined);
  assertEquals(await recommend({ points: [[0.5], [0.2]], responses: [NaN, -Infinity] }), undefined);
});

Deno.test("points outside of the cube and of another dimension than the space are refused", async () => {
  await assertRejects(() => recommend({ points: [[2]], responses: [1] }), RangeError, "got 2");
  const coordinates: Coordinate[] = [{ kind: "real" }, { kind: "real" }];
  await assertRejects(
    () => recommend({ points: [[0.5]], responses: [1] }, { coordinates }),
    TypeError,
    "must have 2 coordinates",
  );
});

Deno.test("points are pooled by the configuration that they stand for", async () => {
  const coordinates: Coordinate[] = [{ kind: "levels", positions: [0.25, 0.75] }];
  const points = [[0.2], [0.25], [0.8]], responses = [1, 3, 1.5];
  const { tried } = (await recommend({ points, responses }, { coordinates }))!;
  assertEquals(tried.map((one) => one.point[0]).sort(), [0.25, 0.75]);
  assertEquals(tried.map((one) => one.measurements).sort(), [1, 2]);
});

Deno.test("of thousands of configurations the best and a spread of the others are estimated", async () => {
  const random = Random.of("many"), points = Array.from({ length: 3000 }, () => random.point(2));
  const responses = points.map(([a, b]) => -((a - 0.6) ** 2) - b ** 2 + 0.05 * random.normal());
  const { tried, recommended } = (await recommend({ points, responses }))!;
  assertEquals(tried.length, 600);
  assert(Math.hypot(recommended.point[0] - 0.6, recommended.point[1]) < 0.25);
});
