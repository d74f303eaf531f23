"""Where the answers are kept: one JSON document, its rows replaced cell by cell."""

from __future__ import annotations

import datetime as dt
import fcntl
import importlib.metadata
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks import results

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.calibration.cells import Cell

TITLE = "False alarms and power of comparisons, beside exact tests and the peers' defaults"
PARTS = ("null", "power", "families", "peers")

Row = dict[str, Any]
Document = dict[str, Any]


def path(*, quick: bool) -> Path:
    """Return the file; that of quick runs is ignored by git."""
    folder = results.FOLDER / "quick" if quick else results.FOLDER
    return folder / "calibration.json"


def read(*, quick: bool) -> Document:
    """Return what is kept; empty parts when there is nothing yet."""
    file = path(quick=quick)
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {part: kept.get(part, []) for part in PARTS}


def update(part: str, rows: list[Row], *, quick: bool) -> None:
    """Put rows in the place of those of the same cell and tool; keep the others."""
    with _locked(quick=quick):
        document = read(quick=quick)
        fresh = {_key(row): row for row in rows}
        document[part] = [fresh.pop(_key(row), row) for row in document[part]] + list(fresh.values())
        _write(document, quick=quick)


def keep_only(cells: set[str], *, quick: bool) -> None:
    """Forget our rows of cells that the grid has no more."""
    with _locked(quick=quick):
        document = read(quick=quick)
        for part in ("null", "power"):
            document[part] = [row for row in document[part] if row["cell"] in cells]
        _write(document, quick=quick)


def missing(cells: list[Cell], *, quick: bool) -> list[Cell]:
    """Return the cells that have no answer of so many repetitions."""
    document = read(quick=quick)
    done = {row["cell"]: row["repetitions"] for part in ("null", "power") for row in document[part]}
    return [cell for cell in cells if done.get(cell.name, 0) < cell.repetitions]


@contextmanager
def _locked(*, quick: bool) -> Iterator[None]:
    """Let one process at a time change the file: peers and we may be measured side by side."""
    folder = path(quick=quick).parent
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(document: Document, *, quick: bool) -> None:
    header = {
        "benchmark": "calibration",
        "title": TITLE,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": results.machine(),
        "versions": results.versions() | {"scipy": importlib.metadata.version("scipy")},
    }
    parts = ",\n".join(f'"{name}": [\n{_lines(document[name])}\n]' for name in PARTS)
    text = json.dumps(header, ensure_ascii=False, indent=2).removesuffix("\n}")
    path(quick=quick).write_text(f"{text},\n{parts}\n}}\n", encoding="utf-8")


def _lines(rows: list[Row]) -> str:
    """A row a line: a document of thousands of cells stays readable, and its changes too."""
    return ",\n".join(json.dumps(_rounded(row), ensure_ascii=False) for row in rows)


def _rounded(row: Row) -> Row:
    return {name: round(value, 5) if isinstance(value, float) else value for name, value in row.items()}


def _key(row: Row) -> tuple[str, str]:
    return row["cell"], row.get("tool", "")
