"""The peers' side of the grid: their defaults on the same samples, each in its own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import environments
from benchmarks.calibration import store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.calibration.cells import Cell

SCRIPTS = Path(__file__).resolve().parent.parent / "peers"
TOOLS = {"evidently": "Evidently 0.7", "nannyml": "NannyML 0.13", "whylogs": "whylogs 1.6.4"}
# None of them may report its use over the network: it would be measured too.
SILENT = {"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1", "WHYLOGS_NO_ANALYTICS": "True"}
LARGEST = 50_000


def suitable(cells: list[Cell], *, quick: bool) -> list[Cell]:
    """Return the cells that tools with raw data in memory can take, with fewer repetitions."""
    chosen = []
    for cell in cells:
        largest = max(cell.reference, cell.current)
        if cell.kind == "null" and cell.shards == (1, 1) and largest <= LARGEST:
            repetitions = 20 if quick else 50 if largest < LARGEST else 20
            chosen.append(replace(cell, repetitions=repetitions))
    return sorted(chosen, key=lambda cell: cell.current == LARGEST)


def run(cells: list[Cell], tools: list[str], *, quick: bool, resume: bool) -> None:
    """Ask every tool about every cell; answers are kept one by one, for a run takes long."""
    for tool in tools:
        start = time.monotonic()
        asked = _unanswered(cells, tool, quick=quick) if resume else cells
        for number, answer in enumerate(_answers(tool, asked), start=1):
            store.update("peers", [{"tool": TOOLS[tool], **answer}], quick=quick)
            spent = time.monotonic() - start
            print(
                f"\r{tool}: {number} of {len(asked)} cells, {spent:.0f} s ",
                end="",
                file=sys.stderr,
                flush=True,
            )
        print(file=sys.stderr)


def _unanswered(cells: list[Cell], tool: str, *, quick: bool) -> list[Cell]:
    answered = {row["cell"] for row in store.read(quick=quick)["peers"] if row["tool"] == TOOLS[tool]}
    return [cell for cell in cells if cell.name not in answered]


def _answers(tool: str, cells: list[Cell]) -> Iterator[store.Row]:
    asked = {cell.name: cell for cell in cells}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as errors:
        question = Path(folder) / "cells.json"
        question.write_text(json.dumps([_question(cell) for cell in cells]), encoding="utf-8")
        command = [str(environments.prepare(tool)), str(SCRIPTS / f"{tool}_drift.py"), str(question)]
        silent = os.environ | SILENT
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=silent) as child:
            for line in child.stdout or ():
                answer = json.loads(line)
                cell = asked[answer["cell"]]
                yield {**_question(cell), **answer, "rate": answer["alarms"] / max(answer["judged"], 1)}
        if child.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{errors.read()}")


def _question(cell: Cell) -> store.Row:
    return {
        "cell": cell.name,
        "population": cell.population.name,
        "reference": cell.reference,
        "current": cell.current,
        "repetitions": cell.repetitions,
    }
