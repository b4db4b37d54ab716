import { algorithmConformance } from "../../conformance.ts";
import { regretTest } from "../../regret.ts";
import { factories } from "./diffusion_factories.ts";

for (const [name, factory] of Object.entries(factories)) {
  algorithmConformance(name, factory, {
    factories: import.meta.resolve("./diffusion_factories.ts"),
    permutationTolerance: 0,
  });
}

regretTest("diffusion", factories.diffusion);
