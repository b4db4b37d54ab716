/**
 * Optuna's relational schema: its version, its tables, and which databases have it.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import type { Connection, Database } from "./_database.ts";

/** The revision that Optuna 3.2 and later demand, exactly. */
export const SCHEMA_REVISION = "v3.2.0.a";

/** Earlier revisions, which `optuna storage upgrade` brings up to date. */
const EARLIER_REVISIONS = [
  "v0.9.0.a",
  "v1.2.0.a",
  "v1.3.0.a",
  "v2.4.0.a",
  "v2.6.0.a",
  "v3.0.0.a",
  "v3.0.0.b",
  "v3.0.0.c",
  "v3.0.0.d",
];

/** What stands in `version_info`: a number that is frozen, and the release whose tables these are. */
const VERSION_INFO = { schema: 12, library: "5.0.0" };

/** How a database spells the types of columns. */
export interface ColumnTypes {
  /** An integer key that counts up by itself, the PRIMARY KEY aside. */
  readonly key: string;
  /** A double. */
  readonly real: string;
  /** A time without a zone. */
  readonly time: string;
  /** A name of one of the lists of {@linkcode ENUMERATIONS}. */
  readonly enumeration: (name: string) => string;
}

/** The enumerations of the schema; SQLite keeps their names as text, PostgreSQL has types of them. */
export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
  studydirection: ["NOT_SET", "MINIMIZE", "MAXIMIZE"],
  trialstate: ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"],
  trialvaluetype: ["FINITE", "INF_POS", "INF_NEG"],
  trialintermediatevaluetype: ["FINITE", "INF_POS", "INF_NEG", "NAN"],
};

