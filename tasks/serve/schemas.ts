/**
 * What requests and answers look like: checked when they come, and described in `/openapi.json`.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { type MethodName, methodNames } from "../shared/methods.ts";
import { problemSchema } from "./problems.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a body was parsed to: any JSON. (A recursive schema has no finite description.) */
export const anyJson = z.unknown().openapi({ description: "Any JSON" });

/** Values of hyperparameters by name. */
export const configurationSchema = z.record(z.string(), value).openapi("Configuration", {
  example: { learningRate: 0.01, layers: 3 },
});

/** Notes of a trial. */
const attributesSchema = z.record(z.string().min(1).max(512), anyJson);

const states = ["waiting", "running", "complete", "pruned", "fail"] as const;

/** A trial as it stands. */
export const trialSchema = z.object({
  number: z.int(),
  state: z.enum(states),
  configuration: configurationSchema.nullable(),
  value: z.number().nullable().optional(),
  intermediateValues: z.array(z.object({ step: z.int(), value: z.number().nullable() })),
  confirms: z.int().optional(),
  reason: z.string().optional(),
  attributes: z.record(z.string(), anyJson),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
}).openapi("Trial");

/** How a study is served, beside its space and goal. */
export const serviceOptionsSchema = z.object({
  method: z.enum(methodNames as [MethodName, ...MethodName[]]).optional().openapi({
    description: "Who suggests",
  }),
  seed: z.int().optional().openapi({ description: "Key of all randomness (default: 0)" }),
  prune: z.boolean().optional().openapi({
    description: "Stop trials that are behind others at the same step (default: false)",
  }),
  repeats: z.boolean().optional().openapi({
    description: "Whether a configuration may be tried again (default: false)",
  }),
  confirm: z.enum(["never", "auto"]).optional().openapi({
    description: "When leaders are measured again (default: never)",
  }),
});

/** A study that is to be created, or opened again with the same settings. */
export const newStudySchema = serviceOptionsSchema.extend({
  name: z.string().min(1).max(512),
  space: z.record(z.string(), anyJson).openapi({
    description: "Hyperparameters by name, as in space.json of the command line, or a ConfigSpace",
    example: {
      learningRate: { type: "real", min: 1e-5, max: 1, log: true },
      layers: { type: "integer", min: 1, max: 8 },
    },
  }),
  goal: z.enum(["minimize", "maximize"]),
}).openapi("NewStudy");

/** A study as it stands. */
export const studySchema = z.object({
  name: z.string(),
  goal: z.enum(["minimize", "maximize"]),
  method: z.string(),
  space: z.record(z.string(), anyJson),
  trials: z.record(z.enum(states), z.int()).openapi({ description: "Number of trials by state" }),
}).openapi("Study");

/** What a worker asks with. */
export const askSchema = z.object({
  lease: z.number().positive().max(1e9).optional().openapi({
    description: "Seconds without a report or heartbeat after which the trial is tried again by " +
      "another worker (default: never)",
  }),
}).openapi("Ask");

/** What a worker has got. */
export const askedSchema = z.object({ number: z.int(), configuration: configurationSchema })
  .openapi("AskedTrial");

/** What a worker says of its trial: the end of it, or a sign of life. */
export const changeSchema = z.union([
  z.strictObject({
    value: z.number().nullable().openapi({
      description: "Its value, which completes it; null or NaN: it failed",
    }),
  }),
  z.strictObject({ state: z.literal("fail"), reason: z.string().max(4000).optional() }),
  z.strictObject({ state: z.literal("pruned") }),
  z.strictObject({
    report: z.object({ step: z.int().min(0).max(2 ** 31 - 1), value: z.number().nullable() }),
  }),
  z.strictObject({ heartbeat: z.literal(true) }),
  z.strictObject({ attributes: attributesSchema }),
], {
  error: "one of { value }, { state: 'fail', reason }, { state: 'pruned' }, " +
    "{ report: { step, value } }, { heartbeat: true }, { attributes }",
}).openapi("TrialChange");

/** How the trial stands after a change. */
export const changedSchema = z.object({
  number: z.int(),
  state: z.enum(states),
  shouldPrune: z.boolean().optional().openapi({
    description: "After a report: whether to stop now and say so ({ state: pruned })",
  }),
}).openapi("ChangedTrial");

/** Which trials are listed. */
export const pageSchema = z.object({
  offset: z.coerce.number().int().min(0).max(2 ** 31 - 1).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  state: z.enum(states).optional(),
  search: z.string().max(200).optional().openapi({
    description: "A text that the configuration, the reason, or the attributes hold",
  }),
  sort: z.string().max(512).default("number").openapi({
    description: "number, value, state, seconds, or the name of a hyperparameter",
  }),
  order: z.enum(["ascending", "descending"]).default("ascending"),
});

/** The name in a path. */
export const studyPath = z.object({
  name: z.string().min(1).max(512).openapi({ description: "Name of the study" }),
});

/** The name and the number in a path. */
export const trialPath = studyPath.extend({
  number: z.coerce.number().int().min(0).max(2 ** 31 - 1).openapi({
    description: "Number of the trial",
  }),
});

/** A header by which a request may be repeated. */
export const idempotencyHeader = z.object({
  "idempotency-key": z.string().min(1).max(200).optional().openapi({
    description:
      "Any text of the client's choice: a repeated request with it gets the first answer",
  }),
});

/** An answer in JSON. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A body in JSON. */
export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The answers that are problems. */
export function problems(...statuses: readonly (404 | 409 | 422 | 429)[]) {
  const answer = {
    description: "A problem",
    content: { "application/problem+json": { schema: problemSchema } },
  };
  return Object.fromEntries(
    [400, 401, 403, 413, 415, 422, 429, ...statuses].map((status) => [status, answer]),
  );
}
