import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../../core/search/errors.ts";
import {
  formatResults,
  type JsonValue,
  mergeResults,
  parseResults,
  readResults,
  type Results,
  type RunResult,
  writeResults,
} from "../../../hpob/comparison/results.ts";
import { withFolder } from "../_benchmark.ts";

function run(datasetId: string, seed: string, ...incumbents: number[]): RunResult {
  return { searchSpaceId: "5971", datasetId, seed, incumbents };
}

const results: Results = {
  method: "gp",
  protocol: "continuous",
  trials: 2,
  settings: { benchmark: "hpob-mini", seed: 0, names: ["b", "a"], nested: { b: null, a: true } },
  runs: [
    { ...run("9970", "test1", 0.25, 0.5, 1), secondsPerSuggestion: 0.125 },
    { ...run("9970", "test0", 0.1, 0.1, 0.30000000000000004), secondsPerSuggestion: 0.5 },
    run("37", "test0", 0, 0, 0),
  ],
};

const text = `{
  "genhpo": {
    "formatVersion": 1,
    "method": "gp",
    "protocol": "continuous",
    "secondsPerSuggestion": {
      "5971": {
        "9970": {
          "test0": 0.5,
          "test1": 0.125
        }
      }
    },
    "settings": {
      "benchmark": "hpob-mini",
      "names": ["b", "a"],
      "nested": {
        "a": true,
        "b": null
      },
      "seed": 0
    },
    "trials": 2
  },
  "5971": {
    "37": {
      "test0": [0, 0, 0]
    },
    "9970": {
      "test0": [0.1, 0.1, 0.30000000000000004],
      "test1": [0.25, 0.5, 1]
    }
  }
}
`;

/** As a set: the order of runs has no meaning. */
function sorted(results: Results): Results {
  const key = (run: RunResult) => JSON.stringify([run.searchSpaceId, run.datasetId, run.seed]);
  return { ...results, runs: [...results.runs].sort((a, b) => key(a) < key(b) ? -1 : 1) };
}

function withoutMetadata(text: string): string {
  const { genhpo: _, ...spaces } = JSON.parse(text);
  return JSON.stringify(spaces);
}

Deno.test("a result file is HPO-B's with one more key", () => {
  assertEquals(formatResults(results), text);
  assertEquals(sorted(parseResults(text, { source: "gp.json" })), sorted(results));
});

/** Names that sorting, JSON or JavaScript's objects may treat specially. */
const names = fc.oneof(
  fc.constantFrom("10", "9", "__proto__", "constructor", "", "é", '"', "a b"),
  fc.string(),
);
const settings = fc.dictionary(
  names,
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
) as fc.Arbitrary<Record<string, JsonValue>>;
const anyResults: fc.Arbitrary<Results> = fc.nat(3).chain((trials) =>
  fc.record({
    method: fc.string({ minLength: 1 }),
    protocol: fc.constantFrom("continuous" as const, "discrete" as const),
    trials: fc.constant(trials),
    settings,
    runs: fc.uniqueArray(
      fc.record({
        searchSpaceId: names.filter((name) => name !== "genhpo"),
        datasetId: names,
        seed: names,
        incumbents: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: trials + 1,
          maxLength: trials + 1,
        }).map((values) => values.map((value) => value + 0).sort((a, b) => a - b)), // no -0
        secondsPerSuggestion: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
          .map((value) => value + 0),
      }, { requiredKeys: ["searchSpaceId", "datasetId", "seed", "incumbents"] }),
      {
        minLength: 1,
        maxLength: 8,
        selector: (run) => JSON.stringify([run.searchSpaceId, run.datasetId, run.seed]),
      },
    ),
  })
);

Deno.test("any results are read as they were written", () => {
  fc.assert(
    fc.property(anyResults, (results) => {
      const read = parseResults(formatResults(results), { source: "x" });
      assertEquals(
        JSON.stringify(sorted(read).runs.map((run) => Object.entries(run).sort())),
        JSON.stringify(sorted(results).runs.map((run) => Object.entries(run).sort())),
      );
      assertEquals(formatResults(read), formatResults(results));
    }),
    { seed: 1 },
  );
});

