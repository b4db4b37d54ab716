/**
 * Which results `deno task plot` draws: finds files, reads them, names their methods, and tells their
 * protocols apart.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { type Protocol, readResults, type Results } from "../../hpob/comparison/results.ts";
import { type Flags, oneOf, UsageError } from "../shared/cli.ts";

const protocols = ["continuous", "discrete"] as const;

/** The results of a file. */
interface ReadFile {
  path: string;
  results: Results;
  /** Whether the file itself states its protocol. */
  stated: boolean;
}

/**
 * The results of the files that are given, restricted to the methods that are wanted, in lists that can
 * be compared: a single one, or one a protocol where HPO-B's file names tell them apart.
 *
 * @param warn Told what is not drawn as it stands in the files.
 */
export async function plottedResults(
  flags: Flags,
  warn: (message: string) => void,
): Promise<Results[][]> {
  const places = flags.positional.length > 0 ? flags.positional : ["results"];
  const paths = (await Promise.all(places.map(resultFiles))).flat();
  const labels = readLabels(flags, paths);
  const wanted = flags.text("protocol") === undefined
    ? undefined
    : flags.choice<Protocol>("protocol", protocols);
  const files = await Promise.all(paths.map(async (path, i): Promise<ReadFile> => {
    const results = await readResults(path, { onWarning: warn });
    const method = labels?.[i] ?? results.method;
    return { path, results: { ...results, method }, stated: results.protocol !== "unknown" };
  }));
  const known = files.map(({ results }) => results.method);
  const methods = flags.list("methods")?.map((name) => oneOf("--methods", name, known));
  const chosen = methods === undefined
    ? files
    : methods.flatMap((name) => files.filter(({ results }) => results.method === name));
  const groups = comparable(withProtocols(chosen, wanted, warn), wanted, warn);
  groups.forEach(checkNames);
  return groups.map((group) => group.map(({ results }) => results));
}

/** The file itself, or the result files of a folder. */
async function resultFiles(place: string): Promise<string[]> {
  let isFolder: boolean;
  try {
    isFolder = (await Deno.stat(place)).isDirectory;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot plot ${place} as it must be a result file or a folder of them`);
  }
  if (!isFolder) return [place];
  const entries = await Array.fromAsync(Deno.readDir(place));
  const names = entries.filter(({ isFile, name }) => isFile && name.endsWith(".json"))
    .map(({ name }) => name).sort();
  if (names.length === 0) {
    throw new InputError(`Cannot plot folder ${place} as there must be result files (.json) in it`);
  }
  return names.map((name) => `${place.replace(/(?<=.)\/+$/, "")}/${name}`);
}

/** The names that are given to the files, if any are. */
function readLabels(flags: Flags, paths: readonly string[]): string[] | undefined {
  const labels = flags.text("label")?.split(",").map((label) => label.trim());
  if (labels === undefined) return undefined;
  if (labels.length !== paths.length || labels.includes("")) {
    throw new UsageError(
      `Flag --label must have a name for each of the ${paths.length} files ${paths.join(", ")}: ` +
        `got "${flags.text("label")}"`,
    );
  }
  return labels;
}

/**
 * Files with the protocol that they do not state. HPO-B's names tell it: `GP-C.json` is of the
 * continuous protocol, `GP.json` beside it of the discrete one.
 */
function withProtocols(
  files: readonly ReadFile[],
  wanted: Protocol | undefined,
  warn: (message: string) => void,
): ReadFile[] {
  const isContinuous = ({ path }: ReadFile): boolean => path.endsWith("-C.json");
  const silent = files.filter(({ stated }) => !stated);
  const named = silent.some(isContinuous);
  if (named && !(wanted === "continuous" && silent.every(isContinuous))) {
    const discrete = silent.filter((file) => !isContinuous(file)).map(({ results }) =>
      results.method
    );
    warn(
      `by HPO-B's file names, those with -C are taken for the continuous protocol` +
        (discrete.length === 0 ? "" : `, ${discrete.join(", ")} for the discrete one`),
    );
  }
  return files.map((file) => {
    if (file.stated) return file;
    const told: Protocol = isContinuous(file) ? "continuous" : "discrete";
    const protocol = named ? told : wanted ?? "unknown";
    return { ...file, results: { ...file.results, protocol } };
  });
}

/** Files in groups of one protocol. */
function comparable(
  files: readonly ReadFile[],
  wanted: Protocol | undefined,
  warn: (message: string) => void,
): ReadFile[][] {
  const names = (group: readonly ReadFile[]): string =>
    group.map(({ results }) => results.method).join(", ");
  const byProtocol = Map.groupBy(files, ({ results }) => results.protocol);
  if (wanted !== undefined) {
    const others = files.filter(({ results }) => results.protocol !== wanted);
    const group = byProtocol.get(wanted);
    if (group === undefined) {
      throw new InputError(
        `Cannot plot as there must be results of the ${wanted} protocol: got ${names(others)}`,
      );
    }
    if (others.length > 0) warn(`left out, as not of the ${wanted} protocol: ${names(others)}`);
    return [group];
  }
  const groups = [...byProtocol.values()];
  const mixed = byProtocol.has("unknown") ||
    groups.every((group) => group.some(({ stated }) => stated));
  if (groups.length > 1 && mixed) {
    const parts = [...byProtocol].map(([protocol, group]) =>
      `${names(group)} ${group.length === 1 ? "is" : "are"} ${
        protocol === "unknown" ? "of an unstated one" : protocol
      }`
    );
    const flagged = protocols.filter((protocol) => byProtocol.has(protocol))
      .map((protocol) => `--protocol ${protocol}`).join(" or ");
    throw new InputError(
      `Cannot compare results as all must be of one protocol: ${parts.join("; ")}. ` +
        `${flagged} draws those that state it and those that state none`,
    );
  }
  if (groups.length > 1) warn("protocols cannot be compared: each is drawn by itself");
  return groups;
}

/** Refuses two files of one name. */
function checkNames(files: readonly ReadFile[]): void {
  const byName = Map.groupBy(files, ({ results }) => results.method);
  for (const [name, same] of byName) {
    if (same.length === 1) continue;
    throw new InputError(
      `Cannot compare results as each must be of another method: "${name}" is the name of ` +
        `${same.map(({ path }) => path).join(" and ")}. --label a,b,... names the files`,
    );
  }
}
