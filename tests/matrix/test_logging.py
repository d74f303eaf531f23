"""Logging beside whatever other packages are installed: run by tools/matrix.py in several environments."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from datetime import date, datetime

import pytest

import tidegauge as tg

ENVIRONMENT = os.environ["TIDEGAUGE_MATRIX"]
EXPECTED = {
    "bare": set(),
    "numpy": {"numpy"},
    "pandas-2": {"numpy", "pandas"},
    "pandas-3": {"numpy", "pandas", "pyarrow"},
    "polars": {"polars"},
}
COLUMNS = {
    "fare": [5.0, 7.5, None, 40.0],
    "passengers": [1, 2, 3, 4],
    "city": ["Oslo", "Rome", None, "Oslo"],
    "paid": [True, False, True, True],
    "at": [datetime(2013, 2, 8, hour) for hour in range(4)],
}


def installed(name):
    return importlib.util.find_spec(name) is not None


def check(profile):
    assert profile.records == 4
    assert set(profile.columns) == set(COLUMNS)
    assert (profile["fare"].nulls, profile["fare"].max) == (1, 40.0)
    assert profile["fare"].quantile(0.5) == 7.5
    assert (profile["passengers"].type, profile["passengers"].mean) == ("integer", 2.5)
    assert (profile["city"].nulls, profile["city"].cardinality.estimate) == (1, 2.0)
    assert profile["city"].frequent_items.top(1)[0][:2] == ("Oslo", 2)
    assert profile["paid"].counts.trues == 3
    assert profile["at"].type == "timestamp"
    assert profile["at"].max.replace(tzinfo=None) == COLUMNS["at"][3]


def test_the_environment_is_what_it_is_called():
    packages = {"numpy", "pandas", "pyarrow", "polars", "duckdb"}
    assert {name for name in packages if installed(name)} == EXPECTED[ENVIRONMENT]


def test_importing_and_logging_load_no_other_package():
    program = (
        "import sys; before = set(sys.modules); import tidegauge as tg; tg.log({'x': [1, None, 'a']}); "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['tidegauge']"


def test_columns():
    check(tg.log(COLUMNS))


def test_records():
    check(tg.log([dict(zip(COLUMNS, record, strict=True)) for record in zip(*COLUMNS.values(), strict=True)]))


def test_profiles_round_trip_and_merge(tmp_path):
    profile = tg.log(COLUMNS)
    profile.write(tmp_path / "profile.parquet")
    assert tg.read(tmp_path / "profile.parquet") == profile
    assert tg.merge(profile, profile).records == 8


def test_csv_by_the_command_line(tmp_path):
    (tmp_path / "trips.csv").write_text("fare,city\n5.0,Oslo\n,Rome\n")
    command = [sys.executable, "-m", "tidegauge", "profile", "trips.csv", "-o", "trips.profile.parquet"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert tg.read(tmp_path / "trips.profile.parquet")["fare"].null_rate == 0.5


@pytest.mark.parametrize(("most", "code"), [(50, 0), (10, 1)])
def test_a_suite_is_checked(tmp_path, most, code):
    (tmp_path / "trips.csv").write_text("fare,city\n5.0,Oslo\n40.0,Rome\n")
    (tmp_path / "suite.yaml").write_text(f"constraints:\n- range: {{column: fare, at_most: {most}}}\n")
    command = [sys.executable, "-m", "tidegauge", "check", "trips.csv", "suite.yaml", "--junit", "out.xml"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode == code, done.stderr
    assert (tmp_path / "out.xml").exists()


@pytest.mark.skipif(not installed("numpy"), reason="needs NumPy")
def test_numpy():
    import numpy

    structured = numpy.array([(1.5, 2), (2.5, 3)], dtype=[("fare", "f8"), ("passengers", "i4")])
    profile = tg.log(structured)
    assert profile["fare"].mean == 2.0
    assert profile["passengers"].max == 3
    profile = tg.log(
        {"fare": numpy.array([1.0, numpy.inf, 3.0]), "big": numpy.array([1, 2, 2**64 - 1], dtype="u8")}
    )
    assert profile["fare"].counts.positive_infinities == 1
    assert profile["big"].max == 2**64 - 1


@pytest.mark.skipif(not installed("pandas"), reason="needs pandas")
class TestPandas:
    def test_frame(self):
        import pandas

        check(tg.log(pandas.DataFrame(COLUMNS)))

    def test_nullable_and_categorical(self):
        import pandas

        frame = pandas.DataFrame(
            {
                "count": pandas.array([1, None, 3], dtype="Int64"),
                "flag": pandas.array([True, None, False], dtype="boolean"),
                "kind": pandas.Categorical(["a", "b", "a"]),
                "zoned": pandas.to_datetime(["2013-02-08", None, "2013-02-09"]).tz_localize("UTC"),
            }
        )
        profile = tg.log(frame)
        assert [profile[name].nulls for name in frame] == [1, 1, 0, 1]
        assert profile["kind"].frequent_items.top(1)[0][:2] == ("a", 2)
        assert profile["count"].max == 3

    def test_objects(self):
        import pandas

        frame = pandas.DataFrame(
            {"mixed": pandas.Series([1, "a", None, 2.5, date(2013, 2, 8)], dtype=object)}
        )
        profile = tg.log(frame)
        assert (profile["mixed"].records, profile["mixed"].nulls) == (5, 1)
        assert (profile["mixed"].types.integer, profile["mixed"].types.string) == (1, 1)

    def test_equal_to_plain_columns(self):
        import pandas

        numbers = {"x": [1.0, 2.0, 4.0], "n": [1, 2, 3]}
        assert tg.log(pandas.DataFrame(numbers)) == tg.log(numbers)


@pytest.mark.skipif(not installed("pyarrow"), reason="needs pyarrow")
def test_pyarrow():
    import pyarrow

    check(tg.log(pyarrow.table(COLUMNS)))


@pytest.mark.skipif(not installed("polars"), reason="needs polars")
def test_polars():
    import polars

    check(tg.log(polars.DataFrame(COLUMNS)))
    check(tg.log(polars.DataFrame(COLUMNS).lazy()))
