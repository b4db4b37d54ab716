/**
 * `deno task build:playground`: one page that runs the optimizers in a browser, without a server.
 *
 * @module
 */
import { surrogateTable } from "./playground/surrogate_table.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";

const project = new URL("../", import.meta.url);
const sources = new URL("playground/", import.meta.url);
const wasmFile = "node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";

/** The command line. */
export const command: Command = {
  name: "build:playground",
  summary: "Makes one page that runs the optimizers in a browser, without a server.",
  flags: {
    out: { value: "FILE", description: "The page", default: "docs/playground/index.html" },
  },
  examples: ["deno task build:playground"],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const out = flags.text("out") ?? "docs/playground/index.html";
  const read = (name: string): Promise<string> => Deno.readTextFile(new URL(name, sources));
  const data = (name: string, packed: string): string =>
    `<script type="text/plain" id="${name}-data">${packed}</script>`;
  const worker = await pack(new TextEncoder().encode(await bundle("worker.ts")));
  const wasm = await pack(await Deno.readFile(new URL(wasmFile, project)));
  // Within a script, only its end tag has to be avoided.
  const script = (await bundle("main.ts")).replaceAll("</script", "<\\/script");
  const parts: Record<string, string> = {
    style: `<style>${await read("style.css")}</style>`,
    worker: data("worker", worker),
    wasm: data("wasm", wasm),
    table: data("table", await pack(new Uint8Array((await surrogateTable()).buffer))),
    script: `<script>${script}</script>`,
  };
  const page = (await read("page.html")).replaceAll(
    /<!-- (\w+) -->/g,
    (comment, name) => parts[name] ?? comment,
  );
  await Deno.mkdir(out.replace(/[^/]*$/, "") || ".", { recursive: true });
  await Deno.writeTextFile(out, page);
  console.log(`${out}: ${(page.length / 1e6).toFixed(1)} MB`);
}

/** One file of JavaScript, with everything that the entry imports. */
async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform",
      "browser",
      "--minify",
      "--format",
      "iife",
      `tasks/playground/${entry}`,
    ],
    cwd: project,
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot build as the bundler failed: ${new TextDecoder().decode(stderr)}`);
}

/** Compressed, as text that stands in a page. */
async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer()).toBase64();
}

if (import.meta.main) await runCommand(command, run);
