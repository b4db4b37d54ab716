import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { PretrainingSampler } from "../../../../core/diffusion/training/pretraining_sampler.ts";
import type { PretrainingSamplerOptions } from "../../../../core/diffusion/training/pretraining_sampler_settings.ts";
import { pointStatuses } from "../../../../core/diffusion/features.ts";
import { Random } from "../../../../core/search/random.ts";
import { flagValues, type TrainingBatch } from "../../../../core/diffusion/training_batch.ts";

const only = (dimension: number, contextSize: number): PretrainingSamplerOptions => ({
  dimensions: { smallest: dimension, largest: dimension, focus: dimension, focusShare: 0 },
  contextSizes: { smallest: contextSize, largest: contextSize },
  mixedShare: 0,
});

/** Tasks without noise and failures, of which no run is running. */
const plain = { task: { noisyShare: 0, failingShare: 0 }, runningShare: 0 };

/** The settings of the prototype that benches/prior_peer.py restates. */
const prototype: PretrainingSamplerOptions = {
  task: {
    ...plain.task,
    surface: { smoothShare: 0, plateauShare: 0, surrogateShare: 0, interiorShare: 0 },
  },
  runningShare: 0,
  visitedShare: 0,
  context: { exploitationShare: 0, skewedShare: 0, imputedShare: 0 },
};

const share = (values: ArrayLike<number>, holds: (value: number) => boolean) =>
  Array.from(values).filter(holds).length / values.length;

