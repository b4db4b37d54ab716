/** The shortest program that makes a suggestion: what the bench measures as the cold start. */
import { DiffusionSearch } from "../mod.ts";

await new DiffusionSearch().observeAndSuggest({ points: [[0.5]], responses: [1] });