Deno.test("equal results are equal bytes, whatever the order of runs and settings", () => {
  fc.assert(
    fc.property(anyResults, (results) => {
      const reversed = {
        ...results,
        settings: Object.fromEntries(Object.entries(results.settings).reverse()),
        runs: results.runs.toReversed(),
      };
      assertEquals(formatResults(reversed), formatResults(results));
    }),
    { seed: 1 },
  );
});

Deno.test("HPO-B's own files are read, with what the caller knows of them", () => {
  const plain = withoutMetadata(text);
  const read = parseResults(plain, { source: "results/RS-C.json" });
  assertEquals(read.method, "RS-C");
  assertEquals(read.protocol, "unknown");
  assertEquals(read.trials, 2);
  assertEquals(read.settings, {});
  assertEquals(read.runs.length, 3);
  const known = parseResults(plain, { source: "x", method: "random", protocol: "discrete" });
  assertEquals([known.method, known.protocol], ["random", "discrete"]);
});

Deno.test("runs of unequal lengths in a file of HPO-B are cut to the shortest", () => {
  const read = parseResults(`{"s": {"d": {"test0": [0.5, 0.6, 0.7], "test1": [0.5, 0.6]}}}`, {
    source: "x",
  });
  assertEquals(read.trials, 1);
  assertEquals(read.runs.map((run) => run.incumbents), [[0.5, 0.6], [0.5, 0.6]]);
});

Deno.test("a file that states another protocol than the caller is refused", () => {
  assertThrows(
    () => parseResults(text, { source: "gp.json", protocol: "discrete" }),
    InputError,
    "Cannot read results gp.json as their protocol must be discrete: got continuous",
  );
});

// deno-lint-ignore no-explicit-any
const damages: [string, (file: any) => unknown, string][] = [
  ["a list of a space", (file) => file["5971"] = [], "'5971' must be an object"],
  ["a number as data set", (file) => file["5971"]["37"] = 1, "'5971 > 37' must be an object"],
  [
    "a number as run",
    (file) => file["5971"]["37"].test0 = 1,
    "'5971 > 37 > test0' must be a list of incumbents",
  ],
  ["no run", (file) => delete file["5971"], "there must be a run: got []"],
  [
    "a run that is too short",
    (file) => file["5971"]["37"].test0.pop(),
    "'5971 > 37 > test0' must have 3 incumbents: got 2",
  ],
  [
    "null for an incumbent",
    (file) => file["5971"]["37"].test0[1] = null,
    "'5971 > 37 > test0' must be in [0, 1] at trial 1: got null",
  ],
  [
    "an incumbent above 1",
    (file) => file["5971"]["37"].test0[2] = 1.5,
    "'5971 > 37 > test0' must be in [0, 1] at trial 2: got 1.5",
  ],
  [
    "a falling incumbent",
    (file) => file["5971"]["9970"].test0[1] = 0.05,
    "'5971 > 9970 > test0' must not fall at trial 1: got 0.05",
  ],
  ["a newer format", (file) => file.genhpo.formatVersion = 2, "'formatVersion' must be 1: got 2"],
  ["no method", (file) => delete file.genhpo.method, "'method' must be a name: got nothing"],
  [
    "a protocol of its own",
    (file) => file.genhpo.protocol = "mixed",
    `'protocol' must be continuous, discrete or unknown: got "mixed"`,
  ],
  ["no number of trials", (file) => file.genhpo.trials = "2", `'trials' must be a count: got "2"`],
  ["no settings", (file) => delete file.genhpo.settings, "'settings' must be an object"],
  [
    "a negative time",
    (file) => file.genhpo.secondsPerSuggestion["5971"]["9970"].test0 = -1,
    "'5971 > 9970 > test0' must take a time: got -1",
  ],
];
for (const [kind, damage, message] of damages) {
  Deno.test(`a result file with ${kind} is refused with the place`, () => {
    const file = JSON.parse(text);
    damage(file);
    assertThrows(
      () => parseResults(JSON.stringify(file), { source: "out/gp.json" }),
      InputError,
      message,
    );
    assertThrows(
      () => parseResults(JSON.stringify(file), { source: "out/gp.json" }),
      InputError,
      "Cannot read results out/gp.json as ",
    );
  });
}

Deno.test("an empty object is no result file", () => {
  assertThrows(() => parseResults("{}", { source: "x" }), InputError, "there must be a run");
});

