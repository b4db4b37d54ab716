// @ts-types="./types.d.ts"
export * from "deno-std/cli/parse_args.js";
