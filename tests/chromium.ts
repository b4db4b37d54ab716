/** A headless Chromium, driven through its DevTools protocol. */
import { headless } from "../tasks/report/page.ts";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** The browser's name on this machine, or undefined where there is none. */
export async function findChromium(): Promise<string | undefined> {
  for (const name of names) {
    try {
      const { success } = await new Deno.Command(name, { args: ["--version"] }).output();
      if (success) return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** A page of the browser. */
export class Page {
  /** Every URL that the page asked for. */
  readonly requests: string[] = [];
  /** Messages of uncaught errors, and of errors on the console. */
  readonly errors: string[] = [];
  /** Where the browser listens on 127.0.0.1. */
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  #next = 1;

  private constructor(process: Deno.ChildProcess, port: number, socket: WebSocket) {
    this.port = port;
    this.#process = process;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
  }

  /** Starts the browser with an empty profile in `folder` and further flags, and opens a page. */
  static async open(
    chromium: string,
    folder: string,
    flags: readonly string[] = [],
  ): Promise<Page> {
    const process = new Deno.Command(chromium, {
      args: [
        ...headless(folder),
        "--remote-debugging-port=0",
        "--window-size=1200,900",
        ...flags,
        "about:blank",
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    // The browser writes its port into its profile once it listens.
    const port = await retry(async () => {
      const [line] = (await Deno.readTextFile(`${folder}/DevToolsActivePort`)).split("\n");
      return line === "" ? undefined : line;
    });
    const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const { webSocketDebuggerUrl } = targets.find(({ type }: { type: string }) => type === "page");
    const socket = new WebSocket(webSocketDebuggerUrl);
    const page = new Page(process, Number(port), socket);
    await new Promise((resolve) => socket.onopen = resolve);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) {
      await page.#send(`${domain}.enable`);
    }
    return page;
  }

  /** Goes to a URL and waits until `ready` is true there. */
  async goto(url: string, ready: string, patience: Patience = {}): Promise<void> {
    await this.#send("Page.navigate", { url });
    await this.until(ready, patience);
  }

  /** Waits until an expression is true. */
  async until(expression: string, patience: Patience = {}): Promise<void> {
    await retry(
      async () => (await this.evaluate(expression)) === true ? true : undefined,
      patience,
    );
  }

  /** The value of an expression. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: unknown }).value;
  }

  /** Makes the page look like on another device. */
  async emulate(
    device: {
      width: number;
      height: number;
      scheme?: "light" | "dark";
      scale?: number;
      isMotionReduced?: boolean;
    },
  ): Promise<void> {
    const { width, height, scheme = "light", scale = 1, isMotionReduced = false } = device;
    await this.#send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: width < 600,
    });
    await this.#send("Emulation.setEmulatedMedia", {
      features: [
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: isMotionReduced ? "reduce" : "no-preference" },
      ],
    });
  }

  /** A picture of what is seen, or of a part of the page in CSS pixels. */
  async screenshot(
    clip?: { x: number; y: number; width: number; height: number },
    format: "png" | "webp" = "png",
  ): Promise<Uint8Array> {
    const options = clip && { clip: { ...clip, scale: 1 }, captureBeyondViewport: true };
    const { data } = await this.#send("Page.captureScreenshot", { format, ...options });
    return Uint8Array.fromBase64(data as string);
  }

  /** Moves the pointer. */
  async pointAt(x: number, y: number): Promise<void> {
    await this.#send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  /** Presses a key, such as ArrowRight. */
  async press(key: string): Promise<void> {
    const codes: Record<string, number> = { Home: 36, ArrowLeft: 37, ArrowRight: 39 };
    for (const type of ["rawKeyDown", "keyUp"]) {
      await this.#send("Input.dispatchKeyEvent", {
        ...{ type, key, code: key },
        windowsVirtualKeyCode: codes[key],
      });
    }
  }

  /** Drags from one place to another. */
  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const send = (type: string, [x, y]: readonly [number, number]) =>
      this.#send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons: 1 });
    await send("mouseMoved", from);
    await send("mousePressed", from);
    for (const share of [0.5, 1]) {
      const at = (i: 0 | 1) => from[i] + share * (to[i] - from[i]);
      await send("mouseMoved", [at(0), at(1)]);
    }
    await send("mouseReleased", to);
  }

  /** Presses twice at a place. */
  async doubleClick(x: number, y: number): Promise<void> {
    const place = { x, y, button: "left", buttons: 1 };
    for (const clickCount of [1, 2]) {
      await this.#send("Input.dispatchMouseEvent", { type: "mousePressed", ...place, clickCount });
      await this.#send("Input.dispatchMouseEvent", { type: "mouseReleased", ...place, clickCount });
    }
  }

  /** Keeps what is downloaded in a folder. */
  async downloadInto(folder: string): Promise<void> {
    await this.#send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.onclose = resolve);
    await this.#send("Browser.close");
    this.#socket.close();
    await closed;
    await this.#process.status;
  }

  #send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  // deno-lint-ignore no-explicit-any
  #receive({ id, result, error, method, params }: any): void {
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") {
      this.errors.push(params.exceptionDetails.exception?.description ?? "unknown error");
    }
    if (method === "Runtime.consoleAPICalled" && params.type === "error") {
      this.errors.push(params.args.map(({ value }: { value: unknown }) => value).join(" "));
    }
    if (method === "Log.entryAdded" && params.entry.level === "error") {
      this.errors.push(params.entry.text);
    }
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result);
  }
}

/** How long something is waited for. */
interface Patience {
  /** Seconds, about. @default {60} */
  seconds?: number;
}

/** Tries until there is a value. */
async function retry<T>(
  attempt: () => Promise<T | undefined>,
  { seconds = 60 }: Patience = {},
): Promise<T> {
  for (let tries = 10 * seconds; tries > 0; tries--) {
    const value = await attempt().catch((error) => {
      if (tries === 1) throw error;
      return undefined;
    });
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the browser did not get there within ${seconds} seconds`);
}
