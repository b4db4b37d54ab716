/** The part of `@std/cli` that this project uses, with the signatures of the original. */
export interface ParseOptions {
  boolean?: boolean | readonly string[];
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  default?: Record<string, unknown>;
  alias?: Record<string, string | readonly string[]>;
  "--"?: boolean;
  stopEarly?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
// deno-lint-ignore no-explicit-any
export function parseArgs(args: readonly string[], options?: ParseOptions): Record<string, any> & {
  _: (string | number)[];
};
export function unicodeWidth(str: string): number;
