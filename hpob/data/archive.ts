/**
 * Reading zip archives that nobody has vouched for.
 *
 * Every entry is judged before the first one is read: an archive with a name that leads out of a
 * folder, with links, encrypted, duplicate or overlapping entries or with an absurd expansion is
 * refused as a whole. What is read is checked against its recorded size and CRC-32.
 *
 * @module
 */
import * as zip from "@zip.js/zip.js";
import { InputError } from "../../core/search/errors.ts";

/** A file in an archive. */
export interface ArchiveEntry {
  /** File name without folders. */
  name: string;
  /** Name as the archive has it, with folders. */
  path: string;
  /** Size when unpacked, in bytes. */
  size: number;
}

/** More entries than this are refused; HPO-B's larger archive has about a hundred. */
const mostEntries = 10_000;
/** A larger sum of unpacked sizes is refused, in bytes; HPO-B's is about a gigabyte. */
const largestTotal = 2 ** 36;
/** Unpacking to more than this multiple of the packed size is refused; JSON tables reach about 20. */
const largestExpansion = 200;
/** Entries below this unpacked size may expand by any factor, in bytes. */
const harmlessSize = 2 ** 20;

/** The methods of compression that are read: none, and deflate. */
const readMethods = [0, 8];
/** Names of the others, by their numbers in the zip format (APPNOTE 4.4.5). */
const methodNames: Readonly<Record<number, string>> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  20: "zstd",
  93: "zstd",
  94: "MP3",
  95: "XZ",
  96: "JPEG",
  97: "WavPack",
  98: "PPMd",
};

/** S_IFMT of a Unix mode, and the two kinds of entries that are accepted. */
const fileTypeMask = 0o170000;
const regularFile = 0o100000;
const directory = 0o040000;

/** A zip archive on disk whose entries have all been found harmless. */
export class Archive implements AsyncDisposable {
  /** The archive's path, for messages. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #reader: zip.ZipReader<unknown>;
  readonly #entries: ReadonlyMap<string, zip.FileEntry>;

  private constructor(
    path: string,
    file: Deno.FsFile,
    reader: zip.ZipReader<unknown>,
    entries: ReadonlyMap<string, zip.FileEntry>,
  ) {
    this.path = path;
    this.#file = file;
    this.#reader = reader;
    this.#entries = entries;
  }

  /**
   * Opens an archive and judges all its entries. Folders, and what macOS adds (`__MACOSX`, `.DS_Store`), are
   * passed over.
   * @throws {InputError} when the archive is damaged or not to be trusted.
   */
  static async open(path: string): Promise<Archive> {
    const file = await Deno.open(path);
    try {
      const reader = new zip.ZipReader(new RandomAccess(file), {
        useWebWorkers: false,
        checkCrc32: true,
        checkOverlappingEntry: true,
        filenameValidation: "tolerant", // names are judged below
      });
      const entries = await translated(path, undefined, () => reader.getEntries());
      return new Archive(path, file, reader, judge(path, entries));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The archive's files, in the archive's order. */
  get entries(): ArchiveEntry[] {
    return [...this.#entries].map(([name, entry]) => ({
      name,
      path: entry.filename,
      size: entry.uncompressedSize,
    }));
  }

