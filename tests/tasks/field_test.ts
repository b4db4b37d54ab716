import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Results } from "../../hpob/comparison/results.ts";
import { renderSvg } from "../../hpob/figures/render.ts";
import {
  type Field,
  fieldFigures,
  fieldOf,
  fieldPage,
  fieldText,
} from "../../tasks/report/field.ts";
import type { ReportInputs } from "../../tasks/report/inputs.ts";

/** Results of 20 runs whose regrets fall from .5 to `at10` after 10 trials and to `at50` after 50. */
function resultsOf(method: string, at10: number, at50: number, seconds = 0.5): Results {
  return {
    method,
    protocol: "continuous",
    trials: 50,
    settings: { package: "package 1.0" },
    runs: Array.from({ length: 20 }, (_, i) => ({
      searchSpaceId: "space",
      datasetId: `d${i >> 2}`,
      seed: `test${i % 4}`,
      incumbents: Array.from({ length: 51 }, (_, k) => {
        if (k < 10) return 0.5;
        return 1 - (k < 50 ? at10 : at50) - i / 1000;
      }),
      secondsPerSuggestion: seconds,
    })),
  };
}

const diffusion = resultsOf("diffusion", 0.2, 0.1);

function field(peers: Results[][], replicates: Results[][] = []): Field | undefined {
  return fieldOf({ main: [diffusion], replicates, peers } as unknown as ReportInputs);
}

Deno.test("where diffusion search loses is said first, by number of trials", () => {
  const text = fieldText(field([[resultsOf("turbo", 0.1, 0.2)]]));
  assertStringIncludes(
    text,
    "After 5 and 50 trials it loses to none, and no other",
  );
  assertStringIncludes(text, "after 10 and 25 trials it loses to `turbo`");
  assertStringIncludes(text, "After the last it beats `turbo`.");
});

Deno.test("each method is averaged over the keys it has, of those with all runs", () => {
  const part = { ...resultsOf("part", 0, 0), runs: resultsOf("part", 0, 0).runs.slice(1) };
  const made = field(
    [[resultsOf("turbo", 0.3, 0.3, 1), part], [resultsOf("turbo", 0.1, 0.1, 3)]],
    [[diffusion], [diffusion]],
  )!;
  assertEquals(made.methods, [
    { method: "diffusion", keys: 3, seconds: 0.5, isPeer: false },
    { method: "turbo", keys: 2, seconds: 1, isPeer: true },
  ]);
  const [{ incumbents }] = made.comparison.runs;
  assertEquals(incumbents.map((trace) => Number(trace[50].toFixed(8))), [0.9, 0.8]);
});

Deno.test("the page of the field has every method, and its figures can be drawn", async () => {
  const made = field([[resultsOf("turbo", 0.1, 0.2), resultsOf("perfect", 0, 0)]])!;
  const page = await fieldPage(made, { tables: "On tables." });
  assertStringIncludes(page, "By data set, lower means after the last: on d0 `perfect`");
  for (const part of ["| `turbo`", "| `perfect`", "package 1.0", "figures/field-cost.svg"]) {
    assertStringIncludes(page, part);
  }
  const [numbers] = page.split("## What is missing"); // where a NaN of others is told
  assert(!/\{\{|undefined|NaN|Infinity/.test(numbers));
  for (const { draw } of fieldFigures(made)) {
    assert(!/NaN|Infinity/.test(await renderSvg(draw())));
  }
});

Deno.test("without results of others the report says how to make them", () => {
  assertEquals(field([]), undefined);
  assertStringIncludes(fieldText(undefined), "deno task bench:peers --seed N");
});
