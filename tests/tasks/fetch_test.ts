import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Random } from "../../core/search/random.ts";
import {
  dataArchive,
  officialHosts,
  publishedResults,
  surrogatesArchive,
} from "../../hpob/data/official_data.ts";
import { readResults } from "../../hpob/comparison/results.ts";
import { archives, checksumsOf, snapshotOf, TemporaryFolder } from "../hpob/data/archives.ts";
import {
  authority,
  type Behaviour,
  FileServer,
  type SeenRequest,
} from "../hpob/data/_file_server.ts";
import { runTask } from "./_run_task.ts";

/** How deno.json runs the task. */
const task: string = JSON.parse(await Deno.readTextFile("deno.json")).tasks.fetch.command;
const hosts = /--allow-net=(\S+)/.exec(task)![1].split(",");

/** The flags of the task, with this machine in place of the official hosts. */
const permissions = task.split(" ")
  .filter((word) => word.startsWith("--"))
  .map((flag) => flag.startsWith("--allow-net") ? "--allow-net=127.0.0.1" : flag);

function command(args: readonly string[], flags: readonly string[] = permissions): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...flags, "tasks/fetch.ts", ...args],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

async function fetchTask(
  args: readonly string[],
  flags?: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await command(args, flags).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const sha256 = Object.entries(checksumsOf(archives))
  .map(([name, checksum]) => `${name}=${checksum}`).join(",");

/** The arguments that fetch the embedded benchmark from a server of this machine. */
const from = (url: string, cache: string) => [
  ...["--cache", cache, "--space", "mini-xgboost"],
  ...["--from", url, "--sha256", sha256],
];

/** What an undisturbed fetch leaves. */
const undisturbed = await (async () => {
  using folder = new TemporaryFolder();
  await using server = new FileServer(archives);
  const { code, stderr } = await fetchTask(from(server.url, `${folder.path}/cache`));
  assertEquals(code, 0, stderr);
  return await snapshotOf(`${folder.path}/cache`);
})();

async function withServer(
  behave: (request: SeenRequest, count: number) => Behaviour,
  use: (server: FileServer, cache: string) => Promise<void>,
): Promise<void> {
  using folder = new TemporaryFolder();
  await using server = new FileServer(archives, behave);
  await use(server, `${folder.path}/cache`);
}

Deno.test("the task may reach every host of the official files", () => {
  const files = [dataArchive, surrogatesArchive, ...publishedResults];
  for (const url of files.flatMap((file) => file.urls)) {
    assertEquals(officialHosts.includes(new URL(url).host), true, url);
  }
  assertEquals(officialHosts.filter((host) => !hosts.includes(host)), []);
});

Deno.test("fetch, list, bench on the result with figures, and remove", () =>
  withServer(() => ({}), async (server, cache) => {
    const fetched = await fetchTask(from(server.url, cache));
    assertEquals(fetched.code, 0, fetched.stderr);
    assertStringIncludes(fetched.stderr, "Downloading hpob-data.zip");
    assertMatch(fetched.stderr, /16\d\.\d kB of 16\d\.\d kB, .*\/s/);
    assertStringIncludes(
      fetched.stdout,
      `Next: deno task bench --data ${cache} --space mini-xgboost`,
    );

    assertEquals((await fetchTask(["--path", "--cache", cache])).stdout, `${cache}\n`);
    const listed = await fetchTask(["--list", "--cache", cache]);
    assertStringIncludes(listed.stdout, "hpob-data/meta-test-dataset.json: 1 of 1 search spaces");
    assertStringIncludes(listed.stdout, "surrogates of mini-xgboost (2.8 MB)");

    const small = ["--datasets", "glass", "--methods", "random", "--trials", "3"];
    const out = `${cache}-results`;
    const bench = await runTask("bench", "--data", cache, ...small, "--out", out);
    assertEquals(bench.code, 0, bench.stderr);
    const { runs } = await readResults(`${out}/random.json`, { protocol: "continuous" });
    assertEquals(runs.map((run) => run.seed), ["test0", "test1", "test2", "test3", "test4"]);
    assertEquals((await Deno.stat(`${out}/figures/rank-and-regret.svg`)).isFile, true);

    assertEquals((await fetchTask(["--remove", "--cache", cache])).stdout, `Removed ${cache}\n`);
    const gone = await fetchTask(["--list", "--cache", cache]);
    assertEquals([gone.code, gone.stdout], [1, ""]);
    assertStringIncludes(gone.stderr, "is no cache: run deno task fetch");
  }));

Deno.test("HTTPS: a trusted server is continued after a cut, any other is refused", async () => {
  using folder = new TemporaryFolder();
  const behave = (_: SeenRequest, count: number) => count === 1 ? { cutAfter: 50_000 } : {};
  await using server = new FileServer(archives, behave, 0, "https");
  const cache = `${folder.path}/cache`;
  const trusted = await fetchTask(from(server.url, cache), [...permissions, "--cert", authority]);
  assertEquals(trusted.code, 0, trusted.stderr);
  assertStringIncludes(trusted.stderr, "trying again in 1 s");
  assertEquals(await snapshotOf(cache), undisturbed);

  await using stranger = new FileServer(archives, () => ({}), 0, "https");
  const refused = await fetchTask(from(stranger.url, `${cache}-of-a-stranger`));
  assertEquals([refused.code, stranger.requests.length], [1, 0]);
  assertStringIncludes(refused.stderr, "shows a certificate that is not trusted (UnknownIssuer)");
});

Deno.test("published results are fetched and drawn", async () => {
  const trace = (last: number) => [0.5, 0.6, (0.6 + last) / 2, last];
  const files = Object.fromEntries(
    ["RS-C.json", "GP-C.json", "DGP-C.json"].map((name, m) => {
      const seeds = Object.fromEntries(
        [1, 2, 3].map((k) => [`test${k}`, trace(0.7 + (m + k) / 20)]),
      );
      return [name, new TextEncoder().encode(JSON.stringify({ "5971": { "10093": seeds } }))];
    }),
  );
  using folder = new TemporaryFolder();
  await using server = new FileServer(files);
  const cache = `${folder.path}/cache`;
  const checksums = Object.entries(checksumsOf(files)).map((entry) => entry.join("=")).join(",");
  const fetched = await fetchTask(
    ["--published", "--cache", cache, "--from", server.url, "--sha256", checksums],
  );
  assertEquals(fetched.code, 0, fetched.stderr);
  assertStringIncludes(fetched.stdout, `deno task plot ${cache}/published`);
  const drawn = await runTask("plot", `${cache}/published`, "--out", `${folder.path}/figures`);
  assertEquals(drawn.code, 0, drawn.stderr);
  assertStringIncludes(drawn.stdout, "DGP-C");
});

Deno.test("a connection that breaks is told, and continued", () =>
  withServer((_, count) => count === 1 ? { cutAfter: 50_000 } : {}, async (server, cache) => {
    const { code, stderr } = await fetchTask(from(server.url, cache));
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "trying again in 1 s");
    assertEquals(await snapshotOf(cache), undisturbed);
  }));

