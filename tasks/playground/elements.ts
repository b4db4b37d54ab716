/**
 * Small helpers for the page's elements.
 *
 * @module
 */
/// <reference lib="dom" />

/** The element of that id, which the page has. */
export function element<T extends Element = HTMLElement>(id: string): T {
  return document.getElementById(id) as Element as T;
}

/** Writes into an element; what stands there already is not written again, as it would be read out again. */
export function write(id: string, text: string): void {
  const place = element(id);
  if (place.textContent !== text) place.textContent = text;
}

/** Says what went wrong. */
export function showProblem(error: unknown): void {
  write("status", error instanceof Error ? error.message : String(error));
}

/** Fills a choice. */
export function fillSelect(
  select: HTMLSelectElement,
  options: Readonly<Record<string, string>>,
  chosen: string,
): void {
  select.replaceChildren(
    ...Object.entries(options).map(([value, text]) =>
      new Option(text, value, value === chosen, value === chosen)
    ),
  );
}

/** Does work one at a time; of the calls that came meanwhile, it is done once more for the latest. */
export function latestOnly(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined, isStale = false;
  const loop = async (): Promise<void> => {
    do {
      isStale = false;
      await work();
    } while (isStale);
  };
  return () => {
    if (running === undefined) {
      running = loop().catch(showProblem).finally(() => running = undefined);
    } else isStale = true;
    return running;
  };
}
