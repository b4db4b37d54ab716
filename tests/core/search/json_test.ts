import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseJson, shown } from "../../../core/search/json.ts";

Deno.test("what JSON.parse reads is read alike", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assertEquals(parseJson(text), JSON.parse(text));
    }),
    { seed: 1 },
  );
});

Deno.test("bare NaN and Infinity are numbers, and in strings they are text", () => {
  const text = String
    .raw`{"NaN": [NaN, -NaN,Infinity,-Infinity, "NaN \" Infinity\\"], "a": {"b":NaN}}`;
  assertEquals(parseJson(text), {
    NaN: [NaN, NaN, Infinity, -Infinity, 'NaN " Infinity\\'],
    a: { b: NaN },
  });
  assertEquals(parseJson(" NaN "), NaN);
});

Deno.test("bare NaN is read between any strings", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (strings) => {
      const text = `[NaN,${JSON.stringify(strings)},NaN]`;
      assertEquals(parseJson(text), [NaN, strings, NaN]);
    }),
    { seed: 1 },
  );
});

Deno.test("a byte order mark is passed over", () => {
  assertEquals(parseJson('\uFEFF{"a": 1}'), { a: 1 });
});

Deno.test("other text is a SyntaxError", () => {
  const texts = ["", "NaN NaN", "[NaNa]", "[nan]", "[NaN", '"NaN', "[+Infinity]", "[Infinity1]"];
  for (const text of texts) assertThrows(() => parseJson(text), SyntaxError);
});

Deno.test("a name of an object that every object has is kept as its own", () => {
  const parsed = parseJson('{"__proto__": NaN}') as object;
  assertEquals(Object.entries(parsed), [["__proto__", NaN]]);
});

Deno.test("values are shown as JSON, shortly, whatever they are", () => {
  assertEquals(shown(undefined), "nothing");
  assertEquals([NaN, -Infinity, 1.5].map(shown), ["NaN", "-Infinity", "1.5"]);
  assertEquals(shown({ a: [1, "b", null, true, NaN] }), '{"a":[1,"b",null,true,NaN]}');
  assertEquals(shown("x".repeat(1e6)), `"${"x".repeat(59)}...`);
  let deep: unknown = 1;
  for (let level = 0; level < 1e5; level++) deep = [deep];
  assertEquals(shown(deep), "[[[...]]]");
});
