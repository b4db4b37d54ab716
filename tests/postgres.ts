/** A temporary PostgreSQL server for tests, where it is installed. */
import pg from "pg";

/** A server that runs until it is stopped. */
export class TestPostgres {
  readonly port: number;
  readonly #folder: string;
  readonly #programs: string;
  #databases = 0;

  private constructor(programs: string, folder: string, port: number) {
    this.#programs = programs;
    this.#folder = folder;
    this.port = port;
  }

  /**
   * Starts a server of its own on a free port of 127.0.0.1.
   *
   * @param options.settings Further lines of its configuration.
   */
  static async start(options: { settings?: readonly string[] } = {}): Promise<TestPostgres> {
    const programs = findPrograms();
    if (programs === undefined) throw new Error("PostgreSQL is not installed");
    const folder = await Deno.makeTempDir({ prefix: "postgres-" });
    if (Deno.uid() === 0) await run(["chown", "postgres", folder]);
    await asServer([`${programs}/initdb`, "-D", `${folder}/data`, "-A", "trust", "-U", "postgres"]);
    const server = new TestPostgres(programs, folder, freePort());
    const settings = [
      `port = ${server.port}`,
      "listen_addresses = '127.0.0.1'",
      `unix_socket_directories = '${folder}'`,
      ...options.settings ?? [],
    ];
    const file = `${folder}/data/postgresql.conf`;
    await Deno.writeTextFile(file, `\n${settings.join("\n")}\n`, { append: true });
    await server.#control("start");
    return server;
  }

  /** The URL of a database, by default of a new one. */
  async database(name = `test_${++this.#databases}`): Promise<string> {
    const client = new pg.Client(this.url("postgres"));
    await client.connect();
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    await client.end();
    return this.url(name);
  }

  /** The URL of a database that is there. */
  url(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  /** Ends all connections, stops the server and starts it again. */
  async restart(): Promise<void> {
    await this.#control("restart");
  }

  /** Stops the server and removes its files. */
  async stop(): Promise<void> {
    await this.#control("stop");
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #control(action: "start" | "restart" | "stop"): Promise<void> {
    const { data, log } = { data: `${this.#folder}/data`, log: `${this.#folder}/log` };
    await asServer([`${this.#programs}/pg_ctl`, action, "-D", data, "-l", log, "-w", "-m", "fast"]);
  }
}

/** Whether a server can be started on this machine. */
export function hasPostgres(): boolean {
  return findPrograms() !== undefined;
}

/** The folder of the server's programs: Debian keeps them out of the PATH. */
function findPrograms(): string | undefined {
  const root = "/usr/lib/postgresql";
  try {
    const versions = [...Deno.readDirSync(root)].map(({ name }) => Number(name));
    return `${root}/${Math.max(...versions)}/bin`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Runs a program as a user that the server accepts, which root is not. */
function asServer(command: readonly string[]): Promise<void> {
  return run(Deno.uid() === 0 ? ["runuser", "-u", "postgres", "--", ...command] : command);
}

async function run([program, ...args]: readonly string[]): Promise<void> {
  // The server inherits its output, which would stay open if it were a pipe.
  const { success } = await new Deno.Command(program, {
    args,
    cwd: "/",
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return (listener.addr as Deno.NetAddr).port;
}
