import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../../core/search/errors.ts";
import { JsonSlicer } from "../../../hpob/data/_json_slicer.ts";

/** Slices a text that arrives in pieces; returns path -> text of the value. */
function slice(
  text: string,
  options: {
    cuts?: readonly number[];
    levels?: number;
    wants?: (path: readonly string[]) => boolean;
  },
): Map<string, string> {
  const { cuts = [], levels = 2, wants = () => true } = options;
  const slices = new Map<string, string>();
  let current = "";
  let bytes: number[] = [];
  const slicer = new JsonSlicer("file.json", levels, {
    wants: (path) => {
      current = JSON.stringify(path);
      return wants(path);
    },
    bytes: (chunk) => bytes.push(...chunk),
    end: () => {
      slices.set(current, new TextDecoder().decode(new Uint8Array(bytes)));
      bytes = [];
    },
  });
  const all = new TextEncoder().encode(text);
  let start = 0;
  for (
    const end of [...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length]
  ) {
    slicer.push(all.subarray(start, end));
    start = end;
  }
  slicer.finish();
  return slices;
}

const leaf = fc.dictionary(
  fc.string(),
  fc.oneof(
    fc.double(),
    fc.string(),
    fc.array(fc.array(fc.double())),
    fc.dictionary(fc.string(), fc.string()),
  ),
  { maxKeys: 4 },
);
const tables = fc.dictionary(fc.string(), fc.dictionary(fc.string(), leaf, { maxKeys: 3 }), {
  maxKeys: 3,
});

Deno.test("the slices are the values, byte for byte, wherever the bytes are cut", () => {
  const cuts = fc.array(fc.nat(10_000), { maxLength: 40 });
  const indents = fc.constantFrom("", " ", "\n\t");
  fc.assert(
    fc.property(tables, cuts, indents, (object, cuts, indent) => {
      const slices = slice(JSON.stringify(object, null, indent), { cuts });
      const parsed = Object.fromEntries(
        [...slices].map(([path, text]) => [path, JSON.parse(text)]),
      );
      const expected = Object.fromEntries(
        Object.entries(JSON.parse(JSON.stringify(object)) as typeof object).flatMap((
          [space, datasets],
        ) =>
          Object.entries(datasets).map((
            [dataset, value],
          ) => [JSON.stringify([space, dataset]), value])
        ),
      );
      assertEquals(parsed, expected as typeof parsed);
      if (indent === "") {
        for (const [path, value] of Object.entries(expected)) {
          assertEquals(slices.get(path), JSON.stringify(value));
        }
      }
    }),
    { seed: 1 },
  );
});

Deno.test("only wanted values are handed over, and nothing is asked inside an unwanted one", () => {
  const asked: string[] = [];
  const slices = slice('{"a": {"x": {"v": 1}, "y": {"v": 2}}, "b": {"x": {"v": 3}}}', {
    wants: (path) => {
      asked.push(path.join("/"));
      return path[0] === "a" && path[1] !== "x";
    },
  });
  assertEquals([...slices], [['["a","y"]', '{"v": 2}']]);
  assertEquals(asked, ["a", "a/x", "a/y", "b"]);
});

Deno.test("braces and quotes inside strings are no structure", () => {
  const text = String.raw`{"a\"}": {"x": {"v": "}\\\"{"}}}`;
  assertEquals([...slice(text, {}).values()], [String.raw`{"v": "}\\\"{"}`]);
});

Deno.test("what is not an object of objects is refused with the place", () => {
  const refused = (text: string, message: string) =>
    assertThrows(() => slice(text, {}), InputError, message);
  refused("[1]", 'must have an object at byte 0: got "["');
  refused('{"a": {"x": 5}}', 'must have an object as value at byte 12: got "5"');
  refused('{"a": {}, }', 'must have a key at byte 10: got "}"');
  refused('{"a": {} "b": {}}', 'must have "," or "}" at byte 9');
  refused('{"a" {}}', 'must have ":" at byte 5');
  refused('{"a": {}} {}', "must have nothing behind the object at byte 10");
  refused('{"a": {}, "a": {}}', 'every key once at byte 12: got "a" again');
  refused(`{"${"k".repeat(2000)}": {}}`, "keys of at most 1024 bytes");
  refused('{"a": {"x": {"v": [1, 2', "ends in the middle, after 23 bytes");
  refused("", "ends in the middle, after 0 bytes");
});
