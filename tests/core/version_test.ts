import { assertEquals } from "@std/assert";
import { version } from "../../core/version.ts";
import configuration from "../../deno.json" with { type: "json" };

Deno.test("the version of the package is that of deno.json", () => {
  assertEquals(version, configuration.version);
});
