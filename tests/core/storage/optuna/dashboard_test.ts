import { assert, assertEquals } from "@std/assert";
import { inTemporaryFolder } from "../../../tasks/_temporary_folder.ts";
import { findChromium, Page } from "../../../chromium.ts";
import { hasOptuna, programBesideOptuna, sqlAlchemyUrl } from "./_optuna.ts";
import { createOurStudy } from "./_our_study.ts";

const chromium = await findChromium();

Deno.test({
  name: "Optuna's dashboard shows our study in a browser",
  ignore: !hasOptuna() || chromium === undefined,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const url = `sqlite:${folder}/a.db`;
      await using study = await createOurStudy(url);
      const [best, trials] = [(await study.best())!, await study.trials()];
      await using dashboard = await Dashboard.start(url);
      const page = await Page.open(chromium!, `${folder}/profile`);
      try {
        const { origin } = dashboard;
        const shows = (pattern: string) => `/${pattern}/.test(document.body.innerText)`;
        await page.goto(`${origin}/dashboard`, shows("ours\\s+Direction: MINIMIZE"));
        const [last, states] = [trials.length - 1, "Fail[^]*Pruned[^]*Running"];
        await page.goto(
          `${origin}/dashboard/studies/1/trials`,
          shows(`${trials.length} Trials[^]*${states}[^]*Trial ${last}\\s+Waiting`),
        );
        await page.goto(
          `${origin}/dashboard/studies/1`,
          shows(`Best Trial \\(number=${best.number}\\)\\s+${best.value}`),
        );
        // The history, the importances and the timeline are drawn.
        await page.until("document.querySelectorAll('.main-svg').length >= 6");
        assertEquals(page.errors, []);
      } finally {
        await page.close();
      }
      const { trials: shown } = await (await fetch(`${dashboard.origin}/api/studies/1`)).json();
      assertEquals(
        shown.map(({ state }: { state: string }) => state.toLowerCase()),
        trials.map(({ state }) => state),
      );
      const csv = await (await fetch(`${dashboard.origin}/csv/1`)).text();
      assert(csv.trim().split("\n").length === trials.length + 1);
    }),
});

/** The dashboard's server. */
class Dashboard implements AsyncDisposable {
  readonly origin: string;
  readonly #process: Deno.ChildProcess;

  private constructor(origin: string, process: Deno.ChildProcess) {
    this.origin = origin;
    this.#process = process;
  }

  static async start(url: string): Promise<Dashboard> {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const process = new Deno.Command(programBesideOptuna("optuna-dashboard"), {
      args: [sqlAlchemyUrl(url), "--host", "127.0.0.1", "--port", String(port)],
      stdout: "null",
      stderr: "null",
    }).spawn();
    const dashboard = new Dashboard(`http://127.0.0.1:${port}`, process);
    for (let tries = 0; tries < 600; tries++) {
      try {
        await (await fetch(`${dashboard.origin}/api/meta`)).body?.cancel();
        return dashboard;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    await dashboard[Symbol.asyncDispose]();
    throw new Error("the dashboard does not answer");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#process.status;
  }
}
