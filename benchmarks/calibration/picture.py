"""The picture of the false alarms: a row a tool, a dot a cell, the line at 5 %."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from benchmarks.calibration import tables
from benchmarks.calibration.data import BY_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.calibration.store import Document

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 880.0, 236.0, 24.0, 66.0, 92.0, 50.0
RADIUS = 3.0
TICKS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
ORDER = (
    "Tidegauge",
    "Tidegauge, p ≤ 0.05",
    "NannyML 0.13, own chunks",
    "Evidently 0.7",
    "whylogs 1.6.4",
    "NannyML 0.13",
)
SAID = {
    "Tidegauge": "verdict “drift”: evidence, and it matters",
    "Tidegauge, p ≤ 0.05": "evidence alone, p ≤ 0.05",
    "Evidently 0.7": "default tests and thresholds",
    "whylogs 1.6.4": "default tests and thresholds",
    "NannyML 0.13": "defaults, by chunk",
    "NannyML 0.13, own chunks": "chunks as large as the current data",
}
STYLE = """
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#6b7d87}
.t{font-size:15px;font-weight:600;fill:#0f1f28}.n{font-size:13px;font-weight:600;fill:#22323b}
.card{fill:#fbfcfd;stroke:#d8e0e4}.g{stroke:#e3e9ec}.l{stroke:#b4530f;stroke-dasharray:4 3}.w{fill:#b4530f}
.o{fill:#1f7f95}.c{fill:none;stroke:#1f7f95;stroke-width:1.3}
@media(prefers-color-scheme:dark){text{fill:#8699a3}.t{fill:#f1f6f8}.n{fill:#d5dfe4}
.card{fill:#10181d;stroke:#27343b}.g{stroke:#223038}.l{stroke:#f0a35e}.w{fill:#f0a35e}.o{fill:#4fb6cc}.c{stroke:#4fb6cc}}
"""


def write(document: Document, path: Path) -> None:
    """Draw the false alarms of every tool; nothing when no peer has been measured."""
    columns = tables.peer_columns(document)
    populations = {row["cell"]: row["population"] for row in document["peers"]}
    names = [name for name in ORDER if columns.get(name)]
    if not document["peers"]:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_svg(names, columns, populations), encoding="utf-8")


def _svg(names: list[str], columns: dict[str, dict[str, float]], populations: dict[str, str]) -> str:
    height = TOP + ROW * len(names) + FOOT
    label = "False alarms of Tidegauge and its peers on data that has not changed"
    legend = (
        "Each dot is one cell of the grid: a population and two sizes. Filled: numbers. Open: categories."
    )
    box = f'width="{WIDTH - 1:g}" height="{height - 1:g}" rx="10"'
    view = f'viewBox="0 0 {WIDTH:g} {height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} role="img" aria-label="{label}">',
        f"<style>{STYLE}</style>",
        f'<rect class="card" x=".5" y=".5" {box}/>',
        '<text class="t" x="24" y="32">False alarms on data that has not changed</text>',
        f'<text x="24" y="51">{legend}</text>',
    ]
    bottom = TOP + ROW * len(names)
    for tick in TICKS:
        x = _x(tick)
        style = "l" if tick == 0.05 else "g"
        parts.append(f'<line class="{style}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP:g}" y2="{bottom:g}"/>')
        label = "w" if tick == 0.05 else "k"
        parts.append(
            f'<text class="{label}" x="{x:.1f}" y="{bottom + 18:g}" text-anchor="middle">{tick:.0%}</text>'
        )
    parts.append(f'<text x="{_x(0):.1f}" y="{bottom + 36:g}">share of comparisons that raise an alarm</text>')
    for place, name in enumerate(names):
        parts += _row(name, columns[name], populations, TOP + ROW * (place + 0.5))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(name: str, rates: dict[str, float], populations: dict[str, str], middle: float) -> list[str]:
    above = sum(rate > 0.2 for rate in rates.values())
    parts = [
        f'<text class="n" x="24" y="{middle - 10:g}">{escape(name.partition(",")[0])}</text>',
        f'<text x="24" y="{middle + 7:g}">{escape(SAID[name])}</text>',
        f'<text x="24" y="{middle + 23:g}">{above} of {len(rates)} cells above 20 %</text>',
    ]
    taken: list[tuple[float, float]] = []
    for cell, rate in sorted(rates.items(), key=lambda pair: pair[1]):
        x = _x(rate)
        y = _free(x, middle, taken)
        taken.append((x, y))
        style = "c" if BY_NAME[populations[cell]].categories else "o"
        parts.append(f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:g}"/>')
    return parts


def _free(x: float, middle: float, taken: list[tuple[float, float]]) -> float:
    """The height nearest to the middle where a dot touches no other; where all is full, dots overlap."""
    near = [(there, y) for there, y in taken if abs(there - x) < 2 * RADIUS]
    for step in range(int(ROW / 2)):
        for sign in (1, -1):
            y = middle + sign * step
            if abs(y - middle) < ROW / 2 - 8 and all(
                math.dist((x, y), dot) >= 2 * RADIUS - 0.2 for dot in near
            ):
                return y
    return middle + (hash((x, len(near))) % int(ROW - 20)) - (ROW - 20) / 2


def _x(rate: float) -> float:
    """Square roots leave room where 5 % is."""
    return LEFT + 16 + (WIDTH - LEFT - RIGHT - 32) * math.sqrt(rate)
