/**
 * A service without a socket, and a client of it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import type { Storage } from "../../../core/study/storage.ts";
import { type App, makeApp, type ServiceParts } from "../../../tasks/serve/app.ts";

/** What tests serve when they do not say otherwise. */
export const limits = { body: 10_000, rate: 1000, studies: 5, streams: 2 };

/** A space of one real and one choice. */
export const space = {
  x: { type: "real", min: 0, max: 1 },
  kind: { type: "choice", values: ["a", "b", "c"] },
};

/** An answer, its body parsed. */
export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

/** Sends requests to a service. */
export class Client implements AsyncDisposable {
  readonly app: App;

  constructor(parts: Partial<ServiceParts> & { storage?: Storage } = {}) {
    this.app = makeApp({
      storage: new MemoryStorage(),
      method: "random",
      limits,
      token: undefined,
      now: () => 0,
      ...parts,
    });
  }

  /** The raw answer. A body is sent as JSON. */
  async fetch(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const init: RequestInit = { method, headers };
    if (body !== undefined) {
      init.body = typeof body === "string" ? body : JSON.stringify(body);
      init.headers = { "Content-Type": "application/json", ...headers };
    }
    return await this.app.fetch(new Request(`http://127.0.0.1:8420${path}`, init));
  }

  /** The answer with its body. */
  async send(...request: Parameters<Client["fetch"]>): Promise<Answer> {
    const response = await this.fetch(...request);
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.includes("json");
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      headers: response.headers,
    };
  }

  /** Creates the study `s`. */
  async create(more: Record<string, unknown> = {}): Promise<void> {
    const { status, body } = await this.send("POST", "/studies", {
      ...{ name: "s", space, goal: "maximize" },
      ...more,
    });
    assertEquals(status, 201, JSON.stringify(body));
  }

  /** Asks for a trial of `s` and tells its value. */
  async evaluate(value: number): Promise<number> {
    const { body: { number } } = await this.send("POST", "/studies/s/trials");
    await this.send("PATCH", `/studies/s/trials/${number}`, { value });
    return number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }
}

/** Checks that an answer is a problem with this status and code. */
export function assertProblem({ status, body, headers }: Answer, expected: number, code: string) {
  assertEquals([status, body.status, body.code], [expected, expected, code], JSON.stringify(body));
  assertEquals(headers.get("Content-Type"), "application/problem+json");
  assertEquals(body.detail.startsWith("Cannot "), true, body.detail);
}
