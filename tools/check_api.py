"""Check that what is public is documented.

Every name in ``tidegauge.__all__`` has a docstring, an example in it (exceptions are excused), a
docstring on each public member, keyword-only parameters after the second, a place in docs/reference
and in the table of its first page; so has every command of the command line its section, with a row for each
argument and option that its ``--help`` knows, and for no other.
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
EVERYWHERE = {"--help", "--debug"}  # told once, for all commands


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
    """Yield what help and reference do not both say of the commands: sections, arguments, options, values."""
    sections = command_sections(COMMAND_PAGE.read_text(encoding="utf-8"))
    listing = command_help().partition("\ncommands:\n")[2].partition("\n\n")[0]
    commands = re.findall(r"^ {4}([a-z-]+) ", listing, flags=re.MULTILINE)
    if not commands:
        yield "tidegauge --help lists no commands"
    where = COMMAND_PAGE.relative_to(ROOT)
    for command in sorted({*commands, *sections}):
        if command not in sections:
            yield f"tidegauge {command} has no section in {where}"
        elif command not in commands:
            yield f"tidegauge {command} has a section in {where}, and is no command"
        else:
            yield from option_breaches(command, command_help(command), sections[command])


def command_sections(page: str) -> dict[str, str]:
    """Split the reference into what it says of each command."""
    parts = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    named = (re.match(r"`tidegauge ([a-z-]+)`\n", part) for part in parts)
    return {found[1]: part for found, part in zip(named, parts, strict=True) if found}


def option_breaches(command: str, told: str, section: str) -> Iterator[str]:
    """Yield the arguments, options and choices that only help or only reference knows.

    Args:
        command: The command's name.
        told: What its ``--help`` prints.
        section: What the reference says of it; its table has a row for each argument.
    """
    where = COMMAND_PAGE.relative_to(ROOT)
    own = told.partition("\nexamples:")[0].partition("\n\n")[2]
    rows = "\n".join(line for line in section.splitlines() if line.startswith("| `"))
    keys = "\n".join(row.split(" | ")[0] for row in rows.splitlines())
    there = set(re.findall(r"^ {2}(?:-\w[^,]*, )?(--[a-z-]+)", own, flags=re.MULTILINE)) - EVERYWHERE
    said = set(re.findall(r"`(?:-\w`, `)?(--[a-z-]+)", keys))
    for option in sorted(there - said):
        yield f"tidegauge {command} {option} has no row in {where}"
    for option in sorted(said - there):
        yield f"tidegauge {command} has no {option}, of which {where} tells"
    for name in re.findall(r"^ {2}([A-Z]+)\b", own, flags=re.MULTILINE):
        if not re.search(rf"`{name}…?`", keys):
            yield f"tidegauge {command}: {name} has no row in {where}"
    for option, choices in re.findall(r"^ {2}(--[a-z-]+) \{(.*?)\}", own, flags=re.MULTILINE):
        row = next((row for row in rows.splitlines() if f"`{option}" in row), "")
        for choice in choices.split(","):
            # A row of several options says that they are as for another command.
            if row.split(" | ")[0].count("--") == 1 and f"`{choice}`" not in row:
                yield f"tidegauge {command} {option} takes {choice}, which its row in {where} does not say"


def command_help(*command: str) -> str:
    """Return what ``--help`` prints."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    arguments = [sys.executable, "-m", "tidegauge", *command, "--help"]
    return subprocess.run(arguments, check=True, capture_output=True, text=True, env=environment).stdout


if __name__ == "__main__":
    sys.exit(main())
