/**
 * The report as one self-contained page, and as PDF.
 *
 * @module
 */
import katex from "katex";
import { Marked, type TokenizerAndRendererExtension, type Tokens } from "marked";
import { InputError } from "../core/errors.ts";

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
  return katex.renderToString(tex, { output: "mathml", displayMode });
}

/**
 * Turns the report's Markdown into a page that loads nothing.
 *
 * @param figures SVG of every picture in the text, by its path there.
 */
export function renderPage(
  markdown: string,
  { title, figures }: { title: string; figures: ReadonlyMap<string, string> },
): string {
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
<style>${style}</style>
</head>
<body>
${marked.parse(markdown)}</body>
</html>
`;
}

const style = `
:root { color-scheme: light }
body { font: 16px/1.45 "DejaVu Serif", Georgia, serif; color: #111; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.7em } h2 { font-size: 1.25em; margin: 1.2em 0 .3em }
h1, h2, table { font-family: "DejaVu Sans", Verdana, sans-serif }
img { display: block; width: 100%; margin: 0 auto }
img.ranking { width: 75% } img.history-loss { width: 55% } img.denoising { width: 94% }
table { border-collapse: collapse; margin: .6em auto; font-size: .78em; line-height: 1.3 }
th, td { padding: .15em .5em; border-bottom: 1px solid #ccc } thead th { border-color: #333 }
code { font-size: .85em } math { font-size: 1.05em }
@page { size: A4; margin: 13mm 16mm }
@media print {
  body { font-size: 9.5pt; line-height: 1.3; max-width: none; margin: 0; padding: 0 }
  h1 { font-size: 15pt; margin: 0 0 .2em } h2 { font-size: 11.5pt; margin: .7em 0 .2em }
  p, ul { margin: .45em 0 } ul { padding-left: 1.3em }
  table, img { break-inside: avoid } h2 { break-after: avoid }
  img.history-loss { float: right; width: 46%; margin-left: 4% }
}
`;

/** The program that prints. */
const browser = "chromium";

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
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        `--user-data-dir=${profile}`,
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
