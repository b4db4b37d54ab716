/**
 * SHA-256 of files and bytes.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";

/** A running SHA-256: Web Crypto has none that takes its input in pieces. */
export function startSha256(): Hash {
  return createHash("sha256");
}

/** The SHA-256 of a file's content, in lower-case hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const file = await Deno.open(path);
  try {
    const hash = startSha256();
    const buffer = new Uint8Array(2 ** 20);
    for (let count; (count = await file.read(buffer)) !== null;) {
      hash.update(buffer.subarray(0, count));
    }
    return hash.digest("hex");
  } finally {
    file.close();
  }
}

/** The SHA-256 of bytes, in lower-case hexadecimal. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return startSha256().update(bytes).digest("hex");
}
