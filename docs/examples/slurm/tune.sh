#!/usr/bin/env bash
#SBATCH --job-name=genhpo-tune
#SBATCH --array=0-7
#SBATCH --cpus-per-task=2
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=tune-%A_%a.log
# One study on many nodes, from the root of the repository:
#   sbatch docs/examples/slurm/tune.sh postgres://tuner@login-node/tuning --space space.json --trials 400 -- \
#     python3 train.py --lr {lr}
# The study is kept in a PostgreSQL that all nodes reach (never in SQLite on a network file system). --trials is the
# total of the study. A trial whose node died is tried again by another task after a minute.
set -euo pipefail
storage=$1
shift
exec deno run --no-prompt --allow-read --allow-run=deno tasks/tune.ts --storage "$storage" "$@"
