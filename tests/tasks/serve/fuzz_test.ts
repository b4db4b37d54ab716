import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Client } from "./_client.ts";

// deno-lint-ignore no-explicit-any
type Description = any;

/** Values that a schema of the description allows, and some that it does not. */
function valuesOf(schema: Description, root: Description): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1);
    return valuesOf(root.components.schemas[name], root);
  }
  const some = schema.anyOf ?? schema.oneOf;
  if (some !== undefined) {
    return fc.oneof(...some.map((one: Description) => valuesOf(one, root)));
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const [type] = [schema.type].flat();
  switch (type) {
    case "object":
      return objectsOf(schema, root);
    case "array":
      return fc.array(valuesOf(schema.items ?? {}, root), { maxLength: 3 });
    case "integer":
      return fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 1 }) },
        { weight: 1, arbitrary: fc.integer() },
      );
    case "number":
      return fc.oneof(fc.double({ noNaN: true }), fc.integer());
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return fc.oneof(
        { weight: 4, arbitrary: fc.constant("s") },
        { weight: 1, arbitrary: fc.constantFrom("x", "value", "__proto__", "constructor", "..") },
        { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
      );
  }
  return fc.jsonValue({ maxDepth: 2 });
}

function objectsOf(schema: Description, root: Description): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const named = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, valuesOf(one, root)]),
    ),
    { requiredKeys: required },
  );
  if (typeof additionalProperties !== "object") return named;
  const name = fc.oneof(fc.constantFrom("x", "kind"), fc.string());
  return fc.tuple(named, fc.dictionary(name, valuesOf(additionalProperties, root), { maxKeys: 3 }))
    .map(([one, other]) => ({ ...one, ...other }));
}

interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
}

/** Requests of one operation: what the description allows, and one body in four that is any JSON. */
function requestsOf(
  method: string,
  route: string,
  operation: Description,
  root: Description,
): fc.Arbitrary<FuzzedRequest> {
  const parameters: Description[] = operation.parameters ?? [];
  const values = fc.tuple(
    ...parameters.map(({ schema, required }) =>
      required ? valuesOf(schema, root) : fc.option(valuesOf(schema, root), { nil: undefined })
    ),
  );
  const schema = operation.requestBody?.content["application/json"].schema;
  const body = schema === undefined ? fc.constant(undefined) : fc.oneof(
    { weight: 3, arbitrary: valuesOf(schema, root) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
  return fc.record({ values, body }).map(({ values, body }) => {
    let path = route;
    const query = new URLSearchParams(), headers: Record<string, string> = {};
    parameters.forEach(({ name, in: place }, i) => {
      const text = String(values[i]);
      if (values[i] === undefined) return;
      if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(text));
      else if (place === "query") query.set(name, text);
      else headers[name] = text.replace(/[^\x20-\x7e]/g, "").trim();
    });
    const text = body === undefined ? undefined : JSON.stringify(body);
    return { method, route, path: `${path}?${query}`, headers, body: text };
  });
}

Deno.test("whatever its description allows is answered as described, and never by a mistake of the service", async () => {
  const described = await (async () => {
    await using client = new Client();
    return (await client.send("GET", "/openapi.json")).body;
  })();
  const requests = Object.entries(described.paths as Description).flatMap(([route, methods]) =>
    Object.entries(methods as Description)
      .filter(() => !route.endsWith("/events"))
      .map(([method, operation]) => requestsOf(method.toUpperCase(), route, operation, described))
  );
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...requests), { maxLength: 20 }), async (sequence) => {
      await using client = new Client();
      await client.create();
      await client.evaluate(1);
      await client.send("POST", "/studies/s/trials");
      for (const { method, path, route, headers, body } of sequence) {
        const answer = await client.send(method, path, body, headers);
        seen.add(answer.status);
        const { responses } = described.paths[route][method.toLowerCase()];
        const shown = `${method} ${path} ${body}: ${JSON.stringify(answer.body)}`;
        if (answer.body?.code === "unknown-path") continue; // an empty name is another path
        assert(String(answer.status) in responses, shown);
        if (answer.status < 400) continue;
        assertEquals(answer.body.status, answer.status, shown);
        assert(answer.body.detail.startsWith("Cannot "), shown);
      }
    }),
    { seed: 20, numRuns: 60 },
  );
  for (const status of [200, 201, 404, 409, 422]) assert(seen.has(status), `never ${status}`);
});
