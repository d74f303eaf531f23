"""Draw the pictures of the README: ``python -m tools.draw_pictures PROFILE [--notebook] [--report]``.

``docs/images/profile.svg`` is what ``tidegauge show`` prints, drawn as SVG, so that it looks the same
with every font; it follows the reader's light or dark theme. With ``--notebook`` Chromium also takes
``docs/images/notebook-light.png`` and ``notebook-dark.png`` of what a notebook shows; with ``--report``,
``report-light.png`` and ``report-dark.png`` of the head of a report.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import NamedTuple

import tidegauge as tg
from tidegauge.display.html import profile_html
from tidegauge.display.terminal import profile_text, series_text

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CELL, LINE, SIZE, BASE = 7.8, 18.0, 13, 13.0
MARGIN = 18.0
TALLEST = 14.0
COLUMNS = 92
UP = "▁▂▃▄▅▆▇█"
RIGHT = "▏▎▍▌▋▊▉█"
STYLES = {"1": "b", "2": "d", "36": "a", "33": "w"}
NOTEBOOK_WIDTH = 880
REPORT_WIDTH, REPORT_HEIGHT = 1280, 1060

THEME = """
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
fill:#22323b;white-space:pre}
.card{fill:#fbfcfd;stroke:#d8e0e4}.b{font-weight:600;fill:#0f1f28}.d{fill:#6b7d87}.a{fill:#1f7f95}.w{fill:#b4530f}
.p{fill:#1f7f95;font-weight:600}
@media(prefers-color-scheme:dark){text{fill:#d5dfe4}.card{fill:#10181d;stroke:#27343b}.b{fill:#f1f6f8}.d{fill:#8699a3}
.a{fill:#4fb6cc}.w{fill:#f0a35e}.p{fill:#4fb6cc}}
"""


class Run(NamedTuple):
    """Text of one style."""

    text: str
    style: str


def main() -> int:
    """Draw the pictures; return the exit code."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the README from a profile file.")
    parser.add_argument(
        "profile", type=Path, help="profile set of the flights, by day, as `make demo` writes it"
    )
    parser.add_argument(
        "--notebook", action="store_true", help="take pictures of the notebook too; needs Chromium"
    )
    parser.add_argument("--report", action="store_true", help="take pictures of a report too; needs Chromium")
    options = parser.parse_args()
    days = tg.ProfileSet.read(options.profile)
    year = days.merge()
    lines = [
        "$ tidegauge show flights.parquet --merged",
        *profile_text(year, cells=COLUMNS, colour=True).splitlines(),
        "",
        "$ tidegauge show flights.parquet --column dep_time",
        "…",
        *series_text(days, "dep_time", cells=COLUMNS, colour=True).splitlines(),
    ]
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / "profile.svg").write_text(terminal_svg(lines), encoding="utf-8")
    if options.notebook:
        for theme in ("light", "dark"):
            photograph(profile_html(year, max_columns=10), IMAGES / f"notebook-{theme}.png", theme)
    if options.report:
        page = tg.report(tg.compare_windows(days), title="A year of flights").html()
        for theme in ("light", "dark"):
            photograph_report(page, IMAGES / f"report-{theme}.png", theme)
    return 0


def terminal_svg(lines: list[str]) -> str:
    """Draw lines of a terminal, with their styles, as SVG."""
    width = COLUMNS * CELL + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    shapes = []
    for row, line in enumerate(lines):
        column = 0
        for run in runs(line):
            shapes += drawn(run, column, MARGIN + row * LINE)
            column += len(run.text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="A profile of a year of flights">'
        f"<style>{THEME}</style>"
        f'<rect class="card" x=".5" y=".5" width="{width - 1:.0f}" height="{height - 1:.0f}" rx="8"/>'
        + "".join(shapes)
        + "</svg>\n"
    )


def runs(line: str) -> list[Run]:
    """Split a line at its ANSI styles."""
    found, style = [], "p" if line.startswith("$ ") else ""
    for part in re.split(r"(\x1b\[[0-9]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9]*)m", part)
        if code:
            style = STYLES.get(code[1], "")
        elif part:
            found.append(Run(part, style))
    return found


def drawn(run: Run, column: int, top: float) -> list[str]:
    """Draw a run: block characters as rectangles, every word at its own place."""
    shapes = []
    for word in re.finditer(rf"[{UP}{RIGHT}]|[^\s{UP}{RIGHT}]+", run.text):
        left = MARGIN + (column + word.start()) * CELL
        text = word[0]
        named = f' class="{run.style}"' if run.style else ""
        if text in UP or text in RIGHT:
            wide = (RIGHT.index(text) + 1) / 8 if text in RIGHT and text != "█" else 1.0
            tall = (UP.index(text) + 1) / 8 * TALLEST if text in UP else TALLEST * 0.8
            place = f'x="{left:.1f}" y="{top + LINE - 3 - tall:.1f}"'
            size = f'width="{wide * (CELL - 0.8):.1f}" height="{tall:.1f}"'
            shapes.append(f"<rect{named} {place} {size}/>")
        else:
            size = f'textLength="{len(text) * CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
            shapes.append(f'<text{named} x="{left:.1f}" y="{top + BASE:.1f}" {size}>{escape(text)}</text>')
    return shapes


def photograph(fragment: str, target: Path, theme: str) -> None:
    """Let Chromium take a picture of a fragment, exactly as high as it is."""
    page = (
        f'<!doctype html><html data-theme="{theme}"><meta charset="utf-8">'
        f'<body style="margin:0;width:{NOTEBOOK_WIDTH}px">{fragment}'
        "<script>document.title=Math.ceil(document.body.getBoundingClientRect().height)</script>"
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        dom = chromium(folder, "--dump-dom", source.as_uri())
        measured = re.search(r"<title>(\d+)</title>", dom)
        height = int(measured[1]) if measured else 1000
        window = f"--window-size={NOTEBOOK_WIDTH},{height}"
        chromium(folder, window, "--force-device-scale-factor=1.5", f"--screenshot={target}", source.as_uri())


def photograph_report(page: str, target: Path, theme: str) -> None:
    """Let Chromium take a picture of the head of a page, as a reader with that theme sees it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        scheme = f"--blink-settings=preferredColorScheme={int(theme == 'light')}"
        window = f"--window-size={REPORT_WIDTH},{REPORT_HEIGHT}"
        chromium(folder, scheme, window, f"--screenshot={target}", source.as_uri())


def chromium(folder: str, *arguments: str) -> str:
    """Run Chromium without a window and without the network; return what it prints."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is not installed; leave --notebook out, or install it")
    quiet = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--hide-scrollbars",
    )
    offline = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    command = [program, *quiet, *offline, f"--user-data-dir={folder}/chromium", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


if __name__ == "__main__":
    sys.exit(main())
