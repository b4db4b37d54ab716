import { assertEquals, assertThrows } from "@std/assert";
import { checkConfirm, type Confirm, pointToConfirm } from "../../../core/search/confirmation.ts";
import type { Estimator, PointEstimate } from "../../../core/search/estimator.ts";

/** Estimates that fall by 1 a point; the second one is most worth measuring. */
function estimator(noise: number, leaderMeasurements = 1): Estimator {
  return ({ points }) => {
    const tried = points.map((point, i): PointEstimate => ({
      point: Float64Array.from(point),
      measurements: i === 0 ? leaderMeasurements : 1,
      mean: -i,
      estimate: -i,
      standardDeviation: noise,
      probabilityOfBest: 1 / points.length,
      valueOfMeasuring: i === 1 ? 2 : 1 / (i + 1),
    }));
    return Promise.resolve({ recommended: tried[0], tried, noise });
  };
}

function decide(
  done: number,
  options: {
    confirm: Confirm;
    noise?: number;
    trials?: number;
    running?: number[][];
    leaderMeasurements?: number;
  },
): Promise<Float64Array | undefined> {
  const { confirm, noise = 10, trials, running = [], leaderMeasurements } = options;
  const observed = {
    points: Array.from({ length: done }, (_, i) => [i / done]),
    responses: new Float64Array(done),
    running,
  };
  const end = trials === undefined ? {} : { trials };
  return pointToConfirm(observed, {
    confirm,
    estimator: estimator(noise, leaderMeasurements),
    ...end,
  });
}

Deno.test("auto measures again at the end, while noise blurs the order of the leaders", async () => {
  const confirm = "auto", trials = 50;
  assertEquals(await decide(34, { confirm, trials }), undefined);
  assertEquals(await decide(40, { confirm, trials }), Float64Array.of(1 / 40));
  assertEquals(
    await decide(40, { confirm, trials, noise: 1.9 }),
    undefined,
    "the best five differ by 4",
  );
  assertEquals(await decide(40, { confirm, trials, noise: 0 }), undefined);
});

Deno.test("auto measures the leader once at the very end to see the noise, whatever is thought of it", async () => {
  const options = { confirm: "auto", trials: 50, noise: 0 } as const;
  assertEquals(await decide(44, options), undefined);
  assertEquals(await decide(45, options), Float64Array.of(0));
  assertEquals(await decide(45, { ...options, running: [[0]] }), undefined, "it is under way");
  assertEquals(await decide(45, { ...options, leaderMeasurements: 2 }), undefined);
});

Deno.test("auto without a known end measures again now and then", async () => {
  const turns = [];
  for (let done = 1; done < 40; done++) {
    if (await decide(done, { confirm: "auto" }) !== undefined) turns.push(done);
  }
  assertEquals(turns, [20, 24, 28, 32, 36]);
});

Deno.test("a number measures again every so many trials, whatever the noise; false never does", async () => {
  const turns = [];
  for (let done = 1; done < 20; done++) {
    if (await decide(done, { confirm: 5, noise: 0 }) !== undefined) turns.push(done + 1);
    assertEquals(await decide(done, { confirm: false }), undefined);
  }
  assertEquals(turns, [5, 10, 15, 20]);
});

Deno.test("what is being measured is not measured again at the same time", async () => {
  const options = { confirm: "auto", trials: 50 } as const;
  assertEquals(await decide(40, { ...options, running: [[1 / 40]] }), Float64Array.of(0));
});

Deno.test("rules that are none are refused", () => {
  for (const confirm of [1, 2.5, NaN, true, "always", null]) {
    assertThrows(() => checkConfirm(confirm, estimator(0)), RangeError, `got ${confirm}`);
  }
  assertEquals(["auto", 2, false].map((rule) => checkConfirm(rule, estimator(0))), [
    "auto",
    2,
    false,
  ]);
});
