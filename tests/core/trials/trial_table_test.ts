import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import type { ReadTrialsOptions } from "../../../core/trials/table_trial.ts";
import { readTrials } from "../../../core/trials/trial_table.ts";
import { space } from "./_space.ts";

const rows = [[0.01, 8, 0.61], [0.1, 3, 0.74]];

/** Values and response of each trial. */
function read(text: string, options: ReadTrialsOptions = { space }): unknown[] {
  return readTrials(text, options).trials.map(({ configuration, response }) => [
    ...Object.values(configuration),
    response,
  ]);
}

Deno.test("CSV is read with any line end, byte order mark, blank lines, spaces, quotes, and , ; or tab", () => {
  for (
    const text of [
      "\uFEFFlr,depth,y\r\n0.01,8,0.61\r\n0.1,3,0.74\r\n",
      "lr,depth,y\n0.01,8,0.61\n\n0.1,3,0.74\n\n",
      "lr, depth, y\n0.01, 8, 0.61\n0.1, 3, 0.74\n",
      "lr;depth;y\n0.01;8;0.61\n0.1;3;0.74\n",
      "lr\tdepth\ty\n0.01\t8\t0.61\n0.1\t3\t0.74",
      '"lr", "depth", "y"\n"0.01", "8", "0.61"\n"0.1", "3", "0.74"\n',
      "sep=;\nlr;depth;y\n0.01;8;0.61\n0.1;3;0.74\n",
    ]
  ) assertEquals(read(text), rows, text);
});

Deno.test("JSON is read as a list, one object a line, by column, and as pandas splits it", () => {
  for (
    const text of [
      '\uFEFF[{"lr":0.01,"depth":8,"y":0.61},{"lr":0.1,"depth":3,"y":0.74}]',
      '{"lr":0.01,"depth":8,"y":0.61}\n{"lr":0.1,"depth":3,"y":0.74}\n',
      '{"lr":{"0":0.01,"1":0.1},"depth":{"0":8,"1":3},"y":{"0":0.61,"1":0.74}}',
      '{"lr":[0.01,0.1],"depth":[8,3],"y":[0.61,0.74]}',
      '{"columns":["lr","depth","y"],"index":[0,1],"data":[[0.01,8,0.61],[0.1,3,0.74]]}',
      '[{"config":{"lr":0.01,"depth":8},"y":0.61},{"config":{"lr":0.1,"depth":3},"y":0.74}]',
    ]
  ) assertEquals(read(text), rows, text);
  assertEquals(read('{"lr":0.01,"depth":8,"y":0.61}'), rows.slice(0, 1));
});

Deno.test("a decimal comma is read when it is named, and otherwise refused with the remedy", () => {
  const text = "lr;depth;y\n0,01;8;0,61\n0,1;3;0,74\n";
  assertEquals(read(text, { space, decimal: "," }), rows);
  const error = assertThrows(
    () => read(text),
    InputError,
    "Row 1: 'y' must be a number: got \"0,61\"",
  );
  assertEquals(error.message.split("; --decimal , reads decimal commas").length, 5);
});

Deno.test("a response that is missing, NaN or infinite is a failed trial, however it is written", () => {
  for (const y of ["", "NA", "nan", "NaN", "None", "null", "-inf", "Inf", "Infinity", "<NA>"]) {
    const { trials } = readTrials(`lr,depth,y\n0.01,8,${y}\n0.1,3,0.74\n`, { space });
    assertEquals(trials.map(({ state, response }) => [state, response]), [
      ["fail", NaN],
      ["complete", 0.74],
    ]);
  }
  const python = '[{"a": 0.2, "y": NaN}, {"a": 0.9, "y": 0.74}, {"a": 0.4, "y": -Infinity}]';
  assertEquals(readTrials(python).trials.map(({ state }) => state), ["fail", "complete", "fail"]);
});

