/**
 * `deno task test [FILES]`: runs all tests, and the examples of the documentation, and closes with the
 * plain line `N passed, N failed`, and `, N skipped` where something that tests need is not installed.
 *
 * @module
 */
import { type Command, type Flags, runCommand } from "./shared/cli.ts";

const command: Command = {
  name: "test",
  summary: "Runs all tests, and the examples of the documentation; the last line counts them.",
  positional: {
    value: "FILES",
    description: "Test files or folders (default: all, with the examples)",
  },
  flags: {
    filter: { value: "TEXT", description: "Only tests whose name has the text (default: all)" },
    "update-snapshots": { description: "Write the snapshots of figures anew" },
  },
  examples: [
    "genhpo test",
    "genhpo test tests/hpob --filter regret",
    "genhpo test tests/hpob/figures --update-snapshots",
  ],
};

const permissions = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run",
  "--allow-net=127.0.0.1,localhost",
];

const examples = [
  "mod.ts",
  "hpob/mod.ts",
  "hpob/figures/mod.ts",
  "hpob/handler.ts",
  "core/diffusion/diffusion_search.ts",
  "core/search/search_space.ts",
  "core/study/study.ts",
  "core/testing/storage_tests.ts",
  "tasks/page/mod.ts",
  "docs/baselines.md",
  "docs/files.md",
  "docs/guide.md",
  "docs/noise.md",
];

await runCommand(command, async (flags) => {
  Deno.exit(await test(flags));
});

/** Runs the tests, and returns the exit code. */
async function test(flags: Flags): Promise<number> {
  const filter = flags.text("filter");
  const files = flags.positional.length > 0 ? flags.positional : ["--doc", "tests", ...examples];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--no-prompt", "--sanitize-ops", "--sanitize-resources", ...permissions],
      ...(filter === undefined ? [] : [`--filter=${filter}`]),
      ...(flags.on("update-snapshots") ? ["--update-snapshots"] : []),
      ...files,
    ],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const decoder = new TextDecoder();
  let lastLines = "";
  for await (const bytes of child.stdout) {
    Deno.stdout.writeSync(bytes);
    lastLines = (lastLines + decoder.decode(bytes, { stream: true })).slice(-2000);
  }
  const { code } = await child.status;
  const summary = lastLines.split("\n").findLast((line) => /^(ok|FAILED) \|/.test(line));
  const count = (what: string): number =>
    Number(new RegExp(`(\\d+) ${what}`).exec(summary ?? "")?.[1] ?? 0);
  // A run that broke before its summary (a type error, say) has failed, whatever it counted.
  const failed = summary || code === 0 ? count("failed") : 1;
  const skipped = count("ignored"); // what they need is not installed
  console.log(
    `${count("passed")} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`,
  );
  return code;
}
