import { assertEquals } from "@std/assert";
import { Study } from "../../../core/study/study.ts";
import type { StudyEvent } from "../../../core/study/study_events.ts";
import { shared } from "./_studies.ts";

/** An event as a line. */
function line(event: StudyEvent<unknown>): string {
  const { number, state, value } = event.trial;
  return event.type === "report"
    ? `${number} reports ${event.value} at ${event.step}`
    : `${number} ${state}${value === undefined ? "" : ` ${value}`}`;
}

/** The next so many events. */
async function take(events: AsyncGenerator<StudyEvent<unknown>>, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) lines.push(line((await events.next()).value));
  return lines;
}

Deno.test("a watch shows what happens from its call on, step by step", async () => {
  await using study = await Study.open(shared());
  await study.tell(await study.ask(), 0.1);
  const events = study.watch();
  const trial = await study.ask();
  assertEquals(await take(events, 1), ["1 running"]);
  await trial.report(1, 0.5);
  assertEquals(await take(events, 1), ["1 reports 0.5 at 1"]);
  await trial.report(2, 0.6);
  await study.tell(trial, 0.7);
  await study.enqueue({ x: 0.5, kind: "plain" });
  assertEquals(await take(events, 3), ["1 reports 0.6 at 2", "1 complete 0.7", "2 waiting"]);
  await events.return(undefined);
});

Deno.test("a watch from the start begins with the trials that are there", async () => {
  await using study = await Study.open(shared());
  await study.tell(await study.ask(), 0.1);
  await study.ask();
  const events = study.watch({ fromStart: true });
  assertEquals(await take(events, 2), ["0 complete 0.1", "1 running"]);
  await events.return(undefined);
});

Deno.test("a watch sees what other workers do", async () => {
  const options = shared();
  await using study = await Study.open(options);
  await using other = await Study.open(options);
  const events = study.watch({ interval: 0.001 });
  const first = take(events, 1);
  const trial = await other.ask();
  assertEquals(await first, ["0 running"]);
  await other.tell(trial, 1);
  assertEquals(await take(events, 1), ["0 complete 1"]);
  await events.return(undefined);
});

Deno.test("closing the study and aborting the signal end a watch", async () => {
  const study = await Study.open(shared());
  const controller = new AbortController();
  const count = async (events: AsyncGenerator<unknown>) => {
    let seen = 0;
    for await (const _ of events) seen++;
    return seen;
  };
  const aborted = count(study.watch({ signal: controller.signal }));
  const closed = count(study.watch());
  await study.ask();
  controller.abort();
  assertEquals(await aborted <= 1, true);
  await study.close();
  assertEquals(await closed <= 1, true);
});
