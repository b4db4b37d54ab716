/**
 * Requests that are about trials.
 *
 * @module
 */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { StudyError } from "../../core/study/study_error.ts";
import type { TrialState } from "../../core/study/records.ts";
import { type OpenStudies, type OpenStudy, runningTrial } from "./open_studies.ts";
import { Problem } from "./problems.ts";
import {
  askedSchema,
  askSchema,
  body,
  changedSchema,
  changeSchema,
  idempotencyHeader,
  json,
  pageSchema,
  problems,
  studyPath,
  trialPath,
  trialSchema,
} from "./schemas.ts";
import { trialJson } from "../page/trial_json.ts";
import { pageOf } from "./trial_list.ts";

const ask = createRoute({
  method: "post",
  path: "/studies/{name}/trials",
  summary: "Ask for a trial: a configuration to evaluate",
  request: {
    params: studyPath,
    headers: idempotencyHeader,
    body: { ...body(askSchema), required: false },
  },
  responses: { 201: json(askedSchema, "The trial"), ...problems(404, 409) },
});

const change = createRoute({
  method: "patch",
  path: "/studies/{name}/trials/{number}",
  summary: "Tell a trial's value or failure, report on the way, or give a sign of life",
  request: { params: trialPath, headers: idempotencyHeader, body: body(changeSchema) },
  responses: { 200: json(changedSchema, "How it stands now"), ...problems(404, 409) },
});

const list = createRoute({
  method: "get",
  path: "/studies/{name}/trials",
  summary: "Trials, in pages",
  request: { params: studyPath, query: pageSchema },
  responses: {
    200: json(
      z.object({ total: z.int(), trials: z.array(trialSchema) }),
      "The page, and the number of trials that match",
    ),
    ...problems(404, 409),
  },
});

const show = createRoute({
  method: "get",
  path: "/studies/{name}/trials/{number}",
  summary: "A trial",
  request: { params: trialPath },
  responses: { 200: json(trialSchema, "The trial"), ...problems(404, 409) },
});

/** Adds the requests to a service. */
export function addTrialRoutes(app: OpenAPIHono, studies: OpenStudies): void {
  app.openapi(ask, async (context) => {
    const open = await studies.get(context.req.valid("param").name);
    const { lease } = context.req.valid("json") ?? {};
    const request = context.req.valid("header")["idempotency-key"];
    const trial = await open.study.ask({
      ...(lease !== undefined && { lease }),
      ...(request !== undefined && { request }),
    });
    open.running.set(trial.number, trial);
    const { number, configuration } = trial;
    return context.json({ number, configuration }, 201);
  });
  app.openapi(change, async (context) => {
    const { name, number } = context.req.valid("param");
    const open = await studies.get(name);
    return context.json(
      { number, ...await makeChange(open, number, context.req.valid("json")) },
      200,
    );
  });
  app.openapi(list, async (context) => {
    const { study } = await studies.get(context.req.valid("param").name);
    return context.json(pageOf(await study.trials(), context.req.valid("query")), 200);
  });
  app.openapi(show, async (context) => {
    const { name, number } = context.req.valid("param");
    const { study } = await studies.get(name);
    const trial = (await study.trials())[number];
    if (trial === undefined) {
      throw new StudyError(
        "unknown-trial",
        `Cannot show trial ${number} as it must be one of study "${name}": got an unknown number`,
      );
    }
    return context.json(trialJson(trial), 200);
  });
}

async function makeChange(
  open: OpenStudy,
  number: number,
  change: z.output<typeof changeSchema>,
): Promise<{ state: TrialState; shouldPrune?: boolean }> {
  if ("report" in change) {
    const trial = await runningTrial(open, number);
    await trial.report(change.report.step, change.report.value ?? NaN);
    return { state: "running", shouldPrune: await trial.shouldPrune() };
  }
  if ("heartbeat" in change) {
    const trial = await runningTrial(open, number);
    if (await trial.heartbeat()) return { state: "running" };
    open.running.delete(number);
    await open.study.resume(number); // says why it cannot go on
    throw new Problem(
      409,
      "finished-trial",
      `Cannot go on with trial ${number} as it was taken away`,
    );
  }
  if ("attributes" in change) {
    const trial = await runningTrial(open, number);
    await trial.note(change.attributes as Parameters<typeof trial.note>[0]);
    return { state: "running" };
  }
  if ("value" in change) {
    const told = change.value ?? NaN;
    await open.study.tell(number, told);
    open.running.delete(number);
    return { state: change.value === null ? "fail" : "complete" };
  }
  const { state } = change;
  await open.study.tell(
    number,
    state === "fail" && change.reason !== undefined ? { state, reason: change.reason } : { state },
  );
  open.running.delete(number);
  return { state };
}
