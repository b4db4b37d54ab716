/**
 * Search spaces in files: our own JSON, or ConfigSpace's.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { SearchSpace } from "../search_space.ts";
import { fromConfigSpace, isConfigSpace } from "./config_space.ts";

/**
 * The search space that a text describes: JSON of hyperparameters by name, or a ConfigSpace.
 *
 * @throws {InputError} when it is not JSON, or describes no space.
 */
export function parseSearchSpace(text: string): SearchSpace {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new InputError(
      `Cannot read the search space as it must be valid JSON: ${(error as Error).message}`,
    );
  }
  return isConfigSpace(value) ? fromConfigSpace(value) : SearchSpace.fromJSON(value);
}
