import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { testStorage } from "./storage_conformance.ts";

testStorage("memory", () => Promise.resolve(new MemoryStorage()));
