/** The table of trials: searched, sorted, in pages, so that ten thousand of them are no burden. */
import { listOf, make, shown } from "./elements.js";

const pageSize = 25;

/** Seconds that a trial took. */
export function secondsOf({ startedAt, finishedAt }) {
  return finishedAt === undefined || startedAt === undefined
    ? undefined
    : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}

/** A table in an element. */
export class TrialTable {
  #trials = [];
  #columns = [];
  #sort = "trial";
  #descending = true;
  #page = 0;
  #search = "";

  /** @param open Called with a trial whose details are wanted. */
  constructor({ table, search, previous, next, count }, open) {
    Object.assign(this, { table, count, previous, next, open });
    search.addEventListener("input", () => {
      this.#search = search.value.trim().toLowerCase();
      this.#page = 0;
      this.#draw();
    });
    previous.addEventListener("click", () => this.#turn(-1));
    next.addEventListener("click", () => this.#turn(1));
  }

  /** Shows these trials of a study. */
  show(study, trials) {
    const own = Object.keys(study.space).map((
      name,
    ) => [name, (trial) => trial.configuration?.[name]]);
    this.#columns = [
      ["trial", ({ number }) => number],
      ["state", ({ state }) => state],
      ["value", ({ value }) => value],
      ...own,
      ["seconds", secondsOf],
    ];
    this.#trials = trials;
    this.#draw();
  }

  #turn(pages) {
    this.#page += pages;
    this.#draw();
  }

  #draw() {
    const rows = this.#sorted(
      this.#search === ""
        ? this.#trials
        : this.#trials.filter((trial) => textOf(trial).includes(this.#search)),
    );
    const pages = Math.max(1, Math.ceil(rows.length / pageSize));
    this.#page = Math.min(Math.max(this.#page, 0), pages - 1);
    const from = this.#page * pageSize;
    const visible = rows.slice(from, from + pageSize);
    const focused = this.table.contains(document.activeElement)
      ? document.activeElement.dataset.key
      : undefined;
    this.table.replaceChildren(
      make("thead", {}, make("tr", {}, ...this.#columns.map((column) => this.#heading(column)))),
      make("tbody", {}, ...visible.map((trial) => this.#row(trial))),
    );
    // What had the focus keeps it, though the table is new.
    if (focused !== undefined) {
      this.table.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
    this.previous.disabled = this.#page === 0;
    this.next.disabled = this.#page === pages - 1;
    const last = Math.min(from + pageSize, rows.length);
    this.count.textContent = rows.length === 0
      ? "none"
      : `${from + 1} to ${last} of ${rows.length}`;
  }

  #heading([name]) {
    const isSorted = name === this.#sort;
    const order = isSorted ? (this.#descending ? "descending" : "ascending") : "none";
    const button = make("button", { type: "button", textContent: name });
    button.dataset.key = `sort ${name}`;
    button.addEventListener("click", () => {
      this.#descending = isSorted ? !this.#descending : false;
      this.#sort = name;
      this.#draw();
    });
    return make("th", { scope: "col", "aria-sort": order }, button);
  }

  #row(trial) {
    const cells = this.#columns.map(([name, valueOf], i) => {
      const text = shown(valueOf(trial));
      if (i > 0) {
        return make("td", { textContent: text, className: name === "state" ? trial.state : "" });
      }
      const button = make("button", {
        type: "button",
        textContent: text,
        "aria-label": `Details of trial ${text}`,
      });
      button.dataset.key = `trial ${text}`;
      return make("td", {}, button);
    });
    const row = make("tr", {}, ...cells);
    row.addEventListener("click", () => this.open(trial));
    return row;
  }

  #sorted(trials) {
    const [, valueOf] = this.#columns.find(([name]) => name === this.#sort) ?? this.#columns[0];
    const sign = this.#descending ? -1 : 1;
    const keyed = trials.map((trial) => ({ trial, key: valueOf(trial) ?? undefined }));
    return keyed.sort((one, other) => {
      // What is missing stands last in either order.
      if (one.key === undefined || other.key === undefined) {
        return (one.key === undefined) - (other.key === undefined);
      }
      const isNumber = typeof one.key === "number" && typeof other.key === "number";
      return sign *
        (isNumber ? one.key - other.key : String(one.key).localeCompare(String(other.key)));
    }).map(({ trial }) => trial);
  }
}

function textOf({ number, state, reason = "", configuration, attributes }) {
  return `${number} ${state} ${reason} ${JSON.stringify([configuration, attributes])}`
    .toLowerCase();
}

/** What is known of a trial. */
export function detailsOf(trial) {
  const { state, value, reason, confirms, startedAt, finishedAt, attributes } = trial;
  const time = (text) => text === undefined ? undefined : new Date(text).toLocaleString();
  const facts = {
    state,
    value,
    reason,
    "measures again trial": confirms,
    started: time(startedAt),
    finished: time(finishedAt),
    seconds: secondsOf(trial),
  };
  const known = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return [
    listOf(Object.fromEntries(known)),
    make("h3", { textContent: "Configuration" }),
    listOf(trial.configuration ?? {}),
    ...(Object.keys(attributes).length === 0
      ? []
      : [make("h3", { textContent: "Notes" }), listOf(attributes)]),
  ];
}
