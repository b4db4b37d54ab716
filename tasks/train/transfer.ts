/**
 * What other data sets of one search space teach: the meta-train split of a benchmark in HPO-B's format.
 *
 * @module
 */
import type { Observations } from "../../core/search/observations.ts";
import { HpobHandler } from "../../hpob/handler.ts";

/** The tables that are transferred from. */
export interface TransferTables {
  /** Search space, number of tables and a checksum: equal for equal tables alone. */
  name: string;
  /** In memory that workers see without copying. */
  tables: Observations[];
}

/**
 * Reads all tables of the meta-train split of a search space.
 *
 * @param folder A folder in the layout of HPO-B's v3, or a cache that `fetch` made of it.
 * @param space Its search space. @default {the first one}
 * @throws {InputError} when the folder or the search space does not exist, or a table is damaged.
 */
export async function readTransferTables(folder: string, space?: string): Promise<TransferTables> {
  const handler = await HpobHandler.open(folder, { mode: "v3" });
  const searchSpaceId = space ?? handler.searchSpaces("train")[0];
  const tables = await Promise.all(
    handler.datasets(searchSpaceId, "train").map(async (datasetId) => {
      const { x, y } = await handler.table(searchSpaceId, datasetId, "train");
      const dimension = x[0].length, size = x.length;
      const table = {
        dimension,
        size,
        x: inSharedMemory(size * dimension),
        y: inSharedMemory(size),
      };
      x.forEach((point, i) => table.x.set(point, i * dimension));
      table.y.set(y);
      return table;
    }),
  );
  const numbers = Float64Array.from(tables.flatMap(({ x, y }) => [...x, ...y]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", numbers)).toHex();
  return {
    name: `${searchSpaceId}, ${tables.length} data sets, SHA-256 ${digest.slice(0, 12)}`,
    tables,
  };
}

function inSharedMemory(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}
