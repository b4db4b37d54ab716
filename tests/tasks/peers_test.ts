import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { installedPackages } from "../../benches/peers/environment.ts";
import { peerNames, peers } from "../../benches/peers/_peer_process.ts";
import { InputError } from "../../core/search/errors.ts";
import { readResults, type Results } from "../../hpob/comparison/results.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

/** The peers whose packages are installed. */
async function installedPeers(): Promise<string[]> {
  try {
    const packages = await installedPackages();
    return peerNames.filter((name) => peers[name].every((needed) => packages.has(needed)));
  } catch {
    return [];
  }
}

const installed = await installedPeers();

Deno.test("a missing environment is an error that says how to make it", async () => {
  await assertRejects(
    () => installedPackages("nowhere/bin/python"),
    InputError,
    "deno task bench:peers --setup",
  );
});

Deno.test("bench:peers refuses peers that it does not know", async () => {
  const { code, stderr } = await runTask("bench:peers", "--methods", "optuna-tpa");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'did you mean "optuna-tpe"?');
});

Deno.test({
  name: "every installed peer runs by the protocol, and goes on where it was interrupted" +
    (installed.length === 0 ? " (none is: deno task bench:peers --setup)" : ""),
  ignore: installed.length === 0,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const flags = ["--methods", installed.join(), "--datasets", "glass", "--trials", "2"];
      const run = async (seeds: string): Promise<Results[]> => {
        const { code, stderr } = await runTask(
          ...["bench:peers", ...flags, "--seeds", seeds, "--out", folder] as const,
        );
        assertEquals(code, 0, stderr);
        return await Promise.all(
          installed.map((name) =>
            readResults(`${folder}/${name}.json`, { protocol: "continuous" })
          ),
        );
      };
      const results = await run("test0");
      const traces = results.map(({ runs: [{ incumbents }] }) => incumbents);
      for (const trace of traces) {
        assertEquals(trace.length, 3);
        assertEquals(trace[0], traces[0][0]); // the same initial points
      }
      assertEquals(await run("test0"), results); // nothing is left to do
    }),
});

Deno.test({
  name: "every installed peer runs on a table of levels and choices" +
    (installed.length === 0 ? " (none is: deno task bench:peers --setup)" : ""),
  ignore: installed.length === 0,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const space = [
        { name: "rate", type: "ordinal", values: [1, 10, 100] },
        { name: "kind", type: "choice", values: ["a", "b", "c"] },
        { name: "flag", type: "choice", values: [false, true] },
      ];
      const digits = [0, 1, 2].flatMap((i) =>
        [0, 1, 2].flatMap((j) => [0, 1].map((k) => [i, j, k]))
      );
      const cells = Object.fromEntries(
        digits.map(([i, j, k]) => [`${i}${j}${k}`, [-i - j + k, 0.5 - i - j + k]]),
      );
      const table = { name: "small", family: "made-up", space, cells };
      await Deno.writeTextFile(`${folder}/small.json`, JSON.stringify(table));
      const initial = { small: { s0: [[2, 2, 0], [2, 1, 0], [1, 2, 1]] } };
      await Deno.writeTextFile(`${folder}/inits.json`, JSON.stringify(initial));
      const { code, stderr } = await runTask(
        "bench:tables-peers",
        ...["--tables", folder, "--methods", installed.join(), "--trials", "3", "--out", folder],
      );
      assertEquals(code, 0, stderr);
      for (const name of installed) {
        const { runs: [run] } = JSON.parse(
          await Deno.readTextFile(`${folder}/${name}/small.json`),
        );
        assertEquals([run.regrets.length, run.recommended.length], [6, 4], name);
      }
    }),
});
