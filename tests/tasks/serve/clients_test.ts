import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inTemporaryFolder } from "../_temporary_folder.ts";

const decoder = new TextDecoder();

/** Begins `genhpo serve` at any free port, in a process of its own. */
async function serving(
  flags: readonly string[],
  use: (url: string) => Promise<void>,
): Promise<{ stderr: string }> {
  const service = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "serve", "--port", "0", "--method", "random", ...flags],
    env: { NO_COLOR: "1", GENHPO_TOKEN: "" },
    stdout: "piped",
    stderr: "piped",
  });
  const child = service.spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const { value: first = "" } = await lines.next();
  const [url] = /http:\/\/[^/\s]+/.exec(first) ?? [];
  const errors = new Response(child.stderr).text();
  try {
    assert(url !== undefined, first);
    await use(url);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await lines.return?.();
  }
  return { stderr: await errors };
}

/** What the guide shows in a language, run against a service. */
async function clientOf(language: string, url: string): Promise<string> {
  const guide = await Deno.readTextFile("docs/serve.md");
  const [, text] = new RegExp(`## Clients.*?\`\`\`${language}\n(.*?)\`\`\``, "s").exec(guide)!;
  const { host } = new URL(url);
  return text.replaceAll("http://127.0.0.1:8420", url).replaceAll("localhost:8420", host);
}

async function isThere(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}

async function output(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args }).output();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout);
}

Deno.test("the clients of the guide work: curl, Python and fetch", async () => {
  const [hasCurl, hasPython] = await Promise.all(["curl", "python3"].map(isThere));
  if (!hasCurl) console.log("curl is not installed: its client was not run");
  if (!hasPython) console.log("python3 is not installed: its client was not run");
  await inTemporaryFolder(async (folder) => {
    const { stderr } = await serving(["--storage", `sqlite:${folder}/s.db`], async (url) => {
      const trials = async () => (await (await fetch(`${url}/studies/resnet/trials`)).json()).total;
      await fetch(`${url}/studies`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          ...{ name: "resnet", goal: "minimize" },
          space: {
            lr: { type: "real", min: 1e-5, max: 1, log: true },
            layers: { type: "integer", min: 1, max: 8 },
          },
        }),
      }).then((response) => response.body?.cancel());
      if (hasCurl) {
        const shown = await output("bash", "-c", `set -e\n${await clientOf("sh", url)}`);
        assertStringIncludes(shown, '"value":0.31');
      }
      const before = await trials();
      if (hasPython) {
        const objective = "def train(lr, layers): return lr * layers\n";
        await output("python3", "-c", objective + await clientOf("python", url));
        assertEquals(await trials(), before + 20);
      }
      const program = `const train = ({ lr }) => lr;\n${await clientOf("ts ignore", url)}`;
      await output(Deno.execPath(), "eval", program);
      assertEquals(await trials(), before + (hasPython ? 21 : 1));
    });
    assertEquals(stderr, "");
  });
});

Deno.test("a service with a token says nothing of it", async () => {
  await inTemporaryFolder(async (folder) => {
    const token = "a-token-of-some-length";
    await Deno.writeTextFile(`${folder}/token.txt`, `${token}\n`);
    const flags = ["--storage", "memory:", "--host", "0.0.0.0", "--token-file"];
    const { stderr } = await serving([...flags, `${folder}/token.txt`], async (url) => {
      const here = url.replace("0.0.0.0", "127.0.0.1");
      const statusOf = async (headers: Record<string, string>) => {
        const response = await fetch(`${here}/studies`, { headers });
        assertEquals((await response.text()).includes(token), false);
        return response.status;
      };
      assertEquals(await statusOf({}), 401);
      assertEquals(await statusOf({ Authorization: `Bearer ${token}` }), 200);
    });
    assertEquals(stderr, "");
  });
});

Deno.test("another address than this machine's needs a token, and a token must be long", async () => {
  const serve = async (...args: string[]) => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "serve", ...args],
      env: { NO_COLOR: "1" },
      clearEnv: false,
    }).output();
    return [code, decoder.decode(stderr)] as const;
  };
  const [code, stderr] = await serve("--host", "0.0.0.0", "--storage", "memory:");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "unless there is a token");
  await inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/token.txt`, "short");
    const [code, stderr] = await serve("--token-file", `${folder}/token.txt`);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "16 or more");
    assertEquals(stderr.includes("short"), false);
  });
});
