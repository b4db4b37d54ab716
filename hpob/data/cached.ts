/**
 * Computing something once.
 *
 * @module
 */

/** Computes a value once for each key; a failure is not kept. */
export function cached<T>(
  cache: Map<string, Promise<T>>,
  key: string,
  compute: () => Promise<T>,
): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = compute();
  cache.set(key, value);
  value.catch(() => cache.delete(key));
  return value;
}
