/**
 * Errors as clients get them: problem details (RFC 9457) in JSON, whose `detail` is the message.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { ExhaustedError, InputError } from "../../core/search/errors.ts";
import { StudyError } from "../../core/study/study_error.ts";

/** Statuses of problems, with their titles. */
const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
} as const;

/** The status of a problem. */
export type ProblemStatus = keyof typeof titles;

/** What a problem looks like. */
export const problemSchema = z.object({
  type: z.string().openapi({ example: "about:blank" }),
  title: z.string(),
  status: z.int(),
  detail: z.string().openapi({
    description: "What cannot be done, what is required, what was given",
  }),
  code: z.string().openapi({ description: "For programs, such as finished-trial" }),
}).openapi("Problem");

/** Something that the service refuses. */
export class Problem extends Error {
  /** HTTP's status. */
  readonly status: ProblemStatus;
  /** For programs. */
  readonly code: string;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param headers Headers of the answer. */
  constructor(
    status: ProblemStatus,
    code: string,
    detail: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The answer to a request that ended with an error. */
export function answerTo(error: unknown, context: Context): Response {
  const { status, code, message, headers } = problemOf(error);
  return context.body(
    JSON.stringify({ type: "about:blank", title: titles[status], status, detail: message, code }),
    status,
    { ...headers, "Content-Type": "application/problem+json" },
  );
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ExhaustedError) return new Problem(409, "exhausted", error.message);
  if (error instanceof StudyError) {
    const isUnknown = error.code === "unknown-study" || error.code === "unknown-trial";
    return new Problem(isUnknown ? 404 : 409, error.code, error.message);
  }
  if (error instanceof InputError) return new Problem(422, "invalid", error.message);
  if (error instanceof HTTPException && error.status in titles) {
    const challenge = error.res?.headers.get("WWW-Authenticate");
    const status = error.status as ProblemStatus;
    const detail = error.message || titles[status];
    const headers = challenge ? { "WWW-Authenticate": challenge } : {};
    return new Problem(status, titles[status].toLowerCase().replaceAll(" ", "-"), detail, headers);
  }
  console.error(error); // a mistake of the program: who runs it wants the stack trace, no client does
  return new Problem(500, "internal", "Cannot answer as the service has made a mistake");
}
