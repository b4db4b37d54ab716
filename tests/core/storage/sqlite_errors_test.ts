import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { InputError } from "../../../core/search/errors.ts";
import { openSqlite } from "../../../core/storage/sqlite_storage.ts";
import { START } from "../../../core/study/storage.ts";
import { inTemporaryFolder } from "../../tasks/_temporary_folder.ts";
import { SmallDisk } from "./_disk.ts";

/** Runs SQL on a file as another program would. */
function execute(file: string, ...statements: string[]): void {
  const database = new DatabaseSync(file);
  for (const sql of statements) database.exec(sql);
  database.close();
}

/** Creates a study of some told trials and gives its id. */
async function createStudy(file: string, trials = 3): Promise<number> {
  await using storage = await openSqlite(file);
  const study = await storage.createStudy({ name: "a", directions: ["maximize"] });
  for (let i = 0; i < trials; i++) {
    await storage.createTrial(study!.id, { state: "complete", values: [i] });
  }
  return study!.id;
}

Deno.test("a file that is no database, or nobody's to open, is refused and left alone", async () => {
  await inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/notes.txt`, "lr,accuracy\n0.1,0.9\n".repeat(100));
    const refused = [
      ["notes.txt", "as it must be a SQLite file: got something else"],
      ["missing/a.db", "as it must be a writable file in a folder that exists"],
      [".", "as it must be a writable file in a folder that exists"],
    ];
    for (const [name, message] of refused) {
      const file = `${folder}/${name}`;
      await assertRejects(() => openSqlite(file), InputError, `Cannot use "${file}" ${message}`);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["notes.txt"]);
  });
});

Deno.test("another program's database is refused by name and left alone", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = `${folder}/mlflow.db`;
    execute(file, "CREATE TABLE experiments (id INTEGER)", "CREATE TABLE runs (id INTEGER)");
    const before = await Deno.readFile(file);
    await assertRejects(
      () => openSqlite(file),
      InputError,
      `Cannot open "${file}" as it must be empty or have Optuna's tables: ` +
        "got tables of another program (experiments, runs)",
    );
    assertEquals(await Deno.readFile(file), before);
  });
});

Deno.test("another revision of Optuna's schema is refused with the remedy", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = `${folder}/a.db`;
    await createStudy(file);
    const revisions = [
      ["v3.0.0.d", "got v3.0.0.d; run 'optuna storage upgrade --storage URL'"],
      ["v2.6.0.a", "got v2.6.0.a; run 'optuna storage upgrade --storage URL'"],
      ["v6.1.0.a", "got v6.1.0.a; it was written by a newer Optuna"],
    ];
    for (const [revision, message] of revisions) {
      execute(file, `UPDATE alembic_version SET version_num = '${revision}'`);
      await assertRejects(() => openSqlite(file), InputError, message);
    }
    execute(file, "DROP TABLE alembic_version", "UPDATE version_info SET schema_version = 11");
    await assertRejects(() => openSqlite(file), InputError, "run 'optuna storage upgrade");
  });
});

Deno.test("tables whose creation was broken off are completed", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = `${folder}/a.db`;
    await createStudy(file);
    execute(file, "DROP TABLE alembic_version", "DROP TABLE trial_heartbeats");
    await using storage = await openSqlite(file);
    assertEquals((await storage.studies()).length, 1);
  });
});

Deno.test("a file that another program keeps locked is waited for, then named", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = `${folder}/a.db`;
    const study = await createStudy(file);
    await using storage = await openSqlite(file, { patience: 0.2 });
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const create = () => storage.createTrial(study, { state: "running" });
    await assertRejects(create, InputError, `Cannot use "${file}" as it must be free`);
    assertEquals((await storage.changedTrials(study, START)).trials.length, 3);
    other.exec("COMMIT");
    other.close();
    assertEquals((await create())?.number, 3);
  });
});

Deno.test("a file that was damaged is named", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = `${folder}/a.db`;
    const study = await createStudy(file, 100);
    const bytes = await Deno.readFile(file);
    await Deno.writeFile(file, bytes.fill(0x5a, 4096));
    const use = async () => {
      await using storage = await openSqlite(file);
      await storage.changedTrials(study, START);
    };
    await assertRejects(use, InputError, `Cannot use "${file}" as it must be whole`);
  });
});

Deno.test("a read-only file is named", async (t) => {
  await using disk = await SmallDisk.mount(2000);
  if (disk === undefined) return console.log(`skipped, as only root may mount a disk: ${t.name}`);
  const file = `${disk.folder}/a.db`;
  const study = await createStudy(file);
  await disk.setReadOnly(true);
  const use = async () => {
    await using storage = await openSqlite(file);
    await storage.createTrial(study, { state: "running" });
  };
  await assertRejects(use, InputError, `Cannot use "${file}" as it must be a writable file`);
  await disk.setReadOnly(false);
  await use();
});

Deno.test("a disk that fills up is named, and nothing that was told is lost", async (t) => {
  await using disk = await SmallDisk.mount(600);
  if (disk === undefined) return console.log(`skipped, as only root may mount a disk: ${t.name}`);
  const file = `${disk.folder}/a.db`;
  const study = await createStudy(file, 0);
  const told: number[] = [];
  {
    await using storage = await openSqlite(file);
    const tell = async () => {
      const trial = await storage.createTrial(study, { state: "running" });
      const userAttributes = { note: "x".repeat(500) };
      const change = { state: "complete", values: [trial!.number], userAttributes } as const;
      await storage.changeTrial(trial!.id, change);
      told.push(trial!.number);
    };
    const tellUntilFull = async () => {
      for (;;) await tell();
    };
    await assertRejects(tellUntilFull, InputError, "must lie on a disk with room: it is full");
    await assertRejects(tellUntilFull, InputError, "must lie on a disk with room: it is full");
    assert(told.length > 10);
  }
  await using storage = await openSqlite(file);
  const { trials } = await storage.changedTrials(study, START);
  const complete = trials.filter(({ state }) => state === "complete");
  assertEquals(complete.map(({ values }) => values[0]), told);
});
