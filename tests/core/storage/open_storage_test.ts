import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { openStorage } from "../../../core/storage/mod.ts";
import { inTemporaryFolder } from "../../tasks/_temporary_folder.ts";

Deno.test("a storage in memory is empty each time", async () => {
  for (let i = 0; i < 2; i++) {
    await using storage = await openStorage("memory:");
    assert(await storage.createStudy({ name: "a", directions: ["maximize"] }));
  }
});

Deno.test("a file is the same in Optuna's spelling and in ours", async () => {
  await inTemporaryFolder(async (folder) => {
    const created = await openStorage(`sqlite:${folder}/a.db`);
    await created.createStudy({ name: "a", directions: ["maximize"] });
    await created[Symbol.asyncDispose]();
    for (const url of [`sqlite:///${folder}/a.db`, `sqlite+pysqlite:///${folder}/a.db`]) {
      await using storage = await openStorage(url);
      assertEquals((await storage.studies()).map(({ name }) => name), ["a"]);
    }
  });
});

Deno.test("a URL that is no storage is refused, and says what is", async () => {
  const refused: [string, string][] = [
    ["tune.db", 'for a file, write "sqlite:tune.db"'],
    ["sqlit:tune.db", 'did you mean "sqlite:"?'],
    ["mysql://user:secret@host/db", "MySQL is not supported"],
    ["mysql+pymysql://user:secret@host/db", 'got "mysql+pymysql://user:...@host/db"'],
    ["sqlite:", "like sqlite:FILE"],
    ["sqlite://tune.db", "like sqlite:FILE"],
    ["memory:a", "like memory:"],
    ["postgres:db", "like postgres://user:password@host:port/database"],
    ["postgres://user:se cret@:x:y/db", "like postgres://user:password@host:port/database"],
    ["", "must be one of memory:, sqlite:FILE"],
  ];
  for (const [url, message] of refused) {
    const error = await assertRejects(() => openStorage(url), InputError, message);
    assert(!error.message.includes("secret"));
  }
});
