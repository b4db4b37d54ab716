import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { startBackend } from "../../../../core/diffusion/backend.ts";
import { Network } from "../../../../core/diffusion/network.ts";
import {
  firstObservations,
  makeOwnHistories,
  ownHistorySize,
  ownHistoryStart,
  tasksOf,
} from "../../../../core/diffusion/training/own_histories.ts";
import type { TaskOptions } from "../../../../core/diffusion/training/synthetic_task.ts";
import { pretrainedModel } from "../../../../core/diffusion/pretrained.ts";
import { PretrainingSampler } from "../../../../core/diffusion/training/pretraining_sampler.ts";
import { snap } from "../../../../core/search/coordinates.ts";
import { Random } from "../../../../core/search/random.ts";

await startBackend("wasm");
const shape = { key: ["own histories test"], contexts: 12, dimension: 3, isMixed: false };
const plain = { noisyShare: 0, failingShare: 0 };

async function search(of = shape, options: TaskOptions = plain) {
  const { parameters, schedule } = await pretrainedModel();
  const network = new Network(parameters, { schedule });
  const searches = await makeOwnHistories(network, of, options);
  network.dispose();
  return searches;
}
const searches = await search();
const tasks = tasksOf(searches, plain);

Deno.test("searches lie in the cube, and are a function of weights and key", async () => {
  assertEquals(searches.x.length, 12 * ownHistorySize * 3);
  assert(searches.x.every((x) => x >= 0 && x <= 1));
  assertEquals(await search(), searches);
});

Deno.test("a search hardly ever finds worse points than as many random ones", () => {
  const random = Random.of("rival");
  const histories = firstObservations(searches, tasks, ownHistorySize);
  const wins = tasks.filter((task, b) => {
    const { x, y } = histories[b];
    const rival = task.evaluate(
      Float64Array.of(
        ...x.subarray(0, ownHistoryStart * 3),
        ...random.point(3 * (ownHistorySize - ownHistoryStart)),
      ),
    );
    return Math.max(...y) >= Math.max(...rival);
  });
  assert(wins.length >= 9, `it won ${wins.length} of 12`);
});

Deno.test("a batch of own histories holds the first points of each search with true responses", () => {
  const sampler = new PretrainingSampler({
    contexts: 12,
    candidates: 40,
    dimensions: { smallest: 3, largest: 3, focus: 3, focusShare: 0 },
    ownShare: 1,
    localShare: 0,
    runningShare: 0,
    task: plain,
  });
  const sizes = Array.from({ length: 20 }, (_, i) => {
    const batch = sampler.next(Random.of("own batch", i), { own: [searches] });
    const { contextSize: n, contextX, contextY } = batch;
    const histories = firstObservations(searches, tasks, n);
    histories.forEach(({ x, y }, b) => {
      assertEquals(contextX.subarray(b * n * 3, (b + 1) * n * 3), Float32Array.from(x));
      const best = Math.max(...y);
      y.forEach((value, k) => assertAlmostEquals(contextY[b * n + k], value - best, 1e-5));
    });
    return n;
  });
  assert(Math.min(...sizes) >= ownHistoryStart && Math.max(...sizes) <= ownHistorySize);
  assert(new Set(sizes).size > 5);
});

Deno.test("own histories are used in the asked share of the batches", () => {
  const share = (ownShare: number): number => {
    const sampler = new PretrainingSampler({
      contexts: 12,
      candidates: 20,
      contextSizes: { smallest: 5, largest: 6 },
      ownShare,
      localShare: 0,
      task: plain,
    });
    const first = searches.x.subarray(0, 3 * ownHistoryStart);
    const batches = Array.from(
      { length: 60 },
      (_, i) => sampler.next(Random.of("share", i), { own: [searches] }),
    );
    return batches.filter(({ contextX }) => first.every((x, j) => contextX[j] === x)).length / 60;
  };
  assertEquals(share(1), 1);
  assertEquals(share(0), 0);
  assertAlmostEquals(share(0.5), 0.5, 0.2);
});

Deno.test("searches of known spaces are points of these spaces, with noise and failures of their own", async () => {
  const mixed = { ...shape, key: ["mixed"], dimension: 7, isMixed: true };
  const options = { noisyShare: 1, failingShare: 1 };
  const found = await search(mixed, options);
  tasksOf(found, options).forEach((task, b) => {
    for (let i = 0; i < ownHistorySize; i++) {
      const point = found.x.subarray((b * ownHistorySize + i) * 7).slice(0, 7);
      assertEquals(Float32Array.from(snap(point, task.coordinates!)), point);
    }
    const [{ y, measured }] = firstObservations(found, [task], ownHistorySize);
    assert(y.some((response) => response > -Infinity));
    y.forEach((response, i) => assertEquals(response === -Infinity, measured[i] === -Infinity));
    assert(y.some((response, i) => response !== measured[i]));
  });
});