  /** Whether there is a file of that name, in whatever folder. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * Unpacks a file, piece by piece. The memory needed does not depend on the file's size.
   * @param name File name without folders.
   * @param onBytes Takes the next bytes; they are valid only during the call.
   * @throws {InputError} when there is no such file or its content is damaged.
   */
  async read(name: string, onBytes: (chunk: Uint8Array) => void): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) {
      throw new InputError(`Cannot find ${name} in ${this.path}: it is not the expected archive`);
    }
    let size = 0;
    let failure: { error: unknown } | undefined;
    const sink = new WritableStream<Uint8Array>({
      write(chunk): void {
        size += chunk.length;
        try {
          if (size > entry.uncompressedSize) throw new Error(zip.ERR_INVALID_UNCOMPRESSED_SIZE);
          onBytes(chunk);
        } catch (error) {
          failure = { error }; // passed on untouched, whatever the streams make of it
          throw error;
        }
      },
    });
    await translated(this.path, name, async () => {
      try {
        await entry.getData(sink);
      } catch (error) {
        throw failure ? failure.error : error;
      }
    });
  }

  /** Closes the archive. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.close();
    this.#file.close();
  }
}

/** The harmless entries by file name. */
function judge(path: string, entries: zip.Entry[]): Map<string, zip.FileEntry> {
  const refuse: (reason: string) => never = (reason) => {
    throw new InputError(`Cannot use archive ${path} as it is not to be trusted: ${reason}`);
  };
  if (entries.length > mostEntries) refuse(`it has ${entries.length} entries`);
  const files = new Map<string, zip.FileEntry>();
  const paths = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    const shown = JSON.stringify(entry.filename);
    const type = entry.unixMode === undefined ? 0 : entry.unixMode & fileTypeMask;
    if (entry.symlink || (type !== 0 && type !== regularFile && type !== directory)) {
      refuse(`${shown} is a link or a special file`);
    }
    if (entry.encrypted) refuse(`${shown} is encrypted`);
    if (!readMethods.includes(entry.compressionMethod)) {
      const method = methodNames[entry.compressionMethod] ?? `method ${entry.compressionMethod}`;
      throw new InputError(
        `Cannot use archive ${path} as its files must be stored or deflated: ${shown} is ` +
          `compressed by ${method}. Unpack it and pack it again`,
      );
    }
    const parts = partsOf(entry.filename);
    if (parts === undefined) {
      refuse(`${shown} has an unsafe name, which could lead out of the folder`);
    }
    // Case and Unicode normal form are no difference on every file system.
    const folded = parts.join("/").normalize("NFC").toLowerCase();
    if (paths.has(folded)) refuse(`${shown} is there twice`);
    paths.add(folded);
    total += entry.uncompressedSize;
    if (
      total > largestTotal ||
      (entry.uncompressedSize > harmlessSize &&
        entry.uncompressedSize > largestExpansion * entry.compressedSize)
    ) {
      refuse(
        `${shown} unpacks from ${entry.compressedSize} to ${entry.uncompressedSize} bytes, as a zip bomb does`,
      );
    }
    const name = parts.at(-1) ?? "";
    const isOfMacOs = name.startsWith(".") || parts.includes("__MACOSX");
    if (entry.directory || /[/\\]$/.test(entry.filename) || isOfMacOs) continue;
    if (files.has(name)) refuse(`there are two files named ${JSON.stringify(name)}`);
    files.set(name, entry);
  }
  return files;
}

/**
 * The folders and the name of an entry, undefined for one that leads out of the folder. Windows writes
 * backslashes between them, and some programs begin with `./`.
 */
function partsOf(filename: string): string[] | undefined {
  const rooted = /^([/\\]|[A-Za-z]:)/.test(filename) || filename.includes("\0");
  const parts = filename.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  return rooted || parts.includes("..") ? undefined : parts;
}

/** Runs `action` and says in plain words what zip.js complains about. */
async function translated<T>(
  path: string,
  name: string | undefined,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const reason = error instanceof Error ? reasons.get(error.message) : undefined;
    if (reason === undefined) {
      if (error instanceof Error && zipErrors.has(error.message)) {
        throw new InputError(`Cannot read archive ${path} as it is damaged: ${error.message}`);
      }
      throw error;
    }
    const filename = name ?? (error as { filename?: string }).filename;
    const subject = filename === undefined ? "" : `${JSON.stringify(filename)} `;
    throw new InputError(`Cannot use archive ${path}: ${subject}${reason}`);
  }
}

const reasons = new Map([
  [zip.ERR_SPLIT_ZIP_FILE, "it is one part of a split archive: join the parts first"],
  [zip.ERR_OVERLAPPING_ENTRY, "overlaps another entry, as in a zip bomb"],
  [zip.ERR_INVALID_UNCOMPRESSED_SIZE, "does not unpack to its recorded size"],
  [zip.ERR_INVALID_CRC32, "is damaged: its CRC-32 differs"],
  [zip.ERR_INVALID_COMPRESSED_DATA, "is damaged: its compressed data is invalid"],
  [zip.ERR_ENCRYPTED, "is encrypted"],
  [zip.ERR_EOCDR_NOT_FOUND, "it is not a zip archive, or its end is missing"],
  [zip.ERR_BAD_FORMAT, "it is not a zip archive, or its end is missing"],
]);

const zipErrors = new Set(
  Object.entries(zip).filter(([name]) => name.startsWith("ERR_")).map(([, text]) => text),
);

/** Random access to a file for zip.js, one read at a time. */
class RandomAccess extends zip.Reader<Deno.FsFile> {
  readonly #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: Deno.FsFile) {
    super(file);
    this.#file = file;
  }

  override async init(): Promise<void> {
    await super.init?.();
    this.size = (await this.#file.stat()).size;
  }

  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const result = this.#last.then(async () => {
      // Offsets and lengths are what the archive says.
      if (!(index >= 0 && length >= 0 && index + length <= this.size)) {
        throw new Error(zip.ERR_ENTRY_DATA_OUT_OF_BOUNDS);
      }
      await this.#file.seek(index, Deno.SeekMode.Start);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const count = await this.#file.read(bytes.subarray(filled));
        if (count === null) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
