import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readResults, writeResults } from "../../hpob/comparison/results.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

/** Starts a benchmark without `deno task` between, so that killing it kills the benchmark itself. */
function startBench(
  out: string,
  { datasets = "glass,sonar", trials = 3, lease = 2, more = [] as string[] } = {},
): Deno.ChildProcess {
  const flags = ["--methods", "random", "--datasets", datasets, "--workers", "2"];
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-write", "tasks/bench.ts"],
      ...[...flags, "--trials", `${trials}`, "--lease", `${lease}`, "--out", out, ...more],
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

async function end(process: Deno.ChildProcess): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await process.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** The names of the files of single runs and claims. */
function unfinished(out: string): string[] {
  try {
    return [...Deno.readDirSync(`${out}/.runs/random`)].map(({ name }) => name);
  } catch {
    return [];
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("four processes, one of them killed, make the bytes that one process makes", () =>
  inTemporaryFolder(async (folder) => {
    const [alone, together] = [`${folder}/alone`, `${folder}/together`];
    const trials = 800;
    assertEquals((await end(startBench(alone, { trials }))).code, 0);

    const killed = startBench(together, { trials });
    await until(() => unfinished(together).some((name) => name.endsWith(".claim-1")));
    const others = [1, 2, 3].map(() => startBench(together, { trials }));
    killed.kill("SIGKILL");
    await end(killed);
    assert(unfinished(together).some((name) => name.endsWith(".claim-1")), "died with its claims");
    for (const { code, stderr } of await Promise.all(others.map(end))) {
      assertEquals(code, 0, stderr);
    }

    assertEquals(
      await Deno.readTextFile(`${together}/random.json`),
      await Deno.readTextFile(`${alone}/random.json`),
    );
    assertEquals((await readResults(`${together}/random.json`)).runs.length, 10);
    assertEquals(unfinished(together), [], "nothing is left behind");
  }));

Deno.test("processes with different data sets add to one result file", () =>
  inTemporaryFolder(async (out) => {
    const datasets = ["pima", "vowel", "glass"];
    await Promise.all(datasets.map((dataset) => end(startBench(out, { datasets: dataset }))));
    const { runs } = await readResults(`${out}/random.json`);
    assertEquals([...new Set(runs.map(({ datasetId }) => datasetId))].sort(), datasets.toSorted());
    assertEquals(runs.length, 15);
  }));

Deno.test("a stopped process gives its runs back at once", () =>
  inTemporaryFolder(async (out) => {
    const process = startBench(out, { trials: 1500, lease: 3600 });
    await until(() => unfinished(out).some((name) => name.endsWith(".claim-1")));
    process.kill("SIGINT");
    assertEquals((await end(process)).code, 130);
    assert(!unfinished(out).some((name) => name.includes(".claim")), "claims are released");
  }));

Deno.test("the file of a run that is damaged is made again, one of other settings is refused", () =>
  inTemporaryFolder(async (out) => {
    const place = `${out}/.runs/random`;
    const one = { datasets: "glass", more: ["--seeds", "test0"] };
    const file = `${place}/mini-xgboost~glass~test0.json`;
    await Deno.mkdir(place, { recursive: true });
    await Deno.writeTextFile(file, `{"genhpo": {"formatVersion": 1, "meth`);
    const again = await end(startBench(out, one));
    assertEquals(again.code, 0, again.stderr);
    const results = await readResults(`${out}/random.json`);
    assertEquals(results.runs.length, 1);

    await Deno.mkdir(place, { recursive: true });
    await writeResults(file, { ...results, settings: { benchmark: "another" } });
    const refused = await end(startBench(out, one));
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "'benchmark' must be");
    assertStringIncludes(refused.stderr, "choose another --out, or remove");
  }));
