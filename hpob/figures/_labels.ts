/**
 * Labels beside points that do not lie on each other.
 *
 * @module
 */
import { textWidth } from "./_text_width.ts";

/** A point with a label; pixels from the top left. */
export interface LabelledPoint {
  label: string;
  x: number;
  y: number;
}

/** Where a label is drawn, relative to its point. */
export interface LabelPlace {
  align: "left" | "right" | "center";
  dx: number;
  dy: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const font = { size: 13, bold: false };
const halfLine = 8;
/** Half the size of a mark. */
const halfMark = 7;

/** From the best place to the last resort. */
const places: readonly LabelPlace[] = [
  { align: "left", dx: 10, dy: 0 },
  { align: "right", dx: -10, dy: 0 },
  { align: "center", dx: 0, dy: -16 },
  { align: "center", dx: 0, dy: 16 },
  { align: "left", dx: 8, dy: -14 },
  { align: "left", dx: 8, dy: 14 },
  { align: "right", dx: -8, dy: -14 },
  { align: "right", dx: -8, dy: 14 },
];

/** The first place of each label, in turn, at which it lies on no mark and no label before it, and within the panel. */
export function placeLabels(
  points: readonly LabelledPoint[],
  panel: { width: number; height: number },
): LabelPlace[] {
  const taken = points.map(({ x, y }): Box => ({
    left: x - halfMark,
    right: x + halfMark,
    top: y - halfMark,
    bottom: y + halfMark,
  }));
  return points.map((point) => {
    const isFree = (place: LabelPlace): boolean => {
      const box = boxOf(point, place);
      return box.left >= 0 && box.right <= panel.width && box.top >= 0 &&
        box.bottom <= panel.height && !taken.some((other) => overlap(box, other));
    };
    const place = places.find(isFree) ?? places[0];
    taken.push(boxOf(point, place));
    return place;
  });
}

function boxOf({ label, x, y }: LabelledPoint, { align, dx, dy }: LabelPlace): Box {
  const width = textWidth(label, font);
  const share = { left: 0, center: 0.5, right: 1 }[align];
  const left = x + dx - share * width;
  return { left, right: left + width, top: y + dy - halfLine, bottom: y + dy + halfLine };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
