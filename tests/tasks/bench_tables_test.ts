import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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

Deno.test("bench:tables runs methods on a table, compares them and continues", () =>
  inTemporaryFolder(async (folder) => {
    await writeTables(folder);
    const flags = ["--tables", folder, "--methods", "gp,random", "--trials", "8"];
    const out = `${folder}/out`;
    const { code, stdout, stderr } = await runTask("bench:tables", ...flags, "--out", out);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "2 runs a method, 8 trials");
    assertStringIncludes(stdout, "made-up: recommended");
    assertStringIncludes(stdout, "random against gp, recommended:");
    const path = `${out}/gp/small-s0.json`, made = JSON.parse(await Deno.readTextFile(path));
    assertEquals(made.cell.slice(0, 3), ["00", "12", "22"]);
    assertEquals([made.cell.length, new Set(made.cell).size, made.confirms], [11, 11, []]);
    assertEquals(made.recommended, "31");
    await Deno.writeTextFile(path, JSON.stringify({ ...made, recommended: "00" }));
    const again = await runTask("bench:tables", ...flags, "--out", out);
    assertEquals(again.code, 0, again.stderr);
    assert(again.stdout !== stdout, "a run that was made is read, not made again");
    const other = await runTask("bench:tables", ...flags, "--out", out, "--seed", "1");
    assertEquals(other.code, 1);
    assertStringIncludes(other.stderr, "the settings must be");
  }));

Deno.test("bench:tables measures leaders again where it is told to", () =>
  inTemporaryFolder(async (folder) => {
    await writeTables(folder);
    const flags = ["--tables", folder, "--methods", "random", "--runs", "s1", "--trials", "7"];
    const { code, stderr } = await runTask(
      "bench:tables",
      ...[...flags, "--confirm", "5", "--out", `${folder}/out`],
    );
    assertEquals(code, 0, stderr);
    const made = JSON.parse(await Deno.readTextFile(`${folder}/out/random/small-s1.json`));
    assertEquals(made.confirms, [4, 9]);
    for (const trial of made.confirms) assert(made.cell.slice(0, trial).includes(made.cell[trial]));
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

Deno.test("a cell that was not measured is a failed evaluation, others vary by run and trial", () => {
  const table = NoisyTable.parse(JSON.stringify(smallTable()), "small.json");
  assertEquals(table.measure("40", "s0", 0), NaN);
  assertEquals(table.regret("40"), Infinity);
  assertEquals(table.regret("31"), 0);
  const seen = new Set(Array.from({ length: 30 }, (_, trial) => table.measure("31", "s0", trial)));
  assertEquals([...seen].sort(), [-0.25, 0, 0.25]);
  assertEquals(table.measure("31", "s0", 4), table.measure("31", "s0", 4));
  assertEquals(table.cellOf(table.pointOf("42")), "42");
});
