/**
 * A small HTTP or HTTPS server on raw sockets that can be told to misbehave in the middle of a response, which
 * `Deno.serve` cannot.
 */

/** A request as the server saw it. */
export interface SeenRequest {
  path: string;
  /** First byte asked for, undefined without a Range header. */
  start: number | undefined;
  ifRange: string | undefined;
}

/** How a request is answered, where not as by a good server. */
export interface Behaviour {
  status?: number;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
  /** Close the connection after so many bytes of the body. */
  cutAfter?: number;
  /** Send so many bytes of the body, then nothing, and keep the connection. */
  stallAfter?: number;
  /** Send a hundred bytes every so many milliseconds. */
  drip?: number;
  /** Answer every request with the whole file. */
  ignoreRange?: boolean;
  /** Do not say how long the body is. */
  hideLength?: boolean;
  /** Send no ETag. */
  hideEtag?: boolean;
}

const tls = "tests/hpob/data/tls";
/** The authority that an HTTPS server's certificate is signed by; nobody trusts it unless told to. */
export const authority: string = `${tls}/authority.pem`;

/** Serves files under `/<name>` with Range, If-Range and ETag. */
export class FileServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  readonly #listener: Deno.TcpListener | Deno.TlsListener;
  readonly #connections = new Set<Promise<void>>();
  readonly #open = new Set<Deno.Conn>();
  readonly #accepting: Promise<void>;

  constructor(
    readonly files: Readonly<Record<string, Uint8Array>>,
    readonly behave: (request: SeenRequest, count: number) => Behaviour = () => ({}),
    port = 0,
    readonly protocol: "http" | "https" = "http",
  ) {
    const address = { hostname: "127.0.0.1", port };
    this.#listener = protocol === "http" ? Deno.listen(address) : Deno.listenTls({
      ...address,
      cert: Deno.readTextFileSync(`${tls}/server.pem`),
      key: Deno.readTextFileSync(`${tls}/server.key`),
    });
    this.#accepting = this.#accept();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  get url(): string {
    return `${this.protocol}://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#accepting;
    await Promise.all(this.#connections);
  }

  async #accept(): Promise<void> {
    for (;;) {
      let connection: Deno.Conn;
      try {
        connection = await this.#listener.accept();
      } catch {
        return; // the listener is closed
      }
      this.#open.add(connection);
      const done = this.#answer(connection).catch(() => {}).finally(() => {
        close(connection);
        this.#open.delete(connection);
        this.#connections.delete(done);
      });
      this.#connections.add(done);
    }
  }

  async #answer(connection: Deno.Conn): Promise<void> {
    const request = parse(await readHead(connection));
    this.requests.push(request);
    const behaviour = this.behave(request, this.requests.length);
    const { status, headers, body } = this.#respond(request, behaviour);
    const head = Object.entries({ ...headers, connection: "close", ...behaviour.headers })
      .map(([name, value]) => `${name}: ${value}\r\n`).join("");
    await send(connection, new TextEncoder().encode(`HTTP/1.1 ${status} X\r\n${head}\r\n`));
    if (behaviour.drip !== undefined) await drip(connection, body, behaviour.drip);
    await send(connection, body.subarray(0, behaviour.cutAfter ?? behaviour.stallAfter));
    if (behaviour.stallAfter !== undefined) await connection.read(new Uint8Array(1));
  }

  #respond(
    request: SeenRequest,
    behaviour: Behaviour,
  ): { status: number; headers: Record<string, string>; body: Uint8Array } {
    if (behaviour.status !== undefined || behaviour.body !== undefined) {
      const body = typeof behaviour.body === "string"
        ? new TextEncoder().encode(behaviour.body)
        : behaviour.body ?? new Uint8Array();
      return {
        status: behaviour.status ?? 200,
        headers: { "content-length": `${body.length}` },
        body,
      };
    }
    const file = this.files[request.path.slice(1)];
    if (!file) return { status: 404, headers: { "content-length": "0" }, body: new Uint8Array() };
    const etag = `"${file.length}-${file[file.length >> 1]}"`;
    const ranged = request.start !== undefined && !behaviour.ignoreRange &&
      (request.ifRange === undefined || request.ifRange === etag);
    const start = ranged ? request.start! : 0;
    if (start >= file.length) {
      return { status: 416, headers: { "content-length": "0" }, body: new Uint8Array() };
    }
    const body = file.subarray(start);
    const range = `bytes ${start}-${file.length - 1}/${file.length}`;
    return {
      status: ranged ? 206 : 200,
      headers: {
        "content-type": "application/octet-stream",
        ...(behaviour.hideEtag ? {} : { etag }),
        ...(behaviour.hideLength ? {} : { "content-length": `${body.length}` }),
        ...(ranged ? { "content-range": range } : {}),
      },
      body,
    };
  }
}

async function readHead(connection: Deno.Conn): Promise<string> {
  let head = "";
  const buffer = new Uint8Array(4096);
  while (!head.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    head += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return head;
}

function parse(head: string): SeenRequest {
  const range = /\r\nrange: bytes=(\d+)-/i.exec(head);
  return {
    path: head.split(" ")[1] ?? "/",
    start: range ? Number(range[1]) : undefined,
    ifRange: /\r\nif-range: ([^\r]*)/i.exec(head)?.[1],
  };
}

async function send(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function drip(connection: Deno.Conn, bytes: Uint8Array, pause: number): Promise<void> {
  for (let sent = 0; sent < bytes.length; sent += 100) {
    await send(connection, bytes.subarray(sent, sent + 100));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
