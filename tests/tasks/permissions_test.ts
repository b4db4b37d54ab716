import { assert, assertEquals } from "@std/assert";
import { permissionsOf as ofAdvise } from "../../tasks/advise/settings.ts";
import { permissionsOf as ofImport } from "../../tasks/import/settings.ts";
import { permissionsOf as ofServe } from "../../tasks/serve/permissions.ts";
import { permissionsForStorages } from "../../tasks/shared/storage_permissions.ts";
import { permissionsOf as ofTune } from "../../tasks/tune/permissions.ts";

/** The flags of each command's process on a storage. */
function flagsOn(storage: string): Record<string, string[]> {
  const response = { kind: "file", file: "metrics.json", key: "loss" } as const;
  return {
    tune: ofTune({ storage, permit: ["python3"], out: "out", response }),
    serve: ofServe({ storage, host: "127.0.0.1", port: 1 }),
    advise: ofAdvise({ storage }),
    import: ofImport({ storage, source: { text: "" } }),
    export: permissionsForStorages([storage]),
  };
}

Deno.test("working processes may do what their command lines name, and nothing without a name", () => {
  for (const url of ["sqlite:a.db", "postgres://me:secret@host:5/db", "memory:"]) {
    for (const [command, flags] of Object.entries(flagsOn(url))) {
      for (const flag of flags) assert(/^--allow-[a-z]+=./.test(flag), `${command}: ${flag}`);
      const of = (kind: string) => flags.find((flag) => flag.startsWith(`--allow-${kind}=`));
      assertEquals(of("run"), command === "tune" ? "--allow-run=python3,kill" : undefined);
      const server = url.startsWith("postgres") ? "host:5" : "";
      const own = command === "serve" ? "127.0.0.1:1" : "";
      const servers = [own, server].filter((one) => one !== "").join(",");
      assertEquals(of("net"), servers === "" ? undefined : `--allow-net=${servers}`);
      const files = url.startsWith("sqlite")
        ? ["a.db", "a.db-wal", "a.db-shm", "a.db-journal"]
        : [];
      const written = [...command === "tune" ? ["out"] : [], ...files].join(",");
      assertEquals(of("write"), written === "" ? undefined : `--allow-write=${written}`);
      assert(!flags.join(" ").includes("secret"));
    }
  }
});
