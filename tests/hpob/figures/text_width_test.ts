import { assertAlmostEquals } from "@std/assert";
import { textWidth } from "../../../hpob/figures/_text_width.ts";

for (const [weight, bold] of [[400, false], [700, true]] as const) {
  Deno.test(`text is as wide as the font's own tables say, at weight ${weight}`, async () => {
    const advance = await advanceWidths(weight);
    for (
      const text of ["Average Regret", "95 % interval, 0.0123 (n = 30)", "~!@#$^&*_+{}|[]\\<>?`"]
    ) {
      const expected = [...text].reduce((sum, sign) => sum + advance(sign), 0);
      assertAlmostEquals(textWidth(text, { size: 13, bold }), 13 * expected, 1e-9);
    }
  });
}

/** Reads the font's `cmap` and `hmtx` tables: the width of a character per font size. */
async function advanceWidths(weight: number): Promise<(sign: string) => number> {
  const tables = await woffTables(weight);
  const [cmap, hmtx, head] = ["cmap", "hmtx", "head"].map((tag) => tables.get(tag)!);
  let subtable = 0;
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const offset = cmap.getUint32(4 + 8 * i + 4);
    if (cmap.getUint16(offset) === 4) subtable = offset;
  }
  const segments = cmap.getUint16(subtable + 6) / 2;
  const glyph = (code: number): number => {
    for (let s = 0; s < segments; s++) {
      const end = cmap.getUint16(subtable + 14 + 2 * s);
      const start = cmap.getUint16(subtable + 16 + 2 * segments + 2 * s);
      if (code > end || code < start) continue;
      const delta = cmap.getInt16(subtable + 16 + 4 * segments + 2 * s);
      const position = subtable + 16 + 6 * segments + 2 * s;
      const range = cmap.getUint16(position);
      const index = range === 0 ? code : cmap.getUint16(position + range + 2 * (code - start));
      return (index + delta) & 0xffff;
    }
    throw new RangeError(`the font has no character ${code}`);
  };
  return (sign) => hmtx.getUint16(4 * glyph(sign.codePointAt(0)!)) / head.getUint16(18);
}

/** The tables of a WOFF file, inflated: https://www.w3.org/TR/WOFF/. */
async function woffTables(weight: number): Promise<Map<string, DataView>> {
  const metadata = import.meta.resolve("@fontsource/dejavu-sans/metadata.json");
  const file = new URL(`files/dejavu-sans-latin-${weight}-normal.woff`, metadata);
  const bytes = await Deno.readFile(file);
  const view = new DataView(bytes.buffer);
  const tables = new Map<string, DataView>();
  for (let i = 0; i < view.getUint16(12); i++) {
    const entry = 44 + 20 * i;
    const tag = new TextDecoder().decode(bytes.subarray(entry, entry + 4));
    const [offset, size, inflated] = [4, 8, 12].map((at) => view.getUint32(entry + at));
    const part = new Blob([bytes.slice(offset, offset + size)]);
    const table = size === inflated
      ? part
      : part.stream().pipeThrough(new DecompressionStream("deflate"));
    tables.set(tag, new DataView(await new Response(table).arrayBuffer()));
  }
  return tables;
}
