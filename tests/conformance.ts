/**
 * What every {@linkcode Algorithm} has to do, as tests that any implementation can run through.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { Algorithm } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";

/** Makes the algorithm under test with a seed. */
export type AlgorithmFactory = (seed: number) => Algorithm | Promise<Algorithm>;

/** Options of {@linkcode algorithmConformance}. */
export interface ConformanceOptions {
  /**
   * URL of a module that exports `factories: Record<string, AlgorithmFactory>` with this algorithm's
   * factory under its name. Workers import it, so it must not define tests.
   */
  factories: string;
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

/** A history. */
interface History {
  x: Float64Array[];
  y: Float64Array;
}

/** n points of [0,1]^d, and a response with one optimum and a bit of noise. */
function sampleHistory(n: number, d: number, seed = 0): History {
  const random = Random.of("conformance", n, d, seed);
  const x = Array.from({ length: n }, () => random.point(d));
  const y = Float64Array.from(
    x,
    (point) => -point.reduce((sum, v) => sum + (v - 0.3) ** 2, 0) / d + 0.01 * random.normal(),
  );
  return { x, y };
}

function assertPoint(point: Float64Array, dimension: number): void {
  assert(point instanceof Float64Array, "a suggestion is a Float64Array");
  assertEquals(point.length, dimension);
  for (const v of point) assert(v >= 0 && v <= 1, `got the coordinate ${v}`);
}

/** Registers the tests of the algorithm `name`. */
export function algorithmConformance(
  name: string,
  factory: AlgorithmFactory,
  options: ConformanceOptions,
): void {
  const { factories, permutationTolerance = 1e-9, propertyRuns = 12 } = options;
  const test = (title: string, body: () => Promise<void>) => Deno.test(`${name} ${title}`, body);
  const suggest = async ({ x, y }: History, seed = 1): Promise<Float64Array> => {
    const point = await (await factory(seed)).observeAndSuggest(x, y);
    assertPoint(point, x[0].length);
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

  test("starts from one observation", async () => {
    await suggest(sampleHistory(1, 3));
    await suggest({ x: [Float64Array.of(0)], y: Float64Array.of(0) });
  });

  const hardHistories: Record<string, History> = {
    "responses that are all the same": { ...sampleHistory(8, 2), y: new Float64Array(8).fill(0.7) },
    "responses that are all zero": { ...sampleHistory(8, 2), y: new Float64Array(8) },
    "responses of 1e300 and -1e300": {
      ...sampleHistory(4, 2),
      y: Float64Array.of(1e300, -1e300, 1, 1e300),
    },
    "responses of 1e-300": { ...sampleHistory(3, 2), y: Float64Array.of(1e-300, 2e-300, 0) },
    "one outlier": { ...sampleHistory(5, 2), y: Float64Array.of(0.5, 0.6, -1e12, 0.55, 0.4) },
    "NaN and infinite responses": {
      ...sampleHistory(7, 2),
      y: Float64Array.of(NaN, 0.3, Infinity, 0.5, -Infinity, 0.2, NaN),
    },
    "no finite response at all": {
      ...sampleHistory(3, 2),
      y: Float64Array.of(NaN, NaN, -Infinity),
    },
    "a point that was tried twelve times": {
      x: Array.from({ length: 12 }, () => Float64Array.of(0.4, 0.6)),
      y: Float64Array.from({ length: 12 }, (_, i) => i / 12),
    },
    "corners only": {
      x: [[0, 0], [0, 1], [1, 0], [1, 1]].map((point) => Float64Array.from(point)),
      y: Float64Array.of(0, 1, 2, 3),
    },
    "twenty points within 2e-4": {
      x: Array.from({ length: 20 }, (_, i) => Float64Array.of(0.5 + 1e-5 * i, 0.5 - 1e-5 * i, 0.2)),
      y: Float64Array.from({ length: 20 }, (_, i) => Math.sin(i)),
    },
  };
  for (const [title, history] of Object.entries(hardHistories)) {
    test(`copes with ${title}`, async () => void await suggest(history));
  }

  test("suggests a valid point for any history", async () => {
    const responses = fc.oneof(
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.constantFrom(0, 1, NaN, Infinity, -Infinity, 1e300, -1e300, 1e-300),
    );
    const coordinates = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0, 0.5, 1),
    );
    const histories = fc.integer({ min: 1, max: 5 }).chain((d) =>
      fc.array(
        fc.tuple(fc.array(coordinates, { minLength: d, maxLength: d }), responses),
        { minLength: 1, maxLength: 12 },
      )
    );
    const property = fc.asyncProperty(histories, async (rows) => {
      await suggest({
        x: rows.map(([x]) => Float64Array.from(x)),
        y: Float64Array.from(rows, ([, y]) => y),
      });
    });
    await fc.assert(property, { numRuns: propertyRuns, seed: 20 });
  });

  test("does not suggest a point again that failed", async () => {
    const { x, y } = sampleHistory(10, 2);
    const failed = await suggest({ x, y });
    const next = await suggest({ x: [...x, failed], y: Float64Array.of(...y, NaN) });
    assertNotEquals(next, failed);
  });

