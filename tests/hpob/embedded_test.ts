import { assertEquals } from "@std/assert";
import { HpobHandler } from "../../hpob/handler.ts";

const center = {
  name: "center",
  observeAndSuggest: () => Promise.resolve(new Float64Array(16).fill(0.5)),
  observeAndChoose: () => Promise.resolve(0),
};

Deno.test({
  name: "the embedded benchmark needs no permission",
  permissions: "none",
  async fn() {
    const handler = await HpobHandler.embedded();
    const [searchSpaceId] = handler.searchSpaces();
    for (const datasetId of handler.datasets(searchSpaceId)) {
      const run = { searchSpaceId, datasetId, seed: "test0", trials: 1 };
      assertEquals((await handler.evaluateContinuous(center, run)).length, 2);
    }
  },
});

Deno.test("the embedded benchmark is the folder hpob/mini", async () => {
  const embedded = await HpobHandler.embedded();
  const folder = await HpobHandler.open(new URL("../../hpob/mini", import.meta.url).pathname);
  assertEquals(embedded.mode, folder.mode);
  assertEquals(embedded.searchSpaces(), ["mini-xgboost"]);
  assertEquals(embedded.searchSpaces(), folder.searchSpaces());
  assertEquals(embedded.seeds(), ["test0", "test1", "test2", "test3", "test4"]);
  assertEquals(embedded.seeds(), folder.seeds());
  const [space] = embedded.searchSpaces();
  assertEquals(embedded.dimension(space), 16);
  assertEquals(embedded.dimension(space), folder.dimension(space));
  assertEquals(await embedded.descriptors(space), await folder.descriptors(space));
  assertEquals(embedded.datasets(space), [
    "spambase",
    "vehicle",
    "sonar",
    "pima",
    "vowel",
    "glass",
  ]);
  assertEquals(embedded.datasets(space), folder.datasets(space));
  for (const dataset of embedded.datasets(space)) {
    assertEquals(await embedded.table(space, dataset), await folder.table(space, dataset));
    for (const seed of embedded.seeds()) {
      const run = { searchSpaceId: space, datasetId: dataset, seed, trials: 2 };
      assertEquals(
        await embedded.evaluateContinuous(center, run),
        await folder.evaluateContinuous(center, run),
      );
    }
  }
});
