"""Where figures go: a table on the terminal and a JSON file for each benchmark."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import os
import platform
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figure import Figure, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).resolve().parent / "results"
PEERS = ("duckdb", "polars", "pandas", "pyarrow", "numpy", "datasketches")
HEADINGS = ("what", "us", "peer", "", "ratio", "target", "met")


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, aligned."""
    rows = [HEADINGS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = []
    for row in rows:
        left = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join((left, *rest)).rstrip())
    lines.insert(1, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, ...]:
    ratio, met = figure.ratio(), figure.met()
    return (
        figure.what,
        readable(statistics.median(figure.ours), figure.unit) if figure.ours else "?",
        figure.peer or "",
        readable(statistics.median(figure.theirs), figure.unit) if figure.theirs else "",
        f"{ratio:.3g} x" if ratio is not None else "",
        figure.target.text(figure.unit) if figure.target else "",
        {None: "", True: "yes", False: "NO"}[met],
    )


def write(name: str, title: str, figures: Sequence[Figure], *, quick: bool) -> Path:
    """Write the figures of one benchmark to `benchmarks/results/<name>.json`.

    Quick runs go to `results/quick/`, which git ignores.
    """
    folder = FOLDER / "quick" if quick else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    document = {
        "benchmark": name,
        "title": title,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "figures": [figure.to_dict() for figure in figures],
    }
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return path


def machine() -> dict[str, object]:
    """What the figures were measured on: nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")


def versions() -> dict[str, str]:
    """Versions of Python, Tidegauge and the peers."""
    found = {"python": platform.python_version()}
    try:
        from tidegauge import _kernel

        found["tidegauge"] = _kernel.__version__
    except ImportError:
        found["tidegauge"] = "not built"
    for peer in PEERS:
        found[peer] = importlib.metadata.version(peer)
    return found
