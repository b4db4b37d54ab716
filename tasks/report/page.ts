/**
 * The report as one self-contained page, and as PDF.
 *
 * @module
 */
import katex from "katex";
import { Marked, type TokenizerAndRendererExtension, type Tokens } from "marked";
import { InputError } from "../../core/search/errors.ts";

/** A formula within a line, as GitHub has it: $`x_t`$. */
const inlineMath: TokenizerAndRendererExtension = {
  name: "inlineMath",
  level: "inline",
  start: (text) => text.indexOf("$`"),
  tokenizer: (text) => {
    const match = /^\$`([^`]+)`\$/.exec(text);
    return match === null ? undefined : { type: "inlineMath", raw: match[0], text: match[1] };
  },
  renderer: (token) => formula(token.text, false),
};

function formula(tex: string, displayMode: boolean): string {
  return katex.renderToString(tex, { displayMode });
}

/**
 * Turns the report's Markdown into a page that loads nothing.
 *
 * @param figures SVG of every picture in the text, by its path there.
 */
export async function renderPage(
  markdown: string,
  { title, figures }: { title: string; figures: ReadonlyMap<string, string> },
): Promise<string> {
  const marked = new Marked({
    extensions: [inlineMath],
    renderer: {
      code: ({ lang, text }: Tokens.Code) => lang === "math" ? formula(text, true) : false,
      image: ({ href, text }: Tokens.Image) => {
        const svg = figures.get(href);
        if (svg === undefined) throw new RangeError(`Cannot show ${href} as it must be drawn`);
        const name = href.replace(/^.*\/|\.svg$/g, "");
        const source = `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
        return `<img class="${name}" src="${source}" alt="${text}">`;
      },
    },
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${await formulaStyle()}${style}</style>
</head>
<body>
${marked.parse(markdown)}</body>
</html>
`;
}

/** The fonts that the report's formulas need. */
const formulaFonts = [
  "Main-Regular",
  "Math-Italic",
  "AMS-Regular",
  "Size1",
  "Size2",
  "Size3",
  "Size4",
];

/** KaTeX's style sheet with those fonts in it, and without its others. */
async function formulaStyle(): Promise<string> {
  const folder = new URL(".", import.meta.resolve("katex"));
  const sheet = await Deno.readTextFile(new URL("katex.min.css", folder));
  const rules = sheet.match(/@font-face\{[^}]*\}/g) ?? [];
  const embedded = await Promise.all(rules.map(async (rule) => {
    if (!formulaFonts.some((name) => rule.includes(`KaTeX_${name}`))) return "";
    const font = new URL(/url\(([^)]*\.woff2)\)/.exec(rule)![1], folder);
    const data = (await Deno.readFile(font)).toBase64();
    return rule.replace(/src:.*\}/, `src:url(data:font/woff2;base64,${data}) format("woff2")}`);
  }));
  return embedded.join("") + sheet.replaceAll(/@font-face\{[^}]*\}/g, "");
}

const style = `
:root { color-scheme: light }
body { font: 17px/1.45 "Liberation Serif", "Times New Roman", Times, serif; color: #111;
  background: #fff; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7em } h2 { font-size: 1.25em; margin: 1.2em 0 .3em }
h1, h2, table { font-family: "Liberation Sans", Arial, Helvetica, sans-serif }
img { display: block; width: 100%; margin: .6em auto }
img.ranking { width: 72% } p:has(> img + img) { display: flex; align-items: start; gap: 1% }
table { border-collapse: collapse; margin: .6em auto; font-size: .75em; line-height: 1.3 }
th, td { padding: .12em .6em; border-bottom: 1px solid #ccc } thead th { border-color: #333 }
td { white-space: nowrap } code { font-size: .82em } .katex { font-size: 1em }
img.pretraining-loss:not(:last-child) { width: 65% } img.history-loss:not(:first-child) { width: 34% }
@page { size: A4; margin: 12mm 15mm }
@media print {
  body { font-size: 10pt; line-height: 1.27; max-width: none; margin: 0; padding: 0 }
  h1 { font-size: 16pt; margin: 0 0 .2em } h2 { font-size: 12pt; margin: .7em 0 .2em }
  p, ul { margin: .4em 0 } ul { padding-left: 1.3em } img, table { margin: .4em auto }
  table, img { break-inside: avoid } h2 { break-after: avoid } .katex-display { margin: .5em 0; break-before: avoid }
  a { color: inherit } img.rank-and-regret { width: 82% } img.ranking { width: 56% }
  img.ablation { width: 46% } img.denoising { width: 68% }
}
`;

/** The program that prints. */
const browser = "chromium";

/** Flags that run Chromium without a window, its profile in a folder of its own. */
export function headless(profile: string): string[] {
  return [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    `--user-data-dir=${profile}`,
  ];
}

/**
 * Prints a page as PDF with headless Chromium.
 *
 * @returns the number of pages.
 * @throws {InputError} when Chromium cannot be run, or prints nothing.
 */
export async function printPdf(page: string, pdf: string): Promise<number> {
  const profile = await Deno.makeTempDir();
  try {
    const { success } = await new Deno.Command(browser, {
      args: [
        ...headless(profile),
        "--no-pdf-header-footer",
        `--print-to-pdf=${pdf}`,
        page,
      ],
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) throw new InputError(`Cannot print ${page} as ${browser} must run: it failed`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) {
      throw error;
    }
    throw new InputError(
      `Cannot print ${page} as ${browser} must be installed, and this task allowed to run it: ` +
        "deno task report:pdf",
    );
  } finally {
    await Deno.remove(profile, { recursive: true });
  }
  const text = new TextDecoder("latin1").decode(await Deno.readFile(pdf));
  return [...text.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;
}
