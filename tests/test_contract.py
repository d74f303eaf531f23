"""contracts/profile-format.md says what is in a file."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet
import pytest

import tidegauge as tg

SPECIFICATION = (Path(__file__).resolve().parent.parent / "contracts/profile-format.md").read_text(
    encoding="utf-8"
)


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("contract") / "profile.parquet"
    tg.log({"x": [1.5, None], "s": ["a", "b"]}, "contract").write(path)
    return pyarrow.parquet.read_schema(path)


def test_every_field_is_specified(schema):
    assert [name for name in schema.names if f"`{name}`" not in SPECIFICATION] == []


def test_types_are_as_specified(schema):
    kinds = "int32|int64|double|string|binary|timestamp|map|list"
    specified = re.findall(rf"^\| (`[^|]+`) \| ({kinds})\b", SPECIFICATION, re.MULTILINE)
    types = {name: kind for names, kind in specified for name in re.findall(r"`(\w+)`", names)}
    assert len(types) > 20
    assert {name: str(schema.field(name).type).partition("[")[0].partition("<")[0] for name in types} == types


def test_version_is_the_library_s():
    assert f"Version **{tg.FORMAT_VERSION}**" in SPECIFICATION
