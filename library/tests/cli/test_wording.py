"""Errors speak of options on the command line, and of arguments in Python."""

from __future__ import annotations

import re
import shlex
from argparse import Namespace
from typing import get_args

import pytest

import tidegauge as tg
from tidegauge.cli.main import main
from tidegauge.cli.wording import OPTIONS, in_options
from tidegauge.errors import ArgumentError, InPython, Meant

PYTHON = re.compile(r"\b[a-z_]+= |=['\"\[{]|\.[a-z_]+\(|\b[a-z_]+\(\)|\{'|…")
"""What looks like Python: arguments, calls, dicts."""


@pytest.fixture
def places(folder, monkeypatch):
    """Profiles of all kinds: with segments of one partition and of two, with windows, of two datasets."""
    monkeypatch.chdir(folder)
    data = str(folder / "trips.csv")
    days = {"timestamp": "day", "window": "1d"}
    tg.log(data).write("plain.parquet")
    tg.log(data, segments=["city"], max_segments=1).write("few.parquet")
    tg.log(data, segments=[["city"], ["city", "paid"]]).write("both.parquet")
    tg.log(data, segments=[["city"], ["paid"]], total=False).write("parts.parquet")
    tg.log(data, segments=[["paid", "fare"], ["paid", "day"]], total=False).write("wide.parquet")
    tg.log({"city": ["Oslo", None]}, segments=["city"]).write("null.parquet")
    tg.log(data, **days, segments=["city"]).write("days.parquet")
    rows = [{"day": f"2024-01-{day:02}", "city": "Oslo", "fare": day} for day in range(1, 11)]
    tg.log(rows, **days, segments=["city"]).write("history.parquet")
    (folder / "two").mkdir()
    for name in ("taxi", "bus"):
        tg.log(data, name, **days, segments=["city"]).write(f"two/{name}.parquet")
    (folder / "schema.json").write_text('{"columns": {"day": {"role": "timestamp"}}}')
    (folder / "suite.yaml").write_text("constraints:\n- no_drift: {}\n")
    return folder


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("compare trips.csv trips.csv --column far", "--column names 'far', which neither profile has"),
        ("compare trips.csv trips.csv --false-discovery-rate 5", "--false-discovery-rate is a share"),
        ("compare trips.csv trips.csv --measure far=ks", "--measure names a column 'far'"),
        ("compare trips.csv trips.csv --measure ks", "--measure COLUMN=NAME"),
        (
            "compare trips.csv trips.csv --measure fare=wasserstein",
            "give a threshold: --threshold fare=NUMBER",
        ),
        ("compare trips.csv trips.csv --threshold far=1", "--threshold names 'far', which is neither"),
        ("compare trips.csv trips.csv --threshold psi=1", "no effect is stated; ask for it: --measure psi"),
        ("compare trips.csv history.parquet --measure psi", "or merge these: --merged"),
        ("compare history.parquet history.parquet --by-segment --measure psi", "or merge them: --merged"),
        ("compare both.parquet both.parquet --by-segment", "the one that is meant: --by-segment city"),
        ("compare both.parquet wide.parquet --by-segment", "tidegauge profile --segment COLUMN"),
        ("compare two two --by-segment city", "choose one: --dataset bus"),
        ("compare trips.csv trips.csv --by-segment citi", '--by-segment names the column "citi"'),
        ("compare trips.csv trips.csv --segment citi=Oslo", '--segment names the column "citi"'),
        ("suggest two", "choose one: --dataset bus"),
        ("suggest days.parquet --records 5", "--records is for a single profile"),
        ("show parts.parquet --merged", "choose one: --segment city=VALUE"),
        ("show null.parquet --segment city=Olso", "--segment city=null chooses the null"),
        ("show few.parquet --segment city=Olso", "beyond the --max-segments they were profiled with"),
        ("show wide.parquet --segment paid=true", "--segment names ['paid'], which several partitions have"),
        ("show plain.parquet --segment city=Oslo", "no segments: tidegauge profile --segment city"),
        ("show both.parquet --window 2013-02-08", "tidegauge profile --timestamp COLUMN --window LENGTH"),
        ("show days.parquet --since yesterday", "--since yesterday is no time"),
        ("show days.parquet --until 5", "--until 5 is no time"),
        (
            "show days.parquet --since 2014-01-01 --until 2013-01-01",
            "between --since 2014-01-01 and --until 2013",
        ),
        ("report days.parquet --drift", "only serve as history; give more"),
        ("profile trips.csv --segment city,city", '--segment ["city", "city"]; expected the names'),
        ("profile trips.csv --segment citi", '--segment names the column "citi"'),
        ("profile trips.csv --timestamp at --schema schema.json", "--timestamp at is given, but the schema"),
        (
            "profile trips.csv --timestamp day --window 1d --timezone Mars",
            "--timezone Mars is not known here",
        ),
        (
            "check trips.csv suite.yaml --timestamp day --window 1d --timezone Mars",
            "--timezone Mars is not known",
        ),
    ],
)
def test_complaints_name_options_and_not_python(places, capsys, command, complaint):
    assert main(shlex.split(command)) == 2
    told = capsys.readouterr().err
    assert complaint in told
    assert not PYTHON.search(told.replace("no segment city='Olso'", "")), told


def test_every_piece_of_python_has_words_here():
    assert set(OPTIONS) == set(get_args(Meant))


def test_in_python_the_message_is_python():
    error = ArgumentError("merge them:", InPython("reference.merge()", "reference merged"))
    assert str(error) == "merge them: reference.merge()"
    assert in_options(error, Namespace(command="compare")) == "merge them: --merged"


def test_an_error_without_a_message_is_named():
    assert in_options(ArgumentError(), Namespace(command="show")) == "ArgumentError"
