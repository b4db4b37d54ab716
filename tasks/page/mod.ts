/**
 * A study as a page for people: one HTML file that holds everything.
 *
 * @example
 * ```ts
 * import { RandomSearch, SearchSpace, Study } from "@genhpo/genhpo";
 * import { studyPage } from "@genhpo/genhpo/page";
 *
 * const space = new SearchSpace({ x: { type: "real", min: 0, max: 1 } });
 * await using study = await Study.open({ space, algorithm: new RandomSearch() });
 * await study.optimize(({ configuration: { x } }) => x * (1 - x), { trials: 10 });
 * const html = await studyPage(study); // await Deno.writeTextFile("study.html", html)
 * console.log(html.length > 0);
 * ```
 *
 * @module
 */
export { studyPage } from "./study_page.ts";
export type { AnyStudy } from "./any_study.ts";
