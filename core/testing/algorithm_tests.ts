/**
 * What every {@linkcode Algorithm} has to do, as tests that any implementation can run through.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { Algorithm, SuggestOptions } from "../search/algorithm.ts";
import { Random } from "../search/random.ts";
import type { Observed } from "../search/task.ts";
import { coordinateTests } from "./_coordinate_tests.ts";
import { assertPoint, sampleHistory } from "./_histories.ts";
import type { AlgorithmFactory, ConformanceTest } from "./conformance.ts";

/** Options of {@linkcode algorithmTests}. */
export interface AlgorithmTestOptions {
  /**
   * By how much a coordinate may change when the history is permuted.
   * @default {1e-9}
   */
  permutationTolerance?: number;
  /**
   * Number of random histories of the property test.
   * @default {12}
   */
  propertyRuns?: number;
}

/**
 * The tests of an algorithm: shapes and ranges, hard histories, failed and running points, reproducibility, what
 * coordinates mean, and errors.
 *
 * @example
 * ```ts
 * import { RandomSearch } from "@genhpo/genhpo";
 * import { algorithmTests } from "@genhpo/genhpo/testing";
 *
 * for (const { name, run } of algorithmTests("random", (seed) => new RandomSearch({ seed }))) {
 *   Deno.test(name, run);
 * }
 * ```
 */
