import { openSqlite } from "../../../core/storage/sqlite_storage.ts";
import { testStorage } from "../study/storage_conformance.ts";

testStorage("SQLite", async () => await openSqlite(`${await Deno.makeTempDir()}/studies.db`));
