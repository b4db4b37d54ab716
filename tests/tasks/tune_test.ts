import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openStorage } from "../../core/storage/mod.ts";
import { Study } from "../../core/study/study.ts";
import { RandomSearch } from "../../baselines/random_search.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const space = {
  x: { type: "real", min: 0, max: 1 },
  kind: { type: "choice", values: ["plain", "curved"] },
  bend: { type: "real", min: 0, max: 1, when: { kind: "curved" } },
};

interface Tuned {
  code: number;
  stdout: string;
  stderr: string;
}

/** Starts `tune` in a folder with a search space, on a shell script. */
async function start(folder: string, script: string, ...flags: string[]) {
  await Deno.writeTextFile(`${folder}/space.json`, JSON.stringify(space));
  await Deno.writeTextFile(`${folder}/program.sh`, script);
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-run=deno", "tasks/tune.ts"],
      ...["--space", `${folder}/space.json`, "--storage", `sqlite:${folder}/tune.db`],
      ...["--out", `${folder}/out`, "--method", "random", ...flags],
      ...["--", "bash", `${folder}/program.sh`, "--x={x}", "--bend", "{bend}", "{kind}"],
    ],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function tune(folder: string, script: string, ...flags: string[]): Promise<Tuned> {
  const { code, stdout, stderr } = await (await start(folder, script, ...flags)).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function trialsOf(folder: string) {
  await using study = await Study.open({
    storage: await openStorage(`sqlite:${folder}/tune.db`),
    name: "tune",
    algorithm: new RandomSearch(),
    existing: "require",
  });
  return await study.trials();
}

Deno.test("a program is tuned, and the same command goes on where it ended", async () => {
  await inTemporaryFolder(async (folder) => {
    const script = 'echo "$@"; echo noise; echo "$GENHPO_X"; echo "the end"';
    const first = await tune(folder, script, "--trials", "3");
    assertEquals(first.code, 0, first.stderr);
    const again = await tune(folder, script, "--trials", "5", "--parallel", "2");
    assertStringIncludes(again.stderr, "The study has 3 trials already");
    assertStringIncludes(again.stdout, "5 complete");
    const page = await Deno.readTextFile(`${folder}/out/tune/study.html`);
    assertStringIncludes(page, '"name":"tune"');
    const trials = await trialsOf(folder);
    assertEquals(trials.length, 5);
    for (const { number, value, configuration } of trials) {
      const { x, kind, bend } = configuration as unknown as Record<string, unknown>;
      assertEquals(value, x);
      const output = await Deno.readTextFile(`${folder}/out/tune/${number}/stdout.txt`);
      const expected = kind === "curved" ? `--x=${x} --bend ${bend} curved` : `--x=${x} plain`;
      assertEquals(output.split("\n")[0], expected);
    }
  });
});

Deno.test("a study that is minimized stays so when the command does not say it again", async () => {
  await inTemporaryFolder(async (folder) => {
    const script = 'echo "$GENHPO_X"';
    const first = await tune(folder, script, "--trials", "2", "--minimize");
    assertEquals(first.code, 0, first.stderr);
    const again = await tune(folder, script, "--trials", "4");
    assertEquals(again.code, 0, again.stderr);
    const best = Math.min(...(await trialsOf(folder)).map(({ value }) => value!));
    const [, value] = /^ {2}trial \d+ +(\S+)/m.exec(again.stdout)!;
    assertEquals(Number(value), best);
  });
});

Deno.test("a response is read by a pattern, or from a file", async () => {
  await inTemporaryFolder(async (folder) => {
    const pattern = ["--response", "score is ([0-9.]+)", "--study", "pattern"];
    const byPattern = await tune(
      folder,
      "echo score is 1; echo score is 2; echo 3",
      "--trials",
      "1",
      ...pattern,
    );
    assertStringIncludes(byPattern.stderr, "trial 0: 2 ");
    const script = `echo '{"validation": {"loss": 0.5}}' > ${folder}/metrics.json`;
    const file = ["--response-file", `${folder}/metrics.json`, "--response-key", "validation.loss"];
    const byFile = await tune(folder, script, "--trials", "1", "--study", "file", ...file);
    assertStringIncludes(byFile.stderr, "trial 0: 0.5 ");
  });
});

Deno.test("a trial fails with its reason: exit code, no number, NaN, too slow", async () => {
  const programs: Record<string, string> = {
    "ended with exit code 3": "echo 1; exit 3",
    "no line of stdout is a number": "echo nothing",
    "the last line that is a number is nan": "echo 1; echo nan",
    "took longer than 1 s": "sleep 20; echo 1",
  };
  for (const [reason, script] of Object.entries(programs)) {
    await inTemporaryFolder(async (folder) => {
      const { code, stderr } = await tune(folder, script, "--trials", "1", "--timeout", "1");
      assertEquals(code, 0);
      assertStringIncludes(stderr, reason);
      const [{ state, reason: stored }] = await trialsOf(folder);
      assertEquals(state, "fail");
      assertStringIncludes(stored!, reason);
    });
  }
});

Deno.test("intermediate values are kept, and a trial that is behind is ended with its children", async () => {
  await inTemporaryFolder(async (folder) => {
    const script = `
      if [ $GENHPO_TRIAL = 0 ]; then echo step=1 loss=0.1; echo 0.1; exit; fi
      echo step=1 loss=0.9
      sleep 300 &
      wait`;
    const { stderr } = await tune(folder, script, "--trials", "2", "--minimize", "--prune");
    assertStringIncludes(stderr, "trial 1: stopped early at 0.9");
    const [first, second] = await trialsOf(folder);
    assertEquals(first.intermediateValues.map(({ step, value }) => [step, value]), [[1, 0.1]]);
    assertEquals(second.state, "pruned");
  });
});

// A terminal sends it to both processes, another program to the one that it knows.
for (const isTerminal of [true, false]) {
  const words = isTerminal ? "after Ctrl-C" : "after an interrupt of its first process";
  Deno.test(`${words} the running trials finish, and the study goes on with the same command`, async () => {
    await inTemporaryFolder(async (folder) => {
      const script = `touch ${folder}/started-$GENHPO_TRIAL; sleep 2; echo 1`;
      const child = await start(folder, script, "--trials", "9");
      await waitFor(`${folder}/started-0`);
      if (isTerminal) Deno.kill(await workerOf(child.pid), "SIGINT");
      Deno.kill(child.pid, "SIGINT");
      const { code, stderr } = await child.output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      assertStringIncludes(new TextDecoder().decode(stderr), "waiting for the running ones");
      const trials = await trialsOf(folder);
      assertEquals(trials.map(({ state }) => state), ["complete"]);
      assertEquals((await tune(folder, "echo 2", "--trials", "2")).code, 0);
      assertEquals((await trialsOf(folder)).map(({ value }) => value), [1, 2]);
    });
  });
}

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  Deno.test(`after a ${signal} of its first process the running trial is given back`, async () => {
    await inTemporaryFolder(async (folder) => {
      const script = `touch ${folder}/started-$GENHPO_TRIAL; sleep 300`;
      const child = await start(folder, script, "--trials", "9");
      await waitFor(`${folder}/started-0`);
      const worker = await workerOf(child.pid);
      child.kill(signal);
      await child.output();
      while (await isAlive(worker)) await new Promise((resolve) => setTimeout(resolve, 50));
      const [first, second] = await trialsOf(folder);
      assertEquals([first.state, second.state], ["fail", "waiting"]);
      assertStringIncludes(first.reason!, "gave it back");
    });
  });
}

