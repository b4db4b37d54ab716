/**
 * Names, colours and marks of methods: the same in every figure.
 *
 * @module
 */

/** How a method is drawn. */
export interface MethodStyle {
  /** Its name in result files. */
  readonly method: string;
  /** Its name for readers. */
  readonly label: string;
  /** Colour, `#rrggbb`. */
  readonly color: string;
  /** Vega's name of its mark. */
  readonly shape: string;
}

/**
 * The four of HPO-B's figures, with the colours they have there, and TPE in the colour that is farthest from all four
 * for colour-blind readers, too; `names` as in result files.
 */
const known = [
  { names: ["random", "rs"], label: "Random search", color: "#1f77b4", shape: "circle" },
  { names: ["dgp"], label: "Deep-kernel GP", color: "#ff7f0e", shape: "square" },
  { names: ["gp"], label: "Gaussian process", color: "#2ca02c", shape: "triangle-up" },
  { names: ["tpe"], label: "TPE", color: "#000000", shape: "cross" },
  { names: ["diffusion"], label: "Diffusion search", color: "#d62728", shape: "diamond" },
];

/** For all others, apart from the known ones for colour-blind readers too (after Okabe and Ito 2008). */
const otherColors = ["#882255", "#7f7f7f", "#56b4e9", "#cc79a7", "#8c564b", "#332288", "#bcbd22"];
const otherShapes = ["triangle-down", "stroke", "triangle-right", "triangle-left"];

/**
 * Styles of methods, in the order of legends: the known ones, then all others as given. Of two
 * methods that go by the same known name (`gp` and `GP`), the second is drawn as another one.
 */
export function methodStyles(methods: readonly string[]): MethodStyle[] {
  const left = [...methods];
  const styles: MethodStyle[] = [];
  for (const { names, ...style } of known) {
    const found = left.findIndex((method) => names.includes(method.toLowerCase()));
    if (found >= 0) styles.push({ method: left.splice(found, 1)[0], ...style });
  }
  const taken = new Set(styles.map(({ label }) => label));
  left.forEach((method, i) => {
    const label = labelOf(method, taken);
    taken.add(label);
    styles.push({
      method,
      label,
      color: otherColors[i % otherColors.length],
      shape: otherShapes[i % otherShapes.length],
    });
  });
  return styles;
}

/** More characters than this of a name are not drawn. */
const longestLabel = 48;

/** A method's name on one line, different from the labels that are taken. */
function labelOf(method: string, taken: ReadonlySet<string>): string {
  const line = method.toWellFormed().replaceAll(/\p{Cc}+/gu, " ").trim() || "(no name)";
  const characters = [...line];
  const short = characters.length > longestLabel
    ? `${characters.slice(0, longestLabel - 1).join("")}…`
    : line;
  // Vega keeps what it groups by in plain objects, in which names such as "constructor" are there
  // already: with a word joiner, which nobody sees, they are names like all others.
  const label = short in {} ? `${short}\u2060` : short;
  for (let copy = 1;; copy++) {
    const candidate = copy === 1 ? label : `${label} (${copy})`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Vega-Lite's scales that give each method its colour and mark. */
export function methodScales(styles: readonly MethodStyle[]): {
  color: { domain: string[]; range: string[] };
  shape: { domain: string[]; range: string[] };
} {
  const domain = styles.map(({ label }) => label);
  return {
    color: { domain, range: styles.map(({ color }) => color) },
    shape: { domain, range: styles.map(({ shape }) => shape) },
  };
}
