"""Write the measured figures of benchmarks/results into the pages that show them, between marks.

README.md shows a few; docs/reference/figures.md shows all, the missed targets first; the page on calibration
shows its own. ``--check`` only tells whether they are as they should be. Without results a section is left
out.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.calibration import figures as calibration
from benchmarks.calibration import store
from benchmarks.figure import readable
from benchmarks.run import CASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks/results"
README = ROOT / "README.md"
FIGURES = ROOT / "docs/reference/figures.md"
CALIBRATION = ROOT / "docs/concepts/calibration.md"
BEGIN, END = "<!-- figures: written by tools/figures.py -->", "<!-- end of figures -->"
QUIET = 0.5  # the load above which a machine is not quiet: see benchmarks/README.md


@dataclass(frozen=True)
class Shown:
    """A figure that README.md shows: how it is called there, and which one it is."""

    label: str
    case: str
    what: str
    peer: str


SHOWN = (
    Shown(
        "Profile and compare two pandas frames of 20,000 × 50",
        "compare_evidently",
        "profile and compare 2 x (20,000 x 50)",
        "Evidently 0.7 drift preset",
    ),
    Shown("Profile 1M rows × 10 columns in memory", "arrow", "1M rows", "whylogs 1.6.4"),
    Shown("Profile 10M rows × 10 columns in memory", "arrow", "10M rows", "DuckDB SUMMARIZE"),
    Shown("Profile 10M rows × 10 columns in memory", "arrow", "10M rows", "polars describe"),
    Shown("Profile a Parquet file of 10M rows: peak memory", "parquet", "10M rows, peak memory", "DuckDB"),
    Shown("Log one record of ten fields, p99", "record", "one call, p99", "whylogs track(row)"),
    Shown(
        "Profile 1M rows in 10,000 segments",
        "segments",
        "10,000 segments of 1,000,000 rows",
        "pandas group-by, log of each group",
    ),
    Shown(
        "Serve a FastAPI endpoint with a logger in it",
        "fastapi",
        "`def`: requests per second",
        "without a logger",
    ),
)


def main() -> int:
    """Write the sections, or compare them."""
    documents = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in result_files()}
    sections = (
        (README, chosen_section(documents)),
        (FIGURES, whole_section(documents)),
        (CALIBRATION, calibration.section(store.read(quick=False))),
    )
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


def result_files() -> Iterator[Path]:
    """Yield the results that there are, in the order in which they are measured."""
    for name in CASES:
        path = RESULTS / f"{name}.json"
        if path.exists():
            yield path


def chosen_section(documents: dict[str, dict[str, Any]]) -> str:
    """Return the few figures of README.md; empty without results."""
    rows = [
        f"| {shown.label} | {cells(figure_of(documents[shown.case], shown))} |"
        for shown in SHOWN
        if shown.case in documents
    ]
    if not rows:
        return ""
    lines = [
        "## Figures",
        "",
        "| what | Tidegauge | beside | | ratio |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Measured by `make bench` on {machine(documents)}, every tool on the same data in the same run.",
        noise([documents[shown.case] for shown in SHOWN if shown.case in documents]),
        "See [all figures](docs/reference/figures.md), missed targets and lost comparisons included, and",
        "[how they are measured](benchmarks/README.md).",
    ]
    return "\n".join(lines) + "\n\n"


def figure_of(document: dict[str, Any], shown: Shown) -> dict[str, Any]:
    """Return the figure that is meant; results without it are a mistake in `SHOWN`."""
    for figure in document["figures"]:
        if (figure["what"], figure["peer"]) == (shown.what, shown.peer):
            return dict(figure)
    raise SystemExit(
        f"benchmarks/results/{shown.case}.json has no figure {shown.what!r} beside {shown.peer!r}; "
        "mend SHOWN in tools/figures.py"
    )


def whole_section(documents: dict[str, dict[str, Any]]) -> str:
    """Return every figure, by benchmark, those that miss their target first; empty without results."""
    if not documents:
        return ""
    targets = [
        figure for document in documents.values() for figure in document["figures"] if figure["target"]
    ]
    missed = [
        (name, figure)
        for name, document in documents.items()
        for figure in document["figures"]
        if figure["met"] is False
    ]
    lines = [
        f"Measured on {machine(documents)}. The load is the machine's when a benchmark began;",
        f"above {QUIET:g} the machine was not quiet: trust the ratios more than the times.",
        "",
        "## Missed targets",
        "",
        f"{len(missed)} of {len(targets)} targets are missed. An *aim* is hoped for, not promised.",
        "",
        *table((f"[`{name}`](#{name}): {figure['what']}", figure) for name, figure in missed),
    ]
    for name, document in documents.items():
        told = f"{document['title']}. {document['date']}, load {document['machine']['load_before']:g}."
        rows = table((figure["what"], figure) for figure in document["figures"])
        lines += ["", f"## `{name}`", "", told, "", *rows]
    return "\n".join(lines) + "\n\n"


def table(rows: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Yield a table of figures, each with its target and its remark."""
    yield "| what | Tidegauge | beside | | ratio | target | met | remark |"
    yield "|---|---|---|---|---|---|---|---|"
    for label, figure in rows:
        met = {True: "yes", False: "**no**", None: ""}[figure["met"]]
        rest = f"{figure['target'] or ''} | {met} | {figure['note'] or ''}"
        yield f"| {label} | {cells(figure)} | {rest} |"


def cells(figure: dict[str, Any]) -> str:
    """Return our figure, the peer, the peer's figure and the ratio, as cells of a row."""
    ours = readable(figure["ours"]["median"], figure["unit"])
    theirs = readable(figure["theirs"]["median"], figure["unit"]) if figure["theirs"] else ""
    return f"{ours} | {figure['peer'] or ''} | {theirs} | {ratio_of(figure)}"


def ratio_of(figure: dict[str, Any]) -> str:
    """Return the ratio in words; empty without a peer's figure."""
    if not figure["ratio"]:
        return ""
    ratio = figure["ratio"]["median"]
    number = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"
    if figure["ratio"]["of"] == "ours / peer":
        return f"{number} × as much"
    return f"{number} × {'faster' if figure['unit'] == 's' else 'less'}"


def noise(documents: Iterable[dict[str, Any]]) -> str:
    """Return how far the times may be trusted, by the load of the machine before each benchmark."""
    load = max(document["machine"]["load_before"] for document in documents)
    busy = f" The machine was not quiet (load up to {load:.1f})." if load > QUIET else ""
    return f"Trust the ratios more than the times.{busy}"


def machine(documents: dict[str, dict[str, Any]]) -> str:
    """Return the machine in words."""
    facts = next(iter(documents.values()))["machine"]
    return f"{facts['cores']} cores ({facts['processor']})"


if __name__ == "__main__":
    sys.exit(main())
