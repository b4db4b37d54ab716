/** Elements of the page. Whatever comes from a study is text, never markup. */

/** A new element with its properties and children. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

/** A value as people read it: six digits, or a dash for nothing. */
export function shown(value) {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** Names and values below each other. */
export function listOf(values) {
  const rows = Object.entries(values).flatMap(([name, value]) => [
    make("dt", { textContent: name }),
    make("dd", { textContent: typeof value === "object" ? JSON.stringify(value) : shown(value) }),
  ]);
  return make("dl", {}, ...rows);
}

/** Offers these choices; whether they are others than before. */
export function fillSelect(select, choices) {
  const key = choices.join("\n");
  if (select.dataset.choices === key) return false;
  select.dataset.choices = key;
  select.replaceChildren(...choices.map((textContent) => make("option", { textContent })));
  return true;
}

const views = new WeakMap();

/**
 * Draws a figure of Vega-Lite into an element, in place of the one before. Expressions are interpreted, as the page's
 * policy allows no `eval`.
 */
export async function draw(element, figure, theme) {
  views.get(element)?.finalize();
  const { spec } = vegaLite.compile(
    { autosize: { type: "fit-x", contains: "padding" }, ...figure },
    {
      config: theme.config,
      logger: quiet,
    },
  );
  const view = new vega.View(vega.parse(spec, null, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "canvas",
    container: element,
    logLevel: vega.Error,
  });
  views.set(element, view);
  return await view.runAsync();
}

const quiet = {
  level: () => quiet,
  error: (...messages) => (console.error(...messages), quiet),
  warn: () => quiet,
  info: () => quiet,
  debug: () => quiet,
};
