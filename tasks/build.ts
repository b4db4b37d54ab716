/**
 * `deno task build`: makes JavaScript of the package's main door, for Node and Bun or for browsers.
 *
 * @module
 */
import { version } from "../core/version.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";

/** What it is made for, with how packages are treated. */
const targets = {
  npm: ["--platform", "deno", "--external", "@tensorflow/*", "--external", "pure-rand/*"],
  browser: ["--platform", "browser"],
} as const;
/** The npm packages that the main door uses. */
const dependencies = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgpu",
  "pure-rand",
] as const;
/** What a browser loads beside the JavaScript. */
const wasmFile = "tfjs-backend-wasm-simd.wasm";
const project = new URL("../", import.meta.url);

/** The command line. */
export const command: Command = {
  name: "build",
  summary: "Makes JavaScript of the package's main door, for Node and Bun or for browsers.",
  flags: {
    for: { value: "NAME", description: "npm (Node, Bun) or browser", default: "npm" },
    out: { value: "DIR", description: "Folder of the outcome (default: dist/NAME)" },
  },
  examples: ["deno task build", "deno task build --for browser --out site/genhpo"],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const target = flags.choice("for", ["npm", "browser"]);
  const out = flags.text("out") ?? `dist/${target}`;
  await Deno.mkdir(out, { recursive: true });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", ...targets[target], "--code-splitting", "--outdir", out, "mod.ts"],
    cwd: project,
  }).output();
  if (!success) {
    throw new Error(`Cannot build as the bundler failed: ${new TextDecoder().decode(stderr)}`);
  }
  if (target === "npm") {
    const text = JSON.stringify(await packageFile(), null, 2);
    await Deno.writeTextFile(`${out}/package.json`, `${text}\n`);
  } else {
    const folder = new URL("node_modules/@tensorflow/tfjs-backend-wasm/dist/", project);
    await Deno.copyFile(new URL(wasmFile, folder), `${out}/${wasmFile}`);
  }
  console.log(`${out}/mod.js`);
}

/** With the versions that the package itself is made for. */
async function packageFile(): Promise<Record<string, unknown>> {
  const configuration: { name: string; license: string; imports: Record<string, string> } = JSON
    .parse(await Deno.readTextFile(new URL("deno.json", project)));
  const versionOf = (name: typeof dependencies[number]): string =>
    configuration.imports[name].replace(`npm:${name}@`, "");
  return {
    name: configuration.name,
    version,
    license: configuration.license,
    type: "module",
    exports: "./mod.js",
    engines: { node: ">=22" },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, versionOf(name)])),
  };
}

if (import.meta.main) await runCommand(command, run);
