import { algorithmConformance } from "../conformance.ts";
import { factories } from "./factories.ts";

for (const [name, factory] of Object.entries(factories)) {
  algorithmConformance(name, factory, { factories: import.meta.resolve("./factories.ts") });
}
