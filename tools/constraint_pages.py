"""Write what each constraint is, and what its fields may hold, into docs/reference/constraints.md.

``--check`` only tells whether the page says it already. What is written comes from the classes themselves.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import MISSING
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegauge import constraints
from tidegauge.constraints import Suite, constraint_types
from tidegauge.constraints.constraint import specification
from tidegauge.constraints.yaml_writing import scalar

if TYPE_CHECKING:
    from tidegauge.constraints import Constraint

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/constraints.md"
BEGIN, END = "<!-- constraints: written by tools/constraint_pages.py -->", "<!-- end of constraints -->"
FAMILIES = {
    "presence": "Presence and schema",
    "completeness": "Completeness",
    "validity": "Validity",
    "values": "Values",
    "conditions": "Conditions",
    "uniqueness": "Uniqueness",
    "statistics": "Statistics",
    "volume": "Volume",
    "freshness": "Freshness",
    "distribution": "Distribution",
    "relations": "Relations",
}
COMMON = ("severity", "name", "reason")


def main() -> int:
    """Write the part of the page, or compare it."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        print(f"{PAGE.relative_to(ROOT)} has not both marks, {BEGIN} and {END}")
        return 2
    fresh = f"{before}{BEGIN}\n\n{section()}\n{END}{after}"
    if "--check" in sys.argv[1:]:
        if fresh != text:
            print(f"{PAGE.relative_to(ROOT)} is not what the constraints say; run `make format`")
        return int(fresh != text)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


def section() -> str:
    """Return the families, each with its constraints."""
    known = constraint_types().values()
    parts = []
    for family, title in FAMILIES.items():
        module = sys.modules[f"tidegauge.constraints.families.{family}"]
        told = (inspect.getdoc(module) or "").partition("\n\n")[2]
        parts.append(f"## {title}\n" + (f"\n{markdown(told)}\n" if told else ""))
        parts += [entry(each) for each in known if each.family == family]
    return "\n".join(parts)


def entry(kind: type[Constraint]) -> str:
    """Return one constraint: what it says, an example in YAML, and its fields."""
    about, told = parts_of(inspect.getdoc(kind) or "")
    inherited: dict[str, str] = {}
    for parent in reversed(kind.__mro__[1:-1]):
        inherited |= parts_of(inspect.getdoc(parent) or "")[1]
    told = inherited | told
    rows = [row(name, field, default, told) for name, field, default in fields_of(kind)]
    lines = [f"### `{kind.key}`", "", f"`{kind.__name__}`: {markdown(about)}", ""]
    lines += ["```yaml", f"- {example(kind).removeprefix('  - ')}", "```", ""]
    if rows:
        lines += ["| field | may hold | default | means |", "|---|---|---|---|", *rows, ""]
    return "\n".join(lines)


def example(kind: type[Constraint]) -> str:
    """Return the example of the docstring as a line of YAML."""
    found = re.search(r">>> (.+?)\.label", inspect.getdoc(kind) or "")
    if found is None:
        raise SystemExit(f"{kind.__name__} has no example that ends in .label")
    made: Constraint = eval(found[1], vars(constraints).copy())  # noqa: S307 - our own docstring
    return Suite([made]).to_yaml().splitlines()[-1]


def fields_of(kind: type[Constraint]) -> list[tuple[str, Any, Any]]:
    """Return the fields that not all constraints have."""
    return [each for each in specification(kind) if each[0] not in COMMON]


def row(name: str, field: Any, default: Any, told: dict[str, str]) -> str:
    """Return one field as a row of the table."""
    shown = "required" if default is MISSING else "–" if default is None else f"`{scalar(default)}`"
    return f"| `{name}` | {field.expected} | {shown} | {markdown(told[name])} |"


def parts_of(text: str) -> tuple[str, dict[str, str]]:
    """Split a docstring into what it says and what it says of each field."""
    about, _, rest = text.partition("\n\nAttributes:\n")
    about = re.split(r"\n\n(?:Example|Raises|Returns):\n", about)[0]
    told: dict[str, str] = {}
    name = ""
    for line in rest.partition("\n\n")[0].splitlines():
        found = re.match(r"    (\w+): (.*)", line)
        if found:
            name, told[found[1]] = found[1], found[2]
        elif name:
            told[name] += f" {line.strip()}"
    return about, told


def markdown(text: str) -> str:
    """Turn a docstring's text into Markdown of one line a paragraph; other constraints become links."""
    names = {each.__name__: each.key for each in constraint_types().values()}
    text = re.sub(r"``([^`]+)``", r"`\1`", text)

    def linked(found: re.Match[str]) -> str:
        return f"[{found[0]}](#{names[found[1]]})" if found[1] in names else found[0]

    text = re.sub(r"(?<!`)`([A-Z]\w+)`(?!`)", linked, text)
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


if __name__ == "__main__":
    sys.exit(main())
