#!/usr/bin/env bash
#SBATCH --job-name=genhpo-bench
#SBATCH --array=0-7
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=bench-%A_%a.log
# The HPO-B protocol over eight tasks, from the root of the repository on a file system that all nodes see:
#   sbatch docs/examples/slurm/bench.sh --methods random,gp --out results
# Each task takes runs that no other one has, so their number may be any. A task that is requeued after its node
# died goes on with what is left, and the others take over what it had begun once its lease is over.
set -euo pipefail
exec deno run --no-prompt --allow-read --allow-write tasks/bench.ts \
  --workers "${SLURM_CPUS_PER_TASK:-1}" "$@"