Deno.test("without a space every column beside the response is a coordinate in [0, 1]", () => {
  const { trials, space, notes } = readTrials("a,b,y\n0.5,0.1,0.6\n1.0000000000000002,0.4,0.7\n");
  assertEquals(trials.map(({ configuration }) => configuration), [{ a: 0.5, b: 0.1 }, {
    a: 1,
    b: 0.4,
  }]);
  assertEquals(space.names, ["a", "b"]);
  assertEquals(notes, []);
  assertThrows(
    () => readTrials("a,b,y\n0.5,3,0.6\n"),
    InputError,
    "Row 1: 'b' must be a number from 0 to 1: got \"3\"; describe other ranges with --space",
  );
});

Deno.test("rows outside of the space are left out or moved into it, as told, and said", () => {
  const text = "lr,depth,y\n0.00002,8,0.20\n0.01,8,0.61\n0.1,20,0.70\n0.1,3,0.74\n";
  const left = readTrials(text, { space });
  assertEquals(left.trials.map(({ place }) => place), ["Row 2", "Row 4"]);
  assertEquals(left.notes, [
    "Left out 2 of 4 rows outside of the space (--outside clip moves values to the nearest in it): " +
    "Row 1: 'lr' must be a number from 0.0001 to 1: got \"0.00002\"; " +
    "Row 3: 'depth' must be an integer from 1 to 15: got \"20\"",
  ]);
  const moved = readTrials(text, { space, outside: "clip" });
  assertEquals(moved.trials.map(({ configuration }) => Object.values(configuration)), [
    [0.0001, 8],
    [0.01, 8],
    [0.1, 15],
    [0.1, 3],
  ]);
  assertEquals(moved.notes.length, 1);
  assertThrows(() => readTrials(text, { space, outside: "refuse" }), InputError, "Row 3: 'depth'");
  // A choice that the space no longer has is outside as well, and has no nearest.
  const kernels = SearchSpace.fromJSON({ kernel: { type: "choice", values: ["rbf", "poly"] } });
  const sigmoid = readTrials("kernel,y\nsigmoid,1\nrbf,2\n", { space: kernels, outside: "clip" });
  assertEquals(sigmoid.trials.map(({ place }) => place), ["Row 2"]);
});

Deno.test("a header alone, or an empty list, is a table without trials", () => {
  assertEquals(readTrials("lr,depth,y\n", { space }).trials, []);
  assertEquals(readTrials("[]", { space }).trials, []);
});

Deno.test("constants need no column, and inactive values may be blank or are passed over", () => {
  const conditional = SearchSpace.fromJSON({
    kernel: { type: "choice", values: ["rbf", "poly"] },
    degree: { type: "integer", min: 2, max: 5, when: { kernel: "poly" } },
    dropout: { type: "real", min: 0.5, max: 0.5 },
  });
  const { trials, notes } = readTrials("kernel,degree,y\nrbf,,0.61\npoly,3,0.74\nrbf,4,0.5\n", {
    space: conditional,
  });
  assertEquals(trials.map(({ configuration }) => configuration), [
    { kernel: "rbf", dropout: 0.5 },
    { kernel: "poly", degree: 3, dropout: 0.5 },
    { kernel: "rbf", dropout: 0.5 },
  ]);
  assertEquals(notes, ["Passed over values of degree where they are not active"]);
  const always = SearchSpace.fromJSON({
    kernel: { type: "choice", values: ["rbf", "poly"] },
    degree: { type: "integer", min: 2, max: 5 },
  });
  assertThrows(
    () => readTrials("kernel,degree,y\nrbf,,0.61\n", { space: always }),
    InputError,
    "Row 1: 'degree' must be an integer from 2 to 5: got \"\"; if it is inactive there, the space must say so",
  );
});

Deno.test("all problems of a file are listed at once, up to ten", () => {
  const bad = Array.from({ length: 12 }, (_, i) => `fast,${i + 1},0.5`);
  const error = assertThrows(() => read(`lr,depth,y\n${bad.join("\n")}\n`), InputError);
  const lines = error.message.split("\n");
  assertEquals(lines.length, 12);
  assertEquals(lines[1], "  Row 1: 'lr' must be a number from 0.0001 to 1: got \"fast\"");
  assertEquals(lines[11], "  and 2 further problems");
});

