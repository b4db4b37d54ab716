/**
 * The version of the package.
 *
 * @module
 */

/** The version of this package, as in `deno.json`; result files name it. */
export const version = "0.1.0";
