import { assertEquals, assertStringIncludes } from "@std/assert";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const space = {
  lr: { type: "real", min: 0.0001, max: 1, log: true },
  optimizer: { type: "choice", values: ["sgd", "adam", null] },
  momentum: { type: "real", min: 0, max: 1, when: { optimizer: "sgd" } },
};

Deno.test("a table goes into a study, and comes out as CSV, as JSON and as a study of another storage", async () => {
  await inTemporaryFolder(async (folder) => {
    const [table, descriptor, copy] = ["t.csv", "space.json", "again.csv"].map((one) =>
      `${folder}/${one}`
    );
    const [storage, other] = ["a.db", "b.db"].map((one) => `sqlite:${folder}/${one}`);
    await Deno.writeTextFile(
      table,
      "lr,optimizer,momentum,loss\n0.01,adam,,0.4\n0.1,sgd,0.9,0.2\n0.5,,,NaN\n7,adam,,0.1\n",
    );
    await Deno.writeTextFile(descriptor, JSON.stringify(space));
    const flags = ["--response", "loss", "--space", descriptor, "--minimize", "--method", "random"];

    const first = await runTask("import", table, ...flags, "--storage", storage);
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stderr, "Left out 1 of 4 rows outside of the space");
    assertStringIncludes(first.stdout, 'Added 3 trials to study "tune"');
    const again = await runTask("import", table, ...flags, "--storage", storage);
    assertStringIncludes(again.stdout, "Added 0 trials");

    const csv = await runTask("export", "--storage", storage);
    assertEquals(csv.code, 0, csv.stderr);
    const [header, ...rows] = csv.stdout.trim().split("\n");
    assertEquals(
      header,
      "number,value,datetime_start,datetime_complete,params_lr,params_optimizer,params_momentum,state",
    );
    const values = rows.map((row) => row.split(",").filter((_, j) => j !== 2 && j !== 3).join(","));
    assertEquals(values, [
      "0,0.4,0.01,adam,,COMPLETE",
      "1,0.2,0.1,sgd,0.9,COMPLETE",
      "2,,0.5,,,FAIL",
    ]);
    const json = JSON.parse(
      (await runTask("export", "--storage", storage, "--format", "json")).stdout,
    );
    assertEquals(json.map(({ params }: { params: unknown }) => params), [
      { lr: 0.01, optimizer: "adam" },
      { lr: 0.1, optimizer: "sgd", momentum: 0.9 },
      { lr: 0.5, optimizer: null },
    ]);

    // What was exported is imported again, as a table and as a storage.
    await Deno.writeTextFile(copy, csv.stdout);
    const table2 = ["--space", descriptor, "--minimize", "--method", "random", "--study", "csv"];
    const fromCsv = await runTask("import", copy, ...table2, "--storage", other);
    assertStringIncludes(fromCsv.stdout, 'Added 3 trials to study "csv"', fromCsv.stderr);
    const copied = await runTask("export", "--storage", storage, "--to", other);
    assertEquals(copied.stdout, `Copied study "tune" with 3 trials to ${other}\n`, copied.stderr);
    assertEquals(
      (await runTask("export", "--storage", other, "--study", "tune")).stdout,
      csv.stdout,
    );
    const flags3 = [
      "--from",
      "tune",
      "--study",
      "third",
      "--storage",
      storage,
      "--method",
      "random",
    ];
    const fromStudy = await runTask(
      "import",
      other,
      ...flags3,
      "--space",
      descriptor,
      "--minimize",
    );
    assertStringIncludes(fromStudy.stdout, 'Added 3 trials to study "third"', fromStudy.stderr);
  });
});

Deno.test("what cannot be imported or exported is refused with what there is", async () => {
  await inTemporaryFolder(async (folder) => {
    const storage = `sqlite:${folder}/a.db`;
    await Deno.writeTextFile(`${folder}/t.csv`, "a,y\n0.5,1\n");
    await runTask("import", `${folder}/t.csv`, "--storage", storage, "--method", "random");
    await runTask(
      "import",
      `${folder}/t.csv`,
      "--storage",
      storage,
      "--study",
      "other",
      "--method",
      "random",
    );
    const cases: [string[], number, string][] = [
      [
        ["export", "--storage", storage],
        1,
        "Cannot choose a study as one must be named: got tune, other",
      ],
      [["export", "--storage", storage, "--study", "tine"], 1, 'did you mean "tune"?'],
      [
        ["export", "--storage", storage, "--study", "tune", "--to", storage],
        1,
        "the name must be free there",
      ],
      [["import", `${folder}/none.csv`, "--storage", storage], 1, "the file must exist"],
      [["import", `${folder}/t.csv`, "x", "--storage", storage], 2, 'Unexpected argument: got "x"'],
      [["import", `${folder}/t.csv`, "--storage", storage, "--outside", "x"], 2, "--outside"],
    ];
    for (const [[name, ...args], code, message] of cases) {
      const result = await runTask(name, ...args);
      assertStringIncludes(result.stderr, message);
      assertEquals(result.code, code, message);
    }
  });
});

Deno.test("an import leaves the goal, the method and the space of a stored study as they are", async () => {
  await inTemporaryFolder(async (folder) => {
    const [table, descriptor] = [`${folder}/t.csv`, `${folder}/space.json`];
    const storage = ["--storage", `sqlite:${folder}/a.db`];
    await Deno.writeTextFile(descriptor, JSON.stringify(space));
    await Deno.writeTextFile(table, "lr,optimizer,y\n0.1,adam,1\n");
    const created = ["--space", descriptor, "--method", "random", "--seed", "3", "--minimize"];
    assertEquals((await runTask("import", table, ...created, ...storage)).code, 0);
    await Deno.writeTextFile(table, "lr,optimizer,y\n0.2,adam,2\n");
    const more = await runTask("import", table, ...storage);
    assertEquals([more.code, more.stdout], [0, 'Added 1 trials to study "tune"\n'], more.stderr);

    await Deno.writeTextFile(descriptor, JSON.stringify({ ...space, lr: { ...space.lr, max: 2 } }));
    const wider = [table, "--space", descriptor, ...storage];
    const refused = await runTask("import", ...wider);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "'max' of 'lr' is 1 in the first and 2 in the second");
    assertEquals((await runTask("import", ...wider, "--change", "space")).code, 0);
    const unknown = await runTask("import", ...wider, "--change", "spice");
    assertEquals(unknown.code, 2);
    assertStringIncludes(unknown.stderr, 'did you mean "space"?');
  });
});

Deno.test("an export from a file that is not there says so, and makes none", async () => {
  await inTemporaryFolder(async (folder) => {
    const { code, stderr } = await runTask("export", "--storage", `sqlite:${folder}/none.db`);
    assertEquals(code, 1);
    assertStringIncludes(stderr, 'none.db" as the file must exist');
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});
