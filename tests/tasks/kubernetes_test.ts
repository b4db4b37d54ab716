import { assertEquals } from "@std/assert";
import { programBesideOptuna } from "../core/storage/optuna/_optuna.ts";

const validator = programBesideOptuna("kubernetes-validate");
const isThere = await Deno.stat(validator).then(() => true, () => false);
if (!isThere) console.log("kubernetes-validate is not installed: the manifests are not validated");

Deno.test({
  name: "the manifests have the schema of Kubernetes",
  ignore: !isThere,
  fn: async () => {
    for await (const { name } of Deno.readDir("docs/examples/kubernetes")) {
      const { success, stdout } = await new Deno.Command(validator, {
        args: ["--strict", "--quiet", `docs/examples/kubernetes/${name}`],
      }).output();
      assertEquals(success, true, new TextDecoder().decode(stdout));
    }
  },
});
