import { assertEquals } from "@std/assert";

/** The house as its imports draw it: which files, and which folders, a file of the sources imports from. */
function drawHouse(): { files: Map<string, Set<string>>; folders: Map<string, Set<string>> } {
  const files = new Map<string, Set<string>>(), folders = new Map<string, Set<string>>();
  for (const floor of ["core", "baselines", "hpob", "tasks"]) visit(floor);
  return { files, folders };

  function visit(folder: string): void {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory && name !== "assembly") visit(path);
      else if (name.endsWith(".ts")) draw(folder, path);
    }
  }

  function draw(folder: string, path: string): void {
    const imported = new Set<string>();
    for (const [, specifier] of Deno.readTextFileSync(path).matchAll(/ from "(\.[^"]+)"/g)) {
      imported.add(new URL(specifier, `file:///${path}`).pathname.slice(1));
    }
    files.set(path, imported);
    const rooms = folders.get(folder) ?? new Set();
    for (const file of imported) {
      const room = file.slice(0, file.lastIndexOf("/"));
      if (room !== folder) rooms.add(room);
    }
    folders.set(folder, rooms);
  }
}

/** A circle of arrows, as a path that ends where it began; undefined where there is none. */
function findCircle(arrows: Map<string, Set<string>>): string[] | undefined {
  const done = new Set<string>(), path: string[] = [];
  const walk = (from: string): string[] | undefined => {
    if (path.includes(from)) return [...path.slice(path.indexOf(from)), from];
    if (done.has(from)) return undefined;
    path.push(from);
    for (const to of arrows.get(from) ?? []) {
      const circle = walk(to);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(from);
    return undefined;
  };
  for (const from of arrows.keys()) {
    const circle = walk(from);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

Deno.test("circles are found where there are some", () => {
  const arrows = new Map([["a", new Set(["b"])], ["b", new Set(["c"])], ["c", new Set(["b"])]]);
  assertEquals(findCircle(arrows), ["b", "c", "b"]);
});

const house = drawHouse();

Deno.test("no files import each other in a circle", () => {
  assertEquals(findCircle(house.files), undefined);
});

Deno.test("no folders import from each other in a circle", () => {
  assertEquals(findCircle(house.folders), undefined);
});

Deno.test("inside core, the study and the diffusion model stand on the search, beside each other", () => {
  const rooms = (room: string): string[] =>
    [...house.folders].filter(([folder]) => `${folder}/`.startsWith(`core/${room}/`))
      .flatMap(([, imported]) => [...imported]).map((folder) => folder.split("/")[1]);
  const allowed: Record<string, string[]> = {
    numerics: [],
    search: ["numerics"],
    study: ["search", "numerics"],
    diffusion: ["search", "numerics"],
    storage: ["study", "search"],
    trials: ["study", "search"],
  };
  for (const [room, below] of Object.entries(allowed)) {
    const above = rooms(room).filter((other) => other !== room && !below.includes(other));
    assertEquals([...new Set(above)], [], `core/${room} must not import from there`);
  }
});
