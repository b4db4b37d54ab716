/**
 * What happens in a study, as server-sent events that a client may resume.
 *
 * An event's id is a cursor: the number of trials that the client has seen, and the numbers of those that had not
 * finished. Whoever comes back with it (`Last-Event-ID`), even to a service that was begun again, is sent the trials that
 * may have changed since, as they stand, and then what happens.
 *
 * @module
 */
import type { Context } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { isUnfinished } from "../../core/study/records.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import type { AnyStudy } from "../page/any_study.ts";
import { Problem } from "./problems.ts";
import { trialJson } from "../page/trial_json.ts";

/** What an event's id looks like: `12:3,7`. */
export const cursorPattern = /^\d{1,10}:(\d{1,10}(,\d{1,10})*)?$/;

/** What a client has seen of a study's trials. */
class Cursor {
  #seen = 0;
  readonly #unfinished = new Set<number>();

  /** @param text An id, or nothing for a client that has seen nothing. */
  constructor(text = "0:") {
    const [seen, unfinished] = text.split(":");
    this.#seen = Number(seen);
    for (const number of unfinished.split(",").filter(Boolean)) {
      this.#unfinished.add(Number(number));
    }
  }

  mayHaveChanged({ number }: TrialSummary<unknown>): boolean {
    return number >= this.#seen || this.#unfinished.has(number);
  }

  saw({ number, state }: TrialSummary<unknown>): void {
    this.#seen = Math.max(this.#seen, number + 1);
    if (isUnfinished(state)) this.#unfinished.add(number);
    else this.#unfinished.delete(number);
  }

  toString(): string {
    return `${this.#seen}:${[...this.#unfinished].join(",")}`;
  }
}

/** Bytes of an id that proxies let through; with a longer cursor, the client keeps the one before. */
const longestId = 4000;

/** Milliseconds between signs of life, after which proxies do not take a stream for dead. */
const pulse = 15_000;

/** The streams of a service. */
export class EventStreams {
  readonly #limit: number;
  #count = 0;

  /** @param limit How many are open at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Answers with the events of a study.
   *
   * @param last The id of the last event that the client has got.
   * @throws {Problem} when there are too many streams.
   */
  open(context: Context, study: AnyStudy, last: string | undefined): Response {
    if (this.#count >= this.#limit) {
      throw new Problem(
        429,
        "too-many-streams",
        `Cannot stream events as there must be at most ${this.#limit} streams: got one more`,
        { "Retry-After": "5" },
      );
    }
    this.#count++;
    return streamSSE(context, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const timer = setInterval(() => stream.write(": still here\n\n"), pulse);
      try {
        await follow(stream, { study, last, signal: gone.signal });
      } finally {
        clearInterval(timer);
        this.#count--;
      }
    });
  }
}

async function follow(
  stream: SSEStreamingApi,
  { study, last, signal }: { study: AnyStudy; last: string | undefined; signal: AbortSignal },
): Promise<void> {
  const cursor = new Cursor(last);
  const send = async (event: string, data: unknown): Promise<void> => {
    const id = String(cursor);
    const text = JSON.stringify(data);
    await stream.writeSSE({ event, data: text, ...(id.length <= longestId && { id }) });
  };
  const events = study.watch({ signal }); // from now on; what happened before follows first
  const trials = await study.trials();
  if (last === undefined) { for (const trial of trials) cursor.saw(trial); }
  const missed = trials.filter((trial) => cursor.mayHaveChanged(trial));
  await send("ready", { trials: trials.length });
  if (last !== undefined) {
    for (const trial of missed) {
      cursor.saw(trial);
      await send("trial", trialJson(trial));
    }
  }
  for await (const event of events) {
    cursor.saw(event.trial);
    const { number } = event.trial;
    if (event.type === "trial") await send("trial", trialJson(event.trial));
    else await send("report", { number, step: event.step, value: event.value });
  }
}
