import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isUbjson, parseUbjson } from "../../../hpob/data/ubjson.ts";

/** Bytes of a notation in which characters stand for themselves and numbers for bytes. */
function bytes(...parts: (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]
    ),
  );
}

Deno.test("an array is the same with its end, its count, or its type and count", () => {
  const written = [
    bytes("[i", 1, "i", 255, "i", 7, "]"),
    bytes("[#U", 3, "i", 1, "Ni", 255, "i", 7),
    bytes("[$i#U", 3, 1, 255, 7),
    bytes("[$i#L", 0, 0, 0, 0, 0, 0, 0, 3, 1, 255, 7),
  ];
  for (const array of written) assertEquals(parseUbjson(array), [1, -1, 7]);
});

Deno.test("an object is the same with its end, its count, or its type and count", () => {
  const written = [
    bytes("{i", 1, "ai", 5, "U", 1, "bi", 6, "}"),
    bytes("{#i", 2, "i", 1, "ai", 5, "U", 1, "bi", 6),
    bytes("{$i#i", 2, "i", 1, "a", 5, "U", 1, "b", 6),
  ];
  for (const object of written) {
    assertEquals(parseUbjson(object), { a: 5, b: 6 });
    assert(isUbjson(object));
  }
});

Deno.test("values of every type are read", () => {
  const values = bytes(
    ...["[Z", "T", "F", "C!", "U", 200, "I", 1, 0, "l", 255, 255, 255, 254],
    ...["L", 0, 0, 0, 1, 0, 0, 0, 0, "d", 0x7f, 0x80, 0, 0, "D", 0x3f, 0xe0, 0, 0, 0, 0, 0, 0],
    ...["Si", 2, "é", "[]", "{}", "]"],
  );
  const expected = [null, true, false, "!", 200, 256, -2, 2 ** 32, Infinity, 0.5, "é", [], {}];
  assertEquals(parseUbjson(values), expected);
});

Deno.test("JSON is told from UBJSON", () => {
  for (const json of ["{}", '{"a": 1}', "{\n", " {", "[1]", "", "{"]) {
    assert(!isUbjson(bytes(json)));
  }
});

const refused: [string, Uint8Array, string][] = [
  ["nothing", bytes(), "unexpected at byte 0: the end of the file"],
  ["an unknown type", bytes("[Q]"), `unexpected at byte 2: "Q" where a type is expected`],
  ["more than one value", bytes("ZZ"), "unexpected at byte 1: more bytes behind the end"],
  ["a huge count", bytes("[#l", 127, 0, 0, 0), "2130706432 values in too few bytes"],
  ["a huge typed count", bytes("[$d#i", 2, 0, 0, 0, 0), "2 values in too few bytes"],
  ["any number of values without bytes", bytes("[$Z#l", 127, 0, 0, 0), `"Z" as type of all values`],
  ["a negative length", bytes("Si", 255), "a length of -1"],
  ["a length that is no number", bytes("Sd", 0, 0, 0, 0), `"d" where a length is expected`],
  ["a type without a count", bytes("[$i", 1), "a type of values without their number"],
  ["endless nesting", bytes("[".repeat(1e5)), "more than 64 levels"],
  ["a high-precision number", bytes("Hi", 1, "1"), `"H" where a type is expected`],
];

for (const [what, given, message] of refused) {
  Deno.test(`UBJSON is refused by the place: ${what}`, () => {
    assertThrows(() => parseUbjson(given), SyntaxError, message);
  });
}

Deno.test("any bytes are a value or a SyntaxError", () => {
  const marker = fc.constantFrom(...[..."{[}]$#iUIlLdDSCTFZN"].map((c) => c.charCodeAt(0)));
  const content = fc.array(fc.oneof(marker, fc.nat(255)));
  fc.assert(
    fc.property(content, (content) => {
      try {
        parseUbjson(Uint8Array.from(content));
      } catch (error) {
        assert(error instanceof SyntaxError);
      }
    }),
    { seed: 1 },
  );
});
