/**
 * Who may ask, and how much: checked before anything else is done with a request.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { parseJson } from "../../core/search/json.ts";
import { Problem } from "./problems.ts";

const local = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Without a token, requests must name this machine: a page of the web whose name was made to lead here (DNS rebinding)
 * names itself.
 */
export function onlyLocalNames(): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    if (!local.test(host)) {
      throw new Problem(
        403,
        "foreign-host",
        `Cannot answer as the Host header must name this machine: got "${host.slice(0, 100)}"`,
      );
    }
    await next();
  };
}

/** Pages of other origins are refused: browsers say whose page makes a request. */
export function onlyOwnPages(): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    if (origin !== undefined && URL.parse(origin)?.host !== host) {
      throw new Problem(
        403,
        "foreign-origin",
        `Cannot answer as the Origin header must be the service's own: got "${
          origin.slice(0, 100)
        }"`,
      );
    }
    await next();
  };
}

/** Those who show the token: `Authorization: Bearer TOKEN`. Digests are compared, in constant time. */
export function onlyWithToken(token: string): MiddlewareHandler {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = digest(token);
  return async (context, next) => {
    const [, given = ""] = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "") ?? [];
    if (!timingSafeEqual(digest(given), expected)) {
      throw new Problem(
        401,
        "unauthorized",
        "Cannot answer as the Authorization header must be 'Bearer' and the token: " +
          `got ${given === "" ? "none" : "another"}`,
        { "WWW-Authenticate": "Bearer" },
      );
    }
    await next();
  };
}

/** Addresses that are remembered at once. */
const mostAddresses = 10_000;

/**
 * So many requests a second from one address, over time; twice as many at once (a token bucket).
 *
 * @param now Milliseconds.
 */
export function limitedRate(rate: number, now: () => number): MiddlewareHandler {
  const buckets = new Map<string, { left: number; at: number }>();
  return async (context, next) => {
    const { remoteAddr } = (context.env ?? {}) as { remoteAddr?: Deno.NetAddr };
    const address = remoteAddr?.hostname ?? "unknown";
    const before = buckets.get(address) ?? { left: 2 * rate, at: now() };
    const at = now();
    const left = Math.min(2 * rate, before.left + rate * (at - before.at) / 1000) - 1;
    buckets.delete(address); // the last one of a map is the one that asked last
    buckets.set(address, { left: Math.max(left, -1), at });
    if (buckets.size > mostAddresses) buckets.delete(buckets.keys().next().value!);
    if (left < 0) {
      throw new Problem(
        429,
        "too-many-requests",
        `Cannot answer as there must be ${rate} requests a second at most: got more`,
        { "Retry-After": "1" },
      );
    }
    await next();
  };
}

/** Levels of brackets in a body; a search space has five. */
const deepest = 32;

/** Bodies must be JSON, not too deep. Python's NaN and infinite numbers, which JSON lacks, become null. */
export function onlyJson(): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const text = req.method === "POST" || req.method === "PATCH" ? await req.text() : "";
    const type = req.header("content-type");
    const isJson = /^application\/json\b/i.test(type ?? "");
    if (text !== "" && !isJson) {
      throw new Problem(
        415,
        "unsupported-media-type",
        `Cannot read the body as its Content-Type must be application/json: got ${type ?? "none"}`,
      );
    }
    // Some clients declare JSON with everything, and send nothing.
    if (isJson) {
      const value = text === "" ? {} : checkedJson(text);
      req.bodyCache.text = Promise.resolve(JSON.stringify(value)) as never;
    }
    await next();
  };
}

function checkedJson(text: string): unknown {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new Problem(
      400,
      "bad-json",
      "Cannot read the body as it must be JSON: got something else",
    );
  }
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) {
      throw new Problem(
        422,
        "too-deep",
        `Cannot read the body as its brackets must be at most ${deepest} deep: got more`,
      );
    }
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one) : []
    );
  }
  return value;
}
