/**
 * Requests that are about a study as a whole.
 *
 * @module
 */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { START } from "../../core/study/storage.ts";
import type { Storage } from "../../core/study/storage.ts";
import { trialsToCsv, trialsToJson } from "../../core/trials/trial_export.ts";
import { traceDenoising } from "../page/denoising.ts";
import { cursorPattern, type EventStreams } from "./events.ts";
import type { OpenStudies, OpenStudy } from "./open_studies.ts";
import { Problem } from "./problems.ts";
import {
  anyJson,
  body,
  configurationSchema,
  idempotencyHeader,
  json,
  newStudySchema,
  problems,
  studyPath,
  studySchema,
  trialSchema,
} from "./schemas.ts";
import { trialJson } from "../page/trial_json.ts";

const list = createRoute({
  method: "get",
  path: "/studies",
  summary: "The studies of the storage",
  responses: {
    200: json(
      z.object({
        studies: z.array(z.object({ name: z.string(), directions: z.array(z.string()) })),
      }),
      "Names and directions",
    ),
    ...problems(),
  },
});

const create = createRoute({
  method: "post",
  path: "/studies",
  summary: "Create a study, or open the one of this name with the same settings",
  request: { headers: idempotencyHeader, body: body(newStudySchema) },
  responses: {
    200: json(studySchema, "It was there"),
    201: json(studySchema, "It was created"),
    ...problems(409),
  },
});

const show = createRoute({
  method: "get",
  path: "/studies/{name}",
  summary: "A study, with its number of trials by state",
  request: { params: studyPath },
  responses: { 200: json(studySchema, "The study"), ...problems(404, 409) },
});

const best = createRoute({
  method: "get",
  path: "/studies/{name}/best",
  summary: "The complete trial with the best value",
  request: { params: studyPath },
  responses: { 200: json(trialSchema, "The trial"), ...problems(404, 409) },
});

const recommendation = createRoute({
  method: "get",
  path: "/studies/{name}/recommendation",
  summary: "The configuration to use: with the best estimate of its true value",
  request: { params: studyPath },
  responses: {
    200: json(
      z.object({
        configuration: configurationSchema,
        estimate: z.number(),
        trials: z.array(z.int()).openapi({ description: "Numbers of the trials that measured it" }),
        confidence: z.object({
          standardDeviation: z.number(),
          probabilityOfBest: z.number(),
          valueOfMeasuring: z.number(),
          noise: z.number(),
        }).optional().openapi({ description: "How sure the estimate is" }),
      }),
      "The configuration, its estimate and how sure that is",
    ),
    ...problems(404, 409),
  },
});

const denoising = createRoute({
  method: "get",
  path: "/studies/{name}/denoising",
  summary: "How the diffusion model generates suggestions: samples from pure noise to the space",
  request: { params: studyPath },
  responses: {
    200: json(
      z.object({
        columns: z.array(z.string()).openapi({ description: "Hyperparameters of one column" }),
        frames: z.array(z.object({ t: z.int(), samples: z.array(z.array(z.number())) })),
        observed: z.array(z.array(z.number())),
      }),
      "Samples at several timesteps, and what was observed, in the unit cube",
    ),
    ...problems(404, 409),
  },
});

const enqueue = createRoute({
  method: "post",
  path: "/studies/{name}/queue",
  summary: "Have a configuration, or a part of one, tried before the method chooses again",
  request: {
    params: studyPath,
    headers: idempotencyHeader,
    body: body(z.object({ configuration: configurationSchema })),
  },
  responses: {
    201: json(z.object({ number: z.int() }), "The number of its trial"),
    ...problems(404, 409),
  },
});

const exported = createRoute({
  method: "get",
  path: "/studies/{name}/export",
  summary: "All trials, in Optuna's layout",
  request: {
    params: studyPath,
    query: z.object({ format: z.enum(["csv", "json"]).default("csv") }),
  },
  responses: {
    200: {
      description: "A table, or a list of objects",
      content: {
        "text/csv": { schema: z.string() },
        "application/json": { schema: z.array(z.record(z.string(), anyJson)) },
      },
    },
    ...problems(404),
  },
});

