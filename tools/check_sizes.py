"""Check that modules, functions and rooms stay small enough to be read at one sitting.

Docstrings do not count: saying things well must not be punished. In Rust, a test module at the
end of a file does not count; lengths of Rust functions are clippy's business (clippy.toml).
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PYTHON_ROOMS = ("library/src", "library/tests", "tests", "tools", "benchmarks", "examples")
RUST_ROOMS = ("crates",)

MODULE_LINES = 500
FUNCTION_LINES = 60
PARAMETERS = 7
# The front doors: all that one can ask of them, by name.
MORE_PARAMETERS = {
    "library/src/tidegauge/drift/segments.py": 8,
    "library/src/tidegauge/log.py": 15,
    "library/src/tidegauge/profiler.py": 13,
    "library/src/tidegauge/logger/logger.py": 20,
}
ROOM_FILES = 20
ROOM_DEPTH = 3  # folders below the package

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


def main() -> int:
    """Print every breach; return 1 if there is one."""
    breaches = [*python_breaches(), *rust_breaches(), *room_breaches()]
    for breach in breaches:
        print(breach)
    print(f"check_sizes: {len(breaches)} breaches" if breaches else "check_sizes: all small enough")
    return 1 if breaches else 0


def sources(rooms: tuple[str, ...], suffix: str) -> Iterator[Path]:
    """Yield the source files of some rooms, without hidden folders and build products."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob(f"*{suffix}")):
            inside = path.relative_to(ROOT).parts
            if not any(part.startswith(".") or part in {"target", "__pycache__"} for part in inside):
                yield path


def python_breaches() -> Iterator[str]:
    """Yield what is too large in Python."""
    for path in sources(PYTHON_ROOMS, ".py"):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        tree = ast.parse(text)
        lines = len(text.splitlines()) - docstring_lines(tree)
        if lines > MODULE_LINES:
            yield f"{name}: {lines} lines; at most {MODULE_LINES} (docstrings not counted)"
        for node in ast.walk(tree):
            if isinstance(node, type_of_function):
                most = MORE_PARAMETERS.get(str(name), PARAMETERS)
                yield from function_breaches(f"{name}:{node.lineno} {node.name}", node, most)


def function_breaches(
    where: str, node: ast.FunctionDef | ast.AsyncFunctionDef, parameters: int
) -> Iterator[str]:
    """Yield what is too large in one function."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
    if lines > FUNCTION_LINES:
        yield f"{where}: {lines} lines; at most {FUNCTION_LINES} (docstrings not counted)"
    positional = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
    if positional[:1] in (["self"], ["cls"]):
        positional = positional[1:]
    total = len(positional) + len(node.args.kwonlyargs)
    if total > parameters:
        yield f"{where}: {total} parameters; at most {parameters}"


def docstring_lines(tree: ast.AST) -> int:
    """Count the lines of all docstrings in and below a node."""
    count = 0
    for node in ast.walk(tree):
        if isinstance(node, (*type_of_function, ast.ClassDef, ast.Module)) and ast.get_docstring(node):
            first = node.body[0]
            count += (first.end_lineno or first.lineno) - first.lineno + 1
    return count


def rust_breaches() -> Iterator[str]:
    """Yield the Rust modules that are too long, a test module at the end not counted."""
    for path in sources(RUST_ROOMS, ".rs"):
        lines = path.read_text(encoding="utf-8").splitlines()
        if "#[cfg(test)]" in lines:
            lines = lines[: lines.index("#[cfg(test)]")]
        if len(lines) > MODULE_LINES:
            name = path.relative_to(ROOT)
            yield f"{name}: {len(lines)} lines; at most {MODULE_LINES} (its tests not counted)"


def room_breaches() -> Iterator[str]:
    """Yield the folders that hold too many files or lie too deep."""
    packages = [*ROOT.glob("library/src/*/"), *ROOT.glob("crates/*/src/")]
    for package in packages:
        for folder in (package, *(path for path in package.rglob("*/") if path.name != "__pycache__")):
            files = [path for path in folder.iterdir() if path.suffix in {".py", ".rs"}]
            name = folder.relative_to(ROOT)
            if len(files) > ROOM_FILES:
                yield f"{name}: {len(files)} files; at most {ROOM_FILES} in one room"
            if len(folder.relative_to(package).parts) > ROOM_DEPTH:
                yield f"{name}: deeper than {ROOM_DEPTH} folders"


if __name__ == "__main__":
    sys.exit(main())
