import { assertEquals, assertRejects } from "@std/assert";
import type * as zip from "@zip.js/zip.js";
import { InputError } from "../../../core/search/errors.ts";
import { Archive } from "../../../hpob/data/archive.ts";
import { packZip, TemporaryFolder } from "./archives.ts";

async function withArchive(bytes: Uint8Array, use: (path: string) => Promise<void>): Promise<void> {
  using folder = new TemporaryFolder();
  const path = `${folder.path}/archive.zip`;
  await Deno.writeFile(path, bytes);
  await use(path);
}

/** Opens an archive and reads all of its files. */
async function readAll(path: string): Promise<Record<string, string>> {
  await using archive = await Archive.open(path);
  const contents: Record<string, string> = {};
  for (const { name } of archive.entries) {
    contents[name] = "";
    await archive.read(name, (chunk) => {
      contents[name] += new TextDecoder().decode(chunk);
    });
  }
  return contents;
}

const refused = async (bytes: Uint8Array, message: string) =>
  await withArchive(bytes, async (path) => {
    await assertRejects(() => readAll(path), InputError, message);
  });

/** Replaces every occurrence of a text in an archive by another one of the same length. */
function patched(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return Uint8Array.from(text.replaceAll(from, to), (char) => char.charCodeAt(0));
}

const one = (name: string, options: zip.ZipWriterAddDataOptions = {}) =>
  packZip([[name, '{"a": 1}', options]]);

Deno.test("files are found by name in whatever folder, without what macOS adds", async () => {
  const bytes = await packZip([
    ["hpob-data/", "", { directory: true }],
    ["hpob-data/a.json", '{"a": 1}'],
    ["hpob-data/deep/er/b.json", "x".repeat(1_000_000), { level: 0 }],
    ["__MACOSX/hpob-data/._a.json", "resource fork"],
  ]);
  await withArchive(bytes, async (path) => {
    assertEquals(await readAll(path), { "a.json": '{"a": 1}', "b.json": "x".repeat(1_000_000) });
    await using archive = await Archive.open(path);
    assertEquals([archive.has("a.json"), archive.has("hpob-data/a.json")], [true, false]);
    await assertRejects(
      () => archive.read("c.json", () => {}),
      InputError,
      "it is not the expected archive",
    );
  });
});

Deno.test("an archive with a name that leads out of the folder is refused", async () => {
  const bytes = await one("aa/evil.json");
  await refused(patched(bytes, "aa/evil.json", "../evil.json"), "has an unsafe name");
  await refused(patched(bytes, "aa/evil.json", "/a/evil.json"), "has an unsafe name");
  await refused(patched(bytes, "aa/evil.json", "C:/evil.json"), "has an unsafe name");
  await refused(patched(bytes, "aa/evil.json", "..\\evil.json"), "has an unsafe name");
  await refused(patched(bytes, "aa/evil.json", "aa\\..\\l.json"), "has an unsafe name");
  await refused(patched(bytes, "aa/evil.json", "aa/ev\0l.json"), "has an unsafe name");
});

Deno.test("names may have backslashes between folders, and begin with ./", async () => {
  for (const name of ["ab\\a.json", "./b/a.json", "a//b/a.json"]) {
    const bytes = patched(await one("x".repeat(name.length)), "x".repeat(name.length), name);
    await withArchive(bytes, async (path) => {
      assertEquals(await readAll(path), { "a.json": '{"a": 1}' });
    });
  }
  const twice = await packZip([["d/a.json", "1"], ["d.a.json", "2"]]);
  await refused(patched(twice, "d.a.json", "d\\a.json"), 'a.json" is there twice');
});

Deno.test("an archive of another compression is refused by its name", async () => {
  const methods = { 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 77: "method 77" };
  for (const [method, name] of Object.entries(methods)) {
    const bytes = await one("a.json");
    const view = new DataView(bytes.buffer);
    view.setUint16(8, Number(method), true);
    view.setUint16(view.getUint32(bytes.length - 6, true) + 10, Number(method), true);
    await refused(bytes, `"a.json" is compressed by ${name}. Unpack it and pack it again`);
  }
});

Deno.test("a part of a split archive is refused", async () => {
  const bytes = await one("a.json");
  const view = new DataView(bytes.buffer);
  view.setUint16(bytes.length - 18, 2, true); // the number of the last disk, at the end of the archive
  view.setUint16(bytes.length - 16, 2, true);
  await refused(bytes, "it is one part of a split archive");
});

Deno.test("an archive with a link or a device is refused", async () => {
  await refused(await one("link.json", { unixMode: 0o120777 }), "is a link or a special file");
  await refused(await one("device.json", { unixMode: 0o060666 }), "is a link or a special file");
});

Deno.test("an archive with an encrypted file is refused", async () => {
  await refused(await one("a.json", { password: "secret" }), '"a.json" is encrypted');
});

Deno.test("an archive with a file twice is refused, also if only the case differs", async () => {
  const bytes = await packZip([["d/a.json", "1"], ["d/b.json", "2"], ["e/c.json", "3"]]);
  await refused(patched(bytes, "d/b.json", "d/a.json"), '"d/a.json" is there twice');
  await refused(patched(bytes, "d/b.json", "d/A.json"), '"d/A.json" is there twice');
  await refused(patched(bytes, "e/c.json", "e/a.json"), 'two files named "a.json"');
});

Deno.test("a zip bomb is refused", async () => {
  await refused(await packZip([["a.json", "0".repeat(5_000_000)]]), "as a zip bomb does");
  // Two entries of the central directory that share the packed data of one.
  const shared = await packZip([["a.json", "0123456789"], ["b.json", "0123456789"]]);
  const view = new DataView(shared.buffer);
  const directory = view.getUint32(shared.length - 6, true);
  const secondEntry = directory + 46 + view.getUint16(directory + 28, true) +
    view.getUint16(directory + 30, true);
  view.setUint32(secondEntry + 42, 0, true);
  await refused(shared, "overlaps another entry");
});

Deno.test("a file that unpacks to more than it says is refused before all of it is unpacked", async () => {
  const bytes = await packZip([["a.json", "0".repeat(900_000)]]);
  const view = new DataView(bytes.buffer);
  const directory = view.getUint32(bytes.length - 6, true);
  view.setUint32(directory + 24, 1000, true);
  let unpacked = 0;
  await withArchive(bytes, async (path) => {
    await assertRejects(async () => {
      await using archive = await Archive.open(path);
      await archive.read("a.json", (chunk) => void (unpacked += chunk.length));
    }, InputError);
  });
  assertEquals(unpacked <= 1000, true);
});

Deno.test("a damaged archive is refused", async () => {
  const bytes = await packZip([["a.json", '{"a": 1}', { level: 0 }]]);
  await refused(patched(bytes, '{"a": 1}', '{"a": 2}'), "its CRC-32 differs");
  await refused(bytes.subarray(0, bytes.length - 30), "its end is missing");
  await refused(new TextEncoder().encode("no archive at all"), "not a zip archive");
  await refused(new Uint8Array(), "not a zip archive");
});

Deno.test("what the receiver throws is passed on", async () => {
  await withArchive(await one("a.json"), async (path) => {
    await using archive = await Archive.open(path);
    const error = new InputError("enough");
    const found = await assertRejects(() =>
      archive.read("a.json", () => {
        throw error;
      })
    );
    assertEquals(found, error);
  });
});