export function algorithmTests(
  name: string,
  factory: AlgorithmFactory,
  options: AlgorithmTestOptions = {},
): ConformanceTest[] {
  const { permutationTolerance = 1e-9, propertyRuns = 12 } = options;
  const tests: ConformanceTest[] = [];
  const test = (title: string, run: () => Promise<void>): void =>
    void tests.push({ name: `${name} ${title}`, run });
  const suggest = async (
    observed: Observed,
    options?: SuggestOptions,
    seed = 1,
  ): Promise<Float64Array> => {
    const point = await (await factory(seed)).observeAndSuggest(observed, options);
    assertPoint(point, observed.points[0]?.length ?? options!.dimension!);
    return point;
  };

  test("has a name that can be a file's", async () => {
    assert(/^[a-z][a-z0-9-]*$/.test((await factory(1)).name));
  });

  for (const dimension of [1, 2, 16, 18]) {
    test(`suggests a point of the cube of ${dimension} dimensions`, async () => {
      await suggest(sampleHistory(6, dimension));
    });
  }

  test("starts from nothing, and from one observation", async () => {
    const nothing = { points: [], responses: [] };
    await suggest(nothing, { dimension: 3 });
    await suggest({ ...nothing, running: [[0.5, 0.5]] }, { dimension: 2 });
    await suggest(sampleHistory(1, 3));
    await suggest({ points: [[0]], responses: [0] });
  });

  test("suggests other points first while nothing is observed and some points are running", async () => {
    const running: Float64Array[] = [];
    for (let k = 0; k < 4; k++) {
      const point = await suggest({ points: [], responses: [], running }, { dimension: 2, key: k });
      assert(running.every((other) => other.some((x, j) => x !== point[j])), `${point} again`);
      running.push(point);
    }
  });

  for (const [title, history] of Object.entries(hardHistories())) {
    test(`copes with ${title}`, async () => void await suggest(history));
  }

  test("suggests a valid point for any history", async () => {
    const property = fc.asyncProperty(anyHistory, async (rows) => {
      await suggest({ points: rows.map(([x]) => x), responses: rows.map(([, y]) => y) });
    });
    await fc.assert(property, { numRuns: propertyRuns, seed: 20 });
  });

  test("does not suggest a point again that failed, or that is running", async () => {
    const history = sampleHistory(10, 2);
    const first = await suggest(history);
    const failed = { points: [...history.points, first], responses: [...history.responses, NaN] };
    assertNotEquals(await suggest(failed), first);
    assertNotEquals(await suggest({ ...history, running: [first] }), first);
  });

  test("leaves its arguments alone", async () => {
    const observed = { ...sampleHistory(6, 3), running: sampleHistory(2, 3, 2).points };
    const rows = sampleHistory(4, 3, 1).points;
    const copy = structuredClone({ observed, rows });
    const algorithm = await factory(1);
    await algorithm.observeAndSuggest(observed);
    await algorithm.observeAndChoose(observed, rows);
    assertEquals({ observed, rows }, copy);
  });

  test("takes any array of numbers, and answers the same", async () => {
    const { points, responses } = sampleHistory(6, 3);
    const plain = { points: points.map((point) => Array.from(point)), responses: [...responses] };
    assertEquals(await suggest(plain), await suggest({ points, responses }));
  });

  test("chooses the only row, and an index of several", async () => {
    const history = sampleHistory(8, 4), algorithm = await factory(1);
    assertEquals(await algorithm.observeAndChoose(history, [[0, 1, 0.5, 0.5]]), 0);
    const rows = [...sampleHistory(7, 4, 1).points, history.points[0]];
    const hopeless = { ...history, responses: new Float64Array(8).fill(NaN) };
    const nothing = { points: [], responses: [] };
    for (const observed of [history, hopeless, nothing]) {
      const index = await algorithm.observeAndChoose(observed, rows);
      assert(Number.isInteger(index) && index >= 0 && index < rows.length, `got ${index}`);
    }
  });

  test("suggests the same again, whatever it was asked before", async () => {
    const history = sampleHistory(9, 3), other = sampleHistory(5, 2);
    const expected = await suggest(history);
    assertEquals(await suggest(history), expected, "another instance");
    const busy = await factory(1);
    await busy.observeAndSuggest(other);
    await busy.observeAndChoose(other, other.points);
    assertEquals(await busy.observeAndSuggest(history), expected, "a used instance");
    assertEquals(await busy.observeAndSuggest(history), expected, "once more");
  });

  test("suggests something else for another seed, and for another key", async () => {
    const history = sampleHistory(6, 3), point = await suggest(history);
    assertEquals(await suggest(history, { key: 0 }), point, "key 0 is that of no key");
    assertNotEquals(await suggest(history, {}, 2), point);
    assertNotEquals(await suggest(history, { key: 1 }), point);
  });

  test("does not depend on the order of the history", async () => {
    const { points, responses } = sampleHistory(10, 3);
    const order = [...Random.of("order").permutation(10)];
    const expected = await suggest({ points, responses });
    const permuted = await suggest({
      points: order.map((i) => points[i]),
      responses: order.map((i) => responses[i]),
    });
    permuted.forEach((v, j) => {
      assert(
        Math.abs(v - expected[j]) <= permutationTolerance,
        `got ${v}, expected ${expected[j]}`,
      );
    });
  });

  for (const { title, call, errorClass, message } of invalidCalls()) {
    test(`refuses ${title}`, async () => {
      const algorithm = await factory(1);
      await assertRejects(() => call(algorithm), errorClass, message);
    });
  }

  return [...tests, ...coordinateTests(name, factory)];
}

/** Histories that break models. */
function hardHistories(): Record<string, Observed> {
  return {
    "responses that are all the same": { ...sampleHistory(8, 2), responses: Array(8).fill(0.7) },
    "responses that are all zero": { ...sampleHistory(8, 2), responses: new Float64Array(8) },
    "responses of 1e300 and -1e300": {
      ...sampleHistory(4, 2),
      responses: [1e300, -1e300, 1, 1e300],
    },
    "responses of 1e-300": { ...sampleHistory(3, 2), responses: [1e-300, 2e-300, 0] },
    "one outlier": { ...sampleHistory(5, 2), responses: [0.5, 0.6, -1e12, 0.55, 0.4] },
    "NaN and infinite responses": {
      ...sampleHistory(7, 2),
      responses: [NaN, 0.3, Infinity, 0.5, -Infinity, 0.2, NaN],
    },
    "no finite response at all": { ...sampleHistory(3, 2), responses: [NaN, NaN, -Infinity] },
    "a point that was tried twelve times": {
      points: Array.from({ length: 12 }, () => [0.4, 0.6]),
      responses: Array.from({ length: 12 }, (_, i) => i / 12),
    },
    "corners only": { points: [[0, 0], [0, 1], [1, 0], [1, 1]], responses: [0, 1, 2, 3] },
    "twenty points within 2e-4": {
      points: Array.from({ length: 20 }, (_, i) => [0.5 + 1e-5 * i, 0.5 - 1e-5 * i, 0.2]),
      responses: Array.from({ length: 20 }, (_, i) => Math.sin(i)),
    },
    "more running points than observed ones": {
      ...sampleHistory(3, 2),
      running: sampleHistory(9, 2, 1).points,
    },
  };
}

