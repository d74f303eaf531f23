"""Reading a suite from YAML: nothing is executed, and every mistake is reported with its line.

The document is composed to a tree of nodes, which know their lines; tags other than those of plain
values are refused, and so are depths, sizes and repetitions by alias that no suite has. Scalars are
read by the core schema of YAML 1.2: ``no`` is a text, as in a list of countries, and so is ``12:30``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from tidegauge.constraints.documents import suite_of
from tidegauge.errors import MissingFileError, SuiteError
from tidegauge.paths import expand_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidegauge.constraints.suite import Suite
    from tidegauge.paths import PathLike

SUITE_SUFFIXES = (".yaml", ".yml")
MOST_BYTES = 10_000_000
MOST_NODES = 100_000
MOST_DEPTH = 20
_TAG = "tag:yaml.org,2002:"
_PLAIN = "plain"
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class _Loader(yaml.SafeLoader):
    """Composes nodes no deeper, and no more of them, than a suite has."""

    depth = 0
    nodes = 0

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        """Leave what a plain scalar means to `_plain_scalar`: PyYAML's own rules are those of YAML 1.1."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _PLAIN
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        self.nodes += 1
        if self.depth > MOST_DEPTH or self.nodes > MOST_NODES:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            reason = "it is nested too deep" if self.depth > MOST_DEPTH else "it holds too many values"
            raise yaml.MarkedYAMLError(problem=f"{reason} for a suite", problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_file(path: PathLike) -> Suite:
    """Read a suite from a file.

    Raises:
        MissingFileError: There is no such file.
        SuiteError: It is not a suite.
    """
    files = expand_paths(path, SUITE_SUFFIXES)
    if len(files) != 1:
        raise MissingFileError(f"{str(path)!r} means {len(files)} files; a suite is read from one")
    with open(files[0], "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise SuiteError(f"{files[0]}: it has more than {MOST_BYTES:,} bytes, too much for a suite")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SuiteError(f"{files[0]}:{line}: it is no UTF-8 text; a suite is a YAML file in UTF-8") from None
    return read_suite(text, str(files[0]))


def read_suite(text: str, source: str) -> Suite:
    """Read a suite from text.

    Args:
        text: The text of a YAML file.
        source: What messages call it.

    Raises:
        SuiteError: It is not a suite; the message names source and line.
    """
    if not isinstance(text, str):
        raise SuiteError(f"{source}: expected the text of a suite, not {type(text).__name__}")
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        _refuse(source, error)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SuiteError(
            f"{source}:{line}: it holds a character that YAML does not allow; escape it"
        ) from None
    if root is None:
        return suite_of(None, lambda _: source)
    document = _Document(source)
    plain = document.plain(root, ())
    return suite_of(plain, document.place)


def _refuse(source: str, error: yaml.MarkedYAMLError) -> NoReturn:
    mark = error.problem_mark or error.context_mark
    line = f":{mark.line + 1}" if mark else ""
    reasons = [part for part in (error.context, error.problem) if part]
    raise SuiteError(f"{source}{line}: it is no YAML: {', '.join(reasons)}") from None


class _Document:
    """Turns nodes into plain values and remembers the line of each."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[tuple[Any, ...], int] = {}
        self.nodes = 0

    def place(self, path: tuple[Any, ...]) -> str:
        """Tell file and line of the nearest part that is known."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.source}:{self.lines.get(path, 1)}"

    def plain(self, node: yaml.Node, path: tuple[Any, ...]) -> Any:
        """Turn a node, and what is below it, into plain values."""
        self.nodes += 1
        line = self.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > MOST_DEPTH:
            self.refuse(line, "an alias repeats what it stands in")
        if self.nodes > MOST_NODES:
            self.refuse(line, "it holds too many values for a suite, most of them repeated by aliases")
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.plain(each, (*path, index)) for index, each in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        return self.refuse(line, f"the tag {_tag(node)} is not allowed; a suite holds plain values only")

    def _entries(self, node: yaml.MappingNode, path: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
        seen: dict[Any, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(line, "a key is a list or a mapping; a suite's keys are names")
            if key_node.tag == _PLAIN and key_node.value == "<<":
                self.refuse(line, "the merge key << is not allowed; write the fields out")
            key = self._scalar(key_node)
            if key in seen:
                self.refuse(line, f"{key!r} is given twice; it is also in line {seen[key]}")
            seen[key] = line
            self.lines[(*path, key)] = line
            yield key, self.plain(value_node, (*path, key))

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text, line = node.value, node.start_mark.line + 1
        if node.tag == _PLAIN:
            found = _plain_scalar(text)
            if found == 0 and isinstance(found, float) and re.search("[1-9]", re.split("[eE]", text)[0]):
                self.refuse(line, f"the number {text} is too near to 0 to be told from it; write 0")
            return found
        if node.tag == f"{_TAG}str":
            return text
        return self.refuse(line, f"the tag {_tag(node)} is not allowed; a suite holds plain values only")

    def refuse(self, line: int, reason: str) -> NoReturn:
        """Raise with file and line."""
        raise SuiteError(f"{self.source}:{line}: {reason}")


def _tag(node: yaml.Node) -> str:
    tag: str = node.tag
    return f"!!{tag.removeprefix(_TAG)}" if tag.startswith(_TAG) else tag


def _plain_scalar(text: str) -> Any:
    """Read an unquoted scalar by the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text) and len(text) <= 40:
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return float(text.replace(".", "", 1)) if _SPECIAL.fullmatch(text) else text
