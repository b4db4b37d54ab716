/**
 * Claims: which process does which piece of work, through nothing but files in a folder that all of
 * them see, a network file system too.
 *
 * A claim is a file that only one process can create. Its owner writes a new count into it now and
 * then. A claim whose content somebody has watched without a change for as long as the lease is dead:
 * clocks of machines are never compared, and no lock of the file system is needed. A dead claim is
 * taken over by creating its next generation, which again only one process can do. An owner that was
 * merely asleep may then do the work a second time, so work has to give the same result every time.
 *
 * @module
 */
import { isMissing } from "../../hpob/files/atomic.ts";

/** How many times an owner shows that it is alive within a lease. */
const beatsPerLease = 6;

/** What is known of somebody else's claim. */
interface Sighting {
  generation: number;
  content: string;
  /** When this content was seen first, by our own clock, in seconds. */
  since: number;
}

/** The claims of one process. Disposing of them releases what is still held. */
export class Claims implements Disposable {
  /** Seconds without a sign of life after which a claim is dead. */
  readonly lease: number;
  readonly #owner = crypto.randomUUID();
  readonly #held = new Map<string, number>(); // path -> generation
  readonly #sightings = new Map<string, Sighting>();
  readonly #timer: ReturnType<typeof setInterval>;
  #beats = 0;

  /** @param lease Seconds without a sign of life after which a claim is dead, above 0. */
  constructor(lease: number) {
    this.lease = lease;
    this.#timer = setInterval(() => this.#beat(), (1000 * lease) / beatsPerLease);
  }

  /** Whether a piece of work is claimed by this process. */
  holds(path: string): boolean {
    return this.#held.has(path);
  }

  /**
   * Claims a piece of work, unless another one has it.
   *
   * @param path Names the work; the claim is a file of this name with an ending.
   * @returns whether it is ours now.
   */
  async claim(path: string): Promise<boolean> {
    if (this.#held.has(path)) return false;
    const { generation, content } = await newestClaim(path);
    if (content !== undefined && !this.#isDead(path, generation, content)) return false;
    const next = content === undefined ? 1 : generation + 1;
    // At once with the note of it: a process that is stopped in between would leave the claim behind.
    if (!createClaim(claimFile(path, next), this.#sign())) return false;
    this.#held.set(path, next);
    this.#sightings.delete(path);
    return true;
  }

  /** Gives a piece of work back, or says that it is done. */
  release(path: string): void {
    const generation = this.#held.get(path) ?? 0;
    this.#held.delete(path);
    for (let g = generation; g >= 1; g--) {
      try {
        Deno.removeSync(claimFile(path, g));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const path of [...this.#held.keys()]) this.release(path);
  }

  #sign(): string {
    return `${this.#owner} ${this.#beats}\n`;
  }

  #beat(): void {
    this.#beats++;
    for (const [path, generation] of this.#held) {
      try {
        Deno.writeTextFileSync(claimFile(path, generation), this.#sign(), { create: false });
      } catch {
        // Whoever took the claim over has finished the work; or the next beat will get through.
      }
    }
  }

  #isDead(path: string, generation: number, content: string): boolean {
    const now = performance.now() / 1000;
    const seen = this.#sightings.get(path);
    if (seen?.generation === generation && seen.content === content) {
      return now - seen.since > this.lease;
    }
    this.#sightings.set(path, { generation, content, since: now });
    return false;
  }
}

/** Whether a file of a folder is a claim. */
export function isClaim(name: string): boolean {
  return /\.claim-\d+$/.test(name);
}

function claimFile(path: string, generation: number): string {
  return `${path}.claim-${generation}`;
}

/** The newest generation of a claim; without content when there is none. */
async function newestClaim(path: string): Promise<{ generation: number; content?: string }> {
  let newest: { generation: number; content?: string } = { generation: 0 };
  for (let generation = 1;; generation++) {
    try {
      newest = { generation, content: await Deno.readTextFile(claimFile(path, generation)) };
    } catch (error) {
      if (!isMissing(error)) throw error;
      return newest;
    }
  }
}

/** Creates the file unless it exists; returns whether it did. */
function createClaim(path: string, content: string): boolean {
  try {
    Deno.writeTextFileSync(path, content, { createNew: true });
    return true;
  } catch (error) {
    // The folder is gone when another process has just finished everything in it.
    if (error instanceof Deno.errors.AlreadyExists || isMissing(error)) return false;
    throw error;
  }
}
