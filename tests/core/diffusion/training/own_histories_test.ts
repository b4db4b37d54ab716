import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { startBackend } from "../../../../core/diffusion/backend.ts";
import { Network } from "../../../../core/diffusion/network.ts";
import {
  firstObservations,
  makeOwnHistories,
  ownHistorySize,
  ownHistoryStart,
  surfacesOf,
} from "../../../../core/diffusion/training/own_histories.ts";
import { pretrainedModel } from "../../../../core/diffusion/pretrained.ts";
import { PretrainingSampler } from "../../../../core/diffusion/training/pretraining_sampler.ts";
import { Random } from "../../../../core/search/random.ts";

await startBackend("wasm");
const shape = { key: ["own histories test"], contexts: 12, dimension: 3 };

async function search() {
  const { parameters, schedule } = await pretrainedModel();
  const network = new Network(parameters, { schedule });
  const searches = await makeOwnHistories(network, shape);
  network.dispose();
  return searches;
}
const searches = await search();
const surfaces = surfacesOf(searches);

Deno.test("searches lie in the cube, and are a function of weights and key", async () => {
  assertEquals(searches.x.length, 12 * ownHistorySize * 3);
  assert(searches.x.every((x) => x >= 0 && x <= 1));
  assertEquals(await search(), searches);
});

Deno.test("a search hardly ever finds worse points than as many random ones", () => {
  const random = Random.of("rival");
  const histories = firstObservations(searches, surfaces, ownHistorySize);
  const wins = surfaces.filter((surface, b) => {
    const { x, y } = histories[b];
    const rival = surface.evaluate(
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
  });
  const sizes = Array.from({ length: 20 }, (_, i) => {
    const batch = sampler.next(Random.of("own batch", i), { own: [searches] });
    const { contextSize: n, contextX, contextY } = batch;
    const histories = firstObservations(searches, surfaces, n);
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

Deno.test("own histories are used in the asked share of the batches, and only for their dimension", () => {
  const share = (ownShare: number, dimension: number): number => {
    const sampler = new PretrainingSampler({
      contexts: 12,
      candidates: 20,
      contextSizes: { smallest: 5, largest: 6 },
      dimensions: { smallest: dimension, largest: dimension, focus: dimension, focusShare: 0 },
      ownShare,
      localShare: 0,
    });
    const first = searches.x.subarray(0, 3 * ownHistoryStart);
    const batches = Array.from(
      { length: 60 },
      (_, i) => sampler.next(Random.of("share", i), { own: [searches] }),
    );
    return batches.filter(({ contextX }) => first.every((x, j) => contextX[j] === x)).length / 60;
  };
  assertEquals(share(1, 3), 1);
  assertEquals(share(0, 3), 0);
  assertEquals(share(1, 4), 0);
  assertAlmostEquals(share(0.5, 3), 0.5, 0.2);
});
