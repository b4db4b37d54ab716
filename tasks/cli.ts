/**
 * The published command: `genhpo COMMAND [flags]`, each of which is a task of a checkout, too.
 *
 * @example Without a checkout
 * ```sh
 * deno run --allow-read --allow-write jsr:@genhpo/genhpo/cli bench --methods random,diffusion
 * deno install --global --name genhpo --allow-read --allow-write --allow-run=deno jsr:@genhpo/genhpo/cli
 * ```
 *
 * `tune`, `serve`, `advise`, `import` and `export` need `--allow-run=deno`: each starts another Deno, which may do what
 * the command line names and no more (run that program, use that database). `fetch` needs `--allow-net` and
 * `--allow-env`; the token of `serve` may be in a variable, with `--allow-env=GENHPO_TOKEN`.
 *
 * @module
 */
import { didYouMean } from "../core/search/errors.ts";
import { version } from "../core/version.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { type PublishedCommand, publishedCommands } from "./shared/command_names.ts";

/** A module of a command: what its flags are, and what it does. */
interface CommandModule {
  command: Command;
  run(flags: Flags): Promise<void>;
}

/** Loaded when asked for, so that `suggest` does not wait for what draws figures. */
const commands: Record<PublishedCommand, () => Promise<CommandModule>> = {
  tune: () => import("./tune.ts"),
  serve: () => import("./serve.ts"),
  advise: () => import("./advise.ts"),
  suggest: () => import("./suggest.ts"),
  import: () => import("./import.ts"),
  export: () => import("./export.ts"),
  bench: () => import("./bench.ts"),
  plot: () => import("./plot.ts"),
  fetch: () => import("./fetch.ts"),
  train: () => import("./train.ts"),
};

async function main([name = "--help", ...args]: readonly string[]): Promise<never> {
  if (name === "--version") return exit(0, version);
  if (name === "--help" || name === "-h") return exit(0, await overview());
  const known = publishedCommands.find((published) => published === name);
  if (known !== undefined) {
    const { command, run } = await commands[known]();
    return await runCommand(command, run, args);
  }
  return exit(
    2,
    `error: Unknown command: got "${name}", possible are ${publishedCommands.join(", ")}` +
      `${didYouMean(name, publishedCommands)}\nSee: genhpo --help`,
  );
}

function exit(code: number, text: string): never {
  if (code === 0) console.log(text);
  else console.error(text);
  Deno.exit(code);
}

async function overview(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  return [
    "Hyperparameter optimization by diffusion.",
    "",
    "Usage: genhpo COMMAND [flags]",
    "",
    ...loaded.map(({ command: { name, summary } }) => `  ${name.padEnd(10)}${summary}`),
    "",
    "genhpo COMMAND --help shows the flags of a command, genhpo --version the version.",
  ].join("\n");
}

if (import.meta.main) await main(Deno.args);
