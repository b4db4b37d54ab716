/**
 * Rules of this house for `deno lint`: what a review would otherwise have to ask for by hand.
 *
 * @module
 */

/** Largest number of lines of a source file. */
const largestFile = 350;

/** Which floors a floor may import from; it may always import from itself. */
const floors: Record<string, readonly string[]> = {
  core: [],
  baselines: ["core"],
  hpob: ["core"],
  tasks: ["core", "baselines", "hpob"],
};

/** The checkout that this plugin belongs to. */
const root = new URL("../../", import.meta.url).pathname;

/** Folder parts of a file, from the first floor on; empty outside of the checkout. */
function placeOf(path: string): string[] {
  return path.startsWith(root) ? path.slice(root.length).split("/") : [];
}

/** Where a relative import leads, as folder parts; undefined for packages. */
function resolve(place: readonly string[], specifier: string): string[] | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const target = place.slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") target.pop();
    else if (part !== ".") target.push(part);
  }
  return target;
}

const plugin: Deno.lint.Plugin = {
  name: "genhpo",
  rules: {
    "imports-go-down": {
      create(context) {
        const place = placeOf(context.filename), floor = place[0];
        const check = (node: { source: Deno.lint.StringLiteral | null }): void => {
          const target = node.source && resolve(place, node.source.value);
          if (!target || !Object.hasOwn(floors, floor)) return;
          if (target[0] === floor || floors[floor].includes(target[0])) return;
          context.report({
            node: node.source!,
            message: `${floor} must import from ${
              [floor, ...floors[floor]].join(", ")
            } alone: got ${node.source!.value}`,
          });
        };
        return {
          ImportDeclaration: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
        };
      },
    },
    "private-files-stay-home": {
      create(context) {
        const place = placeOf(context.filename);
        const check = (node: { source: Deno.lint.StringLiteral | null }): void => {
          const target = node.source && resolve(place, node.source.value);
          if (!target?.at(-1)?.startsWith("_") || place[0] === "tests") return; // tests look inside
          if (target.slice(0, -1).join("/") === place.slice(0, -1).join("/")) return;
          context.report({
            node: node.source!,
            message: `A file that begins with _ is private to its folder: got ${
              node.source!.value
            }`,
          });
        };
        return {
          ImportDeclaration: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
        };
      },
    },
    "no-unseeded-randomness": {
      create(context) {
        const floor = placeOf(context.filename)[0];
        if (!["core", "baselines", "hpob"].includes(floor)) return {};
        return {
          'MemberExpression[object.name="Math"][property.name="random"]'(node) {
            context.report({ node, message: "Randomness must come from a keyed Random stream" });
          },
        };
      },
    },
    "properties-are-seeded": {
      create(context) {
        return {
          'CallExpression[callee.object.name="fc"][callee.property.name="assert"]'(node) {
            const options = (node as Deno.lint.CallExpression).arguments[1];
            if (options !== undefined && /\bseed\b/.test(context.sourceCode.getText(options))) {
              return;
            }
            context.report({
              node,
              message: "A property must be tried with a seed: fc.assert(..., { seed })",
            });
          },
        };
      },
    },
    "short-files": {
      create(context) {
        const place = placeOf(context.filename);
        if (place[0] === "tests" || place.length === 0) return {};
        return {
          Program(node) {
            const lines = context.sourceCode.text.split("\n").length - 1;
            if (lines <= largestFile || /^\/\/ Generated /.test(context.sourceCode.text)) return;
            context.report({
              node,
              message: `A file must have at most ${largestFile} lines: got ${lines}`,
            });
          },
        };
      },
    },
    "errors-say-what-was-given": {
      create(context) {
        const floor = placeOf(context.filename)[0];
        if (!["core", "baselines", "hpob"].includes(floor)) return {};
        return {
          "NewExpression[callee.name=/^(TypeError|RangeError|InputError)$/]"(node) {
            const text = literalStart((node as Deno.lint.NewExpression).arguments[0]);
            if (text === undefined || text.startsWith("Cannot ")) return;
            context.report({
              node,
              message: `An error must say action, requirement and what was given, as in ` +
                `"Cannot open the file as 'mode' must be r or w: got x": got "${text}"`,
            });
          },
        };
      },
    },
    "defaults-in-braces": {
      create(context) {
        return {
          Program() {
            for (const comment of context.sourceCode.getAllComments()) {
              if (comment.type !== "Block" || !/@default (?!\{)/.test(comment.value)) continue;
              context.report({
                range: comment.range,
                message: "A default is written @default {value}",
              });
            }
          },
        };
      },
    },
  },
};

/** The text of a literal, a template or a sum of them, with … for what is filled in; undefined for others. */
function literalStart(node: Deno.lint.Expression | Deno.lint.SpreadElement): string | undefined {
  if (node?.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node?.type === "TemplateLiteral") {
    const text = node.quasis.map(({ cooked, raw }) => cooked ?? raw).join("…");
    return text.startsWith("…") ? undefined : text; // begins with a text that is made elsewhere
  }
  if (node?.type !== "BinaryExpression") return undefined;
  const [left, right] = [literalStart(node.left as Deno.lint.Expression), literalStart(node.right)];
  return left === undefined ? undefined : left + (right ?? "…");
}

export default plugin;
