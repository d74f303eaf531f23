"""A private column that is written otherwise than in the data."""

from __future__ import annotations

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
    kept = tg.Schema(default_privacy=tg.Privacy(items="off"), privacy={"email": "kept"})
    assert tg.log({"Email": ["a"]}, schema=kept)["Email"].privacy.startswith("items=off")


def test_a_logger_refuses_the_batch_and_says_so():
    with tg.Logger("people", writers=lambda *_: None, schema=SCHEMA) as logger:
        logger.log({"EMail": ["a@example.com"]})
        assert logger.status().refused == 1
        assert "private" in str(logger.status().last_refusal)
