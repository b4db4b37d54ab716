/**
 * The HTTP service: requests are checked by their schemas, which also give the OpenAPI description.
 *
 * Built on Hono (https://hono.dev) with `@hono/zod-openapi`: small (no dependency of its own), on the standard Request and
 * Response, so that all of it is tested without a socket; and one declaration of a request is its type, its check and
 * its description, which so never differ. Fastify needs Node's streams, Oak has no schemas.
 *
 * @module
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { Storage } from "../../core/study/storage.ts";
import { version } from "../../core/version.ts";
import { EventStreams } from "./events.ts";
import { limitedRate, onlyJson, onlyLocalNames, onlyOwnPages, onlyWithToken } from "./guards.ts";
import { repeatable } from "./idempotency.ts";
import { OpenStudies } from "./open_studies.ts";
import { answerTo, Problem } from "./problems.ts";
import type { PageFiles } from "../page/page_files.ts";
import type { ServeSettings } from "./settings.ts";
import { addStudyRoutes } from "./study_routes.ts";
import { addTrialRoutes } from "./trial_routes.ts";

/** What a service is made of. */
export interface ServiceParts extends Pick<ServeSettings, "method" | "limits" | "token"> {
  readonly storage: Storage;
  /** The page at `/`; undefined: none. */
  readonly page?: PageFiles;
  /** Milliseconds, for the limit of the rate. @default {performance.now} */
  readonly now?: () => number;
}

/** A service that answers requests. */
export interface App extends AsyncDisposable {
  /** @param connection What the server knows of it: the client's address. */
  readonly fetch: (request: Request, connection?: object) => Promise<Response>;
}

/** Makes the service; closing it closes the storage. */
export function makeApp(parts: ServiceParts): App {
  const { storage, method, limits, token, now = () => performance.now() } = parts;
  const studies = new OpenStudies(storage, { method, limit: limits.studies });
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      const [{ path, message }] = result.error.issues;
      const where = path.length === 0 ? result.target : path.join(".");
      throw new Problem(
        422,
        "invalid",
        `Cannot read the request as ${where} must be valid: ${message}`,
      );
    },
  });
  app.onError(answerTo);
  app.notFound((context) => {
    const detail = `Cannot answer as ${context.req.method} and the path must be in /openapi.json`;
    return answerTo(new Problem(404, "unknown-path", detail), context);
  });
  app.use(secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    crossOriginEmbedderPolicy: true,
  }));
  if (token === undefined) app.use(onlyLocalNames());
  app.use(onlyOwnPages());
  app.use(limitedRate(limits.rate, now));
  if (parts.page !== undefined) addPage(app, parts.page); // no secret: it asks for the token itself
  if (token !== undefined) app.use(onlyWithToken(token));
  app.use(bodyLimit({
    maxSize: limits.body,
    onError: () => {
      const detail = `Cannot read the body as it must have ${limits.body} bytes at most: got more`;
      throw new Problem(413, "too-large", detail);
    },
  }));
  app.use(onlyJson());
  app.use(repeatable());
  addStudyRoutes(app, { studies, storage, streams: new EventStreams(limits.streams) });
  addTrialRoutes(app, studies);
  const description = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Hyperparameter optimization", version, license: { name: "MIT" } },
  });
  app.get("/openapi.json", (context) => context.json(description));
  return {
    fetch: async (request, connection) => await app.fetch(request, connection),
    [Symbol.asyncDispose]: () => studies.close(),
  };
}

function addPage(app: OpenAPIHono, page: PageFiles): void {
  const typed = (name: keyof PageFiles, type: string) => (context: Context) =>
    context.body(page[name], 200, { "Content-Type": `${type}; charset=utf-8` });
  app.get("/", typed("page.html", "text/html"));
  app.get("/page.css", typed("page.css", "text/css"));
  app.get("/page.js", typed("page.js", "text/javascript"));
}