/** Kills a process, unless it has just ended by itself. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    assertMatch(String(error), /already terminated/);
  }
}

Deno.test("killed at any moment and run again, it ends in the same cache", () =>
  withServer(
    (_, count) => count === 1 ? { stallAfter: 70_000 } : {},
    async (server, cache) => {
      const first = command(from(server.url, cache)).spawn();
      const partial = `${cache}/downloads/hpob-data.zip.partial`;
      const arrived = async () => (await Deno.stat(partial).catch(() => undefined))?.size ?? 0;
      // Killed while the download stalls, when everything that was sent has been written.
      while (await arrived() < 60_000) await new Promise((resolve) => setTimeout(resolve, 20));
      first.kill("SIGKILL");
      await first.output();
      const random = Random.of("kill");
      for (let k = 0; k < 6; k++) {
        const child = command(from(server.url, cache)).spawn();
        const timer = setTimeout(() => kill(child), 60 + random.integer(300));
        await child.output();
        clearTimeout(timer);
      }
      const last = await fetchTask(from(server.url, cache));
      assertEquals(last.code, 0, last.stderr);
      assertEquals(server.requests[1].start! > 0, true);
      assertEquals(await snapshotOf(cache), undisturbed);
    },
  ));

Deno.test("two fetches at once share the work", () =>
  withServer(() => ({}), async (server, cache) => {
    const both = await Promise.all([1, 2].map(() => fetchTask(from(server.url, cache))));
    assertEquals(both.map(({ code }) => code), [0, 0], both.map(({ stderr }) => stderr).join());
    assertEquals(server.requests.length, 2);
    assertEquals(await snapshotOf(cache), undisturbed);
  }));

Deno.test("a source that fails is explained, and the exit code is 1", () =>
  withServer(
    ({ path }) => path === "/hpob-data.zip" ? { status: 404 } : {},
    async (server, cache) => {
      const { code, stderr } = await fetchTask(from(server.url, cache));
      assertEquals(code, 1);
      assertStringIncludes(stderr, "error: Cannot download hpob-data.zip:");
      assertStringIncludes(stderr, `${server.url}/hpob-data.zip does not have it (HTTP 404)`);
      assertEquals(stderr.includes("    at "), false);
    },
  ));

Deno.test("a host that the task may not reach is named with the flag that allows it", () =>
  withServer(() => ({}), async (server, cache) => {
    const flags = permissions.map((flag) => flag.replace("127.0.0.1", "github.com"));
    const { code, stderr } = await fetchTask(from(server.url, cache), flags);
    assertEquals(code, 1);
    assertMatch(stderr, /leads to 127\.0\.0\.1:\d+, .* --allow-net=127\.0\.0\.1:\d+/);
  }));

Deno.test({
  name: "a full disk is said, and what has arrived is kept",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withServer(() => ({}), async (server, cache) => {
      const table = `${cache}/unpacking/hpob-data/meta-test-dataset/mini-xgboost`;
      await Deno.mkdir(table, { recursive: true });
      await Deno.writeTextFile(`${cache}/genhpo-cache.lock`, "");
      await Deno.symlink("/dev/full", `${table}/pima.json`);
      // Deno lets nobody open a device without all permissions.
      const { code, stderr } = await fetchTask(from(server.url, cache), ["-A"]);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "pima.json as the disk is full");
      const again = await fetchTask(from(server.url, cache));
      assertEquals(again.code, 0, again.stderr);
      assertEquals(server.requests.length, 2); // hpob-data.zip is not downloaded again
      assertEquals(await snapshotOf(cache), undisturbed);
    }),
});

Deno.test("wrong usage has exit code 2 and a hint", async () => {
  const wrong = async (args: string[], message: string) => {
    const { code, stderr } = await fetchTask(args);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, message);
  };
  await wrong(["--spaces", "5971"], "did you mean --space?");
  await wrong(["--mode", "v4"], "possible are v1, v2, v3, v3-test, v3-train-augmented");
  await wrong(["--list", "--remove"], "--list and --remove cannot be given together");
  await wrong(["--sha256", "abc", "--from", "/data"], "--sha256 must be NAME=HEX");
  const { code, stderr } = await fetchTask(["--sha256", "abc", "--from", "/no/hpob-data.zip"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, 'must be 64 hexadecimal digits: got "abc"');
});
