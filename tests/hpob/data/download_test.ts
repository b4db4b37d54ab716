import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Random } from "../../../core/search/random.ts";
import { InputError } from "../../../core/search/errors.ts";
import { download, type DownloadOptions } from "../../../hpob/data/download.ts";
import { sha256OfBytes } from "../../../hpob/data/checksum.ts";
import { TemporaryFolder } from "./archives.ts";
import { type Behaviour, FileServer, type SeenRequest } from "./_file_server.ts";

const random = Random.of("download test");
const content = new Uint8Array(300_000).map(() => random.integer(256));
content.set([0x50, 0x4b]); // "PK"
const sha256 = sha256OfBytes(content);

interface Outcome {
  /** What the file has in the end, undefined if there is none. */
  bytes: Uint8Array | undefined;
  /** Names left in the folder. */
  left: string[];
  error: Error | undefined;
  requests: SeenRequest[];
  notices: string[];
}

/** Downloads from a server that misbehaves, impatiently. */
async function attempt(
  behave: (request: SeenRequest, count: number) => Behaviour,
  options: Partial<DownloadOptions> & { partial?: Uint8Array; paths?: readonly string[] } = {},
): Promise<Outcome> {
  const { partial, paths = ["file.zip"], ...rest } = options;
  using folder = new TemporaryFolder();
  await using server = new FileServer({ "file.zip": content, "other.zip": content }, behave);
  const destination = `${folder.path}/file.zip`;
  if (partial) await Deno.writeFile(`${destination}.partial`, partial);
  const notices: string[] = [];
  let error: Error | undefined;
  await download({
    urls: paths.map((path) => `${server.url}/${path}`),
    destination,
    signature: "PK",
    size: content.length,
    sha256,
    retryDelay: 0.001,
    attempts: 3,
    stallTimeout: 5,
    onNotice: (message) => notices.push(message),
    ...rest,
  }).catch((thrown) => error = thrown);
  const left = (await Array.fromAsync(Deno.readDir(folder.path))).map((entry) => entry.name).sort();
  const bytes = left.includes("file.zip") ? await Deno.readFile(destination) : undefined;
  return { bytes, left, error, requests: server.requests, notices };
}

/** The download succeeds, and leaves nothing but the file. */
function assertComplete(outcome: Outcome): void {
  assertEquals(outcome.error, undefined);
  assertEquals(outcome.left, ["file.zip"]);
  assertEquals(sha256OfBytes(outcome.bytes!), sha256);
}

/** The download fails with a message for people, and leaves no file under the final name. */
function assertRefused(outcome: Outcome, message: string): void {
  assertEquals(outcome.error instanceof InputError, true, String(outcome.error));
  assertStringIncludes(outcome.error!.message, message);
  assertEquals(outcome.bytes, undefined);
}

Deno.test("a file arrives in one request", async () => {
  const outcome = await attempt(() => ({}));
  assertComplete(outcome);
  assertEquals(outcome.requests, [{ path: "/file.zip", start: undefined, ifRange: undefined }]);
});

Deno.test("a connection cut at any of twenty random bytes is continued where it was cut", async () => {
  const cuts = Array.from({ length: 20 }, () => 1 + random.integer(content.length - 1));
  for (const cut of cuts) {
    const outcome = await attempt((_, count) => count === 1 ? { cutAfter: cut } : {});
    assertComplete(outcome);
    assertEquals(outcome.requests.length, 2);
    // Bytes that were on their way when the connection broke may be lost.
    assertEquals(outcome.requests[1].start === undefined || outcome.requests[1].start <= cut, true);
  }
});

Deno.test("a connection that is cut again and again is continued as long as bytes arrive", async () => {
  const outcome = await attempt(() => ({ cutAfter: 20_000 }));
  assertComplete(outcome);
  const starts = outcome.requests.map(({ start = 0 }) => start);
  assertEquals(starts, starts.toSorted((a, b) => a - b));
  assertEquals(starts.length >= 15, true);
});

