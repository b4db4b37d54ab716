/**
 * Texts with places for numbers.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";

/**
 * Fills `{{name}}` in a text. Every place must have a value and every value a place, so that neither a text
 * nor the numbers for it are forgotten.
 *
 * @throws {RangeError} when a place or a value is left over.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const filled = template.replaceAll(/\{\{([\w-]+)\}\}/g, (_, name: string) => {
    if (!Object.hasOwn(values, name)) {
      throw new RangeError(`Cannot fill a text as there must be a value for {{${name}}}`);
    }
    used.add(name);
    return values[name];
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) {
    throw new RangeError(`Cannot fill a text as it must have places for all: got ${unused}`);
  }
  return filled.replaceAll(/\n{3,}/g, "\n\n"); // an empty value may have stood alone
}

/**
 * Replaces what is between `<!-- NAME: ... -->` and `<!-- /NAME -->`.
 *
 * @param source What error messages call the text.
 * @throws {InputError} when the text does not have the two lines.
 */
export function replaceRegion(
  text: string,
  { name, content, source }: { name: string; content: string; source: string },
): string {
  const start = text.search(new RegExp(`^<!-- ${name}: .*-->$`, "m"));
  const end = text.indexOf(`<!-- /${name} -->`);
  if (start < 0 || end < start) {
    throw new InputError(
      `Cannot write into ${source} as it must have the lines <!-- ${name}: ... --> and ` +
        `<!-- /${name} -->`,
    );
  }
  const firstLine = text.slice(start, text.indexOf("\n", start));
  return `${text.slice(0, start)}${firstLine}\n\n${content.trim()}\n\n${text.slice(end)}`;
}

/** A paragraph in lines of at most 100 characters, as `deno fmt` has them: code is not broken. */
export function wrapParagraph(text: string): string {
  const lines: string[] = [];
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= 100) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}
