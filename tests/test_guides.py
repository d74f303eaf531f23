"""Guides show what is run: blocks that come from a file are in that file, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs/guides").glob("*.md"))
BLOCK = re.compile(r"<!-- from: (\S+) -->\n(?:<!-- skip: next -->\n)?\n```python\n(.*?)\n```", re.DOTALL)
RUN_BY_OTHER_TESTS = (
    "batch_job.py",
    "fastapi_service.py",
    "flask_service.py",
    "stream_consumer.py",
)


def shown() -> list[tuple[str, str, str]]:
    return [
        (page.name, *found) for page in GUIDES for found in BLOCK.findall(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("page", "file", "block"), shown())
def test_a_block_is_what_its_file_says(page, file, block):
    assert block in (ROOT / file).read_text(encoding="utf-8"), f"{page} shows something else than {file}"


def test_examples_that_need_a_server_or_arguments_are_shown():
    assert {Path(file).name for _, file, _ in shown()} == set(RUN_BY_OTHER_TESTS)


def test_no_block_is_passed_over_that_is_not_run_elsewhere():
    for page in GUIDES:
        text = page.read_text(encoding="utf-8")
        assert text.count("<!-- skip:") == len(BLOCK.findall(text)), page