Deno.test("a truncated result file is refused at any length", () => {
  fc.assert(
    fc.property(fc.nat(text.trimEnd().length - 1), (length) => {
      assertThrows(() => parseResults(text.slice(0, length), { source: "x" }), InputError);
    }),
    { seed: 1 },
  );
});

Deno.test("a missing result file is refused by its name", async () => {
  await assertRejects(
    () => readResults("no/such/file.json"),
    InputError,
    "Cannot read results no/such/file.json as the file must exist",
  );
});

const invalid: [string, Partial<Results>, string][] = [
  ["without runs", { runs: [] }, "there must be a run"],
  ["of too few trials", { trials: 3 }, "'5971 > 9970 > test1' must have 4 incumbents: got 3"],
  [
    "with a run twice",
    { runs: [results.runs[0], results.runs[0]] },
    "every run must be there once",
  ],
  [
    "in a space of the reserved name",
    { runs: [{ ...results.runs[0], searchSpaceId: "genhpo" }] },
    "no search space may have the name",
  ],
];
for (const [kind, change, message] of invalid) {
  Deno.test(`results ${kind} are not written`, async () => {
    await withFolder({}, async (folder) => {
      await assertRejects(
        () => writeResults(`${folder}/gp.json`, { ...results, ...change }),
        InputError,
        message,
      );
      assertEquals([...Deno.readDirSync(folder)], []);
    });
  });
}

Deno.test("writing replaces a file as a whole and leaves nothing else", async () => {
  await withFolder({}, async (folder) => {
    const path = `${folder}/gp.json`;
    await writeResults(path, { ...results, runs: results.runs.slice(1) });
    await writeResults(path, results);
    assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["gp.json"]);
    assertEquals(await Deno.readTextFile(path), text);
    assertEquals(sorted(await readResults(path)), sorted(results));
  });
});

Deno.test("a file that cannot be replaced stays, without a partial file beside it", async () => {
  await withFolder({}, async (folder) => {
    await Deno.mkdir(`${folder}/gp.json`);
    await assertRejects(() => writeResults(`${folder}/gp.json`, results));
    assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["gp.json"]);
    await assertRejects(
      () => writeResults(`${folder}/none/gp.json`, results),
      Deno.errors.NotFound,
    );
  });
});

Deno.test("merging joins runs and keeps the earlier of equal ones", () => {
  const [first, second, third] = results.runs;
  const earlier = { ...results, runs: [first, second] };
  const later = { ...results, runs: [{ ...second, secondsPerSuggestion: 9 }, third] };
  assertEquals(sorted(mergeResults(earlier, later)), sorted(results));
});

Deno.test("merging any parts gives the whole again", () => {
  fc.assert(
    fc.property(anyResults, fc.nat(), fc.nat(), (results, from, to) => {
      const n = results.runs.length;
      const [a, b] = [from % (n + 1), to % (n + 1)];
      const parts = [results.runs.slice(0, Math.max(a, b)), results.runs.slice(Math.min(a, b))];
      const [earlier, later] = parts.map((runs) => ({ ...results, runs }));
      assertEquals(formatResults(mergeResults(earlier, later)), formatResults(results));
    }),
    { seed: 1 },
  );
});

const mismatches: [keyof Results, Partial<Results>, string][] = [
  ["method", { method: "dgp" }, `'method' must be "gp" as before: got "dgp"`],
  [
    "protocol",
    { protocol: "discrete" },
    `'protocol' must be "continuous" as before: got "discrete"`,
  ],
  ["trials", { trials: 50 }, "'trials' must be 2 as before: got 50"],
  [
    "settings",
    { settings: { seed: 1 } },
    "'benchmark' must be \"hpob-mini\" as before: got not given",
  ],
];
for (const [key, change, message] of mismatches) {
  Deno.test(`results are not continued with another ${key}`, () => {
    assertThrows(
      () => mergeResults(results, { ...results, ...change }),
      InputError,
      `Cannot continue results of gp as ${message}`,
    );
  });
}

Deno.test("results are not continued when a run comes out differently", () => {
  const other = { ...results, runs: [{ ...results.runs[0], incumbents: [0.25, 0.5, 0.75] }] };
  assertThrows(
    () => mergeResults(results, other),
    InputError,
    "a run must give the same incumbents again: 5971 > 9970 > test1 differs",
  );
});
