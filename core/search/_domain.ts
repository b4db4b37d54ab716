/**
 * What values a hyperparameter can take, how a given value is read, and where it stands in a point.
 *
 * @module
 */
import type { Coordinate } from "./coordinates.ts";
import type {
  ChoiceHyperparameter,
  Hyperparameter,
  IntegerHyperparameter,
  OrderedHyperparameter,
  RealHyperparameter,
  Value,
} from "./hyperparameter.ts";
import { indexOfValue, toNumber } from "./spelling.ts";

/** A value that was read, or why it is none. */
export type Reading =
  | { readonly value: Value }
  | {
    /** What the value must be: `"a number from 0 to 1"`. */
    readonly requirement: string;
    /** The nearest value that is allowed, where there is one. */
    readonly nearest?: Value;
  };

/** The values of one hyperparameter. */
export interface Domain {
  /** What its columns mean; undefined for a constant, which has none. */
  readonly coordinate: Coordinate | undefined;
  /** Reads a value, or the spelling of one; one beside a bound by rounding is moved to it. */
  read(given: unknown): Reading;
  /** Where a value stands: the number itself for a real coordinate, its index for others. */
  place(value: Value): number;
  /** The value that stands there. */
  at(place: number): Value;
}

/** Integers and steps with more values than this are told to optimizers as reals. */
export const mostLevels = 1000;

/** The domain of a valid hyperparameter. */
export function domainOf(one: Hyperparameter): Domain {
  if (one.type === "constant") return constant(one.value);
  if (one.type === "choice" || one.type === "ordered") {
    return one.values.length === 1 ? constant(one.values[0]) : listed(one);
  }
  if (one.min === one.max) return constant(one.min);
  return one.type === "integer" || one.step !== undefined ? stepped(one) : continuous(one);
}

function constant(value: Value): Domain {
  const isNear = (given: number) =>
    typeof value === "number" && Math.abs(given - value) <= 1e-9 * Math.abs(value);
  return {
    coordinate: undefined,
    read: (given) =>
      indexOfValue([value], given) === 0 || isNear(toNumber(given))
        ? { value }
        : { requirement: `${JSON.stringify(value)}, which is constant`, nearest: value },
    place: () => 0,
    at: () => value,
  };
}

function listed({ type, values }: ChoiceHyperparameter | OrderedHyperparameter): Domain {
  const count = values.length;
  const shown = values.slice(0, 20).map(String).join(", ") +
    (count > 20 ? ` and ${count - 20} others` : "");
  return {
    coordinate: type === "choice"
      ? { kind: "choice", count }
      : { kind: "levels", positions: values.map((_, i) => (i + 0.5) / count) },
    read: (given) => {
      const index = indexOfValue(values, given);
      return index >= 0 ? { value: values[index] } : { requirement: `one of ${shown}` };
    },
    place: (value) => values.indexOf(value),
    at: (place) => values[place],
  };
}

function continuous(one: RealHyperparameter): Domain {
  const { min, max } = one;
  // The logarithm of a narrow range is a straight line, of which rounding leaves too little.
  const log = one.log === true && max > min * (1 + 1e-6);
  const scale = log ? Math.log : (x: number) => x;
  const low = scale(min), width = scale(max) - low;
  // 12 digits of the range, so that encoding a value again decodes to it.
  const magnitude = Math.max(Math.abs(min), Math.abs(max)) / (max - min);
  const digits = log ? 12 : Math.min(17, 12 + Math.max(0, Math.ceil(Math.log10(magnitude))));
  const rounded = (value: number) => Number(value.toPrecision(digits));
  return {
    coordinate: { kind: "real" },
    read: (given) => {
      const number = toNumber(given);
      const requirement = `a number from ${min} to ${max}`;
      if (Number.isNaN(number)) return { requirement };
      const bound = Math.min(max, Math.max(min, number));
      const size = log ? Math.abs(bound) : Math.max(Math.abs(bound), max - min);
      // A range that is narrow beside its numbers keeps its bounds.
      const tolerance = Math.min(1e-9 * size, 1e-3 * (max - min));
      return Math.abs(number - bound) <= tolerance
        ? { value: bound }
        : { requirement, nearest: bound };
    },
    place: (value) => Math.min(1, Math.max(0, (scale(Number(value)) - low) / width)),
    at: (place) => {
      const at = low + place * width;
      const value = rounded(log ? Math.exp(at) : at);
      if (value <= rounded(min)) return min;
      return value >= rounded(max) ? max : value;
    },
  };
}

/** Values `min`, `min + step`, ...: cells of equal width on the scale, from half a step below to half a step above. */
function stepped(one: IntegerHyperparameter | RealHyperparameter): Domain {
  const { min, max, step = 1, log = false, type } = one;
  const last = lastLevel(one);
  const scale = log ? Math.log : (x: number) => x;
  const low = scale(min - step / 2), width = scale(max + step / 2) - low;
  const decimals = Math.max(decimalsOf(min), decimalsOf(step));
  const at = (index: number) =>
    type === "integer" ? min + index * step : Number((min + index * step).toFixed(decimals));
  const position = (index: number) =>
    log ? (scale(at(index)) - low) / width : (index + 0.5) / (last + 1);
  const indexAt = (value: number) => Math.min(last, Math.max(0, Math.round((value - min) / step)));
  const requirement = step === 1 && type === "integer"
    ? `an integer from ${min} to ${max}`
    : `one of ${min}, ${at(1)}, ..., ${max}`;
  const isFew = last < mostLevels;
  return {
    coordinate: isFew
      ? { kind: "levels", positions: Array.from({ length: last + 1 }, (_, i) => position(i)) }
      : { kind: "real" },
    read: (given) => {
      const number = toNumber(given);
      if (Number.isNaN(number)) return { requirement };
      const exact = (number - min) / step, index = indexAt(number);
      if (Math.abs(exact - index) <= 1e-8) return { value: at(index) };
      return type === "integer" && Math.abs(number - Math.round(number)) > 1e-8
        ? { requirement }
        : { requirement, nearest: at(index) };
    },
    place: (value) => isFew ? indexAt(Number(value)) : position(indexAt(Number(value))),
    at: (place) => {
      if (isFew) return at(place);
      const value = low + place * width;
      return at(indexAt(log ? Math.exp(value) : value));
    },
  };
}

/** Index of the largest value of a range with steps, or a fraction where `max` is not one of its values. */
export function lastLevel(
  { min, max, step = 1 }: { min: number; max: number; step?: number },
): number {
  const exact = (max - min) / step, rounded = Math.round(exact);
  return Math.abs(exact - rounded) <= 1e-8 ? rounded : exact;
}

/** Number of digits behind the point that write a number. */
function decimalsOf(x: number): number {
  const [, fraction = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(x))!;
  return Math.min(100, Math.max(0, fraction.length - Number(exponent)));
}
