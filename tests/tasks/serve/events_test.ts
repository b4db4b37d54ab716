import { assertEquals } from "@std/assert";
import { assertProblem, Client, limits } from "./_client.ts";

interface Event {
  readonly event: string;
  readonly id: string;
  // deno-lint-ignore no-explicit-any
  readonly data: any;
}

/** Reads the events of the study `s`. */
class Listener implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(response: Response) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async open(client: Client, last?: string): Promise<Listener> {
    const headers: Record<string, string> = last === undefined ? {} : { "Last-Event-ID": last };
    const response = await client.fetch("GET", "/studies/s/events", undefined, headers);
    assertEquals(response.headers.get("Content-Type"), "text/event-stream");
    return new Listener(response);
  }

  async next(): Promise<Event> {
    while (!this.#text.includes("\n\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("the stream has ended");
      this.#text += value;
    }
    const end = this.#text.indexOf("\n\n");
    const lines = this.#text.slice(0, end).split("\n").map((line) => line.split(/: (.*)/s));
    this.#text = this.#text.slice(end + 2);
    const fields = Object.fromEntries(lines);
    return { event: fields.event, id: fields.id, data: JSON.parse(fields.data) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}

Deno.test("events tell what happens, and those who come back are told what they missed", async () => {
  await using client = new Client();
  await client.create();
  await client.evaluate(1);
  let last: string;
  {
    await using listener = await Listener.open(client);
    assertEquals((await listener.next()).data, { trials: 1 });
    await client.send("POST", "/studies/s/trials");
    const begun = await listener.next();
    assertEquals([begun.event, begun.data.number, begun.data.state], ["trial", 1, "running"]);
    await client.send("PATCH", "/studies/s/trials/1", { report: { step: 2, value: 0.5 } });
    const reported = await listener.next();
    assertEquals(reported.data, { number: 1, step: 2, value: 0.5 });
    last = reported.id;
  }
  await client.send("PATCH", "/studies/s/trials/1", { value: 2 });
  await client.evaluate(3);
  await using listener = await Listener.open(client, last);
  assertEquals((await listener.next()).event, "ready");
  const missed = [await listener.next(), await listener.next()];
  assertEquals(missed.map(({ data }) => [data.number, data.value]), [[1, 2], [2, 3]]);
});

Deno.test("there are no more streams than the limit, and one that ends makes room", async () => {
  await using client = new Client();
  await client.create();
  const listeners = [];
  for (let k = 0; k < limits.streams; k++) listeners.push(await Listener.open(client));
  for (const listener of listeners) await listener.next();
  assertProblem(await client.send("GET", "/studies/s/events"), 429, "too-many-streams");
  await listeners[0][Symbol.asyncDispose]();
  let response = await client.fetch("GET", "/studies/s/events");
  while (response.status === 429) {
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 10));
    response = await client.fetch("GET", "/studies/s/events");
  }
  assertEquals(response.status, 200);
  await response.body!.cancel();
  await listeners[1][Symbol.asyncDispose]();
});

Deno.test("an id that no event had is refused", async () => {
  await using client = new Client();
  await client.create();
  const answer = await client.send("GET", "/studies/s/events", undefined, { "Last-Event-ID": "x" });
  assertProblem(answer, 422, "invalid");
});
