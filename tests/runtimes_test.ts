import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { DiffusionSearch } from "../mod.ts";
import { findChromium, Page } from "./chromium.ts";
import { runTask } from "./tasks/_run_task.ts";
import { inTemporaryFolder } from "./tasks/_temporary_folder.ts";

const observed = { points: [[0.2, 0.7], [0.9, 0.1], [0.5, 0.5]], responses: [0.61, 0.74, 0.7] };
const expected = await new DiffusionSearch({ seed: 1 }).observeAndSuggest(observed);

/**
 * A program for any runtime: what importing the package changes in the process, whether it loads TensorFlow.js, and a
 * suggestion.
 */
const program = `
  const before = Object.keys(globalThis);
  const { DiffusionSearch, RandomSearch, startBackend } = await import("./mod.js");
  await new RandomSearch().observeAndSuggest({ points: [], responses: [] }, { dimension: 2 });
  const added = Object.keys(globalThis).filter((key) => !before.includes(key));
  const isLoaded = "_tfengine" in globalThis;
  if (globalThis.document) await startBackend("wasm", { wasmPath: "./" });
  const search = new DiffusionSearch({ seed: 1 });
  const next = await search.observeAndSuggest(${JSON.stringify(observed)});
  const outcome = { added, isLoaded, next: [...next] };
`;

interface Outcome {
  added: string[];
  isLoaded: boolean;
  next: number[];
}

/** The same suggestion as here, but for the rounding of another engine's logarithms. */
function assertOutcome({ added, isLoaded, next }: Outcome): void {
  assertEquals(added, [], "importing the package adds to the global scope");
  assert(!isLoaded, "importing the package loads TensorFlow.js");
  assertEquals(next.length, 2);
  next.forEach((x, j) => assertAlmostEquals(x, expected[j], 1e-4));
}

const storageProgram = `
import { openStorage } from "./mod.js";
const storage = await openStorage("sqlite:study.db");
const study = await storage.createStudy({ name: "a", directions: ["maximize"] });
const { id } = await storage.createTrial(study.id, { state: "running", lease: 60 });
const change = { state: "complete", values: [0.1 + 0.2] };
const { changed, trial: { values } } = await storage.changeTrial(id, change);
const refused = await openStorage("sqlite:program.mjs").catch(({ message }) => message);
await storage[Symbol.asyncDispose]();
console.log(JSON.stringify({ changed, values, refused }));
`;

/** The first of the commands that works here, or undefined. */
async function findRuntime(commands: readonly (readonly string[])[]) {
  for (const [name, ...args] of commands) {
    try {
      const { success, stdout } = await new Deno.Command(name, { args: [...args, "--version"] })
        .output();
      const major = Number(new TextDecoder().decode(stdout).match(/\d+/)?.[0]);
      if (success && (name !== "node" || major >= 22)) return [name, ...args];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

const runtimes = {
  Node: await findRuntime([["node"], ["npx", "-y", "node@22"]]),
  Bun: await findRuntime([["bun"], ["npx", "-y", "bun@1"]]),
};
for (const [name, runtime] of Object.entries(runtimes)) {
  Deno.test({
    name: `the package makes a suggestion in ${name}${
      runtime ? "" : " (not run: it is not there)"
    }`,
    ignore: runtime === undefined,
    fn: () =>
      inTemporaryFolder(async (folder) => {
        const { code, stderr } = await runTask("build", "--for", "npm", "--out", folder);
        assertEquals(code, 0, stderr);
        const modules = new URL("../node_modules", import.meta.url).pathname;
        await Deno.symlink(modules, `${folder}/node_modules`);
        await Deno.writeTextFile(
          `${folder}/program.mjs`,
          `${program}\nconsole.log(JSON.stringify(outcome));`,
        );
        const [command, ...args] = runtime!;
        const output = await new Deno.Command(command, {
          args: [...args, `${folder}/program.mjs`],
          cwd: folder,
        }).output();
        const printed = new TextDecoder().decode(output.stdout);
        assertEquals(output.code, 0, new TextDecoder().decode(output.stderr));
        assertOutcome(JSON.parse(printed));
      }),
  });
}

Deno.test({
  name: `Node keeps studies in a file${runtimes.Node ? "" : " (not run: it is not there)"}`,
  ignore: runtimes.Node === undefined,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const door = new URL("../core/storage/mod.ts", import.meta.url).pathname;
      const { success } = await new Deno.Command(Deno.execPath(), {
        args: ["bundle", "--quiet", "--external", "pg", "--outdir", folder, door],
      }).output();
      assert(success);
      const modules = new URL("../node_modules", import.meta.url).pathname;
      await Deno.symlink(modules, `${folder}/node_modules`);
      await Deno.writeTextFile(`${folder}/program.mjs`, storageProgram);
      const [command, ...args] = runtimes.Node!;
      const { code, stdout, stderr } = await new Deno.Command(command, {
        args: [...args, `${folder}/program.mjs`],
        cwd: folder,
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      assertEquals(JSON.parse(new TextDecoder().decode(stdout)), {
        changed: true,
        values: [0.1 + 0.2],
        refused: 'Cannot use "program.mjs" as it must be a SQLite file: got something else',
      });
    }),
});

const chromium = await findChromium();
Deno.test({
  name: `the package makes a suggestion in a browser${chromium ? "" : " (not run: no Chromium)"}`,
  ignore: chromium === undefined,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const { code, stderr } = await runTask("build", "--for", "browser", "--out", folder);
      assertEquals(code, 0, stderr);
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serve);
      const page = await Page.open(chromium!, `${folder}/profile`);
      try {
        for (const kind of ["plain", "isolated"]) {
          const { port } = server.addr as Deno.NetAddr;
          await page.goto(
            `http://127.0.0.1:${port}/${kind}`,
            "'outcome' in window || 'failure' in window",
          );
          assertEquals(await page.evaluate("window.failure"), undefined);
          assertEquals(await page.evaluate("crossOriginIsolated"), kind === "isolated");
          assertOutcome(await page.evaluate("window.outcome") as Outcome);
        }
      } finally {
        await page.close();
        await server.shutdown();
      }

      /** The folder's files, and two pages: in one that is isolated, TensorFlow.js could use threads. */
      async function serve(request: Request): Promise<Response> {
        const { pathname } = new URL(request.url);
        const headers = new Headers();
        if (pathname === "/plain" || pathname === "/isolated") {
          headers.set("content-type", "text/html");
          headers.set(
            "cross-origin-embedder-policy",
            pathname === "/plain" ? "unsafe-none" : "require-corp",
          );
          headers.set(
            "cross-origin-opener-policy",
            pathname === "/plain" ? "unsafe-none" : "same-origin",
          );
          const guarded =
            `try { ${program} window.outcome = outcome; } catch (error) { window.failure = String(error); }`;
          return new Response(`<!doctype html><script type="module">${guarded}</script>`, {
            headers,
          });
        }
        headers.set(
          "content-type",
          pathname.endsWith(".js") ? "text/javascript" : "application/wasm",
        );
        const file = await Deno.readFile(`${folder}${pathname}`).catch(() => undefined);
        return file ? new Response(file, { headers }) : new Response(null, { status: 404 });
      }
    }),
});
