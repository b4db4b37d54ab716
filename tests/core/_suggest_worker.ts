import { serveJobs } from "../../tasks/_pool.ts";
import { suggest } from "./_suggest.ts";

serveJobs(suggest);
