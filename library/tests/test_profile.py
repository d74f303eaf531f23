# ruff: noqa: S301 - our own pickles

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
import math
import pickle
from decimal import Decimal

import pytest

import tidegauge as tg
from tidegauge.errors import (
    ArgumentError,
    FormatError,
    MergeError,
    MissingColumnError,
    MissingFileError,
    MissingLibraryError,
)


def test_what_it_is_of(small):
    assert small.dataset == "taxi"
    assert small.records == 4
    assert small.tags == {"zone": "north"}
    assert small.window is None
    assert small.segment == {}
    assert abs(dt.datetime.now(dt.UTC) - small.created) < dt.timedelta(minutes=5)
    assert tg.__version__ in small.writer


def test_columns_in_the_order_of_the_data(small):
    assert small.columns == ("fare", "seats", "city", "paid", "at", "price", "nothing")
    assert [column.name for column in small] == list(small.columns)
    assert [column.position for column in small] == list(range(7))
    assert len(small) == 7
    assert "fare" in small
    assert "far" not in small
    assert 5 not in small


def test_unknown_column_suggests_the_nearest(small):
    with pytest.raises(MissingColumnError, match=r"no column 'fair'; did you mean 'fare'\?"):
        small["fair"]
    with pytest.raises(KeyError):
        small[3]


def test_column_named_by_a_number():
    assert tg.log({0: [1], "1": [2]})[0].mean == 1
    assert tg.log({0: [1], "1": [2]})["1"].mean == 2


def test_tags_are_a_dict_of_ones_own(small):
    small.tags["zone"] = "south"
    assert small.tags == {"zone": "north"}


def test_class_is_not_called_by_people():
    with pytest.raises(ArgumentError, match=r"tidegauge\.log\(data\)"):
        tg.Profile({"a": [1]})


def test_equality_is_of_values():
    profile = tg.log({"a": [1, 2], "b": ["x", None]}, "d", tags={"k": "v"})
    assert profile == tg.log({"b": ["x", None], "a": [1, 2]}, "d", tags={"k": "v"})
    assert hash(profile) == hash(tg.log({"b": ["x", None], "a": [1, 2]}, "d", tags={"k": "v"}))
    others = [
        tg.log({"a": [1, 3], "b": ["x", None]}, "d", tags={"k": "v"}),
        tg.log({"a": [1, 2], "b": ["y", None]}, "d", tags={"k": "v"}),
        tg.log({"a": [1, 2]}, "d", tags={"k": "v"}),
        tg.log({"a": [1, 2], "b": ["x", None]}, "e", tags={"k": "v"}),
        tg.log({"a": [1, 2], "b": ["x", None]}, "d"),
        tg.log({"a": [1.0, 2.0], "b": ["x", None]}, "d", tags={"k": "v"}),
        tg.log({"a": [1, 2], "b": ["x", None]}, "d", tags={"k": "v"}, schema=tg.Schema(roles={"a": "id"})),
        tg.log({"a": [1, 2], "b": ["x", None]}, "d", tags={"k": "v"}, schema=tg.Schema(metrics={"a": []})),
    ]
    for other in others:
        assert profile != other
    assert profile != "profile"


def test_nan_columns_equal_themselves():
    assert tg.log({"a": [None, math.nan]}) == tg.log({"a": [None, math.nan]})
    assert tg.log({"a": [None, math.nan]}) != tg.log({"a": [None, None]})


def test_bytes_round_trip_keeps_everything(small):
    back = tg.Profile.from_bytes(small.to_bytes())
    assert back == small
    assert back.created == small.created
    assert back.writer == small.writer
    assert [column.arrow_type for column in back] == [column.arrow_type for column in small]
    assert back.to_dict() == small.to_dict()
    assert tg.Profile.from_bytes(bytearray(small.to_bytes())) == small


def test_pickle_and_copy(small):
    assert pickle.loads(pickle.dumps(small)) == small
    assert copy.copy(small) is small
    assert copy.deepcopy(small) is small
    column = pickle.loads(pickle.dumps(small["fare"]))
    assert column == small["fare"]
    assert column != small["seats"]


def test_file_round_trip(small, tmp_path):
    path = tmp_path / "taxi.parquet"
    small.write(path)
    assert tg.Profile.read(path) == small
    assert tg.read(path) == small
    assert tg.read(str(path)) == small
    assert isinstance(tg.read(path), tg.Profile)
    assert list(tg.ProfileSet.read(path)) == [small]
    assert [file.name for file in tmp_path.iterdir()] == ["taxi.parquet"]


