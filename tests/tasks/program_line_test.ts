import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../core/search/errors.ts";
import { checkPlaceholders, environmentOf, fillIn } from "../../tasks/tune/program_line.ts";
import { findResponse, reportOf } from "../../tasks/tune/program_output.ts";

const names = ["lr", "momentum", "layers per block"];
const filled = (program: string[], values: Record<string, unknown>) =>
  fillIn(program, { values, names, file: "/c.json" });

Deno.test("placeholders become values, and the path of the file with all of them", () => {
  assertEquals(
    filled(["python3", "t.py", "--lr={lr}", "{layers per block}", "{configuration.json}"], {
      lr: 1e-5,
      "layers per block": 3,
    }),
    ["python3", "t.py", "--lr=0.00001", "3", "/c.json"],
  );
});

Deno.test("an inactive hyperparameter is left out, with a flag that stands before it", () => {
  const program = ["a", "-m", "{momentum}", "--m={momentum}", "--all=1", "{momentum}", "last"];
  assertEquals(filled(program, { lr: 1 }), ["a", "--all=1", "last"]);
});

Deno.test("a placeholder that is no hyperparameter is refused with the nearest one", () => {
  assertThrows(
    () => checkPlaceholders(["--m", "{momentun}"], names),
    InputError,
    'got "momentun"; did you mean "momentum"?',
  );
  checkPlaceholders(["awk", "{ print $1 }", '{"json": 1}'], names);
});

Deno.test("values are in the environment under names that every shell takes", () => {
  const values = { lr: 0.1, "layers per block": 2, flag: true, none: null };
  assertEquals(environmentOf({ values, number: 4, file: "/c.json" }), {
    GENHPO_LR: "0.1",
    GENHPO_LAYERS_PER_BLOCK: "2",
    GENHPO_FLAG: "true",
    GENHPO_NONE: "null",
    GENHPO_TRIAL: "4",
    GENHPO_CONFIGURATION: "/c.json",
  });
});

Deno.test("reports are told from other lines", () => {
  assertEquals(reportOf("step=3 loss=.21"), { step: 3, value: 0.21 });
  assertEquals(reportOf("  Epoch: 12, val_acc: 9.5e-1 (best)"), { step: 12, value: 0.95 });
  assertEquals(reportOf("step=3 loss=nan"), { step: 3, value: NaN });
  for (const line of ["loss=.21", "step three loss=1", "0.5", ""]) {
    assertEquals(reportOf(line), undefined);
  }
});

Deno.test("a response is the last number that stands alone, in any spelling", async () => {
  const found = (output: string) => findResponse({ kind: "line" }, output, () => Promise.reject());
  assertEquals(await found("1\n 2.5e-3 \nthe end\n"), { value: 0.0025 });
  assertEquals(await found("-.5"), { value: -0.5 });
  assertEquals(await found("inf"), { problem: "the last line that is a number is inf" });
  assertEquals(await found("1 2"), { problem: "no line of stdout is a number" });
});

Deno.test("a response in a file is refused by name where it is missing", async () => {
  const place = { kind: "file", file: "m.json", key: "a.b" } as const;
  const found = (text: string | undefined) => findResponse(place, "", () => Promise.resolve(text));
  assertEquals(await found('{"a": {"b": 2}}'), { value: 2 });
  assertEquals(await found(undefined), { problem: "m.json is not there" });
  assertEquals(await found("{"), { problem: "m.json is not JSON" });
  assertEquals(await found('{"a": 1}'), { problem: "m.json has no number at a.b" });
  assertEquals(await found('{"a": {"b": NaN}}'), { problem: "a.b of m.json is NaN" });
});