Deno.test("two studies have their output side by side, and none writes over another's", async () => {
  await inTemporaryFolder(async (folder) => {
    for (const study of ["a b", "a_b", ".."]) {
      const { code, stderr } = await tune(folder, "echo 1", "--trials", "1", "--study", study);
      assertEquals(code, 0, stderr);
    }
    const folders = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name).sort();
    assertEquals(folders, ["%2E.", "a%20b", "a_b"]);
    await Deno.remove(`${folder}/tune.db`);
    const again = await tune(folder, "echo 1", "--trials", "1", "--study", "a_b");
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, "its folder must be new");
  });
});

Deno.test("the space and the command line of the guide work", async () => {
  const guide = await Deno.readTextFile("docs/tune.md");
  const [, described] = /```json\n([^]*?)```/.exec(guide)!;
  const [, line] = /\ngenhpo (tune [^]*?)\n```/.exec(guide)!;
  await inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/space.json`, described);
    await Deno.writeTextFile(`${folder}/train.sh`, 'echo "$@"; echo $GENHPO_LR');
    const words = line.replace("python3 train.py", `bash ${folder}/train.sh`)
      .replace("space.json", `${folder}/space.json`).replace("--trials 50", "--trials 3")
      .split(/[\s\\]+/);
    const flags = ["--storage", `sqlite:${folder}/tune.db`, "--out", `${folder}/out`];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", words[0], ...flags, ...words.slice(1)],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertStringIncludes(new TextDecoder().decode(stdout), "With the defaults: 0.001 (trial 0)");
    const printed = await Deno.readTextFile(`${folder}/out/tune/0/stdout.txt`);
    assertEquals(printed.split("\n")[0], "--lr 0.001 --depth 3 --optimizer sgd --momentum 0.9");
  });
});