Deno.test("an earlier partial file is continued, from the same or another source", async () => {
  const partial = content.slice(0, 123_456);
  const outcome = await attempt(() => ({}), { partial });
  assertComplete(outcome);
  assertEquals(outcome.requests.map(({ start }) => start), [123_456]);
  const complete = await attempt(() => ({ status: 500 }), { partial: content });
  assertComplete(complete);
  assertEquals(complete.requests, []);
});

Deno.test("a partial file that is complete, or longer than the file, is no trap", async () => {
  const complete = await attempt(() => ({}), { partial: content, size: undefined });
  assertComplete(complete);
  assertEquals(complete.requests, []);
  const longer = new Uint8Array(content.length + 10);
  longer.set(content);
  assertComplete(await attempt(() => ({}), { partial: longer, size: undefined }));
  assertComplete(await attempt(() => ({}), { partial: longer }));
});

Deno.test("a continued request is tied to the version by its ETag", async () => {
  const outcome = await attempt((_, count) => count === 1 ? { cutAfter: 100_000 } : {});
  assertComplete(outcome);
  assertEquals(outcome.requests[1].ifRange?.startsWith('"'), true);
  const other = await attempt(
    (_, count) => count === 1 ? { cutAfter: 100_000, headers: { etag: '"old"' } } : {},
  );
  assertComplete(other); // the server sent all of the new version
  const without = await attempt(
    (_, count) => count === 1 ? { cutAfter: 100_000, hideEtag: true } : {},
  );
  assertComplete(without);
  assertEquals(without.requests[1].ifRange, undefined);
});

Deno.test("parts of different versions are noticed, and the file is fetched as a whole", async () => {
  const partial = content.slice(0, 50_000);
  partial[40_000] ^= 1;
  const outcome = await attempt(() => ({}), { partial });
  assertComplete(outcome);
  assertStringIncludes(outcome.notices.join(), "the parts do not fit together");
  assertEquals(outcome.requests.map(({ start }) => start), [50_000, undefined]);
});

Deno.test("a server without ranges or lengths is good enough", async () => {
  const partial = content.slice(0, 50_000);
  assertComplete(await attempt(() => ({ ignoreRange: true }), { partial }));
  assertComplete(await attempt(() => ({ hideLength: true }), { size: undefined }));
});

Deno.test("a stalled or dripping connection is given up and continued", async () => {
  const stalled = await attempt((_, count) => count === 1 ? { stallAfter: 100_000 } : {}, {
    stallTimeout: 0.2,
    minimumRate: 1,
  });
  assertComplete(stalled);
  assertEquals(stalled.requests.length, 2);
  // Bytes arrive, but so slowly that the file would never be complete.
  const dripping = await attempt((_, count) => count === 1 ? { drip: 10 } : {}, {
    stallTimeout: 0.3,
    minimumRate: 50_000,
  });
  assertComplete(dripping);
  assertStringIncludes(dripping.notices.join(), "in 0.3 s");
});

Deno.test("an overloaded server is asked again, and the next source after that", async () => {
  for (const status of [429, 500, 502, 503]) {
    assertComplete(await attempt((_, count) => count <= 2 ? { status } : {}));
  }
  const paths = ["file.zip", "other.zip"];
  const outcome = await attempt(({ path }) => path === "/file.zip" ? { status: 503 } : {}, {
    paths,
  });
  assertComplete(outcome);
  assertEquals(outcome.requests.length, 4);
  assertStringIncludes(outcome.notices.at(-1)!, "going on with the next source");
});

Deno.test("a source that does not have the file is not asked again", async () => {
  for (const [status, message] of [[404, "does not have it"], [403, "refuses access"]] as const) {
    const outcome = await attempt(() => ({ status }));
    assertRefused(outcome, `${message} (HTTP ${status})`);
    assertEquals(outcome.requests.length, 1);
    assertEquals(outcome.left, []);
  }
});

Deno.test("the error names every source and what is wrong with it", async () => {
  const outcome = await attempt(
    ({ path }) => path === "/file.zip" ? { status: 404 } : { body: "PK but something else" },
    { paths: ["file.zip", "other.zip"] },
  );
  assertRefused(outcome, "file.zip does not have it (HTTP 404)");
  assertRefused(outcome, `other.zip has 21 bytes instead of ${content.length}`);
});

