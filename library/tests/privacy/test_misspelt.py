"""A private column that is written otherwise than in the data."""

from __future__ import annotations

import json

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError

SCHEMA = tg.Schema(privacy={"e-mail": tg.Privacy(items="off")})


@pytest.mark.parametrize("name", ["E-Mail", "email", "e_mail", " e-mail "])
@pytest.mark.parametrize("form", [lambda data: data, lambda data: [dict.fromkeys(data, 1)]])
def test_it_is_refused_before_its_values_lie_open(name, form):
    with pytest.raises(
        ArgumentError, match=r'keeps the column "e-mail" private, which the data does not have'
    ):
        tg.log(form({name: ["a@example.com"], "fare": [1.0]}), schema=SCHEMA)


def test_what_is_named_or_quite_another_name_is_taken():
    both = tg.Schema(privacy={"e-mail": "off", "Email": tg.Privacy(items="off")})
    assert tg.log({"Email": ["a"]}, schema=both)["Email"].privacy.startswith("items=off")
    assert tg.log({"e-mail": ["a"], "Email": ["a"]}, schema=SCHEMA)["Email"].privacy is None
    assert tg.log({"mail": ["a"]}, schema=SCHEMA).columns == ("mail",)
    assert tg.log({"User": [1], "b": [1]}, schema=tg.Schema(privacy={"user": "off"}, only=["b"])).columns == (
        "b",
    )
    derived = tg.Schema(privacy={"d": "off"})
    assert tg.log({"b": [1], "D": [2]}, schema=derived, derived={"d": "b + 1"}).columns == ("b", "D")
    kept = tg.Schema(default_privacy=tg.Privacy(items="off"), privacy={"email": "kept"})
    assert tg.log({"Email": ["a"]}, schema=kept)["Email"].privacy.startswith("items=off")


def test_a_logger_refuses_the_batch_and_says_so():
    with tg.Logger("people", writers=lambda *_: None, schema=SCHEMA) as logger:
        logger.log({"EMail": ["a@example.com"]})
        assert logger.status().refused == 1
        assert "private" in str(logger.status().last_refusal)


OFF = tg.Schema(privacy={"user_id": "off"})


def test_records_that_have_both_are_taken(tmp_path):
    records = [{"user_id": 1, "userid": "x"}]
    (tmp_path / "both.ndjson").write_text(json.dumps(records[0]))
    for data in (records, {"user_id": [1], "userid": ["x"]}, tmp_path / "both.ndjson"):
        assert tg.log(data, schema=OFF).columns == ("userid",)


def test_what_is_refused_is_in_no_profile(tmp_path):
    (tmp_path / "slip.ndjson").write_text('{"userid": "secret"}')
    for data in (
        [{"userid": "secret"}],
        iter([{"userid": "secret"}]),
        {"userid": ["secret"]},
        tmp_path / "slip.ndjson",
    ):
        profiler = tg.Profiler(schema=OFF)
        with pytest.raises(ArgumentError, match="private"):
            profiler.log(data)
        assert b"secret" not in profiler.profile().to_bytes()
        assert profiler.records == 0
