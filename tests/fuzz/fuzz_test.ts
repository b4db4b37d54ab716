import { assert, assertEquals } from "@std/assert";
import { Random } from "../../core/search/random.ts";
import { fuzz } from "./fuzz.ts";
import { mutateBytes, mutateJson } from "./mutations.ts";
import { readers } from "./readers.ts";

/** Readers that fill a cache for every file. */
const costly = ["archive", "manifest"];

for (const reader of readers) {
  Deno.test(`damaged files end in a value or in an error with a place: ${reader.name}`, async () => {
    const { tried, accepted, refused, crashes } = await fuzz(reader, {
      count: costly.includes(reader.name) ? 50 : 150,
      seed: 1,
    });
    assertEquals(crashes, []);
    assertEquals(accepted + refused, tried);
    assert(accepted > 0 && refused > 0, `${accepted} read, ${refused} refused`);
  });

  Deno.test(`undamaged files are read: ${reader.name}`, async () => {
    for (const file of await reader.corpus()) await reader.read(file);
  });
}

Deno.test("the fuzzer finds a reader that crashes", async () => {
  const report = await fuzz({
    name: "careless",
    corpus: () => Promise.resolve([new TextEncoder().encode('{"a": [1, 2, 3]}')]),
    read: (file) => JSON.parse(new TextDecoder().decode(file)).a.length,
  }, { count: 50, seed: 1 });
  assert(report.crashes.length > 10 && report.accepted > 0);
});

Deno.test("the same seed damages a file in the same way", () => {
  const file = new TextEncoder().encode('{"a": [1, 2, {"b": "c"}], "d": null}');
  for (let seed = 0; seed < 200; seed++) {
    const [one, two] = [0, 1].map(() => mutateBytes(file, Random.of(seed)));
    assertEquals(one, two);
    const text = new TextDecoder().decode(file);
    assertEquals(mutateJson(text, Random.of(seed)), mutateJson(text, Random.of(seed)));
  }
});
