"""``tidegauge compare`` as a stranger would run it."""

import json
import random

import pytest

import tidegauge as tg


@pytest.fixture
def files(folder):
    """Two data files of one distribution, one of another, one profile, one history."""
    generator = random.Random(1)

    def write(name, mean):
        rows = [f"{generator.gauss(mean, 1):.6f},{generator.choice('ab')}" for _ in range(1500)]
        (folder / name).write_text("\n".join(["x,c", *rows]) + "\n")

    for name, mean in (("then.csv", 0), ("same.csv", 0), ("moved.csv", 1)):
        write(name, mean)
    tg.log(str(folder / "then.csv")).write(folder / "then.profile.parquet")
    rows = [
        {"day": f"2024-01-{day:02}", "x": generator.gauss(0, 1), "c": "a"}
        for day in range(1, 21)
        for _ in range(200)
    ]
    tg.log(rows, timestamp="day", window="1d").write(folder / "days.profile.parquet")
    return folder


def test_drift_is_told_and_fails_only_when_asked(files, command):
    told = command("compare", "moved.csv", "then.csv")
    assert told.returncode == 0
    assert "1 of 2 columns changed: 'x'." in told.stdout
    assert "The values rose" in told.stdout
    assert command("compare", "moved.csv", "then.csv", "--fail-on", "drift").returncode == 1
    assert command("compare", "same.csv", "then.csv", "--fail-on", "drift").returncode == 0


def test_profiles_and_data_may_be_mixed(files, command):
    assert command("compare", "moved.csv", "then.profile.parquet", "--fail-on", "drift").returncode == 1
    assert command("compare", "then.profile.parquet", "same.csv", "--fail-on", "drift").returncode == 0


def test_a_file_of_windows_is_a_history(files, done):
    answer = json.loads(done("compare", "moved.csv", "days.profile.parquet", "--format", "json"))
    assert answer["history_windows"] == 20
    assert answer["drifted"] == ["x", "c"] or set(answer["drifted"]) == {"x", "c"}
    merged = json.loads(done("compare", "moved.csv", "days.profile.parquet", "--format", "json", "--merged"))
    assert merged["history_windows"] is None


def test_schema_and_unclear(files, command):
    (files / "few.csv").write_text("x\n0.5\n0.1\n")
    assert command("compare", "few.csv", "then.csv", "--fail-on", "drift").returncode == 0
    assert command("compare", "few.csv", "then.csv", "--fail-on", "schema").returncode == 1
    assert command("compare", "few.csv", "then.csv", "--fail-on", "unclear").returncode == 1


def test_other_forms(files, done, folder):
    assert "# " in done("compare", "moved.csv", "then.csv", "--format", "markdown")
    done("compare", "moved.csv", "then.csv", "--html", "out.html")
    assert "<!doctype html>" in (folder / "out.html").read_text().lower()


def test_options_reach_the_comparison(files, done):
    def answer(*options):
        return json.loads(done("compare", "moved.csv", "then.csv", "--format", "json", *options))

    assert answer("--threshold", "x=0.9")["verdict"] == "stable"
    assert answer("--threshold", "ks=0.9")["verdict"] == "stable"
    assert list(answer("--column", "c")["columns"]) == ["c"]
    effect = answer("--measure", "x=psi")["columns"]["x"]["findings"][0]["effect"]
    assert (effect["measure"], effect["low"]) == ("psi", None)
    assert answer("--measure", "psi")["verdict"] == "drift"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--threshold", "ks"], "no NAME=NUMBER"),
        (["--threshold", "kss=1"], "'ks'"),
        (["--measure", "psii"], "'psi'"),
        (["--measure", "psi", "--measure", "x=ks"], "COLUMN=NAME"),
        (["--fail-on", "everything"], "invalid choice"),
        (["--column", "y"], "'y'"),
    ],
)
def test_what_cannot_be_meant_exits_with_2(files, command, options, message):
    process = command("compare", "moved.csv", "then.csv", *options)
    assert process.returncode == 2
    assert message in process.stderr


def test_files_that_have_nothing_in_common(files, command):
    process = command("compare", "trips.csv", "then.csv")
    assert process.returncode == 2
    assert "no column in common" in process.stderr


def test_a_missing_file(files, command):
    process = command("compare", "moved.csv", "gone.csv")
    assert process.returncode == 2
    assert "gone.csv" in process.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--threshold", "far=0.2"], "--threshold names 'far', which is neither a column nor a measure"),
        (["--column", "far"], "--column names 'far', which neither profile has"),
        (["--measure", "far=ks"], "--measure names a column 'far'"),
        (["--false-discovery-rate", "5"], "--false-discovery-rate is a share between 0 and 1"),
        (["--measure", "x=wasserstein"], "give a threshold: --threshold x=NUMBER"),
    ],
)
def test_complaints_name_options_and_not_arguments(files, refused, options, complaint):
    told = refused("compare", "same.csv", "then.csv", *options)
    assert complaint in told
    assert "s=" not in told


def test_a_complaint_about_a_measure_names_the_option(command, files):
    process = command("compare", "same.csv", "then.csv", "--measure", "wasserstein", "--threshold", "x=1")
    assert process.returncode == 2
    assert "--measure COLUMN=NAME" in process.stderr
    assert "measures=" not in process.stderr
