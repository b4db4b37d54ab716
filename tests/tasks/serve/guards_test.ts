import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { permissionsOf } from "../../../tasks/serve/permissions.ts";
import { assertProblem, Client, limits, space } from "./_client.ts";

const token = "a-token-of-some-length";
const study = { name: "s", space, goal: "maximize" };

Deno.test("with a token, nothing is answered without it", async () => {
  await using client = new Client({ token });
  for (const authorization of [undefined, "Bearer wrong", `Basic ${token}`, `Bearer ${token}x`]) {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const answer = await client.send("GET", "/studies", undefined, headers as never);
    assertProblem(answer, 401, "unauthorized");
    assertEquals(answer.headers.get("WWW-Authenticate"), "Bearer");
  }
  assertProblem(await client.send("GET", `/studies?token=${token}`), 401, "unauthorized");
  const headers = { Authorization: `Bearer ${token}`, Host: "tuner.example" };
  assertEquals((await client.send("GET", "/studies", undefined, headers)).status, 200);
});

Deno.test("without a token, names of other machines are refused", async () => {
  await using client = new Client();
  const to = async (host: string) =>
    await client.app.fetch(new Request("http://127.0.0.1/studies", { headers: { Host: host } }));
  for (const host of ["127.0.0.1:8420", "localhost:1", "[::1]:8420"]) {
    assertEquals((await to(host)).status, 200);
  }
  for (const host of ["rebound.example:8420", "127.0.0.1.rebound.example", "localhost.example"]) {
    assertEquals((await to(host)).status, 403);
  }
});

Deno.test("pages of other origins are refused, and no answer opens itself to them", async () => {
  await using client = new Client();
  const from = (Origin: string) => client.send("POST", "/studies", study, { Origin });
  for (const origin of ["https://other.example", "http://127.0.0.1:9999", "null"]) {
    assertProblem(await from(origin), 403, "foreign-origin");
  }
  const own = await from("http://127.0.0.1:8420");
  assertEquals(own.status, 201);
  assertEquals(own.headers.get("Access-Control-Allow-Origin"), null);
  assertEquals(own.headers.get("X-Content-Type-Options"), "nosniff");
  const policy = own.headers.get("Content-Security-Policy")!;
  assertStringIncludes(policy, "default-src 'none'");
  assertEquals(policy.includes("unsafe"), false);
});

Deno.test("bodies must be JSON, small and flat", async () => {
  await using client = new Client();
  const post = (body: string, type = "application/json") =>
    client.send("POST", "/studies", body, { "Content-Type": type });
  assertProblem(await post(JSON.stringify(study), "text/plain"), 415, "unsupported-media-type");
  assertProblem(await post("{"), 400, "bad-json");
  assertProblem(await post("[".repeat(200) + "]".repeat(200)), 422, "too-deep");
  assertProblem(await post(`"${"x".repeat(limits.body)}"`), 413, "too-large");
});

Deno.test("requests beyond the rate are refused until time has passed", async () => {
  let now = 0;
  await using client = new Client({ limits: { ...limits, rate: 2 }, now: () => now });
  const statuses = async (count: number) => {
    const answers = [];
    for (let k = 0; k < count; k++) answers.push((await client.send("GET", "/studies")).status);
    return answers;
  };
  assertEquals(await statuses(5), [200, 200, 200, 200, 429]);
  now += 1000;
  assertEquals(await statuses(2), [200, 429]);
  now += 10_000;
  assertProblem(
    (await statuses(4), await client.send("GET", "/studies")),
    429,
    "too-many-requests",
  );
});

Deno.test("there are no more studies than the limit, however many are created at once", async () => {
  await using client = new Client();
  const names = Array.from({ length: 8 }, (_, k) => `s${k}`);
  const answers = await Promise.all(
    names.map((name) => client.send("POST", "/studies", { ...study, name })),
  );
  assertEquals(answers.filter(({ status }) => status === 201).length, limits.studies);
  assertProblem(answers.at(-1)!, 429, "too-many-studies");
});

Deno.test("the process that answers may do nothing but listen and use its storage", () => {
  const settings = { host: "127.0.0.1", port: 8420, token, method: "diffusion", limits } as const;
  for (const storage of ["memory:", "sqlite:a,b.db", "postgres://me@db:5433/tuning"]) {
    const flags = permissionsOf({ ...settings, storage });
    for (const flag of flags) assertMatch(flag, /^--allow-(read|write|net|env)=./);
    assertEquals(
      flags.some((flag) => flag.startsWith("--allow-write=a,,b.db")),
      storage[0] === "s",
    );
    const net = flags.find((flag) => flag.startsWith("--allow-net="));
    const server = storage[0] === "p" ? ",db:5433" : "";
    assertEquals(net, `--allow-net=127.0.0.1:8420${server}`);
  }
});

Deno.test("no path reaches a file", async () => {
  await using client = new Client();
  for (
    const path of [
      "/deno.json",
      "/../deno.json",
      "/%2e%2e/deno.json",
      "/studies/..%2f..%2fdeno.json",
    ]
  ) {
    assertEquals((await client.send("GET", path)).status, 404);
  }
});

Deno.test("a repeated request with its key gets the first answer, also while that is being made", async () => {
  await using client = new Client();
  await client.create();
  const ask = (key: string, body: unknown = {}) =>
    client.send("POST", "/studies/s/trials", body, { "Idempotency-Key": key });
  const answers = await Promise.all([ask("one"), ask("one"), ask("two")]);
  assertEquals(answers.map(({ body }) => body.number), [0, 0, 1]);
  assertEquals((await ask("one")).body, answers[0].body);
  assertProblem(await ask("one", { lease: 5 }), 422, "other-request");
  const { body: { total } } = await client.send("GET", "/studies/s/trials");
  assertEquals(total, 2);
});