Deno.test("a program that has never succeeded is given up after five trials, and after one success never", async () => {
  await inTemporaryFolder(async (folder) => {
    const failing = await tune(folder, "exit 3", "--trials", "9");
    assertEquals(failing.code, 1);
    assertStringIncludes(failing.stderr, "one of the first 5 trials must succeed");
    assertStringIncludes(failing.stderr, "trial 4 as the program ended with exit code 3");
    assertEquals((await trialsOf(folder)).map(({ state }) => state), Array(5).fill("fail"));
    const again = await tune(folder, "exit 3", "--trials", "9", "--give-up", "2");
    assertEquals([again.code, (await trialsOf(folder)).length], [1, 7]);
    const patient = await tune(folder, "exit 3", "--trials", "9", "--give-up", "0");
    assertEquals([patient.code, (await trialsOf(folder)).length], [0, 9]);

    const script = "if [ $GENHPO_TRIAL = 1 ]; then echo 1; else exit 3; fi";
    const { code } = await tune(folder, script, "--trials", "9", "--study", "one success");
    assertEquals(code, 0);
  });
});

Deno.test("a program that cannot be started ends the command, and says why", async () => {
  await inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/space.json`, JSON.stringify(space));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["task", "--quiet", "tune", "--space", `${folder}/space.json`, "--method", "random"],
        ...["--storage", `sqlite:${folder}/tune.db`, "--out", `${folder}/out`],
        ...["--", "no-such-program", "{x}"],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 1);
    assertStringIncludes(new TextDecoder().decode(stderr), "it failed 3 times in a row");
    assertEquals((await trialsOf(folder)).length, 3);
  });
});

Deno.test("wrong command lines are refused with a clear word, before anything runs", async () => {
  await inTemporaryFolder(async (folder) => {
    const usage = async (message: string, ...flags: string[]) => {
      const { code, stderr } = await tune(folder, "echo 1", ...flags);
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, message);
    };
    await usage("--permit must name it: got python3", "--permit", "python3");
    await usage("--response must have a group", "--response", "loss");
    await usage("must not be given together", "--response", "(.)", "--response-file", "a.json");
    const other = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-run", "tasks/tune.ts"],
        ...["--space", `${folder}/space.json`, "--", "bash", "-c", "echo {z}"],
      ],
    }).output();
    assertEquals(other.code, 1);
    assertStringIncludes(new TextDecoder().decode(other.stderr), 'among x, kind, bend: got "z"');
  });
});

async function waitFor(path: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await Deno.stat(path).then(() => true, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert(false, `${path} did not appear`);
}

async function isAlive(pid: number): Promise<boolean> {
  return (await new Deno.Command("kill", { args: ["-0", String(pid)], stderr: "null" }).output())
    .success;
}

async function workerOf(parent: number): Promise<number> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(parent)] }).output();
  return Number(new TextDecoder().decode(stdout).trim().split("\n")[0]);
}

Deno.test("leaders are measured again where the command line says so", async () => {
  await inTemporaryFolder(async (folder) => {
    const flags = ["--trials", "6", "--confirm", "3"];
    const { code, stdout, stderr } = await tune(folder, 'echo "$GENHPO_X"', ...flags);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "measured again");
    const again = (await trialsOf(folder)).filter(({ confirms }) => confirms !== undefined);
    assertEquals(again.map(({ number }) => number), [2, 5]);
    const wrong = await tune(folder, "echo 1", "--confirm", "sometimes");
    assertEquals(wrong.code, 2);
    assertStringIncludes(wrong.stderr, "Flag --confirm must be auto, never");
  });
});
