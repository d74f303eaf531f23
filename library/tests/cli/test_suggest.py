"""The command `tidegauge suggest`."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

import tidegauge as tg
from tidegauge.cli.main import main
from tidegauge.constraints import Suite

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    rng = random.Random(1)
    folder = tmp_path_factory.mktemp("suggest")
    lines = ["at,fare,city"]
    for day in range(20):
        for _ in range(50):
            at = START + timedelta(days=day, seconds=rng.randrange(86_400))
            lines.append(f"{at:%Y-%m-%dT%H:%M:%S},{rng.gauss(20, 5):.2f},{rng.choice(['Oslo', 'Rome'])}")
    (folder / "trips.csv").write_text("\n".join(lines))
    tg.log(str(folder / "trips.csv"), timestamp="at", window="1d").write(folder / "days.parquet")
    return folder


def test_a_suite_is_written_that_the_data_passes(data, tmp_path, capsys):
    suite = tmp_path / "suite.yaml"
    assert main(["suggest", str(data / "days.parquet"), "-o", str(suite), "--name", "trips"]) == 0
    told = capsys.readouterr()
    assert "back-test" in told.out
    assert f"wrote {suite}" in told.err
    read = Suite.read(suite)
    assert read.name == "trips"
    assert all(constraint.reason for constraint in read)
    assert main(["check", str(data / "days.parquet"), str(suite)]) == 0


def test_data_files_are_profiled_on_the_fly(data, tmp_path, capsys):
    arguments = ["--timestamp", "at", "--window", "1d", "-o"]
    assert main(["suggest", str(data / "trips.csv"), *arguments, str(tmp_path / "a.yaml")]) == 0
    assert main(["suggest", str(data / "days.parquet"), "-o", str(tmp_path / "b.yaml")]) == 0
    assert (tmp_path / "a.yaml").read_text() == (tmp_path / "b.yaml").read_text()
    capsys.readouterr()


def test_without_a_file_the_constraints_are_printed(data, capsys):
    assert main(["suggest", str(data / "days.parquet")]) == 0
    assert "type of city string" in capsys.readouterr().out


def test_json_for_programs(data, capsys):
    assert main(["suggest", str(data / "days.parquet"), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["backtest"]["judged"] == 6
    assert document["suite"]["constraints"]


def test_one_profile_with_the_size_of_batches(data, capsys):
    assert main(["suggest", str(data / "trips.csv"), "--records", "50"]) == 0
    assert "from one profile" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--false-positive-rate", "1"], "no share between 0 and 0.5"),
        (["--false-positive-rate", "x"], "no share between 0 and 0.5"),
        (["--records", "0"], "no whole number of 1 or more"),
        (["-o", "/nowhere/at/all/suite.yaml"], "does not exist"),
        (["--window", "1d"], "--window"),
    ],
)
def test_what_cannot_be_meant_is_refused(data, arguments, message, capsys):
    assert main(["suggest", str(data / "days.parquet"), *arguments]) == 2
    assert message in capsys.readouterr().err
