"""``tidegauge report``: documents of profiles and of data, compared or not."""

from __future__ import annotations

import json

import pytest

import tidegauge as tg


def test_a_document_of_data(command, folder):
    process = command(
        "report", "trips.csv", "-o", "trips.html", "--dataset", "trips", "--title", "Two days & more"
    )
    assert process.returncode == 0, process.stderr
    assert process.stderr.startswith("wrote trips.html: ")
    html = (folder / "trips.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "<title>Two days &amp; more</title>" in html
    assert "fare" in html


def test_the_form_follows_the_name_of_the_output(done, folder):
    for name, begin in (
        ("a.html", "<!doctype"),
        ("a.md", "# "),
        ("a.json", "{"),
        ("a.txt", "unnamed dataset"),
    ):
        done("report", "trips.csv", "-o", name)
        assert (folder / name).read_text(encoding="utf-8").startswith(begin)
    done("report", "trips.csv", "-o", "page", "--format", "html")
    assert (folder / "page").read_text(encoding="utf-8").startswith("<!doctype")
    done("report", "trips.csv", "-o", "forced.html", "--format", "markdown")
    assert (folder / "forced.html").read_text(encoding="utf-8").startswith("# ")


def test_without_an_output_it_is_printed(done):
    assert "fare" in done("report", "trips.csv")
    assert json.loads(done("report", "trips.csv", "--format", "json"))["report"] == "profile"
    assert done("report", "trips.csv", "--format", "markdown").startswith("# ")
    assert done("report", "trips.csv", "--format", "html").startswith("<!doctype html>")


def test_windows_of_data_and_of_profile_files(done, folder):
    done("profile", "trips.csv", "--timestamp", "day", "--window", "1d", "-o", "days.parquet")
    document = json.loads(done("report", "days.parquet", "--format", "json"))
    assert (document["report"], document["windows"]) == ("profile set", 3)
    document = json.loads(
        done("report", "trips.csv", "--timestamp", "day", "--window", "1d", "--format", "json")
    )
    assert document["report"] == "profile set"
    merged = json.loads(done("report", "days.parquet", "--merged", "--format", "json"))
    assert (merged["report"], merged["records"]) == ("profile", 5)


def test_a_comparison(done, folder):
    lines = ["city,fare", *(f"Oslo,{fare}" for fare in range(400))]
    (folder / "before.csv").write_text("\n".join(lines))
    lines = ["city,fare", *(f"Rome,{fare}" for fare in range(300, 700))]
    (folder / "after.csv").write_text("\n".join(lines))
    document = json.loads(done("report", "after.csv", "--reference", "before.csv", "--format", "json"))
    assert (document["report"], document["verdict"]) == ("comparison", "drift")


def test_windows_judged_by_those_before(done, folder):
    rows = [
        f"2026-01-{day:02},{(day == 30) * 50 + number % 40}" for day in range(1, 31) for number in range(200)
    ]
    (folder / "days.csv").write_text("\n".join(["day,x", *rows]))
    options = ("--timestamp", "day", "--window", "1d", "--drift", "--format", "json")
    document = json.loads(done("report", "days.csv", *options))
    assert document["report"] == "drift series"
    assert document["ranking"][0]["start"].startswith("2026-01-30")


def test_what_does_not_go_together_is_refused(refused, command):
    assert "--drift needs profiles of several windows" in refused("report", "trips.csv", "--drift")
    reason = refused("report", "trips.csv", "--drift", "--timestamp", "day", "--window", "1d")
    assert "windows are too few" in reason
    assert "least_history=" not in reason
    reason = refused("report", "trips.csv", "--drift", "--reference", "trips.csv")
    assert "give one" in reason
    assert "there is no file 'trip.csv'; did you mean 'trips.csv'?" in refused("report", "trip.csv")
    assert "does not exist" in refused("report", "trips.csv", "-o", "no/such.html")
    assert command("report").returncode == 2


@pytest.mark.parametrize("name", ["page", "page.pdf", "page.html.gz"])
def test_a_name_that_tells_no_form_is_refused(refused, folder, name):
    complaint = refused("report", "trips.csv", "-o", name)
    assert name in complaint
    assert ".html, .htm, .md, .json, .txt" in complaint
    assert "--format" in complaint
    assert not (folder / name).exists()


@pytest.fixture
def few_days(folder):
    """Three days of data, as data and as a profile file of three windows; and twelve as another."""
    rows = [f"2026-01-{day:02},{number % 40}" for day in range(1, 13) for number in range(200)]
    (folder / "few.csv").write_text("\n".join(["day,x", *rows[:600]]))
    (folder / "many.csv").write_text("\n".join(["day,x", *rows]))
    for name in ("few", "many"):
        data = str(folder / f"{name}.csv")
        tg.log(data, timestamp="day", window="1d").write(folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize(
    ("reference", "options", "windows"),
    [
        ("few.parquet", (), None),
        ("many.parquet", (), 12),
        ("many.parquet", ("--merged",), None),
        ("many.csv", ("--timestamp", "day", "--window", "1d"), 12),
        ("many.csv", (), None),
    ],
)
def test_a_comparison_is_the_one_that_compare_makes(few_days, done, reference, options, windows):
    document = json.loads(done("report", "few.csv", "--reference", reference, "--format", "json", *options))
    compared = json.loads(done("compare", "few.csv", reference, "--format", "json", *options))
    assert compared["history_windows"] == windows
    for key in ("history_windows", "verdict", "columns", "why"):
        assert document[key] == compared[key]


def test_options_for_data_are_meant_for_the_side_that_is_data(few_days, done, refused):
    (few_days / "lines").write_text((few_days / "few.csv").read_text())
    for command in (("compare", "lines", "few.parquet"), ("report", "lines", "--reference", "few.parquet")):
        document = json.loads(done(*command, "--input-format", "csv", "--format", "json"))
        assert document["current"]["records"] == document["reference"]["records"] == 600
        both = (*(name.replace("lines", "few.parquet") for name in command), "--input-format", "csv")
        assert "--input-format says how data is profiled" in refused(*both)
