"""Check that what is public is documented.

Every name in ``tidegauge.__all__`` has a docstring, an example in it (exceptions are excused), a
docstring on each public member, keyword-only parameters after the second, a place in docs/reference
and in the table of its first page; so has every command and option of the command line its place.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import tidegauge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs/reference"
POSITIONAL = 2  # parameters that may be given by position; what follows is keyword-only
COMMAND_PAGE = REFERENCE / "command-line.md"


def main() -> int:
    """Print every breach; return 1 if there is one."""
    breaches = [*name_breaches(), *command_breaches()]
    for breach in breaches:
        print(breach)
    print(
        "check_api:",
        f"{len(breaches)} breaches" if breaches else f"{len(tidegauge.__all__)} names documented",
    )
    return 1 if breaches else 0


def name_breaches() -> Iterator[str]:
    """Yield what is missing for the public names."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in sorted(REFERENCE.glob("*.md")))
    index = (REFERENCE / "index.md").read_text(encoding="utf-8")
    for name in tidegauge.__all__:
        value = getattr(tidegauge, name)
        if f"`{name}`" not in index:
            yield f"tidegauge.{name} is not in the table of docs/reference/index.md"
        if not re.search(rf"^::: tidegauge\.(\w+\.)*{name}$", pages, flags=re.MULTILINE):
            yield f"tidegauge.{name} is in no page of docs/reference (`::: tidegauge.{name}`)"
        if isinstance(value, str) or inspect.ismodule(value):
            continue
        text = inspect.getdoc(value) or ""
        if not text:
            yield f"tidegauge.{name} has no docstring"
        elif ">>>" not in text and not is_exception(value):
            yield f"tidegauge.{name} has no example in its docstring"
        if inspect.isfunction(value):
            yield from positional_breaches(f"tidegauge.{name}", value)
        if inspect.isclass(value) and not is_exception(value):
            yield from member_breaches(value)


def is_exception(value: object) -> bool:
    """Tell whether a value is a class of errors."""
    return isinstance(value, type) and issubclass(value, BaseException)


def member_breaches(owner: type) -> Iterator[str]:
    """Yield the public methods and properties without a docstring."""
    for name, member in vars(owner).items():
        if name.startswith("_"):
            continue
        if inspect.isfunction(member):
            yield from positional_breaches(f"tidegauge.{owner.__name__}.{name}", member)
        documentable = callable(member) or isinstance(member, (property, classmethod, staticmethod))
        if documentable and not inspect.getdoc(member):
            yield f"tidegauge.{owner.__name__}.{name} has no docstring"


def positional_breaches(where: str, function: Callable[..., object]) -> Iterator[str]:
    """Yield a function that takes too many arguments by position."""
    kinds = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    taken = [name for name, each in inspect.signature(function).parameters.items() if each.kind in kinds]
    if len([name for name in taken if name != "self"]) > POSITIONAL:
        yield f"{where} takes {len(taken)} arguments by position; at most {POSITIONAL}, then keyword-only"


def command_breaches() -> Iterator[str]:
    """Yield the commands and options that the reference does not mention."""
    page = COMMAND_PAGE.read_text(encoding="utf-8")
    listing = command_help().partition("\ncommands:\n")[2].partition("\n\n")[0]
    commands = re.findall(r"^ {4}([a-z-]+) ", listing, flags=re.MULTILINE)
    if not commands:
        yield "tidegauge --help lists no commands"
    for command in commands:
        if f"## `tidegauge {command}`" not in page:
            yield f"tidegauge {command} has no section in {COMMAND_PAGE.relative_to(ROOT)}"
        for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", command_help(command)))):
            if not re.search(rf"`{option}\b", page):
                yield f"tidegauge {command} {option} is not in {COMMAND_PAGE.relative_to(ROOT)}"


def command_help(*command: str) -> str:
    """Return what ``--help`` prints."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    arguments = [sys.executable, "-m", "tidegauge", *command, "--help"]
    return subprocess.run(arguments, check=True, capture_output=True, text=True, env=environment).stdout


if __name__ == "__main__":
    sys.exit(main())
