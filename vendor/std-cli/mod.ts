// @ts-types="./types.d.ts"
export * from "deno-std/cli/mod.js";
