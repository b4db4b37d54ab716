import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask } from "./_run_task.ts";

Deno.test("evaluate compares settings run by run, and refuses what are none", async () => {
  const { code, stdout, stderr } = await runTask(
    ...["evaluate", '{"denoisingSteps":2}', '{"denoisingSteps":3}', "--keys", "0", "--trials", "2"],
  );
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^\{"denoisingSteps":2\} +mini-xgboost +30 +0\.\d{4}/m);
  assertMatch(stdout, /^\{"denoisingSteps":3\} +mini-xgboost +-?0\.\d{3} \+- 0\.\d{3}/m);

  assertStringIncludes((await runTask("evaluate")).stderr, "Missing variant");
  const wrong = await runTask("evaluate", "fast");
  assertEquals(wrong.code, 2);
  assertStringIncludes(
    wrong.stderr,
    'must be settings as JSON, such as {"guidance": 2}: got "fast"',
  );
});
