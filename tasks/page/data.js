/** Where the page's data come from: what stands in the file itself, or the service that sent it. */

/** What stands in the page; undefined where a service sent it. */
export function embeddedData() {
  const element = document.getElementById("data");
  return element === null ? undefined : JSON.parse(element.textContent);
}

/** The service refused a request. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Milliseconds before a stream that broke is opened again. */
const patience = 2000;

/** A client of the service. The token is kept as long as the tab. */
export class Service {
  get token() {
    return sessionStorage.getItem("token");
  }

  set token(token) {
    sessionStorage.setItem("token", token);
  }

  /** The answer to a request; undefined where there is nothing yet. */
  async get(path) {
    const response = await this.#fetch(path, {});
    return response === undefined ? undefined : await response.json();
  }

  /** All trials of a study, in pages. */
  async trials(study) {
    const limit = 1000, trials = [];
    for (let total = Infinity; trials.length < total;) {
      const page = await this.get(`${study}/trials?limit=${limit}&offset=${trials.length}`);
      trials.push(...page.trials);
      total = page.trials.length === 0 ? 0 : page.total;
    }
    return trials;
  }

  /** Calls back with each event until the signal is aborted; streams that break are resumed. */
  async follow(study, signal, onEvent, onState) {
    let last;
    while (!signal.aborted) {
      try {
        const headers = last === undefined ? {} : { "Last-Event-ID": last };
        const response = await this.#fetch(`${study}/events`, headers, signal);
        onState(true);
        for await (const { id, event, data } of eventsOf(response.body)) {
          last = id ?? last;
          onEvent(event, JSON.parse(data));
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused && error.status !== 429) throw error;
      }
      onState(false);
      await new Promise((resolve) => setTimeout(resolve, patience));
    }
  }

  // Not by EventSource, which cannot show a token but in a URL.
  async #fetch(path, headers, signal) {
    const authorization = this.token === null ? {} : { Authorization: `Bearer ${this.token}` };
    const response = await fetch(path, { headers: { ...headers, ...authorization }, signal });
    if (response.ok) return response;
    const { status, code, detail } = await response.json();
    if (code === "none-complete") return undefined;
    throw new Refused(status, detail);
  }
}

/** Events of a stream, as the standard of server-sent events has them. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => {
          const colon = line.indexOf(": ");
          return [line.slice(0, colon), line.slice(colon + 2)];
        }),
      );
      if (fields.data !== undefined) yield fields;
    }
  }
}
