import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { families, familyNames } from "../../benches/scale/functions.ts";
import type { ScaleResults } from "../../benches/scale/results.ts";
import { snap } from "../../core/search/coordinates.ts";
import { Random } from "../../core/search/random.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

Deno.test("bench:scale writes results, figures and a page, and measures nothing twice", () =>
  inTemporaryFolder(async (out) => {
    const measure = (runs: string, longRuns: string) =>
      runTask(
        ...[
          "bench:scale",
          "--quick",
          "--runs",
          runs,
          "--long-runs",
          longRuns,
          "--out",
          out,
        ] as const,
      );
    const file = `${out}/results/scale.json`;
    const read = async (): Promise<ScaleResults> => JSON.parse(await Deno.readTextFile(file));

    const { code, stderr } = await measure("1", "0");
    assertEquals(code, 0, stderr);
    const first = await read();
    assert(first.times.every(({ seconds }) => seconds > 0));
    assertEquals(first.regrets.length, 2 * familyNames.length * 4); // two numbers of columns, four methods
    assert(first.regrets.every(({ runs: [[regret]] }) => regret >= 0));
    const page = await Deno.readTextFile(`${out}/scale.md`);
    assertStringIncludes(page, "Not measured yet."); // the long runs
    assert(!/\{\{|undefined|NaN|Infinity/.test(page));
    for (const name of ["scale-time", "scale-regret"]) {
      assert(!/NaN|undefined/.test(await Deno.readTextFile(`${out}/figures/${name}.svg`)));
    }

    // With other weights, diffusion search is measured again, and nothing else.
    const marked = first.times.map((time) => ({ ...time, seconds: 123 }));
    const other = { ...first, weights: "other", times: marked };
    await Deno.writeTextFile(file, JSON.stringify(other));
    assertEquals((await measure("2", "1")).code, 0);
    const second = await read();
    assertEquals(second.weights, first.weights);
    for (const { method, seconds } of second.times) {
      assertEquals(seconds === 123, method !== "diffusion");
    }
    for (const { runs, ...place } of first.regrets) {
      const again = second.regrets.find(({ runs: _, ...piece }) =>
        JSON.stringify(piece) === JSON.stringify(place)
      )!;
      assertEquals(again.runs.length, 2);
      assertEquals(again.runs[0][0].toPrecision(2), runs[0][0].toPrecision(2)); // side by side: to rounding
    }
    const long = second.regrets.filter(({ evaluations }) => evaluations.length > 1);
    assert(long.every(({ runs: [regrets] }) => regrets[1] <= regrets[0]));
    assertEquals(long.length, 3 * familyNames.length * 4);

    await Deno.writeTextFile(file, "{}");
    const damaged = await measure("1", "0");
    assertEquals(damaged.code, 1);
    assertStringIncludes(damaged.stderr, "must be a file that bench:scale wrote");
  }));

Deno.test("a function of each family has its optimum where it says, and is nowhere below", () => {
  const cases = fc.record({
    family: fc.constantFrom(...familyNames),
    dimension: fc.constantFrom(2, 4, 8, 16, 24, 32, 40),
    key: fc.nat(100),
  });
  fc.assert(
    fc.property(cases, ({ family, dimension, key }) => {
      const { optimum, coordinates, drawUniform, loss } = families[family](dimension, key);
      assert(Math.abs(loss(optimum)) < 1e-20);
      const random = Random.of("scale test", key);
      for (let i = 0; i < 20; i++) {
        const point = drawUniform(random);
        assertEquals(point.length, dimension);
        if (coordinates) assertEquals(snap(point, coordinates), point);
        assert(loss(point) > 0);
      }
    }),
    { seed: 1, numRuns: 40 },
  );
});
