/**
 * Makes the runs that are not there yet, by any number of processes that share a folder.
 *
 * @module
 */
import { Claims } from "../bench/claims.ts";
import { Progress } from "../shared/progress.ts";
import { whenStopped } from "../shared/when_stopped.ts";
import type { TableJob } from "./plan.ts";
import type { TableRun } from "./run.ts";
import { readRuns, writeRuns } from "./series.ts";

/** Seconds between two looks at what other processes do. */
const pause = 1;

/**
 * Makes what is missing; the runs of a table are written together when all of them are made.
 *
 * @param make Makes all runs of a job.
 * @param workers Jobs at once.
 * @throws {InputError} when what is there was made with other settings.
 */
export async function makeMissing(
  jobs: readonly TableJob[],
  make: (job: TableJob) => Promise<readonly TableRun[]>,
  workers: number,
): Promise<void> {
  using claims = new Claims(60);
  whenStopped(() => claims[Symbol.dispose]()); // so that nobody waits for its runs
  const open = new Map<TableJob, number>();
  for (const job of jobs) {
    const { runs } = await missingOf(job);
    if (runs.length > 0) open.set(job, runs.length);
  }
  const total = [...open.values()].reduce((sum, count) => sum + count, 0);
  const progress = new Progress(total, (done) => `${done} of ${total} runs`);
  let done = 0;
  const workOn = async (job: TableJob): Promise<boolean> => {
    const count = open.get(job)!;
    if ((await missingOf(job)).runs.length > 0) {
      if (!open.has(job) || !await claims.claim(job.file)) return false;
      open.delete(job);
      const missing = await missingOf(job); // it may have been finished just before
      if (missing.runs.length > 0) {
        const made = await make(missing);
        const earlier = (await readRuns(job.file, job.settings))?.runs ?? [];
        const { file, settings, table, family } = job;
        await writeRuns(file, { settings, table, family, runs: [...earlier, ...made] });
      }
      claims.release(job.file);
    }
    open.delete(job);
    progress.update(done += count);
    return true;
  };
  const work = async (): Promise<void> => {
    while (open.size > 0) {
      let worked = false;
      for (const job of [...open.keys()]) {
        if (open.has(job)) worked = await workOn(job) || worked;
      }
      if (!worked && open.size > 0) await new Promise((done) => setTimeout(done, 1000 * pause));
    }
  };
  if (total > 0) progress.update(0);
  for (const { file } of open.keys()) await Deno.mkdir(folderOf(file), { recursive: true });
  await Promise.all(Array.from({ length: workers }, work));
  progress.finish();
}

/** The job with the runs alone that are not there. */
async function missingOf(job: TableJob): Promise<TableJob> {
  const known = (await readRuns(job.file, job.settings))?.runs ?? [];
  const isMissing = ({ run, key }: { run: string; key: number }) =>
    !known.some((made) => made.run === run && made.key === key);
  return { ...job, runs: job.runs.filter(isMissing) };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
