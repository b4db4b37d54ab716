import { openPostgres } from "../../../core/storage/postgres_storage.ts";
import { hasPostgres, TestPostgres } from "../../postgres.ts";
import { testStorage } from "../study/storage_conformance.ts";

const ignore = !hasPostgres();
if (ignore) console.log("PostgreSQL is not installed: its tests are skipped");

let server: TestPostgres;
Deno.test.beforeAll(async () => {
  if (!ignore) server = await TestPostgres.start({ settings: ["fsync = off"] });
});
Deno.test.afterAll(async () => {
  if (!ignore) await server.stop();
});

testStorage("PostgreSQL", async () => await openPostgres(await server.database()), { ignore });