const events = createRoute({
  method: "get",
  path: "/studies/{name}/events",
  summary: "What happens, as server-sent events: ready, trial, report",
  request: {
    params: studyPath,
    headers: z.object({
      "last-event-id": z.string().max(8000).regex(cursorPattern).optional().openapi({
        description: "The id of the last event that was got: what happened since is sent first",
      }),
    }),
  },
  responses: {
    200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
    ...problems(404, 409),
  },
});

/** What the requests are answered with. */
export interface Service {
  readonly studies: OpenStudies;
  readonly storage: Storage;
  readonly streams: EventStreams;
}

/** Adds the requests to a service. */
export function addStudyRoutes(app: OpenAPIHono, { studies, storage, streams }: Service): void {
  app.openapi(list, async (context) => {
    const records = await studies.list();
    const found = records.map(({ name, directions }) => ({ name, directions: [...directions] }));
    return context.json({ studies: found }, 200);
  });
  app.openapi(create, async (context) => {
    const { open, isNew } = await studies.create(context.req.valid("json"));
    return context.json(await describeStudy(open), isNew ? 201 : 200);
  });
  app.openapi(show, async (context) => {
    const open = await studies.get(context.req.valid("param").name);
    return context.json(await describeStudy(open), 200);
  });
  app.openapi(best, async (context) => {
    const { study } = await studies.get(context.req.valid("param").name);
    const trial = await study.best();
    if (trial === undefined) throw noneComplete(study.name);
    return context.json(trialJson(trial), 200);
  });
  app.openapi(recommendation, async (context) => {
    const { study } = await studies.get(context.req.valid("param").name);
    const found = await study.recommend();
    if (found === undefined) throw noneComplete(study.name);
    const { configuration, estimate, trials, confidence } = found;
    const sure = confidence && { confidence: { ...confidence } };
    return context.json({ configuration, estimate, trials: [...trials], ...sure }, 200);
  });
  app.openapi(denoising, async (context) => {
    const { study } = await studies.get(context.req.valid("param").name);
    const found = await traceDenoising(study);
    if (found === undefined) throw noneComplete(study.name);
    return context.json(found, 200);
  });
  app.openapi(enqueue, async (context) => {
    const { study } = await studies.get(context.req.valid("param").name);
    const request = context.req.valid("header")["idempotency-key"];
    const { configuration } = context.req.valid("json");
    const number = await study.enqueue(configuration, request === undefined ? {} : { request });
    return context.json({ number }, 201);
  });
  app.openapi(exported, async (context) => {
    const { id } = await studies.record(context.req.valid("param").name);
    const { trials } = await storage.changedTrials(id, START);
    const isCsv = context.req.valid("query").format === "csv";
    return context.body(isCsv ? trialsToCsv(trials) : trialsToJson(trials), 200, {
      "Content-Type": isCsv ? "text/csv; charset=utf-8" : "application/json",
    }) as never;
  });
  app.openapi(events, async (context) => {
    const { study } = await studies.get(context.req.valid("param").name);
    return streams.open(context, study, context.req.valid("header")["last-event-id"]) as never;
  });
}

async function describeStudy(
  { study, options }: OpenStudy,
): Promise<z.input<typeof studySchema>> {
  const trials = { waiting: 0, running: 0, complete: 0, pruned: 0, fail: 0 };
  for (const { state } of await study.trials()) trials[state]++;
  const space = study.space.toJSON();
  return { name: study.name, goal: study.goal, method: options.method, space, trials };
}

function noneComplete(name: string): Problem {
  return new Problem(
    404,
    "none-complete",
    `Cannot choose a trial of study "${name}" as one must be complete: got none`,
  );
}
