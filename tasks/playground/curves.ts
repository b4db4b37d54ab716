/**
 * The curves of two searches.
 *
 * @module
 */
/// <reference lib="dom" />

/** One curve. */
export interface Curve {
  readonly name: string;
  /** Regret after 0, 1, 2, ... trials. */
  readonly regrets: readonly number[];
}

/** Regrets below are drawn here. */
const floor = -5;
const frame = { left: 44, right: 372, top: 10, bottom: 215 } as const;

/** Draws regret by trials, on a logarithmic scale, with the names at the curves' ends. */
export function drawCurves(
  svg: SVGElement,
  curves: { readonly left: Curve; readonly right: Curve },
): void {
  const trials = Math.max(20, ...Object.values(curves).map(({ regrets }) => regrets.length - 1));
  const x = (trial: number): number => frame.left + (frame.right - frame.left) * trial / trials;
  const y = (regret: number): number =>
    frame.top + (frame.bottom - frame.top) * Math.max(Math.log10(regret), floor) / floor;
  const parts: string[] = [];
  for (let power = 0; power >= floor; power--) {
    const at = y(10 ** power);
    parts.push(
      `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${at}" y2="${at}"/>`,
      `<text x="${frame.left - 6}" y="${at + 4}" text-anchor="end">${
        power === 0 ? "1" : `1e${power}`
      }</text>`,
    );
  }
  for (let k = 0; k <= 4; k++) {
    const trial = Math.round(trials * k / 4);
    parts.push(
      `<text x="${x(trial)}" y="${frame.bottom + 16}" text-anchor="middle">${trial}</text>`,
    );
  }
  const middle = (frame.left + frame.right) / 2;
  parts.push(`<text x="${middle}" y="${frame.bottom + 32}" text-anchor="middle">trials</text>`);
  const ends = Object.values(curves).map(({ regrets }) => y(regrets[regrets.length - 1]));
  // Names that would cover each other move apart.
  const gap = 13 - Math.abs(ends[0] - ends[1]), shift = gap > 0 ? gap / 2 : 0;
  const first = ends[0] <= ends[1] ? -shift : shift;
  Object.entries(curves).forEach(([side, { name, regrets }], k) => {
    const points = regrets.flatMap((regret, trial) =>
      trial === 0
        ? [`${x(0)},${y(regret)}`]
        : [`${x(trial)},${y(regrets[trial - 1])}`, `${x(trial)},${y(regret)}`]
    );
    parts.push(
      `<polyline class="${side}" points="${points.join(" ")}"/>`,
      `<text class="${side}" x="${x(regrets.length - 1) + 5}" y="${
        ends[k] + 4 + (k === 0 ? first : -first)
      }">${name}</text>`,
    );
  });
  svg.innerHTML = parts.join("");
  const summary = Object.values(curves).map(({ name, regrets }) =>
    `${name} ${regrets[regrets.length - 1].toExponential(1)}`
  );
  svg.setAttribute("aria-label", `Regret: ${summary.join(", ")}`);
}
