/**
 * Requests that may be repeated: the `Idempotency-Key` header, as in the draft of the IETF.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { Problem } from "./problems.ts";

/** What is kept of an answer. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Answers that are remembered, of those given last. */
const mostAnswers = 10_000;

/**
 * Gives a repeated request with the same key the first one's answer, and waits for it where it is being made. Mistakes
 * of the service are not remembered.
 *
 * What is remembered here ends with the process. Beyond that, the requests that create a trial keep their key with it,
 * and all others come to the same when they are repeated.
 */
export function repeatable(): MiddlewareHandler {
  const known = new Map<string, { readonly digest: string; readonly answer: Promise<Answer> }>();
  return async (context, next) => {
    const { req } = context;
    const key = req.header("idempotency-key");
    if (key === undefined || (req.method !== "POST" && req.method !== "PATCH")) return await next();
    const id = `${req.method} ${req.path} ${key}`;
    const digest = createHash("sha256").update(await req.text()).digest("hex");
    const before = known.get(id);
    if (before !== undefined) {
      if (before.digest !== digest) {
        throw new Problem(
          422,
          "other-request",
          "Cannot repeat the request as its body must be the first one's: got another with the same key",
        );
      }
      const { status, type, body } = await before.answer;
      return new Response(body, { status, headers: { "Content-Type": type } });
    }
    const { promise: answer, resolve } = Promise.withResolvers<Answer>();
    known.set(id, { digest, answer });
    if (known.size > mostAnswers) known.delete(known.keys().next().value!);
    await next(); // errors are answers already
    const { status } = context.res;
    const type = context.res.headers.get("Content-Type") ?? "application/json";
    if (status >= 500) known.delete(id);
    resolve({ status, type, body: await context.res.clone().text() });
  };
}
