/**
 * A person's own study: asked and told by hand, or with an objective in JavaScript.
 *
 * @module
 */
/// <reference lib="dom" />
import { parseSearchSpace } from "../../core/search/formats/space_file.ts";
import type { Goal } from "../../core/study/goal.ts";
import type { StudyRecord, TrialRecord } from "../../core/study/records.ts";
import { START } from "../../core/study/storage.ts";
import { Study } from "../../core/study/study.ts";
import type { Told } from "../../core/study/told.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import { trialsToCsv, trialsToJson } from "../../core/trials/trial_export.ts";
import { element, fillSelect } from "./elements.ts";
import type { IndexedDbStorage } from "./indexed_db_storage.ts";
import type { MethodName } from "./messages.ts";
import { Objective } from "./objective.ts";
import { methodTexts } from "./search_section.ts";
import { RemoteAlgorithm, type WorkerClient } from "./worker_client.ts";

/** The value of the choice that stands for a new study. */
const newStudy = "";
/** Where the optimizer's name is kept, with the study. */
const methodAttribute = "playground:method";
/** Seconds after which a trial of the objective is taken from a page that was closed. */
const lease = 20;

const exampleSpace = `{
  "learningRate": { "type": "real", "min": 1e-5, "max": 1, "log": true },
  "layers": { "type": "integer", "min": 1, "max": 8 },
  "optimizer": { "type": "choice", "values": ["adam", "sgd"] }
}`;
const exampleObjective = `const { learningRate, layers, optimizer } = config;
return (Math.log10(learningRate) + 2) ** 2 + (layers - 3) ** 2 / 4
  + (optimizer === "sgd" ? 0.5 : 0);`;

/** The section for a person's own study. */
export class OwnSection {
  readonly #client: WorkerClient;
  readonly #storage: IndexedDbStorage;
  #records: readonly StudyRecord[] = [];
  #study: Study | undefined;
  #running: AbortController | undefined;

  private constructor(client: WorkerClient, storage: IndexedDbStorage) {
    this.#client = client;
    this.#storage = storage;
  }

  /** Fills the section, with the youngest study. */
  static async start(client: WorkerClient, storage: IndexedDbStorage): Promise<void> {
    const section = new OwnSection(client, storage);
    fillSelect(element("method"), methodTexts, "diffusion");
    fillSelect(element("goal"), { minimize: "Minimize", maximize: "Maximize" }, "minimize");
    element<HTMLTextAreaElement>("space").value = exampleSpace;
    element<HTMLTextAreaElement>("objective").value = exampleObjective;
    section.#listen();
    await section.#list((await storage.studies()).at(-1)?.name);
  }

