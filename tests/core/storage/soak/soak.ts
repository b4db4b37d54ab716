/**
 * `deno task soak`: many processes on one study, while workers are killed, the database restarts and
 * clocks disagree. It ends with an error when a trial was lost or given out twice.
 */
import { type Command, type Flags, runCommand } from "../../../../tasks/shared/cli.ts";
import { TestPostgres } from "../../../postgres.ts";
import { runSoak } from "./run_soak.ts";

const command: Command = {
  name: "soak",
  summary: "Lets many processes work on one study, and checks that nothing is lost or doubled.",
  flags: {
    storage: {
      value: "NAME",
      description: "sqlite or postgres: temporary ones",
      default: "sqlite",
    },
    workers: { value: "N", description: "Number of processes", default: "16" },
    trials: { value: "N", description: "Number of trials, of a millisecond each", default: "2000" },
    kill: { description: "Kill a worker hard every second, and start another" },
    restart: { description: "Restart the database in the middle (postgres)" },
    "clock-skew": { description: "Let the clocks of workers be wrong by an hour" },
  },
  examples: ["deno task soak", "deno task soak --storage postgres --kill --restart --clock-skew"],
};

async function run(flags: Flags): Promise<void> {
  const storage = flags.choice("storage", ["sqlite", "postgres"]);
  const server = storage === "postgres" ? await TestPostgres.start() : undefined;
  const folder = await Deno.makeTempDir();
  const clear = async () => {
    await server?.stop();
    await Deno.remove(folder, { recursive: true });
  };
  Deno.addSignalListener("SIGINT", () => clear().finally(() => Deno.exit(130)));
  try {
    const { seconds, given, killed } = await runSoak({
      url: await server?.database() ?? `sqlite:${folder}/soak.db`,
      workers: flags.integer("workers", 1, 256),
      trials: flags.integer("trials", 1),
      ...(flags.on("kill") && { killEvery: 1 }),
      ...(flags.on("restart") && server && { restart: () => server.restart() }),
      skewClocks: flags.on("clock-skew"),
    });
    const complete = flags.integer("trials", 1);
    console.log(
      `${storage}: ${complete} trials complete in ${seconds.toFixed(1)} s ` +
        `(${(complete / seconds).toFixed(0)} a second), ${given} given out, ${killed} workers ` +
        "killed; none lost, none doubled",
    );
  } finally {
    await clear();
  }
}

await runCommand(command, run);