Deno.test("what is not the file is recognized, and does not cost what has arrived", async () => {
  const html = { "content-type": "text/html; charset=utf-8" };
  const cases: [Behaviour, string][] = [
    [{ body: "<!DOCTYPE html><p>Sign in", headers: html }, "answers with a web page"],
    [{ body: "\n<html>" }, "answers with a web page"],
    [
      { body: `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 300000\n` },
      "only the Git LFS pointer",
    ],
    [{ body: "Not found" }, 'begins with "Not found", not with "PK"'],
    [{ body: content.slice(0, 1000) }, "has 1000 bytes instead of 300000"],
    [{ status: 206, body: content, headers: { "content-range": "bytes 0-9/10" } }, "another part"],
    [{ status: 418 }, "answers with HTTP 418"],
  ];
  for (const [behaviour, message] of cases) {
    const partial = content.slice(0, 60_000);
    const outcome = await attempt(() => behaviour, { partial });
    assertRefused(outcome, message);
    assertRefused(outcome, "60000 bytes have arrived and are kept");
    assertEquals(outcome.left, ["file.zip.partial"]);
  }
});

Deno.test("a redirect is followed, but not to a login page", async () => {
  const location = (path: string) => ({ status: 302, headers: { location: path } });
  assertComplete(
    await attempt(({ path }) => path === "/file.zip" ? location("/other.zip") : {}),
  );
  const outcome = await attempt(({ path }) =>
    path === "/file.zip"
      ? location("/account/login?next=file")
      : { body: "<html>", headers: { "content-type": "text/html" } }
  );
  assertRefused(outcome, "redirects to a login page, http://127.0.0.1:");
  assertRefused(outcome, "/account/login");
});

Deno.test("a file with the wrong bytes is refused and not kept", async () => {
  const wrong = content.slice();
  wrong[200_000] ^= 1;
  const outcome = await attempt(() => ({ body: wrong }));
  assertRefused(outcome, `its SHA-256 is ${sha256OfBytes(wrong)} instead of ${sha256}`);
  assertEquals(outcome.left, []);
});

Deno.test("a file that ends too early every time is refused", async () => {
  const outcome = await attempt(() => ({ cutAfter: 5000, ignoreRange: true, hideLength: true }));
  assertRefused(outcome, "ended the connection after 5000 of 300000 bytes");
});

Deno.test("a server that is not there is waited for, and then given up", async () => {
  const port = await (async () => {
    await using server = new FileServer({});
    return server.port;
  })();
  using folder = new TemporaryFolder();
  const options = {
    urls: [`http://127.0.0.1:${port}/file.zip`],
    destination: `${folder.path}/file.zip`,
    signature: "PK",
    sha256,
    retryDelay: 0.001,
    attempts: 3,
  };
  await assertRejects(() => download(options), InputError, "cannot be reached");
});

Deno.test("a server that restarts in the middle is used again", async () => {
  using folder = new TemporaryFolder();
  let server = new FileServer({ "file.zip": content }, () => ({ cutAfter: 70_000 }));
  const { port } = server;
  let restarted = false;
  await download({
    urls: [`${server.url}/file.zip`],
    destination: `${folder.path}/file.zip`,
    signature: "PK",
    size: content.length,
    sha256,
    retryDelay: 0.05,
    attempts: 20,
    onNotice: () => {
      if (restarted) return;
      restarted = true;
      const old = server;
      // Down for three attempts, then back.
      old[Symbol.asyncDispose]().then(() =>
        setTimeout(() => server = new FileServer({ "file.zip": content }, () => ({}), port), 150)
      );
    },
  });
  assertEquals(sha256OfBytes(await Deno.readFile(`${folder.path}/file.zip`)), sha256);
  assertEquals(server.requests[0].start! > 0, true);
  await server[Symbol.asyncDispose]();
});

Deno.test("without a checksum a download is never continued", async () => {
  const outcome = await attempt((_, count) => count === 1 ? { cutAfter: 100_000 } : {}, {
    sha256: undefined,
    partial: content.slice(0, 1000),
  });
  assertComplete(outcome);
  assertEquals(outcome.requests.map(({ start }) => start), [undefined, undefined]);
});
