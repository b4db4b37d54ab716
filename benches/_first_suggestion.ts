/** The shortest program that makes a suggestion: what the bench measures as the cold start. */
import { DiffusionSearch } from "../mod.ts";

await new DiffusionSearch().observeAndSuggest([Float64Array.of(0.5)], Float64Array.of(1));
