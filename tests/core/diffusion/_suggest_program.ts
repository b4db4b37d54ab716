import { suggest } from "./_suggest.ts";

console.log(JSON.stringify(await suggest(JSON.parse(Deno.args[0]))));
