import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const space = {
  rate: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
};

/** Writes files by name and hands their paths to a test. */
async function withFiles(
  files: Record<string, string>,
  test: (paths: Record<string, string>) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const paths: Record<string, string> = {};
    for (const [name, text] of Object.entries(files)) {
      paths[name] = `${folder}/${name}`;
      await Deno.writeTextFile(paths[name], text);
    }
    await test(paths);
  });
}

Deno.test("suggest answers a table of observations with configurations in the same form", async () => {
  const files = {
    "o.csv": "rate,depth,loss\n0.1,3,0.4\n0.01,9,0.2\n0.001,12,\n",
    "o.json": '[{"a": 0.1, "b": 1, "y": 3}, {"a": 0.9, "b": 0.5, "y": null}]',
    "space.json": JSON.stringify(space),
  };
  await withFiles(files, async ({ "o.csv": csv, "o.json": json, "space.json": descriptor }) => {
    const flags = ["--space", descriptor, "--response", "loss", "--minimize"];
    const one = await runTask("suggest", csv, ...flags, "--count", "3");
    assertEquals(one.code, 0, one.stderr);
    const [header, ...rows] = one.stdout.trim().split("\n");
    assertEquals(header, "rate,depth");
    assertEquals(new Set(rows).size, 3);
    for (const row of rows) {
      const [rate, depth] = row.split(",").map(Number);
      assert(rate >= 1e-4 && rate <= 1 && Number.isInteger(depth) && depth >= 1 && depth <= 15);
    }
    const again = await runTask("suggest", csv, ...flags, "--count", "1");
    assertEquals(again.stdout.trim().split("\n")[1], rows[0]);

    const two = await runTask("suggest", json, "--method", "random");
    const [suggestion] = JSON.parse(two.stdout);
    assertEquals(Object.keys(suggestion), ["a", "b"]);

    const bad = await runTask("suggest", csv, "--response", "loss");
    assertEquals(bad.code, 1);
    assertStringIncludes(bad.stderr, "Row 1: 'depth' must be a number from 0 to 1: got \"3\"");
    const missing = await runTask("suggest", csv);
    assertStringIncludes(
      missing.stderr,
      "the response 'y' must be a column: got rate, depth, loss",
    );
    const wrong = await runTask("suggest", csv, "--decimal", "x");
    assertEquals(wrong.code, 2);
  });
});

Deno.test("suggest never repeats a configuration while an untried one is left, by any method", async () => {
  const files = {
    "runs.csv": "algo,k,y\na,1,0.10\nb,2,0.65\na,8,0.40\nb,3,0.60\nb,1,0.40\n",
    "space.json": JSON.stringify({
      algo: { type: "choice", values: ["a", "b"] },
      k: { type: "integer", min: 1, max: 8 },
    }),
  };
  await withFiles(files, async ({ "runs.csv": runs, "space.json": descriptor }) => {
    const tried = files["runs.csv"].trim().split("\n").slice(1).map((row) =>
      row.split(",").slice(0, 2).join(",")
    );
    for (const method of ["random", "gp", "diffusion"]) {
      const flags = ["--space", descriptor, "--method", method, "--count", "12"];
      const { stdout, stderr, code } = await runTask("suggest", runs, ...flags);
      assertEquals(code, 0, stderr);
      const all = [...tried, ...stdout.trim().split("\n").slice(1)];
      assertEquals([all.length, new Set(all).size], [16, 16], method);
      assertStringIncludes(stderr, "Only 11 configurations were left to try");
    }
  });
});

Deno.test("suggest keeps away from what runs, says what it passed over, and begins where nothing was tried", async () => {
  const files = {
    "optuna.csv": "number,value,datetime_start,params_depth,params_rate,state\n" +
      "0,0.61,2031-01-01 10:00:00,8,0.01,COMPLETE\n1,,2031-01-01 10:01:00,3,0.5,RUNNING\n" +
      "2,0.7,2031-01-01 10:02:00,20,0.5,COMPLETE\n",
    "none.csv": "rate,depth,y\n",
    "space.json": JSON.stringify({ ...space, kind: { type: "constant", value: "x" } }),
  };
  await withFiles(
    files,
    async ({ "optuna.csv": csv, "none.csv": none, "space.json": descriptor }) => {
      const flags = ["--space", descriptor, "--method", "random"];
      const one = await runTask("suggest", csv, ...flags);
      assertEquals(one.code, 0, one.stderr);
      assertEquals(one.stderr.trim().split("\n").length, 2);
      assertStringIncludes(one.stderr, "Passed over the columns number, datetime_start\n");
      assertStringIncludes(one.stderr, "Left out 1 of 3 rows outside of the space");
      assert(one.stdout.trim().endsWith(",x"));
      const first = await runTask("suggest", none, ...flags);
      assertEquals(first.code, 0, first.stderr);
      assertEquals(first.stdout.trim().split("\n").length, 2);
    },
  );
});
