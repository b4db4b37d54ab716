/**
 * Where the benchmark's cache is, by the convention of each platform.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";

/** What the choice depends on. */
export interface CachePlatform {
  /**
   * The operating system.
   * @default {Deno.build.os}
   */
  os?: string;
  /**
   * Reads an environment variable.
   * @default {Deno.env.get}
   */
  env?: (name: string) => string | undefined;
}

/**
 * The folder of the cache: `GENHPO_CACHE` if it is set, else `genhpo` in the platform's folder for
 * caches: `$XDG_CACHE_HOME` or `~/.cache`, on macOS `~/Library/Caches`, on Windows `%LOCALAPPDATA%`.
 *
 * @throws {InputError} when none of the variables it depends on is set.
 */
export function defaultCacheDirectory(platform: CachePlatform = {}): string {
  const { os = Deno.build.os, env = (name) => Deno.env.get(name) } = platform;
  const chosen = env("GENHPO_CACHE");
  if (chosen) return chosen;
  const [variable, base] = platformCaches(os, env);
  if (!base) {
    throw new InputError(
      `Cannot choose a cache folder as ${variable} must be set: give --cache, or set GENHPO_CACHE`,
    );
  }
  return os === "windows" ? `${base}\\genhpo` : `${base}/genhpo`;
}

function platformCaches(
  os: string,
  env: (name: string) => string | undefined,
): [variable: string, base: string | undefined] {
  if (os === "windows") return ["LOCALAPPDATA", env("LOCALAPPDATA")];
  const home = env("HOME");
  if (os === "darwin") return ["HOME", home && `${home}/Library/Caches`];
  const xdg = env("XDG_CACHE_HOME");
  // A relative path there is to be ignored, says the XDG base directory specification.
  return ["HOME", xdg?.startsWith("/") ? xdg : home && `${home}/.cache`];
}
