"""Runs the examples of README.md, docs/ and contracts/: each page is one program.

On one page the blocks share their names and a fresh folder that holds `trips.parquet`, `trips.csv` and
`lake/` (see `tests/sample.py`). Blocks of Python and SQL (by DuckDB) are run; in blocks marked `console`
every line that starts with `$ ` is run by the shell, and if the block shows output it must be the
output, `...` standing for anything.
"""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

from tests.sample import write_sample

if TYPE_CHECKING:
    from sybil import Example

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_sql(example: Example) -> None:
    """Run the statements of one block with DuckDB."""
    import duckdb

    duckdb.connect().sql(str(example.parsed)).to_arrow_table()


def run_console(example: Example) -> None:
    """Run the commands of one block and compare what they print, where the block shows it."""
    for command, expected in console_commands(str(example.parsed)):
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, env=environment, check=False, timeout=120
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if expected and not doctest.OutputChecker().check_output(expected, done.stdout, OPTIONS):
            pytest.fail(f"{command}\nexpected:\n{expected}\ngot:\n{done.stdout}", pytrace=False)


def console_commands(block: str) -> list[tuple[str, str]]:
    """Split a block into commands, each with the output that follows it."""
    commands: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            commands.append((line[2:], ""))
        elif commands and commands[-1][0].endswith("\\\n"):
            commands[-1] = (commands[-1][0] + line, "")
        elif commands:
            commands[-1] = (commands[-1][0], commands[-1][1] + line)
    return commands


def open_page(namespace: dict[str, Any]) -> None:
    """Enter a fresh folder with sample data before the first block of a page."""
    folder = tempfile.TemporaryDirectory()
    namespace["_folder"], namespace["_back"] = folder, Path.cwd()
    write_sample(Path(folder.name))
    os.chdir(folder.name)


def close_page(namespace: dict[str, Any]) -> None:
    """Leave the folder of a page and remove it."""
    os.chdir(namespace["_back"])
    namespace["_folder"].cleanup()


collect = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser(language="sql", evaluator=run_sql),
        CodeBlockParser(language="console", evaluator=run_console),
        SkipParser(),
    ],
    pattern="*.md",
    path=str(ROOT),
    excludes=[".*/**", "build/**", "CHANGELOG.md"],
    setup=open_page,
    teardown=close_page,
).pytest()
