import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runTask } from "./_run_task.ts";

const space = {
  rate: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
};

Deno.test("suggest answers a table of observations with configurations in the same form", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [csv, json, descriptor] = ["o.csv", "o.json", "space.json"].map((name) =>
      `${folder}/${name}`
    );
    await Deno.writeTextFile(csv, "rate,depth,loss\n0.1,3,0.4\n0.01,9,0.2\n0.001,12,\n");
    await Deno.writeTextFile(json, '[{"a": 0.1, "b": 1, "y": 3}, {"a": 0.9, "b": 0.5, "y": null}]');
    await Deno.writeTextFile(descriptor, JSON.stringify(space));
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
    assertStringIncludes(bad.stderr, "Row 1: 'depth' must be a number in [0, 1]: got \"3\"");
    const missing = await runTask("suggest", csv);
    assertStringIncludes(missing.stderr, "the response 'y' must be there: got rate, depth, loss");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
