import { serveJobs } from "../../../tasks/shared/pool.ts";
import { suggest } from "./_suggest.ts";

serveJobs(suggest);
