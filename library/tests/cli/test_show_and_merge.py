"""``tidegauge show`` and ``tidegauge merge``."""

import json

import pytest

import tidegauge as tg


@pytest.fixture
def days(folder):
    """A profile file of three days."""
    tg.log(str(folder / "trips.csv"), "trips", timestamp="day", window="1d").write(folder / "days.parquet")
    return "days.parquet"


@pytest.fixture
def whole(folder):
    """A profile file without windows."""
    tg.log(str(folder / "trips.csv"), "trips").write(folder / "whole.parquet")
    return "whole.parquet"


def test_show_a_profile(done, whole, folder):
    text = done("show", whole)
    assert text.startswith("trips · 5 records · 4 columns")
    assert json.loads(done("show", whole, "--format", "json")) == tg.read(folder / whole).to_dict()


def test_show_a_column(done, whole):
    text = done("show", whole, "--column", "fare")
    assert text.startswith("fare · fractional")
    assert "nulls      2 (40%)" in text
    assert "┤" in text
    document = json.loads(done("show", whole, "--column", "fare", "--format", "json"))
    assert document["column"] == "fare"
    assert document["counts"]["nulls"] == 2


def test_show_a_column_of_text(done, whole):
    lines = done("show", whole, "--column", "city").splitlines()
    first = lines[lines.index("top values") + 1]
    assert first.split()[:3] == ["Oslo", "3", "60%"]


def test_show_a_set(done, days):
    text = done("show", days)
    assert "3 windows · 2013-02-07 → 2013-02-10 · 5 records" in text
    window = next(line for line in text.splitlines() if line.startswith("2013-02-08"))
    assert window.split()[1] == "2"
    assert "fare 100%" in window
    assert len(json.loads(done("show", days, "--format", "json"))["profiles"]) == 3


def test_show_one_window_and_all_merged(done, days):
    assert done("show", days, "--window", "2013-02-08").startswith("trips · 2013-02-08 · 2 records")
    assert "5 records · 4 columns" in done("show", days, "--merged")


def test_show_a_column_over_time(done, days):
    text = done("show", days, "--column", "fare")
    assert text.startswith("fare · fractional")
    assert "100% 02-08" in text


def test_show_refuses_what_is_not_there(refused, days, whole, folder):
    assert "'fare'" in refused("show", whole, "--column", "fair")
    assert "2013-02-07" in refused("show", days, "--window", "2014-01-01")
    assert "without windows" in refused("show", whole, "--window", "2013-02-08")
    (folder / "data.parquet").write_bytes(b"PAR1 nonsense PAR1")
    assert "data.parquet" in refused("show", "data.parquet")
    for command in (("show", "trips.csv"), ("merge", whole, "trips.csv", "-o", "out.parquet")):
        told = refused(*command)
        assert (
            "'trips.csv' holds no profiles; if it is data, profile it with: tidegauge profile trips.csv"
            in told
        )
    (folder / "cut.parquet").write_bytes((folder / whole).read_bytes()[:2000])
    assert "the profile file is damaged" in refused("show", "cut.parquet")


def test_merge_of_halves_is_the_whole(command, folder, whole):
    lines = (folder / "trips.csv").read_text().splitlines(keepends=True)
    (folder / "a.csv").write_text("".join(lines[:3]))
    (folder / "b.csv").write_text("".join([lines[0], *lines[3:]]))
    for name in ("a", "b"):
        tg.log(str(folder / f"{name}.csv"), "trips").write(folder / f"{name}.parquet")
    process = command("merge", "a.parquet", "b.parquet", "-o", "ab.parquet")
    assert process.returncode == 0, process.stderr
    assert process.stderr.startswith("wrote ab.parquet: 2 profiles merged into 1 profile, ")
    merged, expected = tg.Profile.read(folder / "ab.parquet"), tg.Profile.read(folder / whole)
    assert merged.records == expected.records
    assert merged["fare"].quantile([0.0, 0.5, 1.0]) == expected["fare"].quantile([0.0, 0.5, 1.0])


def test_merge_goes_window_by_window(command, folder, days):
    process = command("merge", days, days, "-o", "twice.parquet", "--format", "json")
    assert [profile["records"] for profile in json.loads(process.stdout)["profiles"]] == [4, 4, 2]
    process = command("merge", days, "--into-one", "-o", "one.parquet")
    assert process.returncode == 0, process.stderr
    assert tg.Profile.read(folder / "one.parquet").records == 5


def test_merge_may_replace_one_of_its_inputs(command, folder, days):
    assert command("merge", days, days, "-o", days).returncode == 0
    assert tg.ProfileSet.read(folder / days).records == 10


def test_merge_refuses_different_datasets(refused, folder, whole):
    tg.log({"x": [1]}, "other").write(folder / "other.parquet")
    complaint = refused("merge", whole, "other.parquet", "-o", "out.parquet")
    assert "2 datasets (other, trips)" in complaint
    assert not (folder / "out.parquet").exists()


def test_merge_refuses_a_folder_that_is_not_there(refused, whole):
    assert "nowhere" in refused("merge", whole, "-o", "nowhere/out.parquet")


def test_merge_tells_of_an_output_that_is_read_again(command, days, folder):
    (folder / "profiles").mkdir()
    (folder / days).rename(folder / "profiles" / days)
    process = command("merge", "profiles", "-o", "profiles/all.parquet")
    assert process.returncode == 0
    assert "profiles/all.parquet is in profiles, which was read" in process.stderr
    assert "which was read" not in command("merge", "profiles", "-o", "all.parquet").stderr