Deno.test("tables that are not regular are refused with row and column", () => {
  const cases: [string, string][] = [
    ["", "a header at least: got nothing"],
    ["\n  \n", "a header at least: got nothing"],
    ["lr,depth,lr,y\n1,2,3,4\n", 'Column 3 must have a name of its own: got "lr" as in column 1'],
    [
      ",lr,depth,y\n0,0.01,8,0.61\n",
      'Column 1 must have a name: got ""; an index that pandas wrote',
    ],
    [
      "lr,depth,y,\n0.01,8,0.61,\n",
      'Column 4 must have a name: got ""; no separator must end the lines',
    ],
    ["Unnamed: 0,lr,depth,y\n0,0.01,8,0.61\n", "to_csv(..., index=False)"],
    ["lr,depth,y\n0.01,8\n0.1,3,0.74,1\n", "Row 1 must have 3 cells as the header has: got 2"],
    ["lr,depth,y\n0.01,8,0.5\n0.1,3,0.74,1\n", "Row 2 must have 3 cells as the header has: got 4"],
    ["lr,depth,y\n1,0.01,8,0.5\n2,0.1,3,0.7\n", "R leaves out row names by row.names = FALSE"],
    ["lr|depth|y\n0.01|8|0.5\n", 'separated by commas, semicolons or tabs: got "lr|depth|y"'],
    ["# of Monday\nlr,depth,y\n", 'separated by commas, semicolons or tabs: got "# of Monday"'],
    ["lr depth y\n0.01 8 0.61\n", 'separated by commas, semicolons or tabs: got "lr depth y"'],
    ["lr,depth,acc\n0.01,8,0.61\n", "got lr, depth, acc; name another column with --response"],
    ["lr,y\n0.01,8\n", "Hyperparameter 'depth' must have a column: got lr"],
    [
      "learning,depht,y\n",
      "'depth' must have a column: got learning, depht; did you mean \"depht\"?",
    ],
    ["lr,depth,y\n5,8,1\n6,8,2\n", "Row 2: 'lr' must be a number from 0.0001 to 1: got \"6\""],
    ["lr,params_lr,depth,y\n1,1,1,1\n", "'lr' must have one column: got lr, params_lr"],
    ["\uFFFD\uFFFDl\0r\0,\0y\0", "must be text in UTF-8: got UTF-16"],
    ["PK\u0003\u0004\0\0", "got a zip archive, as Excel's workbooks are"],
    ['[{"lr": 1', "the file must be valid JSON"],
    ['{"lr":0.01,"depth":8,"y":0.61}\n{"lr":\n', "line 2 must be valid JSON"],
    ["[[1, 2]]", "row 1 must be an object with named values: got [1,2]"],
    [
      '{"lr":[1,2],"y":[1]}',
      "columns 'lr' and 'y' must have the same rows: got row 1 in one alone",
    ],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => readTrials(text, { space }), InputError, message);
  }
  assertThrows(
    () => readTrials("lr,depth,accuracy\n", { space, response: "acuracy" }),
    InputError,
    'got lr, depth, accuracy; did you mean "accuracy"?',
  );
  assertThrows(() => readTrials("y\n1\n"), InputError, "a column beside the response: got y alone");
});

Deno.test("any name is a column, `__proto__` too", () => {
  const odd = SearchSpace.fromJSON(
    JSON.parse('{"__proto__": {"type": "real", "min": 0, "max": 1}}'),
  );
  for (const text of ["__proto__,y\n0.5,1\n", '[{"__proto__": 0.5, "y": 1}]']) {
    const [{ configuration }] = readTrials(text, { space: odd }).trials;
    assertEquals(Object.entries(configuration), [["__proto__", 0.5]]);
  }
});
