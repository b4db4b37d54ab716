import { assertEquals, assertMatch } from "@std/assert";
import { hasOptuna, pythonWithOptuna } from "../core/storage/optuna/_optuna.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

/** The command of an example's README, with a small budget; gives what it printed. */
async function tune(
  example: string,
  folder: string,
  edit: (word: string) => string = (word) => word,
): Promise<string> {
  const readme = await Deno.readTextFile(`docs/examples/${example}/README.md`);
  const [, command] = /^deno task (tune [^]*?)\n```/m.exec(readme)!;
  const words = command.replace("--trials 40", "--trials 3").replaceAll("\\\n", " ").trim().split(
    /\s+/,
  ).map(edit);
  const [flags, program] = [words.slice(0, words.indexOf("--")), words.slice(words.indexOf("--"))];
  const budget = ["--method", "random", "--storage", `sqlite:${folder}/a.db`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...flags, ...budget, "--out", `${folder}/out`, ...program],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the example in TypeScript shows default beside tuned", async () => {
  await inTemporaryFolder(async (folder) => {
    const printed = await tune("tfjs", folder);
    assertMatch(printed, /: 3 complete\./);
    assertMatch(printed, /^With the defaults: 0\.57\d* \(trial 0\)$/m);
  });
});

Deno.test({
  name: "the example in Python shows default beside tuned",
  ignore: !hasOptuna(),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const toPython = (word: string) => word === "python3" ? pythonWithOptuna : word;
      const printed = await tune("scikit-learn", folder, toPython);
      assertMatch(printed, /: 3 complete\./);
      assertMatch(printed, /^With the defaults: 0\.122\d* \(trial 0\)$/m);
    }),
});
