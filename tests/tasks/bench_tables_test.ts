import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TableRuns } from "../../tasks/bench_tables/series.ts";
import { regretsOf } from "../../tasks/bench_tables/summary.ts";
import { NoisyTable } from "../../tasks/bench_tables/table.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

/** A table of 5 x 3 cells, best at 3 of "b", three measurements a cell; one cell was not measured. */
function smallTable(): Record<string, unknown> {
  const cells: Record<string, number[]> = {};
  for (let rate = 0; rate < 5; rate++) {
    for (let kind = 0; kind < 3; kind++) {
      const mean = -((rate - 3) ** 2) - (kind === 1 ? 0 : 2);
      cells[`${rate}${kind}`] = [mean - 0.25, mean, mean + 0.25];
    }
  }
  delete cells["40"];
  const space = [
    { name: "rate", type: "ordinal", values: [1, 10, 100, 1000, 10000] },
    { name: "kind", type: "choice", values: ["a", "b", "c"] },
  ];
  return { name: "small", family: "made-up", space, cells };
}

async function writeTables(folder: string, table = smallTable()): Promise<void> {
  const inits = { small: { s0: [[0, 0], [1, 2], [2, 2]], s1: [[4, 2], [0, 1], [1, 0]] } };
  await Deno.writeTextFile(`${folder}/inits.json`, JSON.stringify(inits));
  await Deno.writeTextFile(`${folder}/small.json`, JSON.stringify(table));
}

Deno.test("bench:tables runs methods on a table, compares and draws them, and continues", () =>
  inTemporaryFolder(async (folder) => {
    await writeTables(folder);
    const flags = ["--tables", folder, "--methods", "gp,random", "--trials", "8"];
    const out = `${folder}/out`;
    const { code, stdout, stderr } = await runTask("bench:tables", ...flags, "--out", out);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "**made-up: 1 table**");
    assertStringIncludes(stdout, "on all tables it is behind none");
    assertStringIncludes(stdout, "random against gp, recommended:");
    assertStringIncludes(await Deno.readTextFile(`${out}/figures/tables-visited.svg`), "<svg");
    const path = `${out}/gp/small.json`,
      made: TableRuns = JSON.parse(await Deno.readTextFile(path));
    assertEquals(made.runs.map(({ run, key }) => [run, key]), [["s0", 0], ["s1", 0]]);
    const [first] = made.runs;
    assertEquals([first.regrets.length, first.recommended.length, first.repeats], [11, 9, 0]);
    assertEquals(first.regrets[first.recommended.at(-1)!], 0, "the best cell is recommended");
    const failed = made.runs[1].regrets.filter((regret) => regret === null);
    assertEquals(failed.length, 1, "it tried the cell that was not measured");

    const changed = made.runs.map((run) => ({ ...run, regrets: run.regrets.map(() => 0.25) }));
    await Deno.writeTextFile(path, JSON.stringify({ ...made, runs: changed }));
    const again = await runTask("bench:tables", ...flags, "--keys", "0,1", "--out", out);
    assertEquals(again.code, 0, again.stderr);
    const continued: TableRuns = JSON.parse(await Deno.readTextFile(path));
    assertEquals(continued.runs.map(({ key }) => key), [0, 0, 1, 1]);
    assertEquals(
      continued.runs.slice(0, 2),
      changed,
      "a run that was made is read, not made again",
    );
    const longer = await runTask("bench:tables", ...flags.with(-1, "9"), "--out", out);
    assertEquals(longer.code, 1);
    assertStringIncludes(longer.stderr, "the settings must be");
  }));

Deno.test("two processes share the runs of bench:tables", () =>
  inTemporaryFolder(async (folder) => {
    await writeTables(folder);
    const flags = ["--tables", folder, "--methods", "random,tpe", "--trials", "4"];
    const both = await Promise.all(
      [1, 2].map(() => runTask("bench:tables", ...flags, "--out", `${folder}/out`)),
    );
    for (const { code, stderr } of both) assertEquals(code, 0, stderr);
    assertEquals(both[0].stdout, both[1].stdout);
    const names = (await Array.fromAsync(Deno.readDir(`${folder}/out/tpe`))).map(({ name }) =>
      name
    );
    assertEquals(names, ["small.json"], "no claim is left");
  }));

Deno.test("bench:tables measures leaders again where it is told to", () =>
  inTemporaryFolder(async (folder) => {
    await writeTables(folder);
    const flags = ["--tables", folder, "--methods", "random", "--runs", "s1", "--trials", "7"];
    const { code, stderr, stdout } = await runTask(
      "bench:tables",
      ...[...flags, "--confirm", "never,5", "--out", `${folder}/out`],
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "random-confirm-5");
    const path = `${folder}/out/random-confirm-5/small.json`;
    const { runs: [made] }: TableRuns = JSON.parse(await Deno.readTextFile(path));
    assertEquals(made.confirms, [4, 9]);
    for (const trial of made.confirms) {
      assert(made.regrets.slice(0, trial).includes(made.regrets[trial]));
    }
  }));

const broken: [string, Record<string, unknown>, string][] = [
  ["no space", { space: undefined }, "'space' must be a list"],
  ["a cell of other digits", { cells: { "0": [1] } }, "must have 2 digits"],
  ["a cell without measurements", { cells: { "00": [] } }, "must be numbers: got []"],
  ["no cell", { cells: {} }, "must have a cell"],
  ["no first cell", { cells: { "33": [1] } }, "the first cells of s0 must be in the table: got 00"],
];
for (const [what, change, message] of broken) {
  Deno.test(`bench:tables refuses a table with ${what}`, () =>
    inTemporaryFolder(async (folder) => {
      await writeTables(folder, { ...smallTable(), ...change });
      const { code, stderr } = await runTask("bench:tables", "--tables", folder);
      assertEquals(code, 1);
      assertStringIncludes(stderr, message);
      assert(!stderr.includes("    at "), stderr);
    }));
}

Deno.test("a cell that was not measured is a failed evaluation, others vary by run, key and trial", () => {
  const table = NoisyTable.parse(JSON.stringify(smallTable()), "small.json");
  const at = (trial: number, key = 0) => table.measure("31", { run: "s0", key, trial });
  assertEquals(table.measure("40", { run: "s0", key: 0, trial: 0 }), NaN);
  assertEquals(table.regret("40"), Infinity);
  assertEquals(table.regret("31"), 0);
  const seen = new Set(Array.from({ length: 30 }, (_, trial) => at(trial)));
  assertEquals([...seen].sort(), [-0.25, 0, 0.25]);
  assertEquals(at(4), at(4));
  assert([1, 2, 3, 4, 5, 6, 7, 8].some((key) => at(4, key) !== at(4)));
  assertEquals(table.cellOf(table.configurationOf("42")), "42");
});

Deno.test("regrets after each trial are those of what was chosen then", () => {
  const run = {
    ...{ run: "s0", key: 0, confirms: [], repeats: 0 },
    regrets: [0.5, 0.4, null, 0.2, 0.3],
    recommended: [1, 1, 3, 4],
    measured: [0, 0, 0, 3],
  };
  assertEquals(regretsOf(run, "recommended"), [0.4, 0.4, 0.2, 0.3]);
  assertEquals(regretsOf(run, "measured"), [0.5, 0.5, 0.5, 0.2]);
  assertEquals(regretsOf(run, "visited"), [0.4, 0.4, 0.2, 0.2]);
});
