/**
 * `deno task test [FILES]`: runs all tests, and the examples of the documentation, and closes with the
 * plain line `N passed, N failed`.
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
      ...["test", "--no-prompt", ...permissions],
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
  const summary = [...lastLines.matchAll(/(\d+) passed.*?\| (\d+) failed/g)].at(-1);
  const [passed, failed] = summary ? [Number(summary[1]), Number(summary[2])] : [0, 0];
  // A run that broke before its summary (a type error, say) has failed, whatever it counted.
  console.log(`${passed} passed, ${summary || code === 0 ? failed : 1} failed`);
  return code;
}
