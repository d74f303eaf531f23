"""Run the benchmarks.

    python benchmarks/run.py                    # all of them
    python benchmarks/run.py arrow record       # some
    python benchmarks/run.py --quick            # fewer rounds and trials, results not kept in git
    python benchmarks/run.py --list

Any Python runs this: it makes the environments (once), then starts each benchmark in a process of its
own in the environment `living`. Nothing here asserts a time; the exit code tells whether it could measure.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import environments  # noqa: E402

CASES = {
    "arrow": "Arrow tables in memory, beside DuckDB, polars and whylogs",
    "memory": "Peak memory above the table's own",
    "parquet": "A Parquet file by the command line, beside DuckDB and pyarrow",
    "record": "Records one by one, beside whylogs",
    "logger": "A logger with windows, segments and checkpoints: rate, single calls, a day's memory",
    "logger_kill": "A logger that is killed again and again: what is lost",
    "fastapi": "A FastAPI endpoint, beside the same without a logger",
    "small": "Small batches, and growth over a million calls",
    "wide": "A wide table beside narrow ones",
    "correlation": "Correlation of 50 columns beside the profile without it, and beside NumPy",
    "correlation_alarms": "False alarms of compared correlations, whatever the tails",
    "segments": "Segments, beside none and beside a group-by",
    "samplers": "What samplers cost",
    "many_files": "Files in a folder, a week of them merged by day, beside DuckDB",
    "profiles": "The profile as a file: size, write, read, merge",
    "weight": "Import time and size of the wheel",
    "compare": "Comparisons of wide profiles, and the classical measures",
    "suggest": "Suggested suites: false alarms, and faults caught, beside Evidently's presets",
    "compare_evidently": "Profile and compare, beside Evidently's drift preset",
    "report": "Reports as HTML pages: time and size",
    "accuracy_quantiles": "Rank error of quantiles",
    "accuracy_cardinality": "Error of distinct counts",
    "accuracy_items": "Bounds of frequent items",
    "accuracy_moments": "Moments beside extended precision",
}


def main() -> int:
    """Parse the command line, run the chosen benchmarks, print one table."""
    arguments = _parser().parse_args()
    if arguments.list:
        print("\n".join(f"{name:22} {title}" for name, title in CASES.items()))
        return 0
    if arguments.inside:
        return _inside(arguments.names[0], quick=arguments.quick)
    unknown = [name for name in arguments.names if name not in CASES]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(CASES)}", file=sys.stderr)
        return 2
    python = environments.prepare("living")
    environments.prepare("bare")
    failed = [
        name
        for name in arguments.names or CASES
        if subprocess.run(_command(python, name, quick=arguments.quick), cwd=ROOT, check=False).returncode
    ]
    if failed:
        print(f"could not measure: {', '.join(failed)}", file=sys.stderr)
    return 2 if failed else 0


def _command(python: Path, name: str, *, quick: bool) -> list[str]:
    options = ["--quick"] if quick else []
    return [str(python), str(Path(__file__).resolve()), "--inside", *options, name]


def _inside(name: str, *, quick: bool) -> int:
    from benchmarks import results

    case = importlib.import_module(f"benchmarks.cases.{name}")
    load = os.getloadavg()[0]
    print(f"\n{name}: {CASES[name]}", flush=True)
    if load > 0.5:
        print(f"(the machine is not quiet: load {load:.1f}; ratios hold better than times)", flush=True)
    figures = case.run(quick=quick)
    print(results.table(figures))
    for figure in figures:
        if figure.note:
            print(f"  {figure.what}: {figure.note}")
    results.write(name, CASES[name], figures, quick=quick)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure Tidegauge beside its peers.")
    parser.add_argument("names", nargs="*", help="benchmarks to run; all when none is given")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller data")
    parser.add_argument("--list", action="store_true", help="name the benchmarks")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
