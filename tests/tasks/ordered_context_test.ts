import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Random } from "../../core/search/random.ts";
import { orderedContextSearch } from "../../tasks/shared/ordered_context.ts";

Deno.test("with positions in the context, suggestions are points as before but depend on the order", async () => {
  const random = Random.of("ordered context");
  const x = Array.from({ length: 8 }, () => random.point(3));
  const y = Float64Array.from(x, (point) => -((point[0] - 0.3) ** 2));
  const search = orderedContextSearch({ seed: 1 });
  const next = await search.observeAndSuggest(x, y);
  assertEquals(next.length, 3);
  assert(next.every((v) => v >= 0 && v <= 1));
  assertNotEquals(await search.observeAndSuggest(x.toReversed(), y.toReversed()), next);
  const index = await search.observeAndSuggest(x, y, [x[0], random.point(3)]);
  assert(index === 0 || index === 1);
});
