import { assertEquals, assertStringIncludes } from "@std/assert";
import { version } from "../../core/version.ts";
import { runTask } from "./_run_task.ts";

/** Runs `genhpo ARGS` as somebody without a checkout would. */
async function genhpo(...args: string[]) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "tasks/cli.ts", ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => decoder.decode(bytes));
  return { code: output.code, stdout, stderr };
}

Deno.test("the published command lists its commands, and knows its version", async () => {
  const help = await genhpo();
  assertEquals(help.code, 0);
  assertStringIncludes(help.stdout, "Usage: genhpo COMMAND [flags]");
  assertStringIncludes(help.stdout, "  suggest   Reads observations");
  assertEquals((await genhpo("--version")).stdout, `${version}\n`);
});

Deno.test("an unknown command is refused with the nearest one", async () => {
  const { code, stderr } = await genhpo("sugest");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'got "sugest"');
  assertStringIncludes(stderr, 'did you mean "suggest"?');
});

Deno.test("messages name the command that the reader has", async () => {
  const published = await genhpo("suggest", "--cuont", "3");
  assertEquals(published.code, 2);
  assertStringIncludes(published.stderr, "See: genhpo suggest --help");
  const inCheckout = await runTask("suggest", "--cuont", "3");
  assertStringIncludes(inCheckout.stderr, "See: deno task suggest --help");
  assertStringIncludes((await runTask("suggest", "--help")).stdout, "deno task suggest runs.csv");
  assertStringIncludes((await genhpo("suggest", "--help")).stdout, "genhpo suggest runs.csv");
});
