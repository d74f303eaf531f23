"""``tidegauge check``."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

import tidegauge as tg
from tidegauge.cli.inputs import is_profile_file
from tidegauge.cli.main import main

PASSING = """\
name: trips
constraints:
  - null_rate: {column: fare, at_most: 0.5}
  - value_set: {column: city, values: [Oslo, Rome, Bern]}
"""
FAILING = PASSING + "  - range: {column: fare, at_most: 30}\n"
UNCLEAR = PASSING + "  - range: {column: tip, at_least: 0}\n"


@pytest.fixture
def check(folder, monkeypatch, capsys):
    """Run ``tidegauge check`` in the folder, in this process; returns exit code and output."""
    monkeypatch.chdir(folder)

    def run(*arguments):
        code = main(["check", *map(str, arguments)])
        captured = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=captured.out, stderr=captured.err)

    return run


@pytest.fixture
def suites(folder):
    """Suites of each outcome, and one that is wrong."""
    (folder / "passing.yaml").write_text(PASSING)
    (folder / "failing.yaml").write_text(FAILING)
    (folder / "unclear.yaml").write_text(UNCLEAR)
    (folder / "warning.yaml").write_text(FAILING.replace("at_most: 30", "at_most: 30, severity: warn"))
    (folder / "empty.yaml").write_text("constraints: []")
    (folder / "wrong.yaml").write_text(PASSING + "  - rnage: {column: fare}\n")
    return folder


@pytest.fixture
def days(folder):
    """A profile file of three days."""
    tg.log(str(folder / "trips.csv"), "trips", timestamp="day", window="1d").write(folder / "days.parquet")
    return "days.parquet"


@pytest.mark.parametrize(
    ("suite", "options", "code"),
    [
        ("passing.yaml", [], 0),
        ("warning.yaml", [], 0),
        ("failing.yaml", [], 1),
        ("failing.yaml", ["--allow-unknown"], 1),
        ("unclear.yaml", [], 1),
        ("unclear.yaml", ["--allow-unknown"], 0),
        ("wrong.yaml", [], 2),
        ("missing.yaml", [], 2),
    ],
)
def test_the_exit_code_is_the_answer(command, suites, suite, options, code):
    process = command("check", "trips.csv", suite, *options)
    assert process.returncode == code, process.stderr
    assert bool(process.stdout) == (code != 2)
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize("form", ["json", "markdown", "junit"])
def test_the_form_does_not_change_the_exit_code(check, suites, form):
    assert check("trips.csv", "failing.yaml", "--format", form).returncode == 1
    assert check("trips.csv", "passing.yaml", "--format", form).returncode == 0


def test_data_is_profiled_and_checked(check, suites):
    process = check("trips.csv", "failing.yaml")
    assert process.stdout.splitlines()[:4] == [
        "trips · ✗ failed · 1 failed, 2 passed · 5 records",
        "",
        "✗ values of fare at most 30                       5 to 40.25",
        "  the values of fare reach up to 40.25, expected at most 30",
    ]


def test_profiles_give_what_their_data_gives(check, suites, folder):
    tg.log(str(folder / "trips.csv")).write(folder / "trips.parquet")
    data = check("trips.csv", "failing.yaml", "--format", "json")
    profile = check("trips.parquet", "failing.yaml", "--format", "json")
    assert json.loads(data.stdout) == json.loads(profile.stdout)


def test_data_in_parquet_is_no_profile(check, suites, folder):
    import pandas as pd

    pd.read_csv(folder / "trips.csv").to_parquet(folder / "raw.parquet")
    tg.log({"a": [1]}).write(folder / "profile.parquet")
    assert not is_profile_file(folder / "raw.parquet")
    assert is_profile_file(folder / "profile.parquet")
    assert check("raw.parquet", "passing.yaml").returncode == 0


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"PAR1PAR1", b"\xff" * 16, b"x" * 12 + b"\xff\xff\xff\xffPAR1"]
)
def test_broken_files_are_no_profiles(folder, data):
    (folder / "broken.parquet").write_bytes(data)
    assert not is_profile_file(folder / "broken.parquet")


def test_standard_input(command, suites, folder):
    data = (folder / "trips.csv").read_text()
    process = command("check", "-", "failing.yaml", "--input-format", "csv", data=data)
    assert (process.returncode, process.stdout) == (1, command("check", "trips.csv", "failing.yaml").stdout)


def test_each_window_is_checked(check, suites, days):
    process = check(days, "passing.yaml")
    assert process.returncode == 1
    lines = process.stdout.splitlines()
    assert lines[0] == "trips · ✓ passed · 2 passed · trips · 2013-02-07 · 2 records"
    assert lines[3] == "✗ null rate of fare at most 50%  100%"
    assert lines[-1] == "2 of 3 windows passed"
    assert check(days, "passing.yaml", "--merged").returncode == 0
    windowed = check("trips.csv", "passing.yaml", "--timestamp", "day", "--window", "1d")
    assert windowed.stdout.splitlines()[-1] == "2 of 3 windows passed"
    document = json.loads(check(days, "passing.yaml", "--format", "json").stdout)
    assert [each["outcome"] for each in document["windows"]] == ["passed", "failed", "passed"]
    markdown = check(days, "passing.yaml", "--format", "markdown").stdout
    assert markdown.startswith("# trips: 2 of 3 windows passed\n")


def test_junit_goes_to_a_file_beside_the_text(check, suites, folder, days):
    process = check(days, "passing.yaml", "--junit", "results.xml")
    assert process.returncode == 1
    assert process.stdout.splitlines()[-1] == "2 of 3 windows passed"
    tree = ET.parse(folder / "results.xml").getroot()  # noqa: S314 - our own
    assert (tree.get("tests"), tree.get("failures"), len(tree)) == ("6", "1", 3)
    printed = check(days, "passing.yaml", "--format", "junit").stdout
    assert printed == (folder / "results.xml").read_text()
    unclear = check("trips.csv", "unclear.yaml", "--format", "junit", "--allow-unknown").stdout
    assert 'errors="0" skipped="1"' in unclear


def test_a_reference(check, suites, folder, days):
    (folder / "change.yaml").write_text("constraints:\n- records: {at_most_change: 0.1}\n")
    assert check("trips.csv", "change.yaml").returncode == 1
    assert check("trips.csv", "change.yaml", "--reference", "trips.csv").returncode == 0
    process = check("trips.csv", "change.yaml", "--reference", days)
    assert process.returncode == 1
    assert "which is from 1.5 to 1.83333" in " ".join(process.stdout.split())


def test_a_moment(check, folder):
    (folder / "fresh.yaml").write_text("constraints:\n- freshness: {column: day, at_most: 36h}\n")
    (folder / "times.csv").write_text("day\n2013-02-08T00:00:00Z\n")
    assert check("times.csv", "fresh.yaml", "--now", "2013-02-09T11:00Z").returncode == 0
    assert check("times.csv", "fresh.yaml", "--now", "2013-02-09T13:00").returncode == 1
    assert check("times.csv", "fresh.yaml", "--now", "now").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trips.csv"], "required: SUITE"),
        (["trips.csv", "wrong.yaml"], "wrong.yaml:5: there is no constraint 'rnage'; did you mean 'range'"),
        (["trips.csv", "pasing.yaml"], "did you mean 'passing.yaml'"),
        (["trip.csv", "passing.yaml"], "did you mean 'trips.csv'"),
        (["days.parquet", "trips.csv", "passing.yaml"], "holds profiles and 'trips.csv' holds data"),
        (["days.parquet", "passing.yaml", "--timestamp", "day"], "--timestamp says how data is profiled"),
        (["trips.csv", "passing.yaml", "--window", "1d"], "--window needs --timestamp"),
        (["trips.csv", "passing.yaml", "--now", "soon"], "--now 'soon' is no time"),
        (["trips.csv", "passing.yaml", "--junit", "."], "it is a folder"),
        (["trips.csv", "passing.yaml", "--junit", "none/results.xml"], "the folder 'none' does not exist"),
        (["trips.csv", "passing.yaml", "--reference", "none.parquet"], "there is no file 'none.parquet'"),
        (["trips.csv", "trips.csv"], "trips.csv:1: "),
        (["trips.csv", "empty.yaml"], "empty.yaml: the suite has no constraints"),
    ],
)
def test_what_cannot_be_run_says_why(check, suites, days, arguments, words):
    process = check(*arguments)
    assert (process.returncode, process.stdout) == (2, "")
    assert words in process.stderr


def test_nothing_to_check_is_no_success(check, suites, folder):
    tg.ProfileSet([]).write(folder / "empty.parquet")
    process = check("empty.parquet", "passing.yaml")
    assert process.returncode == 2
    assert "there is no window to check" in process.stderr


def test_a_reader_that_leaves_early_gets_the_answer_too(suites, folder, environment):
    many = "constraints:\n" + "".join(f"- null_count: {{column: fare, at_least: {n}}}\n" for n in range(3000))
    (folder / "many.yaml").write_text(many)
    process = subprocess.Popen(
        [sys.executable, "-m", "tidegauge", "check", "trips.csv", "many.yaml"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


def test_conditions_of_the_suite_are_counted(check, folder, days):
    (folder / "conditions.yaml").write_text(
        "conditions:\n  paid_for: fare > 0 and paid\n"
        "constraints:\n- condition_rate: {condition: paid_for, at_least: 0.75}\n"
    )
    process = check("trips.csv", "conditions.yaml")
    assert process.returncode == 0, process.stdout
    assert "✓ share of records where paid_for at least 75%  75%" in process.stdout
    process = check(days, "conditions.yaml")
    assert process.returncode == 1
    assert "the profile has not counted the condition 'paid_for'" in process.stdout


def test_a_condition_over_a_column_that_is_gone_leaves_the_rest_to_be_judged(check, folder):
    (folder / "conditions.yaml").write_text(
        "conditions:\n  paid_for: fare > 0 and paid\n  tipped: tip > 0\n"
        "constraints:\n- condition_rate: {condition: paid_for, at_least: 0.75}\n"
        "- condition_rate: {condition: tipped, at_least: 0.75}\n"
    )
    process = check("trips.csv", "conditions.yaml")
    assert process.returncode == 1
    assert "✓ share of records where paid_for at least 75%" in process.stdout
    assert "the profile has no column 'tip'" in process.stdout
    assert check("trips.csv", "conditions.yaml", "--allow-unknown").returncode == 0


@pytest.mark.parametrize(("width", "whole"), [("", True), ("80", False)])
def test_labels_are_whole_in_what_is_piped(folder, command, width, whole):
    name = "fare_of_the_whole_journey_in_the_currency_of_the_country_where_it_began"
    (folder / "long.csv").write_text(f"{name}\n1.5\n")
    (folder / "long.yaml").write_text(f"constraints:\n- null_rate: {{column: {name}, at_most: 0.5}}\n")
    told = command("check", "long.csv", "long.yaml", COLUMNS=width).stdout
    assert (f"null rate of {name} at most 50%" in told) == whole


def test_a_reference_of_profiles_beside_data_that_needs_telling(check, suites, days):
    (suites / "lines").write_text((suites / "trips.csv").read_text())
    options = ("--input-format", "csv", "--timestamp", "day", "--window", "1d", "--format", "json")
    told = check("lines", "passing.yaml", "--reference", days, *options)
    assert told.returncode == 1  # the second day has no fare
    assert [window["records"] for window in json.loads(told.stdout)["windows"]] == [2, 2, 1]


def test_days_begin_where_timezone_says(check, folder):
    (folder / "times.csv").write_text("at\n2013-02-07T22:30\n2013-02-07T23:30\n2013-02-08T10:00\n")
    (folder / "rows.yaml").write_text("constraints:\n- records: {at_least: 1}\n")
    told = check(
        "times.csv", "rows.yaml", "--timestamp", "at", "--window", "1d", "--timezone", "Europe/Oslo",
        "--format", "json",
    )  # fmt: skip
    windows = json.loads(told.stdout)["windows"]
    assert [(window["window"]["start"], window["records"]) for window in windows] == [
        ("2013-02-06T23:00:00+00:00", 1),
        ("2013-02-07T23:00:00+00:00", 2),
    ]
    assert "give --window" in check("times.csv", "rows.yaml", "--timezone", "Europe/Oslo").stderr