  #listen(): void {
    const on = (id: string, type: string, work: () => Promise<void>): void =>
      element(id).addEventListener(type, (event) => {
        event.preventDefault();
        say("");
        work().catch((error) => say(error.message, true));
      });
    on("study", "change", () => this.#list(element<HTMLSelectElement>("study").value));
    on("method", "change", () => this.#changeMethod());
    on("new-study", "submit", () => this.#create());
    on("ask", "click", async () => {
      await this.#study!.ask();
      await this.#show();
      element("value").focus();
    });
    on("tell-form", "submit", () => this.#tell(element<HTMLInputElement>("value").valueAsNumber));
    on("failed", "click", () => this.#tell({ state: "fail", reason: "told by hand" }));
    on("objective-form", "submit", () => this.#evaluate());
    on("csv", "click", async () => download("trials.csv", trialsToCsv(await this.#trials())));
    on("json", "click", async () => download("trials.json", trialsToJson(await this.#trials())));
  }

  get #method(): MethodName {
    return element<HTMLSelectElement>("method").value as MethodName;
  }

  get #record(): StudyRecord | undefined {
    return this.#records.find(({ name }) => name === this.#study?.name);
  }

  /** Lists the studies, and opens the one of that name. */
  async #list(name: string | undefined): Promise<void> {
    this.#running?.abort();
    this.#records = await this.#storage.studies();
    const names = Object.fromEntries(this.#records.map(({ name }) => [name, name]));
    fillSelect(element("study"), { [newStudy]: "New study …", ...names }, name ?? newStudy);
    const record = this.#records.find((record) => record.name === name);
    const method = record?.userAttributes[methodAttribute];
    if (typeof method === "string") element<HTMLSelectElement>("method").value = method;
    this.#study = record && await this.#open({ name: record.name });
    await this.#show();
  }

  #open(options: { name: string; space?: ReturnType<typeof parseSearchSpace>; goal?: Goal }) {
    return Study.open({
      ...options,
      storage: this.#storage,
      algorithm: new RemoteAlgorithm(this.#client, this.#method, 0),
      change: ["algorithm"],
      keepStorage: true,
    });
  }

  async #create(): Promise<void> {
    const name = element<HTMLInputElement>("study-name").value.trim();
    if (this.#records.some((record) => record.name === name)) {
      throw new Error(`There is a study "${name}" already: choose another name.`);
    }
    const space = parseSearchSpace(element<HTMLTextAreaElement>("space").value);
    await this.#open({ name, space, goal: element<HTMLSelectElement>("goal").value as Goal });
    await this.#keepMethod(name);
    await this.#list(name);
  }

  async #changeMethod(): Promise<void> {
    if (this.#study === undefined) return;
    await this.#keepMethod(this.#study.name);
    await this.#list(this.#study.name);
  }

  async #keepMethod(name: string): Promise<void> {
    const { id } = (await this.#storage.findStudy(name))!;
    const userAttributes = { [methodAttribute]: this.#method };
    await this.#storage.setStudyAttributes(id, { userAttributes });
  }

  async #tell(told: Told): Promise<void> {
    const asked = (await this.#study!.trials()).find(isAsked);
    if (asked !== undefined) await this.#study!.tell(asked.number, told);
    element<HTMLInputElement>("value").value = "";
    await this.#show();
    element("ask").focus();
  }

  /** Lets the objective evaluate trials until it is stopped. */
  async #evaluate(): Promise<void> {
    if (this.#running !== undefined) return this.#running.abort();
    const study = this.#study!, before = (await study.trials()).length;
    const count = element<HTMLInputElement>("count").valueAsNumber;
    using objective = new Objective(element<HTMLTextAreaElement>("objective").value);
    this.#running = new AbortController();
    element("evaluate").textContent = "Stop";
    try {
      await study.optimize(
        ({ configuration, signal }) => objective.evaluate(configuration, signal),
        {
          trials: before + count,
          signal: this.#running.signal,
          lease,
          callbacks: [() => this.#show()],
          maxConsecutiveFailures: 3,
        },
      );
    } finally {
      this.#running = undefined;
      element("evaluate").textContent = "Evaluate";
      await this.#show();
    }
  }

  async #trials(): Promise<readonly TrialRecord[]> {
    return (await this.#storage.changedTrials(this.#record!.id, START)).trials;
  }

  /** Shows the study as it stands. */
  async #show(): Promise<void> {
    const study = this.#study;
    element("new-study").hidden = study !== undefined;
    element("objective-form").hidden = study === undefined;
    const trials = study === undefined ? [] : await study.trials();
    const asked = this.#running === undefined ? trials.find(isAsked) : undefined;
    for (const id of ["ask", "csv", "json"]) {
      element<HTMLButtonElement>(id).disabled = study === undefined;
    }
    element<HTMLButtonElement>("ask").disabled ||= asked !== undefined || !!this.#running;
    element<HTMLButtonElement>("evaluate").disabled = asked !== undefined;
    element("tell-form").hidden = asked === undefined;
    if (asked !== undefined) showAsked(asked);
    const best = await study?.best();
    if (best !== undefined) {
      say(
        `Best of ${trials.length}: ${readable(best.value)} (trial ${best.number}, to ${
          study!.goal
        }).`,
      );
    }
    showTable(trials, best?.number);
  }
}

/** Whether a trial waits for its value. */
function isAsked({ state }: TrialSummary<unknown>): boolean {
  return state === "running";
}

function say(text: string, isProblem = false): void {
  element("own-status").textContent = text;
  element("own-status").classList.toggle("problem", isProblem);
}

function textElement(name: string, text: string): HTMLElement {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}

function showAsked({ number, configuration }: TrialSummary<object>): void {
  element("asked").textContent = `Try this (trial ${number})`;
  element("configuration").replaceChildren(
    ...Object.entries(configuration ?? {}).flatMap(([name, value]) => [
      textElement("dt", name),
      textElement("dd", String(value)),
    ]),
  );
}

/** The trials, the youngest first. */
function showTable(trials: readonly TrialSummary<object>[], best: number | undefined): void {
  const names = [
    ...new Set(trials.flatMap(({ configuration = {} }) => Object.keys(configuration))),
  ];
  const head = ["trial", "value", "state", ...names].map((name) => textElement("th", name));
  element("trials-head").replaceChildren(...(trials.length > 0 ? head : []));
  element("trials").replaceChildren(
    ...trials.toReversed().map((trial) => {
      const row = document.createElement("tr");
      const values: Record<string, unknown> = { ...trial.configuration };
      row.append(
        textElement("td", `${trial.number}${trial.number === best ? " ★" : ""}`),
        textElement("td", trial.value === undefined ? "" : readable(trial.value)),
        textElement("td", trial.reason ? `${trial.state}: ${trial.reason}` : trial.state),
        ...names.map((name) => textElement("td", name in values ? readable(values[name]) : "")),
      );
      return row;
    }),
  );
}

function readable(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(5))) : String(value);
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