  test("leaves its arguments alone", async () => {
    const { x, y } = sampleHistory(6, 3), xPen = sampleHistory(4, 3, 1).x;
    const copies = [x.map((row) => row.slice()), y.slice(), xPen.map((row) => row.slice())];
    const algorithm = await factory(1);
    await algorithm.observeAndSuggest(x, y);
    await algorithm.observeAndSuggest(x, y, xPen);
    assertEquals([x, y, xPen], copies);
  });

  test("chooses the only pending point, and an index of several", async () => {
    const { x, y } = sampleHistory(8, 4), algorithm = await factory(1);
    assertEquals(await algorithm.observeAndSuggest(x, y, [Float64Array.of(0, 1, 0.5, 0.5)]), 0);
    const xPen = [...sampleHistory(7, 4, 1).x, x[0]];
    const index = await algorithm.observeAndSuggest(x, y, xPen);
    assert(Number.isInteger(index) && index >= 0 && index < xPen.length, `got ${index}`);
    const hopeless = new Float64Array(8).fill(NaN);
    const blind = await algorithm.observeAndSuggest(x, hopeless, xPen);
    assert(Number.isInteger(blind) && blind >= 0 && blind < xPen.length, `got ${blind}`);
  });

  test("suggests the same again, whatever it was asked before", async () => {
    const history = sampleHistory(9, 3), other = sampleHistory(5, 2);
    const expected = await suggest(history);
    assertEquals(await suggest(history), expected, "another instance");
    const busy = await factory(1);
    await busy.observeAndSuggest(other.x, other.y);
    await busy.observeAndSuggest(other.x, other.y, other.x);
    assertEquals(await busy.observeAndSuggest(history.x, history.y), expected, "a used instance");
    assertEquals(await busy.observeAndSuggest(history.x, history.y), expected, "once more");
  });

  test("suggests the same in other processes, however many there are", async () => {
    const histories = [sampleHistory(9, 3), sampleHistory(5, 1), sampleHistory(12, 16)];
    const expected = [];
    for (const history of histories) expected.push(await suggest(history));
    assertEquals(await inWorkers(histories.map((h) => [h])), expected, "three workers");
    assertEquals(await inWorkers([histories.toReversed()]), expected.toReversed(), "one worker");
  });

  test("suggests something else for another seed", async () => {
    const history = sampleHistory(6, 3);
    assertNotEquals(await suggest(history, 1), await suggest(history, 2));
  });

  test("does not depend on the order of the history", async () => {
    const { x, y } = sampleHistory(10, 3), order = Random.of("order").permutation(10);
    const expected = await suggest({ x, y });
    const permuted = await suggest({
      x: Array.from(order, (i) => x[i]),
      y: Float64Array.from(order, (i) => y[i]),
    });
    permuted.forEach((v, j) => {
      assert(
        Math.abs(v - expected[j]) <= permutationTolerance,
        `got ${v}, expected ${expected[j]}`,
      );
    });
  });

  const point = Float64Array.of(0.5, 0.5), one = Float64Array.of(1);
  const invalid: [string, unknown[], typeof TypeError | typeof RangeError, string][] = [
    ["an empty history", [[], new Float64Array()], TypeError, "an array of length 0"],
    ["no history", [], TypeError, "got undefined"],
    ["ragged rows", [[point, one], Float64Array.of(1, 2)], TypeError, "got 1"],
    ["rows of length zero", [[new Float64Array()], one], TypeError, "got 0"],
    ["plain arrays as rows", [[[0.5, 0.5]], one], TypeError, "an array of length 2"],
    ["plain arrays as responses", [[point], [1]], TypeError, "an array of length 1"],
    ["one response too few", [[point, point], one], TypeError, "1 values for 2 points"],
    ["a coordinate above 1", [[Float64Array.of(0.5, 1.5)], one], RangeError, "got 1.5"],
    ["a coordinate below 0", [[Float64Array.of(-0.1, 0)], one], RangeError, "got -0.1"],
    ["a coordinate that is NaN", [[Float64Array.of(NaN, 0)], one], RangeError, "got NaN"],
    ["no pending point", [[point], one, []], TypeError, "an array of length 0"],
    ["pending points of another dimension", [[point], one, [one]], TypeError, "got 1"],
    ["a pending point outside", [[point], one, [Float64Array.of(2, 0)]], RangeError, "got 2"],
  ];
  for (const [title, args, errorClass, message] of invalid) {
    test(`refuses ${title}`, async () => {
      const algorithm = await factory(1);
      const call = algorithm.observeAndSuggest.bind(algorithm) as (
        ...args: unknown[]
      ) => Promise<unknown>;
      await assertRejects(() => call(...args), errorClass, message);
    });
  }

  /** Suggestions for each worker's histories with seed 1, in order; all workers run at once. */
  async function inWorkers(shares: readonly History[][]): Promise<Float64Array[]> {
    const workers = shares.map(() =>
      new Worker(import.meta.resolve("./_conformance_worker.js"), { type: "module" })
    );
    try {
      const answers = workers.map((worker, i) =>
        new Promise<Float64Array[]>((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = (event) => {
            event.preventDefault();
            reject(new Error(event.message));
          };
          worker.postMessage({ factories, name, seed: 1, histories: shares[i] });
        })
      );
      return (await Promise.all(answers)).flat();
    } finally {
      for (const worker of workers) worker.terminate();
    }
  }
}
