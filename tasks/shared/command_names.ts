/**
 * The names of the commands.
 *
 * @module
 */

/** Those that are published: `genhpo NAME`. */
export const publishedCommands = [
  "tune",
  "serve",
  "advise",
  "suggest",
  "import",
  "export",
  "bench",
  "plot",
  "fetch",
  "train",
] as const;

/** The name of a published command. */
export type PublishedCommand = typeof publishedCommands[number];

/** All, with those that only make sense in a checkout. */
export const commandNames: readonly string[] = [
  ...publishedCommands,
  "bench:models",
  "bench:peers",
  "bench:scale",
  "bench:tables",
  "report",
  "build",
  "build:playground",
  "test",
  "evaluate",
];