const anyHistory = fc.integer({ min: 1, max: 5 }).chain((dimension) => {
  const coordinate = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 0.5, 1),
  );
  const response = fc.oneof(
    fc.double({ min: -2, max: 2, noNaN: true }),
    fc.constantFrom(0, 1, NaN, Infinity, -Infinity, 1e300, -1e300, 1e-300),
  );
  const point = fc.array(coordinate, { minLength: dimension, maxLength: dimension });
  return fc.array(fc.tuple(point, response), { minLength: 1, maxLength: 12 });
});

interface InvalidCall {
  title: string;
  call(algorithm: Algorithm): Promise<unknown>;
  errorClass: typeof TypeError | typeof RangeError;
  message: string;
}

/** Calls that have to be refused, and what the message has to say. */
function invalidCalls(): InvalidCall[] {
  const suggest = (
    title: string,
    observed: unknown,
    message: string,
    options = {},
  ): InvalidCall => ({
    title,
    call: (algorithm) => algorithm.observeAndSuggest(observed as Observed, options),
    errorClass: message.startsWith("must be in") || message.startsWith("'key'")
      ? RangeError
      : TypeError,
    message,
  });
  const choose = (title: string, rows: number[][], message: string): InvalidCall => ({
    title,
    call: (algorithm) => algorithm.observeAndChoose({ points: [[0.5, 0.5]], responses: [1] }, rows),
    errorClass: message.startsWith("must be in") ? RangeError : TypeError,
    message,
  });
  const one = { points: [[0.5, 0.5]], responses: [1] };
  return [
    suggest("nothing observed without a dimension", { points: [], responses: [] }, "'dimension'"),
    suggest("no observations", undefined, "got undefined"),
    suggest("points that are no array", { points: 1, responses: [] }, "got 1"),
    suggest("ragged points", { points: [[0.5, 0.5], [1]], responses: [1, 2] }, "got 1"),
    suggest("points without coordinates", { points: [[]], responses: [1] }, "got 0"),
    suggest("points of text", { points: [["0.5"]], responses: [1] }, "an array of length 1"),
    suggest("responses of text", { ...one, responses: ["1"] }, "an array of length 1"),
    suggest("one response too few", { ...one, points: [[0], [1]] }, "1 values for 2 points"),
    suggest(
      "a coordinate above 1",
      { points: [[0.5, 1.5]], responses: [1] },
      "must be in [0, 1]: got 1.5",
    ),
    suggest(
      "a coordinate below 0",
      { points: [[-0.1]], responses: [1] },
      "must be in [0, 1]: got -0.1",
    ),
    suggest(
      "a coordinate that is NaN",
      { points: [[NaN]], responses: [1] },
      "must be in [0, 1]: got NaN",
    ),
    suggest("running points of another dimension", { ...one, running: [[1]] }, "got 1"),
    suggest("another dimension than told", one, "got 2", { dimension: 3 }),
    suggest("a key that is no integer", one, "'key' must be an integer: got 0.5", { key: 0.5 }),
    choose("no row", [], "an array of length 0"),
    choose("rows of another dimension", [[1]], "got 1"),
    choose("a row outside", [[2, 0]], "must be in [0, 1]: got 2"),
  ];
}
