import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Random } from "../../core/search/random.ts";
import { orderedContextSearch } from "../../tasks/shared/ordered_context.ts";

Deno.test("with positions in the context, suggestions are points as before but depend on the order", async () => {
  const random = Random.of("ordered context");
  const points = Array.from({ length: 8 }, () => random.point(3));
  const responses = points.map((point) => -((point[0] - 0.3) ** 2));
  const search = orderedContextSearch({ seed: 1 });
  const next = await search.observeAndSuggest({ points, responses });
  assertEquals(next.length, 3);
  assert(next.every((v) => v >= 0 && v <= 1));
  const reversed = { points: points.toReversed(), responses: responses.toReversed() };
  assertNotEquals(await search.observeAndSuggest(reversed), next);
  const rows = [points[0], random.point(3)];
  const index = await search.observeAndChoose({ points, responses }, rows);
  assert(index === 0 || index === 1);
});
