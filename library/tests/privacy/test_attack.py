"""Values that are to be private are in no byte and no field of a file, however it came to be."""

from __future__ import annotations

import copy
import json
import pickle
import random

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import tidegauge as tg
from library.tests.privacy.attack import SECRETS, everything_in, everything_shown, found_in, is_member, table

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
SHOWN = {"text", "whole", "large", "huge", "part", "money", "day", "when", "clock", "span"}
"""Columns of which a profile without privacy shows values."""

SWITCHES = {
    "hashed": tg.Privacy(items="hashed", key=KEY),
    "off": tg.Privacy(items="off"),
    "cut": tg.Privacy(min_count=2),
    "cut and hashed": tg.Privacy(min_count=3, key=KEY),
    "moments": tg.Privacy(numbers="moments"),
    "no numbers": tg.Privacy(numbers="off", lengths="off"),
    "column off": "off",
}
ROUNDED = {
    "whole": tg.Privacy(round_to=1000),
    "large": tg.Privacy(round_to="3 digits"),
    "huge": tg.Privacy(round_to="3 digits"),
    "part": tg.Privacy(round_to=0.5),
    "money": tg.Privacy(round_to=10),
    "day": tg.Privacy(round_to="7d"),
    "when": tg.Privacy(round_to="1h"),
    "clock": tg.Privacy(round_to=900),
    "span": tg.Privacy(round_to="2 digits"),
}


def of_batches(schema, tmp_path):
    batches = table().to_batches(max_chunksize=7)
    profiler = tg.Profiler("secrets", schema=schema)
    for batch in batches:
        profiler.log(batch)
    return profiler.profile()


def of_records(schema, tmp_path):
    profiler = tg.Profiler("secrets", schema=schema)
    for record in table().to_pylist():
        profiler.record(record)
    return profiler.profile()


def of_a_parquet_file(schema, tmp_path):
    pq.write_table(table(), tmp_path / "data.parquet", row_group_size=20)
    return tg.log(tmp_path / "data.parquet", "secrets", schema=schema)


def of_a_csv_file(schema, tmp_path):
    flat = table().drop_columns(["user", "tags", "blob", "span", "clock"])
    pyarrow.csv.write_csv(flat, tmp_path / "data.csv")
    return tg.log(tmp_path / "data.csv", "secrets", schema=schema)


def of_a_frame(schema, tmp_path):
    pandas = pytest.importorskip("pandas")
    flat = table().drop_columns(["user", "tags", "blob"])
    frame = pandas.DataFrame({name: flat[name].to_pylist() for name in flat.column_names})
    return tg.log(frame, "secrets", schema=schema)


def of_windows(schema, tmp_path):
    return tg.log(table(), "secrets", timestamp="at", window="1d", schema=schema)


def of_windows_of_records(schema, tmp_path):
    return tg.log(table().to_pylist(), "secrets", timestamp="at", window="1d", schema=schema)


def of_segments(schema, tmp_path):
    return tg.log(table(), "secrets", segments=["at"], schema=schema)


def of_a_logger(schema, tmp_path):
    """What it delivers, after what it keeps on disk in the meantime was searched through too."""
    delivered = []
    logger = tg.Logger(
        "secrets",
        timestamp="at",
        window="1d",
        writers=lambda profiles, id: delivered.extend(profiles),  # noqa: A006 - what a writer is called with
        checkpoint=tmp_path / "state",
        checkpoint_seconds=0.01,
        lateness="9999d",
        schema=schema,
    )
    for record in table().to_pylist():
        logger.record(record)
    logger.close()
    return tg.ProfileSet(delivered)


def of_merged_parts(schema, tmp_path):
    whole = table()
    parts = [tg.log(whole.slice(start, 20), "secrets", schema=schema) for start in (0, 20, 40)]
    return tg.merge([part.from_bytes(part.to_bytes()) for part in parts])


