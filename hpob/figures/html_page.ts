/**
 * One self-contained HTML page of interactive figures, which works offline and from `file://`.
 *
 * @module
 */
import { version } from "vega";
import * as vegaLite from "vega-lite";
import { hiddenMethods } from "./_style.ts";
import { methodStyles } from "./method_style.ts";
import type { Figure } from "./render.ts";

/** A figure with its place on the page. */
export interface PageSection {
  /** Heading above the figure. */
  heading: string;
  /** A sentence or two below the heading. */
  text?: string;
  /** The figure, made with `interactive: true`. */
  figure: Figure;
}

/** What is on the page. */
export interface PageContents {
  /** Title of the page. */
  title: string;
  /** Paragraph below the title: which benchmark, how many runs. */
  introduction: string;
  /** All methods; each gets a button that switches it on and off in all figures. */
  methods: readonly string[];
  /** The figures, in order. */
  sections: readonly PageSection[];
}

/** The page. It contains Vega itself (about 520 kB) and loads nothing. */
export async function renderHtml(contents: PageContents): Promise<string> {
  // Vega-Lite is not needed on the page: figures are compiled here.
  const figures = contents.sections.map(({ figure }) => vegaLite.compile(figure).spec);
  const library = await Deno.readTextFile(
    new URL("vega.min.js", import.meta.resolve("vega")),
  );
  const buttons = methodStyles(contents.methods).map(({ label, color }) =>
    `<button type="button" aria-pressed="true" data-method="${escape(label)}">` +
    `<i style="background:${color}"></i>${escape(label)}</button>`
  );
  const sections = contents.sections.map(({ heading, text }) =>
    `<section><h2>${escape(heading)}</h2>${text === undefined ? "" : `<p>${escape(text)}</p>`}` +
    `<div class="figure"></div></section>`
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escape(contents.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(contents.title)}</h1>
<p>${escape(contents.introduction)}</p>
<nav aria-label="Methods">${buttons.join("\n")}</nav>
${sections.join("\n")}
<div id="tooltip" role="tooltip" hidden></div>
<noscript>The figures of this page need JavaScript.</noscript>
<!-- Vega ${version}, (c) University of Washington Interactive Data Lab, BSD-3-Clause -->
<script>${library.replaceAll("</script", "<\\/script")}</script>
<script>
const figures = ${inScript(figures)};
(${showFigures})(figures, ${inScript(hiddenMethods)});
</script>
</body>
</html>
`;
}

/** Nothing is loaded from anywhere. Vega compiles the expressions of figures, which counts as eval. */
const policy = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; " +
  "style-src 'unsafe-inline'; img-src data:";

const style = `
:root { color-scheme: light }
body { font: 15px/1.5 "DejaVu Sans", Verdana, sans-serif; color: #222; background: #fff;
  max-width: 1080px; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem }
p { color: #444; max-width: 60rem }
nav { position: sticky; top: 0; background: #fffffff2; padding: .6rem 0; z-index: 1 }
button { font: inherit; font-size: .9rem; border: 1px solid #bbb; border-radius: 1rem;
  background: #fff; padding: .2rem .8rem .2rem .6rem; margin: 0 .3rem .3rem 0; cursor: pointer }
button i { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .4em }
button[aria-pressed=false] { color: #767676; text-decoration: line-through }
button[aria-pressed=false] i { opacity: .25 }
.figure { overflow-x: auto }
#tooltip { position: fixed; pointer-events: none; background: #fff; border: 1px solid #999;
  border-radius: 4px; padding: .35rem .6rem; font-size: .8rem; box-shadow: 0 1px 4px #0003 }
#tooltip td { padding: 0 .3rem } #tooltip td + td { text-align: right }
@media print { nav { display: none } section { break-inside: avoid } }
`;

/** Text for the inside of an element or of an attribute. */
function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Data for the inside of a script element, which any closing tag could end. */
function inScript(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/** The program of the page. Plain JavaScript: it is printed into the page as it stands. */
const showFigures = `async (figures, hiddenMethods) => {
  const tooltip = document.getElementById("tooltip");
  const showTooltip = (_handler, event, _item, value) => {
    tooltip.hidden = value === null || value === undefined || value === "";
    if (tooltip.hidden) return;
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    tooltip.replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((cell) => {
        const element = document.createElement("td");
        element.textContent = String(cell);
        return element;
      }));
      return row;
    }));
    const room = 14;
    const left = Math.min(event.clientX + room, innerWidth - tooltip.offsetWidth - room);
    const top = Math.min(event.clientY + room, innerHeight - tooltip.offsetHeight - room);
    tooltip.style.left = Math.max(left, 0) + "px";
    tooltip.style.top = Math.max(top, 0) + "px";
  };
  const places = document.querySelectorAll(".figure");
  const views = await Promise.all(figures.map((figure, i) =>
    new vega.View(vega.parse(figure), { renderer: "svg", container: places[i], hover: true })
      .tooltip(showTooltip)
      .runAsync()
  ));
  const hidden = new Set();
  for (const button of document.querySelectorAll("nav button")) {
    button.addEventListener("click", async () => {
      const method = button.dataset.method;
      if (!hidden.delete(method)) hidden.add(method);
      button.setAttribute("aria-pressed", String(!hidden.has(method)));
      await Promise.all(views.map((view) =>
        hiddenMethods in view.getState({ signals: (name) => name === hiddenMethods }).signals
          ? view.signal(hiddenMethods, [...hidden]).runAsync()
          : view
      ));
      document.documentElement.dataset.hidden = [...hidden].join("|");
    });
  }
  document.documentElement.dataset.ready = String(views.length);
}`;
