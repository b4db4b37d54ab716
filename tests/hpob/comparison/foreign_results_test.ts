import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { alignResults } from "../../../hpob/comparison/aligned_results.ts";
import { meanRegret } from "../../../hpob/comparison/metrics.ts";
import { describeOmissions } from "../../../hpob/comparison/omissions.ts";
import { parseResults, type Results } from "../../../hpob/comparison/results.ts";

/** Reads a file that states nothing, and what is said of it. */
function read(content: unknown, method = "x"): Results & { warnings: string[] } {
  const warnings: string[] = [];
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const results = parseResults(text, {
    source: `${method}.json`,
    onWarning: (message) => warnings.push(message),
  });
  return { ...results, warnings };
}

const traces = ({ runs }: Results): [string, readonly number[]][] =>
  runs.map(({ seed, incumbents }) => [seed, incumbents]);

Deno.test("incumbents that fall become their running maximum, with one warning that counts the runs", () => {
  const falls = read({
    s: {
      d: {
        test0: [0.75, 0.56, 0.75, 0.81],
        test1: [0.4, 0.4, 0.5, 0.6],
        test2: [0.5, 0.4, 0.3, 1],
      },
    },
  });
  assertEquals(traces(falls), [
    ["test0", [0.75, 0.75, 0.75, 0.81]],
    ["test1", [0.4, 0.4, 0.5, 0.6]],
    ["test2", [0.5, 0.5, 0.5, 1]],
  ]);
  assertEquals(falls.warnings, [
    "x.json: 2 of 3 runs fall, such as s > d > test0 at trial 1: the running maximum is taken",
  ]);
});

Deno.test("a file of regrets is told by that nothing in it rises", () => {
  const { warnings } = read({ s: { d: { test0: [0.5, 0.4, 0.3] } } });
  assertEquals(warnings.length, 1);
  assertEquals(warnings[0].endsWith("if these are regrets, the file must have 1 - regret"), true);
});

const thirty = (first: number, last: number): number[] =>
  Array.from({ length: 31 }, (_, k) => first + (last - first) * k / 30);

Deno.test("runs that end early at regret 0 are continued with it, up to the trials of the others", () => {
  const stops = read({
    s: { d: { test0: [0.5, 0.8, 1], test1: thirty(0.3, 0.9), test2: thirty(0.2, 0.8) } },
  }, "stops");
  assertEquals(stops.trials, 30);
  assertEquals(stops.warnings, [
    "stops.json: 1 of 3 runs end early at regret 0, and are continued with it",
  ]);
  const slow = read({
    s: { d: { test0: thirty(0.5, 0.6), test1: thirty(0.3, 0.4), test2: thirty(0.2, 0.3) } },
  }, "slow");
  const [regret] = meanRegret(alignResults([stops, slow]));
  assertEquals(+regret.values[30].toFixed(12), 0.1); // (0 + 0.1 + 0.2) / 3
});

Deno.test("results whose runs all end at regret 0 do not cut those of others", () => {
  const done = read({ s: { d: { test0: [0.5, 1] } } }, "done");
  const slow = read({ s: { d: { test0: thirty(0.5, 0.6) } } }, "slow");
  const comparison = alignResults([done, slow]);
  assertEquals(comparison.trials, 30);
  assertEquals(comparison.runs[0].incumbents[0].slice(0, 4), [0.5, 1, 1, 1]);
  assertEquals(describeOmissions([done, slow], comparison), []);
});

Deno.test("what is cut and what is left out is said", () => {
  const short = read({ s: { d: { test0: [0.1, 0.2, 0.3], test1: [0.1, 0.2] } } }, "short");
  assertEquals(short.warnings, [
    "short.json: 1 of 2 runs are cut to 1 trials, as s > d > test1 has no more",
  ]);
  const long = read(
    { s: { d: { test0: [0.1, 0.2, 0.3] } }, t: { d: { test0: [0, 0, 0] } } },
    "long",
  );
  assertEquals(describeOmissions([short, long], alignResults([short, long])), [
    "only the first 1 trials, which all have, are compared: long has 2",
    "1 of the 2 runs of short are left out, as not all methods have them",
    "1 of the 2 runs of long are left out, as not all methods have them",
  ]);
});

Deno.test("lists of runs, numbered seeds and columns are read for what they are", () => {
  const expected: [string, number[]][] = [["test0", [0.1, 0.2]], ["test1", [0.3, 0.3]]];
  const list = read({ s: { d: [[0.1, 0.2], [0.3, 0.3]] } });
  assertEquals([traces(list), list.warnings], [expected, [
    "x.json: the runs of a list are taken for those of test0, test1, ...",
  ]]);
  const numbered = read({ s: { d: { 0: [0.1, 0.2], 1: [0.3, 0.3] } } });
  assertEquals([traces(numbered), numbered.warnings], [expected, [
    "x.json: the seeds 0, 1, ... are taken for test0, test1, ...",
  ]]);
  const columns = read({ s: { d: { test0: [[0.1], [0.2]], test1: [[0.3], [0.3]] } } });
  assertEquals([traces(columns), columns.warnings], [expected, []]);
});

Deno.test("values outside of [0, 1] by rounding are moved to it, and a byte order mark is passed over", () => {
  const rounded = read(
    "\uFEFF" + JSON.stringify({ s: { d: { test0: [-1e-17, 1.0000000000000002] } } }),
  );
  assertEquals(traces(rounded), [["test0", [0, 1]]]);
});

const refused: [string, unknown, string][] = [
  [
    "NaN",
    `{"900": {"11": {"test0": [0.5, 0.6, NaN]}}}`,
    "'900 > 11 > test0' must be in [0, 1] at trial 2: got NaN",
  ],
  ["-Infinity", `{"900": {"11": {"test0": [-Infinity]}}}`, "at trial 0: got -Infinity"],
  ["a text", { s: { d: { test0: ["0.5"] } } }, `at trial 0: got "0.5"`],
  ["no incumbent", { s: { d: { test0: [] } } }, "'s > d > test0' must have an incumbent: got []"],
  [
    "a number for a run",
    { s: { d: { test0: 0.5 } } },
    "must be a list of incumbents (result files are {search space: {data set: {seed: [incumbents]}}}): got 0.5",
  ],
  ["no seeds", { s: { d: [0.1, 0.2] } }, "'s > d' must have runs by their seeds"],
  [
    "a column without a seed",
    { s: { d: [[0.1], [0.2]] } },
    "'s > d' must have runs by their seeds",
  ],
  [
    "lists of lists for a run",
    { s: { d: { test0: [[0.1, 0.2], [0.3, 0.4]] } } },
    "at trial 0: got [0.1,0.2]",
  ],
  ["a list for a file", [[0.1]], "'the file' must be an object: got [[0.1]]"],
  ["a text with NaN that is no JSON", `{"a": NaN`, "it must be JSON"],
];
for (const [kind, content, message] of refused) {
  Deno.test(`a file with ${kind} is refused with the place`, () => {
    assertThrows(() => read(content), InputError, message);
  });
}

Deno.test("names that are words of JavaScript are names", () => {
  const text = `{"__proto__": {"constructor": {"NaN": [0.5, 0.6]}}}`;
  assertEquals(read(text, "__proto__").runs, [
    { searchSpaceId: "__proto__", datasetId: "constructor", seed: "NaN", incumbents: [0.5, 0.6] },
  ]);
});
