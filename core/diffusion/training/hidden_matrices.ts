/**
 * The matrices of a network that Muon steps.
 *
 * @module
 */
import type { MatrixPart } from "../muon.ts";
import type { ParameterEntry } from "../parameters.ts";

/** Tensors that are several maps of the same inputs, one below the other: how many. */
const mapsOf: Readonly<Record<string, number>> = { kv: 2, ada: 4 };

/**
 * The matrices between hidden layers, maps of the same inputs apart. What reads features, writes the outputs or
 * starts as zeros for a handful of outputs is no such matrix: it stays with AdamW, as Muon's authors advise.
 */
export function hiddenMatrices(layout: readonly ParameterEntry[]): MatrixPart[] {
  return layout.flatMap(({ name, shape, offset }) => {
    const part = /^(?:(?:enc|dec)\.\d+\.(q|kv|o|m1|m2|ada)|eg\.\d+|colp|qc|te\.2|hd\.0)\.weight$/
      .exec(name);
    if (part === null) return [];
    const maps = mapsOf[part[1]] ?? 1;
    const [rows, columns] = [shape[0] / maps, shape[1]];
    return Array.from(
      { length: maps },
      (_, i) => ({ offset: offset + i * rows * columns, rows, columns }),
    );
  });
}
