"""Measure false alarms and power, ours and the peers'.

    python -m benchmarks.calibration                        # everything: about two hours on one core
    python -m benchmarks.calibration --quick                # small cells, few repetitions
    python -m benchmarks.calibration --cells null/normal/ --only ours
    python -m benchmarks.calibration --only nothing         # print what is kept

Any Python 3.11 starts it; it makes the environments once. Answers go to `results/calibration.json`, cell by
cell: a run of some cells replaces those and keeps the others. The exit code says whether it could measure,
and with `--check` whether the promise held.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.calibration.cells import Cell

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("ours", "families", "evidently", "nannyml", "whylogs")


def main() -> int:
    """Parse the command line and run, inside the right environment."""
    arguments = _parser().parse_args()
    if arguments.inside:
        return _run(arguments)
    from benchmarks import environments

    python = environments.prepare("living")
    command = [str(python), "-m", "benchmarks.calibration", "--inside", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _run(arguments: argparse.Namespace) -> int:
    from benchmarks.calibration import cells, families, peers, picture, store, tables

    quick = arguments.quick
    grid = cells.grid(quick=quick, pattern=arguments.cells, share=arguments.share)
    parts = PARTS if arguments.only is None else [part for part in PARTS if part in arguments.only]
    if "ours" in parts:
        _ours(grid, arguments)
    if "families" in parts:
        for row in families.run(quick=quick, share=arguments.share):
            store.update("families", [row], quick=quick)
    tools = [tool for tool in parts if tool in peers.TOOLS]
    peers.run(peers.suitable(grid, quick=quick), tools, quick=quick, resume=arguments.resume)
    document = store.read(quick=quick)
    print(tables.text(document))
    if not quick:
        picture.write(document, ROOT / "docs/images/calibration.svg")
    return int(arguments.check and bool(tables.failing(document)))


def _ours(grid: list[Cell], arguments: argparse.Namespace) -> None:
    from benchmarks.calibration import cells, simulate, store, tally

    if arguments.cells == "*":
        store.keep_only({cell.name for cell in grid}, quick=arguments.quick)
    if arguments.resume:
        grid = store.missing(grid, quick=arguments.quick)
    for batch, tallies in simulate.run(list(cells.batches(grid)), workers=arguments.workers):
        row = tally.null_row if batch[0].kind == "null" else tally.power_row
        rows = [row(cell, tallies[cell.name]) for cell in batch]
        store.update(batch[0].kind, rows, quick=arguments.quick)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--quick", action="store_true", help="small cells, few repetitions")
    parser.add_argument(
        "--cells", default="*", metavar="PATTERN", help="only cells whose names have this in them"
    )
    parser.add_argument("--resume", action="store_true", help="only cells that have no answer yet")
    parser.add_argument("--share", type=float, default=1.0, help="a share of our repetitions, 0 to 1")
    parser.add_argument("--workers", type=int, default=1, help="processes that repeat; 1 when not given")
    parser.add_argument(
        "--only", action="append", choices=[*PARTS, "nothing"], help="only this part; may be given again"
    )
    parser.add_argument("--check", action="store_true", help="exit with 1 when a cell breaks the promise")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
