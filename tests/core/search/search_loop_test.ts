import { assertEquals, assertRejects } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import type { Algorithm } from "../../../core/search/algorithm.ts";
import { searchTask } from "../../../core/search/search_loop.ts";

const task = { dimension: 2, evaluate: (point: Float64Array) => Promise.resolve(-point[0]) };

Deno.test("a search evaluates what the algorithm suggests, and shows it everything so far", async () => {
  const sizes: number[] = [], random = new RandomSearch({ seed: 1 });
  const recorder: Algorithm = {
    name: "recorder",
    observeAndSuggest: (observed, options) => {
      sizes.push(observed.points.length);
      return random.observeAndSuggest(observed, options);
    },
    observeAndChoose: () => Promise.resolve(0),
  };
  const steps = searchTask(recorder, task, { points: [[0.5, 0.5]], responses: [-0.5] });
  for (let trial = 0; trial < 3; trial++) {
    const { point, response } = (await steps.next()).value!;
    assertEquals(response, -point[0]);
  }
  assertEquals(sizes, [1, 2, 3]);
});

Deno.test("a search can begin with nothing", async () => {
  const { value } = await searchTask(new RandomSearch(), task, { points: [], responses: [] })
    .next();
  assertEquals(value!.point.length, 2);
});

Deno.test("a suggestion that is no point ends a search with the number of the trial", async () => {
  const broken: Algorithm = {
    name: "broken",
    observeAndSuggest: () => Promise.resolve(Float64Array.of(0.5, 2)),
    observeAndChoose: () => Promise.resolve(0),
  };
  await assertRejects(
    () => searchTask(broken, task, { points: [], responses: [] }).next(),
    RangeError,
    "Cannot evaluate 'broken' as its suggestion of trial 1 must be in [0, 1]: coordinate 1 is 2",
  );
});
