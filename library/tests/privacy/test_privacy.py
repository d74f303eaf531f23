# ruff: noqa: S301 - our own pickles
"""The value itself, and the schema that holds it: what follows what, what is refused, what is never shown."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import timedelta

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError
from tidegauge.metrics.stated import read_statement

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("privacy", "items", "cardinality", "numbers"),
    [
        (tg.Privacy(), "kept", "kept", "kept"),
        (tg.Privacy(key=KEY), "hashed", "hashed", "off"),
        (tg.Privacy(items="off"), "off", "off", "off"),
        (tg.Privacy(min_count=5), "kept", "off", "off"),
        (tg.Privacy(min_count=5, key=KEY), "hashed", "hashed", "off"),
        (tg.Privacy(min_count=5, items="kept", cardinality="hashed", key=KEY), "kept", "hashed", "off"),
        (tg.Privacy(numbers="moments"), "off", "off", "moments"),
        (tg.Privacy(numbers="off", min_count=3), "kept", "off", "off"),
        (tg.Privacy(round_to=10), "kept", "kept", "kept"),
        (tg.Privacy(round_to=10, items="off"), "off", "off", "kept"),
        (tg.Privacy(items="off", numbers="kept", cardinality="kept"), "off", "kept", "kept"),
        (tg.Privacy(lengths="off"), "kept", "kept", "kept"),
    ],
)
def test_what_is_not_given_follows_what_is(privacy, items, cardinality, numbers):
    assert (privacy.items, privacy.cardinality, privacy.numbers) == (items, cardinality, numbers)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"items": "hashed"}, "need a key"),
        ({"cardinality": "hashed"}, "need a key"),
        ({"items": "none"}, "one of 'kept', 'hashed', 'off'"),
        ({"numbers": "moment"}, "moments"),
        ({"lengths": True}, "lengths= is one of"),
        ({"min_count": 0}, "1 or more"),
        ({"min_count": 2.5}, "whole number"),
        ({"min_count": True}, "whole number"),
        ({"items": "off", "min_count": 3}, "lists none"),
        ({"key": b"short"}, "5 bytes; at least 16"),
        ({"key": "text"}, "bytes.fromhex"),
        ({"key": KEY, "items": "off", "cardinality": "off"}, "nothing is hashed"),
        ({"round_to": 0}, "above 0"),
        ({"round_to": float("nan")}, "above 0"),
        ({"round_to": True}, "above 0"),
        ({"round_to": timedelta(0)}, "microsecond or more"),
        ({"round_to": "1 hour"}, "write '1h'"),
        ({"round_to": "16 digits"}, "from 1 to 15 digits"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        tg.Privacy(**arguments)


def test_a_schema_gives_it_to_columns_and_what_is_inside_of_them():
    user, default = tg.Privacy(items="off"), tg.Privacy(min_count=3)
    schema = tg.Schema(
        privacy={"user": user, "user.city": "kept", "tags[]": "off", "note": "off"}, default_privacy=default
    )
    assert (
        schema.privacy("user") == schema.privacy("user.name") == schema.privacy("user.names[].first") == user
    )
    assert schema.privacy("user.city") == tg.Privacy()
    assert schema.privacy("tags[]").column == schema.privacy("note").column == "off"
    assert schema.privacy("tags") == schema.privacy("users") == schema.privacy("") == default


def test_it_is_a_value():
    one, other = tg.Privacy(key=KEY), tg.Privacy(key=KEY, items="hashed")
    assert one == other
    assert hash(one) == hash(other)
    assert one != tg.Privacy(key=bytes(32))
    assert one != "hashed"
    for schema in (
        tg.Schema(privacy={"a": one, "b": "off"}),
        tg.Schema(default_privacy=tg.Privacy(round_to="1h")),
    ):
        assert pickle.loads(pickle.dumps(schema)) == schema == copy.deepcopy(schema)
        assert hash(copy.copy(schema)) == hash(schema)
        assert schema != tg.Schema()


@pytest.mark.parametrize(
    "privacy",
    [
        tg.Privacy(round_to=0.5, items="off"),
        tg.Privacy(round_to="15m"),
        tg.Privacy(round_to="3 digits", lengths="off"),
        tg.Privacy(min_count=7, numbers="moments"),
        tg.Privacy(key=KEY),
        "off",
    ],
)
def test_plain_values_go_through_json_without_the_key(privacy):
    schema = tg.Schema(roles={"a": "id"}, privacy={"a": privacy}, default_privacy="kept")
    text = json.dumps(schema.to_dict())
    assert KEY.hex() not in text
    assert tg.Schema.from_dict(json.loads(text), key=KEY) == schema
    assert json.loads(text)["version"] == 2


def test_a_schema_without_privacy_is_what_older_libraries_read():
    assert tg.Schema(metrics={"a": []}).to_dict()["version"] == 1


def test_the_right_key_is_asked_for():
    plain = tg.Schema(privacy={"a": tg.Privacy(key=KEY)}).to_dict()
    with pytest.raises(ArgumentError, match="need a key"):
        tg.Schema.from_dict(plain)
    with pytest.raises(ArgumentError, match=r"hashed with the key of id 8c62c4199c99"):
        tg.Schema.from_dict(plain, key=bytes(32))
    with pytest.raises(ArgumentError, match=r"privacy has no 'item'.*items"):
        tg.Schema.from_dict({"columns": {"a": {"privacy": {"item": "off"}}}})
    with pytest.raises(ArgumentError, match=r"is a tidegauge\.Privacy, 'kept' or 'off'"):
        tg.Schema(privacy={"a": "hidden"})


def test_it_shows_no_key():
    privacy = tg.Privacy(key=KEY, min_count=5)
    assert repr(privacy) == (
        "Privacy(items='hashed', min_count=5, cardinality='hashed', numbers='off', key=<id 8c62c4199c99>)"
    )
    assert repr(tg.Schema(privacy={"a": "off"})) == "Schema(privacy={'a': 'off'})"


def test_names_are_those_that_the_contract_describes():
    """The reference vector of the format: anybody who has the key can work names out."""
    column = tg.log({"a": ["Oslo"]}, schema=tg.Schema(privacy={"a": tg.Privacy(key=KEY)}))["a"]
    assert [item.value for item in column.frequent_items] == [f"#{_siphash(_subkey(KEY)[:16], b'Oslo'):016x}"]
    assert column.privacy.split()[0] == "items=hashed:8c62c4199c99"
    assert column.frequent_items.hashed


def _subkey(key: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(key=key, person=b"tidegauge hash", digest_size=32).digest()


def _siphash(key: bytes, data: bytes) -> int:
    """SipHash-2-4, written out from the paper."""
    mask = 2**64 - 1

    def turn(word: int, bits: int) -> int:
        return ((word << bits) | (word >> (64 - bits))) & mask

    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def rounds(count: int) -> None:
        for _ in range(count):
            v[0] = (v[0] + v[1]) & mask
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = (v[2] + v[3]) & mask
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & mask
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & mask
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def test_long_keys_are_taken_whole():
    ids = {tg.Privacy(key=key).key_id for key in (bytes(64), bytes(65), bytes(200), bytes(199) + b"\1")}
    assert len(ids) == 4


def test_a_statement_of_a_newer_version_is_read_as_far_as_it_is_known():
    stated = read_statement("items=off noise=laplace:3 rounded=octave:2,step:10")
    assert stated.items == "off"
    assert stated.margin(5.0, "number") == float("inf")
    assert read_statement("rounded=step:what").margin(5.0, "number") == float("inf")
    assert read_statement("rounded=none,step:10").margin(5.0, "number") == 5.0
    assert read_statement("rounded=digits:2").margin(1200.0, "number") == 50.0
    assert read_statement("rounded=step:2.5").margin(9.0, "number", whole=True) == 1.5
    assert read_statement("rounded=span:3600s").margin(0.0, "timestamp") == 1.8e9
    assert read_statement("rounded=span:3600s").margin(15_000.0, "date") == 0.5


def test_the_kernel_takes_no_privacy_that_it_does_not_understand():
    """Plain values have no key, and other names: to pass over what is there would leave values open."""
    from tidegauge import _kernel

    for privacy in (tg.Privacy(round_to=10), tg.Privacy(items="off"), "off"):
        for schema in (tg.Schema(privacy={"a": privacy}), tg.Schema(default_privacy=privacy)):
            with pytest.raises(ArgumentError, match="kernel_schema"):
                _kernel.Collector(schema=schema.to_dict())