/** The statements that create the tables, as Optuna's models do. */
export function tableStatements({ key, real, time, enumeration }: ColumnTypes): string[] {
  const ofStudy = "FOREIGN KEY (study_id) REFERENCES studies (study_id)";
  const ofTrial = "FOREIGN KEY (trial_id) REFERENCES trials (trial_id)";
  const attributes = (of: "study" | "trial", kind: "user" | "system") =>
    table(
      `${of}_${kind}_attributes`,
      `${of}_${kind}_attribute_id ${key}`,
      `${of}_id INTEGER`,
      `"key" VARCHAR(512)`,
      "value_json TEXT",
      `PRIMARY KEY (${of}_${kind}_attribute_id)`,
      `UNIQUE (${of}_id, "key")`,
      of === "study" ? ofStudy : ofTrial,
    );
  return [
    table(
      "studies",
      `study_id ${key}`,
      "study_name VARCHAR(512) NOT NULL",
      "PRIMARY KEY (study_id)",
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS ix_studies_study_name ON studies (study_name)",
    table(
      "version_info",
      "version_info_id INTEGER NOT NULL",
      "schema_version INTEGER",
      "library_version VARCHAR(256)",
      "PRIMARY KEY (version_info_id)",
      "CHECK (version_info_id = 1)",
    ),
    table(
      "study_directions",
      `study_direction_id ${key}`,
      `direction ${enumeration("studydirection")} NOT NULL`,
      "study_id INTEGER NOT NULL",
      "objective INTEGER NOT NULL",
      "PRIMARY KEY (study_direction_id)",
      "UNIQUE (study_id, objective)",
      ofStudy,
    ),
    attributes("study", "user"),
    attributes("study", "system"),
    table(
      "trials",
      `trial_id ${key}`,
      "number INTEGER",
      "study_id INTEGER",
      `state ${enumeration("trialstate")} NOT NULL`,
      `datetime_start ${time}`,
      `datetime_complete ${time}`,
      "PRIMARY KEY (trial_id)",
      ofStudy,
    ),
    "CREATE INDEX IF NOT EXISTS ix_trials_study_id ON trials (study_id)",
    attributes("trial", "user"),
    attributes("trial", "system"),
    table(
      "trial_params",
      `param_id ${key}`,
      "trial_id INTEGER",
      "param_name VARCHAR(512)",
      `param_value ${real}`,
      "distribution_json TEXT",
      "PRIMARY KEY (param_id)",
      "UNIQUE (trial_id, param_name)",
      ofTrial,
    ),
    table(
      "trial_values",
      `trial_value_id ${key}`,
      "trial_id INTEGER NOT NULL",
      "objective INTEGER NOT NULL",
      `value ${real}`,
      `value_type ${enumeration("trialvaluetype")} NOT NULL`,
      "PRIMARY KEY (trial_value_id)",
      "UNIQUE (trial_id, objective)",
      ofTrial,
    ),
    table(
      "trial_intermediate_values",
      `trial_intermediate_value_id ${key}`,
      "trial_id INTEGER NOT NULL",
      "step INTEGER NOT NULL",
      `intermediate_value ${real}`,
      `intermediate_value_type ${enumeration("trialintermediatevaluetype")} NOT NULL`,
      "PRIMARY KEY (trial_intermediate_value_id)",
      "UNIQUE (trial_id, step)",
      ofTrial,
    ),
    table(
      "trial_heartbeats",
      `trial_heartbeat_id ${key}`,
      "trial_id INTEGER NOT NULL",
      `heartbeat ${time} NOT NULL`,
      "PRIMARY KEY (trial_heartbeat_id)",
      "UNIQUE (trial_id)",
      ofTrial,
    ),
    table(
      "alembic_version",
      "version_num VARCHAR(32) NOT NULL",
      "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)",
    ),
    `INSERT INTO version_info (version_info_id, schema_version, library_version)
      VALUES (1, ${VERSION_INFO.schema}, '${VERSION_INFO.library}') ON CONFLICT DO NOTHING`,
    `INSERT INTO alembic_version (version_num) VALUES ('${SCHEMA_REVISION}') ON CONFLICT DO NOTHING`,
  ];
}

function table(name: string, ...lines: string[]): string {
  return `CREATE TABLE IF NOT EXISTS ${name} (\n\t${lines.join(",\n\t")}\n)`;
}

/** How long to wait for another program that is creating the tables, in steps of 100 ms. */
const PATIENCE = 20;

/** What {@linkcode prepareSchema} has to know of a database. */
export interface SchemaOptions {
  /** What to call the database in a message. */
  readonly name: string;
  /** Gives the names of all tables, in a column `name`. */
  readonly listTables: string;
  /** Creates what is missing. */
  readonly create: (connection: Connection) => Promise<void>;
}

/**
 * Makes sure that a database has the tables, which are created in one that is empty. Nothing is written
 * before it is known that the database is ours.
 *
 * @throws {InputError} when it is another program's, or has another revision of the schema.
 */
export async function prepareSchema(database: Database, options: SchemaOptions): Promise<void> {
  for (let i = 0; i < PATIENCE; i++) {
    const state = await database.read((connection) => schemaState(connection, options));
    if (state === "ready") return;
    if (state === "empty") break;
    // Optuna creates its tables in several steps.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await database.write(async (connection) => {
    if (await schemaState(connection, options) !== "ready") await options.create(connection);
  });
}

async function schemaState(
  connection: Connection,
  { name, listTables }: SchemaOptions,
): Promise<"empty" | "partial" | "ready"> {
  const tables = (await connection.query(listTables)).map((row) => String(row.name));
  if (tables.length === 0) return "empty";
  if (!tables.includes("version_info") && !tables.includes("studies")) {
    throw new InputError(
      `Cannot open ${name} as it must be empty or have Optuna's tables: ` +
        `got tables of another program (${tables.slice(0, 5).join(", ")})`,
    );
  }
  if (tables.includes("alembic_version")) {
    const [row] = await connection.query("SELECT version_num FROM alembic_version");
    if (row?.version_num === SCHEMA_REVISION) return "ready";
    if (row !== undefined) throw wrongRevision(name, String(row.version_num));
  }
  if (tables.includes("version_info")) {
    const [row] = await connection.query("SELECT schema_version FROM version_info");
    if (row !== undefined && row.schema_version !== VERSION_INFO.schema) {
      throw wrongRevision(name, `${EARLIER_REVISIONS[0]} or older`);
    }
  }
  return "partial";
}

function wrongRevision(name: string, revision: string): InputError {
  const isEarlier = EARLIER_REVISIONS.some((known) => revision.startsWith(known));
  return new InputError(
    `Cannot open ${name} as its schema must be ${SCHEMA_REVISION}, that of Optuna 3.2 and later: ` +
      `got ${revision}; ` +
      (isEarlier
        ? "run 'optuna storage upgrade --storage URL' with a current Optuna"
        : "it was written by a newer Optuna than this program knows"),
  );
}
