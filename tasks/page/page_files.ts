/**
 * The page of a study: three files for the service, or one that holds everything.
 *
 * Figures are Vega-Lite's. Vega compiles expressions to functions, which a strict Content-Security-Policy forbids: its
 * interpreter runs them instead.
 *
 * @module
 */
// Its text alone is wanted; but where this module was loaded from a registry, only packages that are imported are there.
import "vega-interpreter";
import { packageUrl } from "../shared/package_files.ts";
import pageHtml from "./page.html" with { type: "text" };
import pageCss from "./page.css" with { type: "text" };
import dataScript from "./data.js" with { type: "text" };
import elementsScript from "./elements.js" with { type: "text" };
import figuresScript from "./figures.js" with { type: "text" };
import mainScript from "./main.js" with { type: "text" };
import statisticsScript from "./statistics.js" with { type: "text" };
import tableScript from "./table.js" with { type: "text" };

/** The files by their names. */
export interface PageFiles {
  readonly "page.html": string;
  readonly "page.css": string;
  readonly "page.js": string;
}

/** The files of the page; Vega's are read from its package. */
export async function readPageFiles(): Promise<PageFiles> {
  const read = (file: string, resolved: string) =>
    Deno.readTextFile(new URL(file, packageUrl(resolved)));
  const script = [
    await read("vega.min.js", import.meta.resolve("vega")),
    await read("vega-lite.min.js", import.meta.resolve("vega-lite")),
    interpreterScript(await read("vega-interpreter.js", import.meta.resolve("vega-interpreter"))),
    ownScript(),
  ].join("\n");
  return { "page.html": pageHtml, "page.css": pageCss, "page.js": script };
}

/** The page as one file, with the data in it. Nothing is loaded, and nothing but its own script runs. */
export async function wholePage(files: PageFiles, data: unknown): Promise<string> {
  const css = files["page.css"];
  const script = files["page.js"].replaceAll("</script", "<\\/script");
  const policy = `default-src 'none'; img-src data:; style-src '${await hashOf(css)}'; ` +
    `script-src '${await hashOf(script)}'`;
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const parts: [place: string, content: string][] = [
    [
      '<meta charset="utf-8">',
      `<meta charset="utf-8">\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
    ],
    ['<link rel="stylesheet" href="page.css">', `<style>${css}</style>`],
    [
      '<script src="page.js"></script>',
      `<script type="application/json" id="data">${json}</script>\n    <script>${script}</script>`,
    ],
  ];
  return parts.reduce((html, [place, content]) => html.replace(place, () => content), pageHtml);
}

/** The page's modules as one script, in the order in which they use each other. */
function ownScript(): string {
  const modules = [
    statisticsScript,
    figuresScript,
    elementsScript,
    dataScript,
    tableScript,
    mainScript,
  ];
  const body = modules.map((module) =>
    module.replaceAll(/^import [^;]*;\n/gm, "").replaceAll(/^export /gm, "")
  );
  return `(() => {\n"use strict";\n${body.join("\n")}})();\n`;
}

/** Vega's interpreter, a module that imports from Vega alone, as a script. */
function interpreterScript(module: string): string {
  const body = module
    .replace(/^import (\{[^}]*\}) from 'vega-util';$/m, "const $1 = vega;")
    .replace(/^export \{ expression as expressionInterpreter \};$/m, "return expression;")
    .replace(/^\/\/# sourceMappingURL.*$/m, "");
  return `const expressionInterpreter = (() => {\n${body}\n})();`;
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(digest).toBase64()}`;
}
