"""The reference says of every constraint and of every field what there is to say, and says it rightly."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from tidegauge import constraints
from tidegauge.constraints import Suite, constraint_types
from tidegauge.constraints.constraint import specification

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/reference/constraints.md").read_text(encoding="utf-8")
KINDS = [pytest.param(kind, id=key) for key, kind in constraint_types().items()]


def section(key):
    found = re.search(rf"^### `{key}`\n(.*?)(?=^##|^<!--)", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert found, (
        f"docs/reference/constraints.md has no section of {key}; run python -m tools.constraint_pages"
    )
    return found[1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_constraint_has_its_row(kind):
    text = section(kind.key)
    assert f"`{kind.__name__}`: " in text
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, flags=re.MULTILINE))
    own = {
        name: rule.expected
        for name, rule, _ in specification(kind)
        if name not in ("severity", "name", "reason")
    }
    assert rows == own


@pytest.mark.parametrize("kind", KINDS)
def test_every_constraint_has_an_example_that_is_read(kind):
    (example,) = re.findall(r"```yaml\n(- .+?)\n```", section(kind.key))
    (made,) = Suite.from_yaml(f"constraints:\n{example}")
    assert type(made) is kind


def test_the_page_is_what_the_constraints_say():
    from tools import constraint_pages

    written = PAGE.partition(constraint_pages.BEGIN)[2].partition(constraint_pages.END)[0]
    assert written.strip() == constraint_pages.section().strip(), "run python -m tools.constraint_pages"


def test_the_suite_of_the_page_is_a_suite():
    (text,) = re.findall(r"```yaml\n(version: 1\n.*?)```", PAGE, flags=re.DOTALL)
    assert len(Suite.from_yaml(text)) == 3


def test_every_other_kind_of_field_is_told():
    common = re.findall(r"^\| `(severity|name|reason)` \|", PAGE, flags=re.MULTILINE)
    assert set(common) == {"name", "reason", "severity"}


@pytest.mark.parametrize("name", sorted(set(constraints.__all__) - {"Outcome"}))
def test_every_public_name_has_a_docstring_with_an_example_and_a_place(name):
    value = getattr(constraints, name)
    text = inspect.getdoc(value)
    assert text
    assert ">>>" in text or issubclass(value, Exception)
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs/reference").glob("*.md"))
    assert re.search(rf"^::: tidegauge\.(\w+\.)*{name}$|^`{name}`: ", pages, flags=re.MULTILINE)
