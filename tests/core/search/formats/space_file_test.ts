import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../../core/search/errors.ts";
import { parseSearchSpace } from "../../../../core/search/formats/space_file.ts";

Deno.test("a space is read from our JSON and from ConfigSpace's, with or without a byte order mark", () => {
  const depth = { type: "integer" as const, min: 1, max: 15 };
  for (
    const text of [
      `\uFEFF{"depth":{"type":"integer","min":1,"max":15}}\n`,
      `{"hyperparameters": [{"name": "depth", "type": "uniform_int", "lower": 1, "upper": 15}]}`,
    ]
  ) assertEquals(parseSearchSpace(text).toJSON(), { depth });
  assertThrows(() => parseSearchSpace('{"depth": '), InputError, "must be valid JSON: ");
  assertThrows(() => parseSearchSpace("[]"), InputError, "must be an object");
});