Deno.test("batches of 1 to 20 dimensions have the promised shapes and ranges, without NaN", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (seed, most, n, isMixed) => {
        const mixed = { mixedShare: isMixed ? 1 : 0, largestMixed: most };
        const sampler = new PretrainingSampler({ ...only(most, n), ...mixed, contexts: 2 });
        const batch = sampler.next(Random.of(seed));
        const { contexts: B, queries: K, headQueries: M, dimension: d } = batch;
        assertEquals([B, batch.contextSize, K, M], [2, n, 16, 12]);
        assert(isMixed ? d <= most : d === most);
        const inCube = (values: Float32Array) => values.every((x) => x >= 0 && x <= 1);
        assert(inCube(batch.contextX) && inCube(batch.queryX) && inCube(batch.headX));
        assertEquals(batch.contextX.length, B * n * d);
        assertEquals(batch.queryX.length, B * K * d);
        assertEquals(batch.headX.length, B * M * d);
        assertEquals(batch.noise.length, B * K * d);
        assert(batch.noise.every(Number.isFinite));
        assert(!batch.headImprovement.some(Number.isNaN));
        assertEquals(batch.headImprovement.length, B * M);
        assert(batch.timestep.every((t) => t >= 1 && t <= 1000));
        assert(batch.improvementFlag.every((flag) => [0, 1, 2].includes(flag)));
        for (let b = 0; b < B; b++) {
          assertEquals(Math.max(...batch.contextY.subarray(b * n, (b + 1) * n)), 0);
        }
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("a batch is a pure function of options and stream, whatever the sampler did before", () => {
  const sampler = new PretrainingSampler({ contexts: 2 });
  const first = sampler.next(Random.of("pure", 1));
  sampler.next(Random.of("other"));
  assertEquals(sampler.next(Random.of("pure", 1)), first);
  assertEquals(new PretrainingSampler({ contexts: 2 }).next(Random.of("pure", 1)), first);
});

Deno.test("batches with one shape stream have one shape and different content", () => {
  const sampler = new PretrainingSampler({ contexts: 1 });
  for (let step = 0; step < 10; step++) {
    const [a, b] = [0, 1].map((shard) =>
      sampler.next(Random.of(step, shard), { shape: Random.of("shape", step) })
    );
    assertEquals([a.dimension, a.contextSize], [b.dimension, b.contextSize]);
    assert(a.contextX.some((x, i) => x !== b.contextX[i]));
  }
});

Deno.test("a local view shows the points around the best ones, and the surface there", () => {
  const sizes = (localShare: number) => {
    const sampler = new PretrainingSampler({
      ...only(2, 40),
      candidates: 40,
      task: { ...plain.task, surface: { smoothShare: 1, plateauShare: 0 } },
      runningShare: 0,
      localShare,
    });
    const batches = Array.from({ length: 8 }, (_, i) => sampler.next(Random.of("view", i)));
    for (const { contextSizes, contextX, contextY, headImprovement } of batches) {
      assert(headImprovement.every(Number.isFinite));
      contextSizes!.forEach((size, b) => {
        const padding = (values: Float32Array, width: number) =>
          values.subarray((b * 40 + size) * width, (b + 1) * 40 * width);
        assert([...padding(contextX, 2), ...padding(contextY, 1)].every((value) => value === 0));
      });
    }
    return batches.flatMap(({ contextSizes }) => [...contextSizes!]);
  };
  assert(sizes(0).every((size) => size === 40));
  const local = sizes(1);
  assert(local.every((size) => size >= 4)); // d + 2
  assert(share(local, (size) => size < 40) > 0.8);
});

// From the PyTorch restatement: python3 benches/prior_peer.py shares
const peer = [
  { n: 5, better: 0.1816, flagged: 0.6597, median: -0.82 },
  { n: 20, better: 0.1005, flagged: 0.6576, median: -0.831 },
  { n: 55, better: 0.0653, flagged: 0.6521, median: -1.014 },
];

for (const { n, better, flagged, median } of peer) {
  Deno.test(`in contexts of ${n} points, candidates improve as often as in PyTorch`, () => {
    const sampler = new PretrainingSampler({
      ...prototype,
      ...only(16, n),
      flagDropout: 0,
      queries: 12,
      headQueries: 20,
    });
    const random = Random.of("shares", n);
    const batches = Array.from({ length: 60 }, () => sampler.next(random));
    const improvement = batches.flatMap((batch) => [...batch.headImprovement]);
    const flags = batches.flatMap((batch) => [...batch.improvementFlag]);
    // The standard error over 60 batches of 16 surfaces is below .007, at n = 5.
    assertAlmostEquals(share(improvement, (u) => u > 1e-6), better, 0.02);
    assertAlmostEquals(share(flags, (flag) => flag === flagValues.better), flagged, 0.02);
    improvement.sort((a, b) => a - b);
    assertAlmostEquals(improvement[improvement.length >> 1], median, 0.12);
  });
}

Deno.test("improvements get rarer with the size of the context, in low dimension as well", () => {
  const rate = (n: number) => {
    const sampler = new PretrainingSampler({ ...only(4, n), ...plain, candidates: 40 });
    const random = Random.of("rate", n);
    const batches = Array.from({ length: 20 }, () => sampler.next(random));
    return share(batches.flatMap((batch) => [...batch.headImprovement]), (u) => u > 1e-6);
  };
  const rates = [5, 20, 55].map(rate);
  assert(rates[0] > rates[1] && rates[1] > rates[2] && rates[2] > 0.01);
});

Deno.test("flags are dropped at the asked rate and timesteps are uniform", () => {
  const sampler = new PretrainingSampler({
    ...only(2, 5),
    candidates: 40,
    flagDropout: 0.4,
  });
  const random = Random.of("dropout");
  const batches = Array.from({ length: 40 }, () => sampler.next(random));
  const flags = batches.flatMap((batch) => [...batch.improvementFlag]);
  assertAlmostEquals(share(flags, (flag) => flag === flagValues.dropped), 0.4, 0.03);
  const timesteps = batches.flatMap((batch) => [...batch.timestep]);
  for (let tenth = 1; tenth <= 10; tenth++) {
    assertAlmostEquals(share(timesteps, (t) => Math.ceil(t / 100) === tenth), 0.1, 0.02);
  }
});

/** Settings under which every query is one of the head's queries, whose improvement is known. */
const transparent = {
  ...plain,
  generations: 1,
  candidates: 100,
  headQueries: 100,
  visitedShare: 0,
  flagDropout: 0,
};

/** For every query, the improvements of its context's candidates and the candidate that it is. */
function identify(batch: TrainingBatch): { candidate: number; improvements: Float32Array }[] {
  const { queries: K, headQueries: M, dimension: d } = batch;
  return Array.from(batch.improvementFlag, (_, row) => {
    const first = Math.floor(row / K) * M;
    const query = batch.queryX.subarray(row * d, (row + 1) * d).join();
    const candidates = Array.from({ length: M }, (_, m) => first + m);
    const candidate = candidates.findIndex((m) =>
      batch.headX.subarray(m * d, (m + 1) * d).join() === query
    );
    return { candidate, improvements: batch.headImprovement.subarray(first, first + M) };
  });
}

Deno.test("flags are strict: a candidate that ties with the best of its context is not better", () => {
  const task = { ...plain.task, surface: { plateauShare: 1 } };
  const options = { ...transparent, ...only(3, 6), task };
  const batch = new PretrainingSampler(options).next(Random.of("ties"));
  let ties = 0;
  identify(batch).forEach(({ candidate, improvements }, row) => {
    const isBetter = improvements[candidate] > 1e-6;
    assertEquals(batch.improvementFlag[row], isBetter ? flagValues.better : flagValues.worse);
    if (improvements[candidate] === 0) ties++;
  });
  assert(ties > 0);
});

Deno.test("a large exponent picks the best candidate, exponent 0 any better one", () => {
  const ranks = (improvementExponent: number) => {
    const options = { ...transparent, ...only(3, 6), improvementExponent };
    const batch = new PretrainingSampler(options).next(Random.of("exponent"));
    return identify(batch)
      .filter((_, row) => batch.improvementFlag[row] === flagValues.better)
      .map(({ candidate, improvements }) =>
        improvements.filter((u) => u > improvements[candidate]).length
      );
  };
  assert(share(ranks(500), (rank) => rank === 0) > 0.9);
  assert(share(ranks(0), (rank) => rank === 0) < 0.5);
});

Deno.test("failed and running points are told apart, and the last ones are running", () => {
  const sampler = new PretrainingSampler({
    ...only(4, 30),
    task: { failingShare: 1, noisyShare: 0 },
    runningShare: 1,
  });
  const { measured, failed, running } = pointStatuses;
  const counts = { [measured]: 0, [failed]: 0, [running]: 0 };
  for (let i = 0; i < 10; i++) {
    const { contextStatus, contextSizes, contextY } = sampler.next(Random.of("status", i));
    contextSizes!.forEach((size, c) => {
      const statuses = [...contextStatus!.subarray(c * 30, c * 30 + size)];
      const first = statuses.indexOf(running);
      assert(first < 0 || statuses.slice(first).every((status) => status === running));
      assert(statuses.includes(measured));
      statuses.forEach((status, k) => {
        counts[status as 0 | 1 | 2]++;
        if (status !== measured) assertEquals(contextY[c * 30 + k], 0);
      });
    });
  }
  assert(counts[measured] > 2000 && counts[failed] > 300 && counts[running] > 300);
});

Deno.test("with noise, the best of a context is hard to beat only if it is truly good", () => {
  const better = (noisyShare: number) => {
    const sampler = new PretrainingSampler({
      ...only(3, 20),
      ...plain,
      task: { ...plain.task, noisyShare },
      visitedShare: 1,
    });
    const batches = Array.from({ length: 20 }, (_, i) => sampler.next(Random.of("noisy", i)));
    return share(batches.flatMap((batch) => [...batch.headImprovement]), (u) => u > 1e-6);
  };
  // Improvements of visited points are from the best measurement: with noise, some truly better one has lost.
  assertEquals(better(0), 0);
  assert(better(1) > 0.005);
});

Deno.test("dimensions follow their distribution", () => {
  const sampler = new PretrainingSampler();
  const random = Random.of("dimensions");
  const shapes = Array.from({ length: 4000 }, () => sampler.drawShape(random));
  assertAlmostEquals(shapes.filter(({ isMixed }) => isMixed).length / 4000, 0.2, 0.03);
  const drawn = shapes.filter(({ isMixed }) => !isMixed).map(({ dimension }) => dimension);
  const mixed = shapes.filter(({ isMixed }) => isMixed).map(({ dimension }) => dimension);
  assertEquals([Math.min(...mixed), Math.max(...mixed)], [3, 40]);
  assertAlmostEquals(
    share(drawn, (d) => d === 16),
    0.35 + 0.65 * Math.log(17 / 16) / Math.log(21),
    0.03,
  );
  assertEquals(new Set(drawn), new Set(Array.from({ length: 20 }, (_, i) => i + 1)));
});

Deno.test("options out of range are refused with what was given", () => {
  assertThrows(
    () => new PretrainingSampler({ headQueries: 30, candidates: 20 }),
    RangeError,
    "Cannot sample as 'headQueries' must be at most 'candidates': got 30",
  );
  assertThrows(
    () => new PretrainingSampler({ contextSizes: { smallest: 0, largest: 5 } }),
    RangeError,
    "'contextSizes.smallest' must be at least 1: got 0",
  );
});

Deno.test("with a measured table, queries are at its best rows, which the proposal would not find", () => {
  const dimension = 6, size = 200, random = Random.of("measured table");
  const rows = Array.from({ length: size }, (_, i) => {
    const point = random.point(dimension);
    return i < 20 ? point.map((x) => 0.9 + 0.1 * x) : point;
  });
  const isGood = (point: ArrayLike<number>): boolean => Array.from(point).every((x) => x > 0.75);
  const table = {
    dimension,
    size,
    x: Float64Array.from(rows.flatMap((row) => [...row])),
    y: Float64Array.from(rows, (row) => isGood(row) ? 1 : 0.01 * row[0]),
  };
  const options = {
    contexts: 12,
    contextSizes: { smallest: 3, largest: 10 },
    localShare: 0,
    flagDropout: 0,
    runningShare: 0,
    task: { noisyShare: 0, failingShare: 0, tableShare: 1 },
  };
  const batch = new PretrainingSampler(options, [table]).next(Random.of("rows of a table"));
  let better = 0, good = 0;
  for (let c = 0; c < batch.contexts; c++) {
    const seen = Array.from({ length: batch.contextSize }, (_, i) => {
      const from = (c * batch.contextSize + i) * dimension;
      return batch.contextX.subarray(from, from + dimension);
    });
    if (seen.some(isGood)) continue; // nothing is left to find
    for (let k = 0; k < batch.queries; k++) {
      const query = c * batch.queries + k;
      if (batch.improvementFlag[query] !== flagValues.better) continue;
      better++;
      if (isGood(batch.queryX.subarray(query * dimension, (query + 1) * dimension))) good++;
    }
  }
  assert(better > 30, `${better} queries are to be better`);
  assert(good > 0.8 * better, `${good} of ${better} are at good rows`);
});