def of_a_pickle(schema, tmp_path):
    schema = pickle.loads(pickle.dumps(schema))  # noqa: S301 - our own
    return pickle.loads(pickle.dumps(tg.log(table(), "secrets", schema=copy.deepcopy(schema))))  # noqa: S301 - our own


WAYS = [
    of_batches, of_records, of_a_parquet_file, of_a_csv_file, of_a_frame,
    of_windows, of_windows_of_records, of_segments, of_a_logger, of_merged_parts, of_a_pickle,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_without_privacy_the_attack_succeeds(way, tmp_path):
    profile = way(None, tmp_path)
    bare = everything_in(profile.to_bytes())
    found = {name for name, secret in SECRETS.items() if found_in(bare, secret)}
    assert found >= SHOWN - {"large", "huge", "clock", "span"}
    if way is of_batches:
        assert found >= SHOWN


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("switch", SWITCHES)
def test_no_secret_is_found(switch, way, tmp_path):
    profile = way(tg.Schema(default_privacy=SWITCHES[switch], privacy={"at": "kept"}), tmp_path)
    data = profile.to_bytes()
    assert KEY not in data
    assert KEY.hex().encode() not in data
    held, shown = everything_in(data), everything_shown(profile)
    for name, secret in SECRETS.items():
        assert not found_in(held, secret), name
        assert not found_in(shown, secret), name


@pytest.mark.parametrize("way", WAYS)
def test_rounded_values_are_not_found(way, tmp_path):
    schema = tg.Schema(privacy=ROUNDED)
    profile = way(schema, tmp_path)
    data = profile.to_bytes()
    for name in ROUNDED:
        assert not found_in(everything_in(data, {name}), SECRETS[name]), name
    # What is not rounded still is there: the search would have found them.
    assert found_in(everything_in(data, {"text"}), SECRETS["text"])


@pytest.mark.parametrize("way", [of_batches, of_records, of_a_parquet_file])
def test_a_nested_column_is_as_private_as_what_it_is_in(way, tmp_path):
    private = dict.fromkeys(SECRETS, "off") | {"user": tg.Privacy(key=KEY), "tags": "off", "at": "off"}
    profile = way(tg.Schema(privacy=private), tmp_path)
    assert set(profile.columns) == {"user", "user.name", "user.id", "flag"}
    assert profile["user.name"].privacy == profile["user.id"].privacy == profile["user"].privacy
    held = everything_in(profile.to_bytes())
    for secret in SECRETS.values():
        assert not found_in(held, secret)


@pytest.mark.parametrize("way", [of_batches, of_records, of_a_parquet_file])
def test_a_column_inside_another_is_off_alone(way, tmp_path):
    profile = way(tg.Schema(privacy={"user.name": "off", "tags[]": "off"}), tmp_path)
    assert "user.id" in profile
    assert "tags" in profile
    assert "user.name" not in profile
    assert "tags[]" not in profile


TRIED = ("text", "whole", "part", "day", "when")


@pytest.mark.parametrize("name", TRIED)
def test_values_can_be_tried_out_without_a_key_alone(name):
    data = table()
    arrow, present = data.schema.field(name).type, data[name].to_pylist()
    plain = tg.log(data)[name]
    keyed = tg.log(data, schema=tg.Schema(default_privacy=SWITCHES["hashed"]))[name]
    assert all(is_member(plain, value, arrow) for value in present)
    # With the key a value that occurs looks like one that does not: 60 of 4,096 registers are taken.
    assert sum(is_member(keyed, value, arrow) for value in present) <= 6
    assert keyed.cardinality.estimate == pytest.approx(len(set(present)), abs=1)


def test_without_a_key_there_is_no_sketch_to_try_values_out_with():
    for switch in ("off", "cut", "moments", "no numbers"):
        profile = tg.log(table(), schema=tg.Schema(default_privacy=SWITCHES[switch]))
        for column in profile:
            assert "cardinality" not in column.metrics, (switch, column.name)


def test_names_of_one_key_say_nothing_of_another():
    data = {"user": [f"user-{n % 40}" for n in range(400)]}
    mine, other = (
        tg.log(data, schema=tg.Schema(privacy={"user": tg.Privacy(key=key)}))["user"]
        for key in (KEY, OTHER_KEY)
    )
    names = [{item.value for item in column.frequent_items} for column in (mine, other)]
    assert len(names[0]) == len(names[1]) == 40
    assert not names[0] & names[1]
    assert mine.cardinality.to_bytes() != other.cardinality.to_bytes()
    assert mine.privacy != other.privacy


def test_rare_values_are_left_out_and_common_ones_kept():
    rng = random.Random(3)
    cities = ["Oslo"] * 500 + ["Rome"] * 50 + ["Vik"] * 9 + [f"village {n}" for n in range(30)]
    rng.shuffle(cities)
    profile = tg.log({"city": cities}, schema=tg.Schema(privacy={"city": tg.Privacy(min_count=10)}))
    items = profile["city"].frequent_items
    assert [(item.value, item.upper) for item in items] == [("Oslo", 500), ("Rome", 50)]
    assert all(item.lower <= truth for item, truth in zip(items, (500, 50), strict=True))
    assert items.error == 9
    assert not items.exact
    assert items.min_count == 10
    text = everything_in(profile.to_bytes()) + everything_shown(profile)
    assert b"Vik" not in text
    assert b"village" not in text


def test_the_key_is_nowhere_to_be_seen():
    schema = tg.Schema(privacy={"text": tg.Privacy(key=KEY)})
    plain = json.dumps(schema.to_dict())
    for shown in (repr(schema), str(schema), plain, repr(schema.privacy("text"))):
        assert KEY.hex() not in shown
        assert repr(KEY) not in shown
    assert schema.privacy("text").key_id in plain


def test_reasons_and_errors_of_conditions_hold_no_values():
    profile = tg.log(
        table(),
        schema=tg.Schema(default_privacy="off", privacy={"flag": "kept"}),
        conditions={"c": "text > 3", "d": "whole > 5"},
    )
    assert profile.conditions["c"].unknown == 60
    assert profile.conditions["d"].passed > 0
    held = everything_in(profile.to_bytes()) + everything_shown(profile)
    for secret in SECRETS.values():
        assert not found_in(held, secret)


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_every_layout_of_texts(kind):
    data = pa.table({"text": table()["text"].cast(kind)})
    for privacy in (SWITCHES["hashed"], SWITCHES["cut"], SWITCHES["off"]):
        profile = tg.log(data, schema=tg.Schema(default_privacy=privacy))
        assert not found_in(everything_in(profile.to_bytes()), SECRETS["text"])


@pytest.mark.parametrize("layout", ["plain", "dictionary", "decimal"])
def test_every_layout_of_whole_numbers(layout):
    plain = table()["whole"]
    column = {
        "plain": lambda: plain,
        "dictionary": plain.dictionary_encode,
        "decimal": lambda: plain.cast(pa.decimal128(20, 0)),
    }[layout]()
    data = pa.table({"whole": column})
    profile = tg.log(data, schema=tg.Schema(privacy={"whole": tg.Privacy(round_to=1000)}))
    assert not found_in(everything_in(profile.to_bytes()), SECRETS["whole"])
    assert all(int(item.value) % 1000 == 0 for item in profile["whole"].frequent_items)
    assert int(profile["whole"].max) % 1000 == 0


def test_correlations_are_of_open_numbers_alone():
    for privacy in (tg.Privacy(round_to=10), tg.Privacy(numbers="moments"), tg.Privacy(numbers="off"), "off"):
        schema = tg.Schema(privacy={"part": privacy})
        for data in (table(), table().to_pylist()):
            profile = tg.log(data, schema=schema)
            assert "part" not in profile.correlation().columns
            assert {"whole", "money"} <= set(profile.correlation().columns)
            plain = tg.log(data)
            assert "part" in plain.correlation().columns
            if "part" in profile:
                assert "part" not in plain.merge(profile).correlation().columns