def test_read_of_folder_pattern_and_several(tmp_path):
    profiles = [tg.log({"a": [i]}, "d") for i in range(3)]
    for i, profile in enumerate(profiles):
        profile.write(tmp_path / f"{i}.parquet")
    for where in (tmp_path, f"{tmp_path}/*.parquet", [tmp_path / f"{i}.parquet" for i in range(3)]):
        assert list(tg.read(where)) == profiles
    assert list(tg.read(f"{tmp_path}/[12].parquet")) == profiles[1:]


def test_read_of_what_is_no_profile(tmp_path):
    with pytest.raises(MissingFileError, match="there is no file"):
        tg.read(tmp_path / "nothing.parquet")
    for name, content in {
        "text": b"hello",
        "empty": b"",
        "magic": b"PAR1",
        "cut": tg.log({"a": [1]}).to_bytes()[:-9],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FormatError):
            tg.read(tmp_path / name)
        with pytest.raises(FormatError):
            tg.Profile.from_bytes(content)


def test_read_of_a_parquet_file_that_is_data(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": [1]}), tmp_path / "data.parquet")
    with pytest.raises(FormatError):
        tg.read(tmp_path / "data.parquet")


def test_bytes_cut_or_altered_anywhere_raise_or_read_but_never_crash():
    data = tg.log({"a": [1, 2, 3], "b": ["x", "y", None]}, "d").to_bytes()
    step = max(len(data) // 300, 1)
    for at in range(0, len(data), step):
        with pytest.raises(FormatError):
            tg.Profile.from_bytes(data[:at])
        altered = bytearray(data)
        altered[at] ^= 0xFF
        with contextlib.suppress(FormatError):
            tg.Profile.from_bytes(bytes(altered)).to_dict()


def test_bytes_of_a_set_are_no_profile(days):
    with pytest.raises(FormatError, match="use ProfileSet"):
        tg.Profile.from_bytes(days.to_bytes())


def test_merge_is_as_if_logged_together():
    parts = [
        {"a": [1, 2], "b": ["x", None]},
        {"a": [3, None], "b": ["y", "x"]},
        {"a": [0, 9], "b": ["", "z"]},
    ]
    whole = tg.log({name: [value for part in parts for value in part[name]] for name in ("a", "b")}, "d")
    profiles = [tg.log(part, "d") for part in parts]
    for merged in (
        profiles[0].merge(*profiles[1:]),
        tg.merge(*profiles),
        tg.merge(profiles),
        tg.merge(iter(profiles)),
    ):
        assert merged.records == 6
        assert merged["a"].counts == whole["a"].counts
        assert merged["a"].quantile([0, 0.25, 0.5, 1]) == whole["a"].quantile([0, 0.25, 0.5, 1])
        assert merged["a"].variance == pytest.approx(whole["a"].variance, rel=1e-12)
        assert merged["b"].frequent_items.top() == whole["b"].frequent_items.top()
        assert merged["b"].cardinality.estimate == 4


def test_merge_leaves_its_parts_alone(small):
    before = small.to_bytes()
    small.merge(small, small)
    assert small.to_bytes() == before


def test_merge_takes_in_columns_that_only_one_has():
    merged = tg.merge(tg.log({"a": [1]}), tg.log({"b": ["x"]}))
    assert set(merged.columns) == {"a", "b"}
    assert merged.records == 2
    assert merged["a"].records == 1


def test_merge_of_different_datasets_is_refused():
    with pytest.raises(MergeError, match=r"taxi|flights"):
        tg.log({"a": [1]}, "taxi").merge(tg.log({"a": [1]}, "flights"))


@pytest.mark.parametrize("things", [(), ([],), (3,), ("ab",), ({"a": [1]},)])
def test_merge_of_no_profiles_is_refused(things):
    with pytest.raises(ArgumentError):
        tg.merge(*things)


def test_merge_reaches_over_windows(days):
    merged = tg.merge(days[1:])
    assert merged.window == (dt.datetime(2013, 2, 7, tzinfo=dt.UTC), dt.datetime(2013, 2, 10, tzinfo=dt.UTC))


def test_replace_changes_the_copy_only(small):
    copy_ = small.replace(dataset="other", tags={"a": "b"})
    assert (copy_.dataset, copy_.tags) == ("other", {"a": "b"})
    assert (small.dataset, small.tags) == ("taxi", {"zone": "north"})
    assert copy_["fare"] == small["fare"]


def test_summary_is_safe_to_print():
    text = repr(tg.log([{"a\x1b[31m": "x\ny"}, {"\u65e5\u672c": "\u202e"}]).summary())
    assert len(text.splitlines()) == 3
    assert all(character.isprintable() or character == "\n" for character in text)


def test_summary_prints_well_and_is_a_sequence(small):
    summary = small.summary()
    assert len(summary) == 7
    assert summary[0]["column"] == "fare"
    assert summary[0]["mean"] == 17.5
    assert summary[2]["top"] == "Oslo"
    assert summary[2]["mean"] is None
    assert [row["column"] for row in summary] == list(small.columns)
    lines = repr(summary).splitlines()
    header = "column type records nulls null_rate distinct mean stddev min median max top"
    assert " ".join(lines[0].split()) == header
    assert lines[2].split() == ["seats", "integer", "4", "0", "0", "3", "2.75", "2.2174", "1", "2", "6", "2"]
    assert lines[2].index("integer") == lines[0].index("type")
    summary[0]["mean"] = 0
    assert summary[0]["mean"] == 17.5
    assert repr(tg.log({}).summary()) == "(no columns)"


def test_to_dict_is_ready_for_json(small):
    plain = json.loads(json.dumps(small.to_dict(), allow_nan=False))
    assert plain["dataset"] == "taxi"
    assert plain["columns"]["fare"]["values"]["mean"] == 17.5
    assert plain["columns"]["fare"]["values"]["quantiles"]["0.5"] == 7.5
    assert plain["columns"]["at"]["values"]["max"] == "2013-02-08T23:00:00+00:00"
    assert Decimal(plain["columns"]["price"]["values"]["min"]) == Decimal("-3.3")
    assert plain["columns"]["city"]["lengths"]["max"] == 4
    assert plain["columns"]["city"]["frequent_items"][0] == {
        "value": "Oslo",
        "estimate": 2,
        "lower": 2,
        "upper": 2,
    }
    assert plain["columns"]["nothing"]["counts"]["nulls"] == 4
    assert plain["columns"]["seats"]["cardinality"] == {
        "estimate": 3.0,
        "lower": 3.0,
        "upper": 3.0,
        "exact": True,
    }


def test_tables_of_other_libraries_agree(small):
    table, frame, polars = small.to_arrow(), small.to_pandas(), small.to_polars()
    assert table.column("column").to_pylist() == list(small.columns)
    assert table.column("mean").to_pylist()[:3] == [17.5, 2.75, None]
    assert frame.set_index("column").loc["fare", "max"] == 40.0
    assert frame["nulls"].tolist() == [1, 0, 1, 1, 0, 1, 4]
    assert polars["null_rate"].to_list() == [0.25, 0.0, 0.25, 0.25, 0.0, 0.25, 1.0]
    assert polars.columns == table.column_names == list(frame.columns)
    at = (
        polars.row(by_predicate=polars["column"] == "at", named=True) if False else polars.rows(named=True)[4]
    )
    assert (at["mean"], at["max_text"]) == (None, "2013-02-08T23:00:00+00:00")


def test_tables_of_nothing_and_of_a_set(days):
    assert tg.log({}).to_arrow().num_rows == 0
    assert tg.log({}).to_pandas().empty
    assert tg.log({}).to_polars().is_empty()
    frame = days.to_pandas()
    assert len(frame) == 8
    assert frame.loc[frame["column"] == "delay", "null_rate"].tolist() == [0, 0, 1, 0]
    assert frame["window_start"].isna().sum() == 2
    assert days.to_arrow().column("window_end").to_pylist()[-1] == dt.datetime(2013, 2, 10, tzinfo=dt.UTC)


def test_missing_library_is_named(small, monkeypatch):
    import sys

    for name in ("pyarrow", "pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(MissingLibraryError, match=f"pip install {name}"):
            getattr(small, {"pyarrow": "to_arrow"}.get(name, f"to_{name}"))()


def test_repr_draws(small):
    assert "fare" in repr(small)
    assert "fare" in repr(small["fare"])
    assert "<svg" in small._repr_html_()
    assert "<script" not in small._repr_html_()
    assert "<svg" in small["fare"]._repr_html_()
