"""Segments on the command line: making them, and choosing one wherever profiles or data are looked at."""

import json

import pytest

import tidegauge as tg


@pytest.fixture
def segments(folder):
    """A profile file of three days with segments of two partitions."""
    partitions = [["city"], ["city", "paid"]]
    found = tg.log(str(folder / "trips.csv"), "trips", timestamp="day", window="1d", segments=partitions)
    found.write(folder / "segments.parquet")
    return "segments.parquet"


def test_profile_makes_segments(done, folder):
    options = ("--segment", "city", "--segment", "city,paid", "--max-segments", "2")
    done("profile", "trips.csv", *options, "-o", "out.parquet")
    found = tg.ProfileSet.read(folder / "out.parquet")
    assert found == tg.log(str(folder / "trips.csv"), segments=[["city"], ["city", "paid"]], max_segments=2)
    done("profile", "trips.csv", "--segment", "city", "--no-total", "-o", "out.parquet")
    assert [p.segment["city"] for p in tg.ProfileSet.read(folder / "out.parquet")] == ["Bern", "Oslo", "Rome"]


def test_profile_says_what_it_wrote(command):
    process = command("profile", "trips.csv", "--segment", "city", "-o", "out.parquet")
    assert "3 segments, 5 records" in process.stderr
    assert "0 windows" not in process.stderr


def test_profile_refuses_what_cannot_be_meant(refused):
    assert "goes with --segment" in refused("profile", "trips.csv", "--no-total")
    assert "goes with --segment" in refused("profile", "trips.csv", "--max-segments", "5")
    assert "no whole number" in refused("profile", "trips.csv", "--segment", "city", "--max-segments", "0")
    assert 'did you mean "city"' in refused("profile", "trips.csv", "--segment", "citi")


def test_show_lists_segments(done, segments):
    text = done("show", segments)
    assert text.startswith("trips · 3 windows · 3 segments by city · 4 segments by city, paid · ")
    assert "city        records   share" in text or "city  records   share" in text
    assert "Oslo, false" in text


def test_show_one_segment(done, segments, refused):
    assert " · city=Oslo · 3 records" in done("show", segments, "--segment", "city=Oslo")
    document = json.loads(done("show", segments, "--segment", "city=Oslo,paid=true", "--format", "json"))
    assert sum(profile["records"] for profile in document["profiles"]) == 2
    assert "did you mean 'Oslo'" in refused("show", segments, "--segment", "city=Olso")
    assert "no segment; expected COLUMN=VALUE" in refused("show", segments, "--segment", "Oslo")


def test_show_a_null(done, folder):
    (folder / "nulls.csv").write_text("city,fare\nOslo,1\n,2\n,3\n")
    done("profile", "nulls.csv", "--segment", "city", "-o", "nulls.parquet")
    assert "city=null · 2 records" in done("show", "nulls.parquet", "--segment", "city=null")


def test_a_column_of_all_records(done, segments):
    document = json.loads(done("show", segments, "--column", "fare", "--format", "json"))
    assert document["counts"]["records"] == 5


def test_compare_chooses_a_segment(done, command, segments):
    process = command("compare", segments, segments)
    assert process.returncode == 0
    assert (
        "all records are looked at; there are 3 segments by city, 4 segments by city, paid" in process.stderr
    )
    assert "--segment city=VALUE chooses one" in process.stderr
    chosen = json.loads(done("compare", segments, segments, "--segment", "city=Oslo", "--format", "json"))
    assert chosen["current"]["segment"] == {"city": "Oslo"}
    # Data files are segmented on the fly.
    fresh = json.loads(done("compare", "trips.csv", segments, "--segment", "city=Oslo", "--format", "json"))
    assert fresh["current"]["records"] == 3


def test_check_looks_at_all_records_or_one_segment(command, folder, segments):
    (folder / "suite.yaml").write_text(
        "version: 1\nconstraints:\n  - null_rate: {column: fare, at_most: 0.5}\n"
    )
    whole = command("check", segments, "suite.yaml", "--merged", "--format", "json")
    oslo = command("check", segments, "suite.yaml", "--merged", "--format", "json", "--segment", "city=Oslo")
    assert json.loads(whole.stdout)["records"] == 5
    assert json.loads(oslo.stdout)["segment"] == {"city": "Oslo"}
    assert (whole.returncode, oslo.returncode) == (0, 1)


def test_report_lists_segments_or_shows_one(done, segments):
    page = done("report", segments, "--format", "html")
    assert "Segments by city" in page
    text = done("report", segments, "--format", "markdown")
    assert "## Segments by city, paid" in text
    document = json.loads(done("report", segments, "--format", "json"))
    assert document["segments"]["city"][0]["values"] == {"city": "Oslo"}
    oslo = done("report", segments, "--format", "markdown", "--segment", "city=Oslo")
    assert "Segments by" not in oslo


def test_merge_keeps_segments(done, folder, segments):
    done("merge", segments, "-o", "again.parquet")
    assert tg.ProfileSet.read(folder / "again.parquet") == tg.ProfileSet.read(folder / segments)
    done("merge", segments, "--into-one", "-o", "one.parquet")
    assert tg.Profile.read(folder / "one.parquet").records == 5
