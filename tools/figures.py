"""Write the measured figures of benchmarks/results into README.md and the page on calibration, between marks.

``--check`` only tells whether they are as they should be. Without results a section is left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.calibration import figures as calibration
from benchmarks.calibration import store
from benchmarks.figure import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
README, CALIBRATION = ROOT / "README.md", ROOT / "docs/concepts/calibration.md"
BEGIN, END = "<!-- figures: written by tools/figures.py -->", "<!-- end of figures -->"
SHOWN = ("compare_evidently", "arrow", "parquet", "record", "segments", "many_files", "fastapi", "profiles")


def main() -> int:
    """Write the sections, or compare them."""
    sections = ((README, section()), (CALIBRATION, calibration.section(store.read(quick=False))))
    return max(put(page, text) for page, text in sections)


def put(page: Path, figures: str) -> int:
    """Put a section into a page, or tell whether it is there; return the exit code."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        print(f"{page.name} has not both marks, {BEGIN} and {END}")
        return 2
    fresh = f"{before}{BEGIN}\n{figures}{END}{after}"
    if "--check" in sys.argv[1:]:
        if fresh != text:
            print(f"the figures in {page.name} are not those of benchmarks/results; run `make format`")
        return int(fresh != text)
    page.write_text(fresh, encoding="utf-8")
    return 0


def section() -> str:
    """Return the section as Markdown; empty without results."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in result_files()]
    # A figure with two targets is one row.
    rows = list(dict.fromkeys(row for document in documents for row in figure_rows(document)))
    if not rows:
        return ""
    machine = documents[0]["machine"]
    where = f"{machine['cores']} cores ({machine['processor']})"
    lines = [
        "## Figures",
        "",
        f"Measured by `make bench` on {where}, all tools on the same data in the same run. The ratio is what",
        "counts; what is measured, and how far to trust it, is in [benchmarks](benchmarks/README.md).",
        "",
        "| what | Tidegauge | beside | | ratio |",
        "|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n\n"


def result_files() -> Iterator[Path]:
    """Yield the results that are shown, in order."""
    for name in SHOWN:
        path = ROOT / "benchmarks/results" / f"{name}.json"
        if path.exists():
            yield path


def figure_rows(document: dict[str, Any]) -> Iterator[str]:
    """Yield a row of the table for each figure that has a peer."""
    for figure in document["figures"]:
        if not figure["peer"] or not figure["theirs"] or not figure["ratio"]:
            continue
        ours = readable(figure["ours"]["median"], figure["unit"])
        theirs = readable(figure["theirs"]["median"], figure["unit"])
        subject = document["title"].partition(",")[0]
        yield f"| {subject}: {figure['what']} | {ours} | {figure['peer']} | {theirs} | {ratio_of(figure)} |"


def ratio_of(figure: dict[str, Any]) -> str:
    """Return the ratio in words."""
    ratio = figure["ratio"]["median"]
    number = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"
    if figure["ratio"]["of"] == "ours / peer":
        return f"{number} × as much"
    return f"{number} × {'faster' if figure['unit'] == 's' else 'less'}"


if __name__ == "__main__":
    sys.exit(main())
