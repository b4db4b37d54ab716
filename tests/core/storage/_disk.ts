/** A disk of a few hundred kilobytes, mounted for a test where that is permitted. */
export class SmallDisk implements AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Mounts an empty disk; undefined where only root may, and this is not root. */
  static async mount(kilobytes: number): Promise<SmallDisk | undefined> {
    if (Deno.uid() !== 0) return undefined;
    const folder = await Deno.makeTempDir();
    const mounted = await run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder);
    if (mounted) return new SmallDisk(folder);
    await Deno.remove(folder);
    return undefined;
  }

  /** Makes the disk read-only, or writable again. */
  async setReadOnly(isReadOnly: boolean): Promise<void> {
    const options = `remount,${isReadOnly ? "ro" : "rw"}`;
    if (!await run("mount", "-o", options, this.folder)) throw new Error(`cannot ${options}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("umount", this.folder);
    await Deno.remove(this.folder);
  }
}

async function run(program: string, ...args: string[]): Promise<boolean> {
  const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
  return (await command.output()).success;
}
