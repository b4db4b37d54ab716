import { assert, assertEquals, assertRejects } from "@std/assert";
import pg from "pg";
import { InputError } from "../../../core/search/errors.ts";
import { openPostgres } from "../../../core/storage/postgres_storage.ts";
import { START } from "../../../core/study/storage.ts";
import { hasPostgres, TestPostgres } from "../../postgres.ts";

const ignore = !hasPostgres();

let server: TestPostgres;
Deno.test.beforeAll(async () => {
  if (!ignore) server = await TestPostgres.start({ settings: ["fsync = off"] });
});
Deno.test.afterAll(async () => {
  if (!ignore) await server.stop();
});

/** Runs SQL as another program would. */
async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore, fn });
}

test("a server, a database or a user that is not there is named, a password never", async () => {
  const { port } = server;
  const brief = { patience: 0.1 };
  const refused = [
    ["postgres://me:secret@127.0.0.1:1/a", `"127.0.0.1:1/a" as it must be reachable`],
    [`postgres://postgres:secret@127.0.0.1:${port}/a`, `"127.0.0.1:${port}/a" as it must be there`],
    [`postgres://me:secret@127.0.0.1:${port}/postgres`, "as it must be open to this user"],
  ];
  for (const [url, message] of refused) {
    const error = await assertRejects(() => openPostgres(url, brief), InputError, message);
    assert(!error.message.includes("secret"), error.message);
  }
});

test("another program's database is refused by name", async () => {
  const url = await server.database();
  await execute(url, "CREATE TABLE experiments (id integer)");
  await assertRejects(() => openPostgres(url), InputError, "of another program (experiments)");
  // A schema of its own keeps studies beside other tables.
  await execute(url, "CREATE SCHEMA studies");
  await using storage = await openPostgres(`${url}?options=-csearch_path%3Dstudies`);
  assertEquals(await storage.studies(), []);
});

test("another revision of Optuna's schema is refused with the remedy", async () => {
  const url = await server.database();
  await (await openPostgres(url))[Symbol.asyncDispose]();
  await execute(url, "UPDATE alembic_version SET version_num = 'v3.0.0.d'");
  await assertRejects(() => openPostgres(url), InputError, "run 'optuna storage upgrade");
});

test("a database that is read-only, or closed to this user, is named", async () => {
  const url = await server.database();
  const name = url.slice(url.lastIndexOf("/") + 1);
  await execute(url, "CREATE ROLE guest LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  await assertRejects(
    () => openPostgres(url.replace("//postgres@", "//guest@")),
    InputError,
    "as it must let this user create and write tables",
  );
  await execute(url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await using storage = await openPostgres(url);
  assertEquals(await storage.studies(), []);
});

test("many programs may open an empty database at once", async () => {
  const url = await server.database();
  const storages = await Promise.all(Array.from({ length: 8 }, () => openPostgres(url)));
  for (const storage of storages) {
    assertEquals(await storage.studies(), []);
    await storage[Symbol.asyncDispose]();
  }
});

test("a session that the server ends, at any moment, costs no trial and doubles none", async () => {
  const url = await server.database();
  await using storage = await openPostgres(url);
  const study = await storage.createStudy({ name: "a", directions: ["maximize"] });
  let isDone = false;
  const ending = (async () => {
    const client = new pg.Client(server.url("postgres"));
    await client.connect();
    while (!isDone) {
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
        [url.slice(url.lastIndexOf("/") + 1)],
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await client.end();
  })();
  const work = async () => {
    for (let i = 0; i < 25; i++) {
      const trial = await storage.createTrial(study!.id, { state: "running" });
      const change = { state: "complete", values: [trial!.number] } as const;
      assert((await storage.changeTrial(trial!.id, change)).changed);
    }
  };
  const works = Promise.all([work(), work(), work(), work()]).finally(() => isDone = true);
  await Promise.all([works, ending]);
  const { trials } = await storage.changedTrials(study!.id, START);
  assertEquals(trials.map(({ number }) => number), Array.from({ length: 100 }, (_, i) => i));
  assertEquals(trials.map(({ values }) => values[0]), trials.map(({ number }) => number));
});

test("a server that restarts is waited for, by those who open it in the meantime, too", async () => {
  const url = await server.database();
  await using storage = await openPostgres(url);
  const study = await storage.createStudy({ name: "a", directions: ["maximize"] });
  const trial = await storage.createTrial(study!.id, { state: "running" });
  const later = () => new Promise((resolve) => setTimeout(resolve, 20));
  const [told, studies] = await Promise.all([
    later().then(() => storage.changeTrial(trial!.id, { state: "complete", values: [1] })),
    later().then(async () => {
      await using other = await openPostgres(url);
      return await other.studies();
    }),
    server.restart(),
  ]);
  assert(told.changed);
  assertEquals(studies, [study!]);
});

Deno.test({
  name: "a URL that leaves the user to a variable that may not be read is refused",
  permissions: { net: ["127.0.0.1:1"], env: ["PGPASSWORD"] },
  fn: async () => {
    await assertRejects(
      () => openPostgres("postgres://127.0.0.1:1/a", { patience: 0.1 }),
      InputError,
      "as it must have its user named in the URL",
    );
  },
});
