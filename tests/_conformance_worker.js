// The other side of the conformance suite's test of reproducibility: suggestions in a fresh isolate.
// JavaScript, as Deno would type-check a TypeScript worker anew for every worker that is started.

/**
 * Answers a message { factories: URL of a module, name, seed, histories: observed[] } with one
 * suggestion for each history, all by one instance.
 */
self.onmessage = async ({ data }) => {
  const { factories } = await import(data.factories);
  const algorithm = await factories[data.name](data.seed);
  const points = [];
  for (const observed of data.histories) points.push(await algorithm.observeAndSuggest(observed));
  self.postMessage(points);
};
