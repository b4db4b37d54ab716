import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, helpText, oneOf, parseFlags, UsageError } from "../../tasks/shared/cli.ts";
import { runTask } from "./_run_task.ts";
import { formatDuration } from "../../tasks/shared/progress.ts";

const command: Command = {
  name: "cook",
  summary: "Cooks a dish.",
  flags: {
    dish: { value: "NAME", description: "What to cook", default: "soup" },
    guests: { value: "N", description: "For how many", default: "4" },
    spices: { value: "a,b", description: "Spices" },
    vegan: { description: "Without animals" },
  },
};
const parse = (...args: string[]) => parseFlags(command, args);
const usage = (message: string, ...args: string[]) =>
  assertThrows(() => parse(...args), UsageError, message);

Deno.test("flags have their defaults, values and switches", () => {
  const flags = parse("--guests=7", "--vegan", "--spices", "salt,pepper,salt");
  assertEquals(flags.text("dish"), "soup");
  assertEquals(flags.integer("guests", 1), 7);
  assertEquals(flags.list("spices"), ["salt", "pepper"]);
  assertEquals([flags.on("vegan"), flags.on("help")], [true, false]);
  assertEquals(parse("--spices", "01").list("spices"), ["01"]);
});

Deno.test("a wrong flag is refused with the nearest right one", () => {
  usage('got "--gests"; did you mean --guests?', "--gests", "3");
  usage('Unknown flag: got "--zzzzzzzzz"', "--zzzzzzzzz");
  usage("--dish was given 2 times", "--dish", "a", "--dish", "b");
  usage("--dish needs a value: NAME", "--dish");
  usage("--dish needs a value: NAME", "--dish", "--vegan");
  usage("--vegan takes no value", "--vegan=no");
  usage('Unexpected argument: got "stew"', "stew");
});

Deno.test("a value of the wrong kind is refused with what is possible", () => {
  for (const text of ["many", "0", "11", "2.5", "1e1", ""]) {
    assertThrows(() => parse(`--guests=${text}`).integer("guests", 1, 10), UsageError);
  }
  assertThrows(() => parse("--spices", "a,,b").list("spices"), UsageError, "separated by commas");
  assertThrows(() => oneOf("--dish", "sop", ["soup", "stew"]), UsageError, 'did you mean "soup"?');
});

Deno.test("the help names every flag with its default", () => {
  const help = helpText(command);
  for (const name of Object.keys(command.flags)) assertStringIncludes(help, `--${name}`);
  assertStringIncludes(help, "(default: soup)");
});

Deno.test("durations read like a person says them", () => {
  assertEquals([5, 200, 7500, -1].map(formatDuration), ["5 s", "3 min 20 s", "2 h 5 min", "0 s"]);
});

Deno.test("deno task test has a help of its own", async () => {
  const { code, stdout } = await runTask("test", "--help");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Usage: deno task test FILES [flags]");
  const unknown = await runTask("test", "--filtre", "x");
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.stderr, "did you mean --filter?");
});
