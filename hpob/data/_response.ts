/**
 * Judging an answer of a web server: is it the wanted file, and which part of it?
 *
 * @module
 */

/** A source does not have the wanted file, or does not give it; asking again will not help. */
export class SourceError extends Error {
  override readonly name = "SourceError";
}

/** A source failed in a way that may pass: a lost connection, an overload. */
export class PassingError extends Error {
  override readonly name = "PassingError";
  /** Seconds to wait that the server asked for, if it did. */
  readonly retryAfter: number | undefined;

  constructor(message: string, retryAfter?: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** What an acceptable answer contains. */
export interface AcceptedPart {
  /** Position of its first byte in the file. */
  start: number;
  /** Size of the whole file, or undefined where the server does not say. */
  total: number | undefined;
}

/**
 * Accepts an answer to a request for a file from `offset` on.
 * @throws {SourceError} {PassingError} when it is not the file.
 */
export function judgeResponse(response: Response, offset: number): AcceptedPart {
  const { status, headers } = response;
  if (status === 401 || status === 403) throw new SourceError(`refuses access (HTTP ${status})`);
  if (status === 404 || status === 410) throw new SourceError(`does not have it (HTTP ${status})`);
  if (status === 429) {
    throw new PassingError("has had too many requests (HTTP 429)", retryAfter(headers));
  }
  if (status >= 500 || status === 408 || status === 425) {
    throw new PassingError(`is out of order for now (HTTP ${status})`, retryAfter(headers));
  }
  if (status !== 200 && status !== 206) throw new SourceError(`answers with HTTP ${status}`);
  if (/^(text\/html|application\/xhtml)/.test(headers.get("content-type") ?? "")) {
    throw new SourceError(webPageMessage(response));
  }
  if (status === 200) {
    const length = headers.get("content-length");
    return { start: 0, total: length === null ? undefined : Number(length) };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (!range || Number(range[1]) !== offset) {
    throw new SourceError(
      `answers with another part than bytes ${offset} and following: ` +
        `"${headers.get("content-range") ?? ""}"`,
    );
  }
  return { start: offset, total: range[2] === "*" ? undefined : Number(range[2]) };
}

function webPageMessage(response: Response): string {
  const url = new URL(response.url);
  if (response.redirected && /log-?in|sign-?in|auth|sso/i.test(url.host + url.pathname)) {
    return `redirects to a login page, ${url.origin}${url.pathname}`;
  }
  return response.redirected
    ? `redirects to a web page, ${url.origin}${url.pathname}`
    : "answers with a web page";
}

/** Seconds of a Retry-After header; its form with a date is not followed. */
function retryAfter(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/**
 * Refuses the first bytes of a file when they show that it is something else.
 * @param head The first bytes, up to a hundred or so.
 * @param signature How the wanted file begins.
 * @throws {SourceError}
 */
export function judgeHead(head: Uint8Array, signature: string): void {
  const text = String.fromCharCode(...head.subarray(0, 200));
  if (text.startsWith(signature.slice(0, text.length))) return;
  if (text.startsWith("version https://git-lfs")) {
    throw new SourceError("has only the Git LFS pointer of the file, not the file itself");
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) throw new SourceError("answers with a web page");
  throw new SourceError(
    `has something else: it begins with ${JSON.stringify(text.slice(0, 16))}, not with ${
      JSON.stringify(signature)
    }`,
  );
}
