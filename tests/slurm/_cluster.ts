/** A temporary Slurm: a controller and two nodes on this machine, where it is installed. */

/** A cluster that runs until it is stopped. It needs root, and Debian's packages slurmctld, slurmd, slurm-client, munge. */
export class TestCluster implements AsyncDisposable {
  /** Its files; jobs may write there. */
  readonly folder: string;
  readonly #daemons = new Map<string, Deno.ChildProcess>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts it, and waits until the nodes take jobs. */
  static async start(): Promise<TestCluster> {
    const cluster = new TestCluster(await Deno.makeTempDir({ prefix: "slurm-" }));
    try {
      await cluster.#start();
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  async #start(): Promise<void> {
    for (const name of ["munge", "state", "spool-n1", "spool-n2", "log"]) {
      await Deno.mkdir(`${this.folder}/${name}`);
    }
    await Deno.chmod(this.folder, 0o755);
    const key = `${this.folder}/munge/key`;
    await Deno.writeFile(key, crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
    await Deno.writeTextFile(this.#configuration, configurationOf(this.folder));
    this.#daemon("munged", "/usr/sbin/munged", [
      ...["--force", "--foreground", `--key-file=${key}`, "--seed-file="],
      ...[`--socket=${this.folder}/munge/socket`, "--pid-file=", "--log-file="],
    ]);
    await until(() => exists(`${this.folder}/munge/socket`));
    this.#daemon("slurmctld", "/usr/sbin/slurmctld", ["-D", "-f", this.#configuration]);
    for (const node of ["n1", "n2"]) {
      this.#daemon(node, "/usr/sbin/slurmd", ["-D", "-f", this.#configuration, "-N", node]);
    }
    await until(async () => {
      const states = await this.command("sinfo", "--noheader", "--format=%T %D").catch(() => "");
      return states.trim() === "idle 2";
    });
  }

  /** Submits a job script; gives the job's id. */
  async submit(script: string, ...args: string[]): Promise<string> {
    const output = `--output=${this.folder}/log/%A_%a.txt`;
    return (await this.command("sbatch", "--parsable", output, script, ...args)).trim();
  }

  /** The states of the tasks that are pending or running, with their nodes. */
  async tasks(): Promise<{ task: string; state: string; node: string }[]> {
    const lines = await this.command("squeue", "--noheader", "--array", "--format=%i %T %N");
    return lines.split("\n").filter(Boolean).map((line) => {
      const [task, state, node = ""] = line.trim().split(" ");
      return { task, state, node };
    });
  }

  /** Until no task is left. Tasks that were requeued begin at once, rather than after Slurm's two minutes. */
  async finish(): Promise<void> {
    await until(async () => {
      const tasks = await this.tasks();
      for (const { task, state } of tasks) {
        if (state !== "PENDING") continue;
        await this.command("scontrol", "update", `JobId=${task}`, "StartTime=now").catch(() => {});
      }
      return tasks.length === 0;
    });
  }

  /** What the tasks of a job printed. */
  async printed(job: string): Promise<string> {
    const texts: string[] = [];
    for await (const { name } of Deno.readDir(`${this.folder}/log`)) {
      if (name.startsWith(`${job}_`)) {
        texts.push(await Deno.readTextFile(`${this.folder}/log/${name}`));
      }
    }
    return texts.join("\n");
  }

  /** Ends everything that runs on a node at once, as a power failure does, and has the controller know. */
  async takeDown(node: string): Promise<void> {
    this.#daemons.get(node)!.kill("SIGKILL");
    await this.#killTasks(node);
    await this.command("scontrol", "update", `NodeName=${node}`, "State=DOWN", "Reason=test");
  }

  /** Kills the tasks of a node, by default of both, and what started them. */
  async #killTasks(node = ""): Promise<void> {
    // Other processes' files and variables may only be looked at by a program.
    const script = `
      for starter in $(pgrep -x slurmstepd); do
        ls -l /proc/$starter/fd | grep -qF "$1" && kill -KILL $starter
      done
      for file in $(grep -lsF "$2" /proc/[0-9]*/environ); do
        grep -qsF "$3" $file && kill -KILL $(basename $(dirname $file))
      done`;
    const signs = [
      `${this.folder}/log/slurmd-${node}`,
      `SLURM_CONF=${this.#configuration}`,
      `SLURMD_NODENAME=${node}`,
    ];
    await new Deno.Command("bash", {
      args: ["-c", script, "bash", ...signs],
      stdout: "null",
      stderr: "null", // some have ended by then
    }).output();
  }

  /** Runs one of Slurm's commands; gives what it printed. */
  async command(program: string, ...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      env: { SLURM_CONF: this.#configuration },
    }).output();
    if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  /** Stops the jobs and the daemons, and removes the files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.command("scancel", "--user=root").catch(() => {});
    const names = ["n1", "n2", "slurmctld", "munged"];
    for (const daemon of names.flatMap((name) => this.#daemons.get(name) ?? [])) {
      try {
        daemon.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await daemon.status;
    }
    await this.#killTasks();
    await Deno.remove(this.folder, { recursive: true });
  }

  get #configuration(): string {
    return `${this.folder}/slurm.conf`;
  }

  #daemon(name: string, program: string, args: readonly string[]): void {
    const command = new Deno.Command(program, {
      args: [...args],
      env: { SLURM_CONF: this.#configuration },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    this.#daemons.set(name, command.spawn());
  }
}

/** Why no cluster can be started here; undefined if one can. */
export function whyNoSlurm(): string | undefined {
  const programs = [
    "/usr/sbin/munged",
    "/usr/sbin/slurmctld",
    "/usr/sbin/slurmd",
    "/usr/bin/sbatch",
  ];
  const missing = programs.find((program) => !exists(program));
  if (missing !== undefined) return `${missing} is not installed`;
  return Deno.uid() === 0 ? undefined : "it needs root";
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 300));
}

/** Nodes claim four cores each, however many there are. */
function configurationOf(folder: string): string {
  const [controller, ...nodes] = freePorts(3);
  return `
ClusterName=genhpo
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge/socket
CryptoType=crypto/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=1,bf_interval=2
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=10
KillWait=2
MinJobAge=300
JobRequeue=1
SlurmdParameters=config_overrides
${
    nodes.map((port, i) =>
      `NodeName=n${
        i + 1
      } NodeAddr=127.0.0.1 NodeHostname=localhost Port=${port} CPUs=4 RealMemory=2000 State=UNKNOWN`
    ).join("\n")
  }
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  for (const listener of listeners) listener.close();
  return listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
}
