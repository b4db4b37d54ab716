/** Answers with the suggestion that the given options and history lead to; in a worker or as a program. */
import { DiffusionSearch, type DiffusionSearchOptions } from "../../core/diffusion.ts";

export interface SuggestJob {
  options: DiffusionSearchOptions;
  points: number[][];
  responses: number[];
}

export async function suggest({ options, points, responses }: SuggestJob): Promise<number[]> {
  const search = new DiffusionSearch(options);
  const xObs = points.map((point) => Float64Array.from(point));
  return [...await search.observeAndSuggest(xObs, Float64Array.from(responses))];
}

if (Deno.args.length > 0) console.log(JSON.stringify(await suggest(JSON.parse(Deno.args[0]))));
else if (typeof postMessage === "function") {
  self.onmessage = async ({ data }) => postMessage(await suggest(data));
}
