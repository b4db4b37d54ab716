import { openSqlite } from "../../../core/storage/sqlite_storage.ts";
import { testStorage } from "../study/storage_conformance.ts";

let folder: string;
let files = 0;
Deno.test.beforeAll(async () => void (folder = await Deno.makeTempDir()));
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

testStorage("SQLite", () => openSqlite(`${folder}/${files++}.db`));
