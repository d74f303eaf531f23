"""Segments on the command line: making them, and choosing one wherever profiles or data are looked at."""

import json
import random

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
    assert process.stderr.count("all records are looked at") == 1
    assert command("compare", "trips.csv", segments).stderr == process.stderr
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


@pytest.fixture
def weeks(folder):
    """Two weeks of rides of four cities as data; in the second one fares in Rome have risen, Lima is new."""
    for name, seed, cities, moved in (("then.csv", 1, "ORB", ""), ("now.csv", 2, "ORBL", "R")):
        generator = random.Random(seed)
        lines = ["city,paid,fare"]
        for _ in range(3000):
            city = generator.choice(cities)
            lines.append(
                f"{city},{generator.random() < 0.5},{generator.gauss(18 if city in moved else 10, 3):.3f}"
            )
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder


def test_compare_by_segment_of_data(weeks, command, done):
    told = command("compare", "now.csv", "then.csv", "--by-segment", "city", "--fail-on", "drift")
    assert told.returncode == 1
    assert "1 of 3 segments changed: 'R'" in told.stdout
    assert "appeared: L (" in told.stdout
    document = json.loads(done("compare", "now.csv", "then.csv", "--by-segment", "city", "--format", "json"))
    assert document["drifted"] == [{"city": "R"}]
    assert [one["values"] for one in document["appeared"]] == [{"city": "L"}]
    page = done(
        "compare", "now.csv", "then.csv", "--by-segment", "city", "--format", "markdown", "--html", "o.html"
    )
    assert "## Drifted segments" in page
    assert '<section id="s1"><h2>R<' in (weeks / "o.html").read_text()


def test_compare_by_segment_of_profiles(weeks, done, refused):
    done("profile", "now.csv", "--segment", "city", "--segment", "paid,city", "-o", "now.parquet")
    done("profile", "then.csv", "--segment", "city", "--segment", "city,paid", "-o", "then.parquet")
    many = refused("compare", "now.parquet", "then.parquet", "--by-segment")
    assert "by ['city'], ['paid', 'city']; give the one that is meant: --by-segment city" in many
    told = json.loads(
        done("compare", "now.parquet", "then.parquet", "--by-segment", "city,paid", "--format", "json")
    )
    assert told["by"] == ["paid", "city"]
    assert {one["city"] for one in told["drifted"]} == {"R"}
    # Data on one side is segmented as the other is.
    mixed = json.loads(done("compare", "now.csv", "then.parquet", "--by-segment", "city", "--format", "json"))
    assert mixed["drifted"] == [{"city": "R"}]
    done("profile", "then.csv", "--segment", "city", "-o", "then.parquet")
    assert "1 of 3 segments changed" in done("compare", "now.parquet", "then.parquet", "--by-segment")


def test_compare_by_segment_fails_on_what_is_asked(weeks, command):
    def code(current, *fail):
        asked = [word for each in fail for word in ("--fail-on", each)]
        return command("compare", current, "then.csv", "--by-segment", "city", *asked).returncode

    assert code("now.csv") == 0
    assert code("then.csv", "drift", "schema", "unclear", "segments") == 0
    assert code("now.csv", "segments") == 1
    assert code("now.csv", "schema", "unclear") == 0
    (weeks / "few.csv").write_text("city,fare\nO,10\nR,10\nB,10\n")
    assert code("few.csv", "unclear") == 1
    assert code("few.csv", "schema") == 1


def test_compare_by_segment_learns_from_past_windows(folder, done):
    generator = random.Random(1)
    lines = ["day,city,x"]
    for day in range(1, 13):
        lines += [
            f"2024-01-{day:02},{generator.choice('AB')},{generator.gauss(0, 1):.4f}" for _ in range(400)
        ]
    (folder / "days.csv").write_text("\n".join(lines) + "\n")
    done(
        "profile", "days.csv", "--segment", "city", "--timestamp", "day", "--window", "1d", "-o", "d.parquet"
    )
    for options, windows in (((), 12), (("--merged",), None)):
        told = json.loads(
            done("compare", "d.parquet", "d.parquet", "--by-segment", "--format", "json", *options)
        )
        assert {one["history_windows"] for one in told["segments"]} == {windows}
        assert told["verdict"] == "stable"
    assert "d.parquet" not in done(
        "compare", "d.parquet", "d.parquet", "--by-segment", "--merged", "--measure", "x=psi"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("compare", "--by-segment", "now.csv", "then.csv"), "give --by-segment after the files"),
        (("compare", "now.csv", "then.csv", "--by-segment"), "needs columns where data is profiled"),
        (("compare", "now.csv", "then.csv", "--by-segment", "citi"), 'did you mean "city"'),
        (
            ("compare", "plain.parquet", "then.csv", "--by-segment", "city"),
            "plain.parquet: the profiles have no",
        ),
        (
            ("compare", "now.csv", "then.csv", "--by-segment", "city", "--segment", "city=R"),
            "give one of them",
        ),
        (("compare", "now.csv", "then.csv", "--fail-on", "segments"), "goes with --by-segment"),
        (("check", "now.csv", "suite.yaml", "--by-segment"), "needs columns where data is profiled"),
        (("check", "plain.parquet", "suite.yaml", "--by-segment"), "have no segments"),
    ],
)
def test_by_segment_refuses_what_cannot_be_meant(weeks, done, refused, arguments, complaint):
    done("profile", "then.csv", "-o", "plain.parquet")
    (weeks / "suite.yaml").write_text("version: 1\nconstraints:\n  - no_drift: {}\n")
    assert complaint in refused(*arguments)


def test_measures_need_merged_windows(folder, done, refused):
    lines = ["day,city,x", *(f"2024-01-{day:02},A,{n}" for day in range(1, 10) for n in range(20))]
    (folder / "days.csv").write_text("\n".join(lines) + "\n")
    done(
        "profile", "days.csv", "--segment", "city", "--timestamp", "day", "--window", "1d", "-o", "d.parquet"
    )
    told = refused("compare", "d.parquet", "d.parquet", "--by-segment", "--measure", "x=psi")
    assert told.strip().endswith("leave it out, or merge them: --merged")


def test_check_by_segment(weeks, command, done):
    (weeks / "suite.yaml").write_text(
        "version: 1\nname: fares\nconstraints:\n"
        "  - no_drift: {columns: [fare]}\n  - mean: {column: fare, at_most: 15}\n"
    )
    asked = ("check", "now.csv", "suite.yaml", "--by-segment", "city", "--reference", "then.csv")
    told = command(*asked, "--format", "json")
    assert told.returncode == 1
    outcomes = {
        one["segment"].get("city"): [each["outcome"] for each in one["results"]]
        for one in json.loads(told.stdout)["windows"]
    }
    assert outcomes == {
        None: ["failed", "passed"],
        "O": ["passed", "passed"],
        "R": ["failed", "failed"],
        "B": ["passed", "passed"],
        "L": ["unknown", "passed"],
    }
    page = command(*asked, "--format", "markdown").stdout
    assert page.startswith("# fares: 2 of 5 profiles passed")
    assert "| ? | city=L | 1 unknown, 1 passed |" in page
    assert "## all records: ✗ failed" in page
    assert "the reference has no segment city=L to compare with" in page
    xml = command(*asked, "--format", "junit").stdout
    assert '<testsuite name="fares city=R" tests="2" failures="2"' in xml
    assert "2 of 5 profiles passed" in command(*asked).stdout


def test_check_by_segment_of_windows(folder, segments, done, command):
    (folder / "suite.yaml").write_text(
        "version: 1\nconstraints:\n  - null_rate: {column: fare, at_most: 0.5}\n"
    )

    def checked(*options):
        told = command("check", segments, "suite.yaml", "--format", "json", *options)
        found = json.loads(told.stdout)["windows"]
        return [(one["segment"], one["records"], one["outcome"]) for one in found]

    first, *cities = checked("--by-segment", "city", "--merged")
    assert first == ({}, 5, "passed")
    assert {segment["city"]: told for segment, *told in cities} == {
        "Bern": [1, "passed"],
        "Oslo": [3, "failed"],
        "Rome": [1, "passed"],
    }
    # Without --merged each window of each; without columns the segments of all kinds.
    assert len(checked("--by-segment", "city")) == 3 + 4
    assert len(checked("--by-segment", "--merged")) == 1 + 3 + 4
    page = command("check", segments, "suite.yaml", "--by-segment", "city", "--format", "markdown").stdout
    assert "| ✗ | 2013-02-08 | city=Oslo |" in page
    assert "| ✓ | 2013-02-09 | all records |" in page


def test_data_without_records_has_no_segments(refused, folder):
    (folder / "head.csv").write_text("city,fare\n")
    command = ("compare", "head.csv", "trips.csv", "--by-segment", "city")
    assert "no records, and so no segments" in refused(*command)


def test_one_segment_is_named_once(refused, segments):
    complaint = refused("show", segments, "--segment", "city=Oslo", "--segment", "paid=true")
    assert "argument --segment: was given twice; name all columns of a segment at once" in complaint


def test_a_segment_of_a_finer_partition_keeps_its_name(done):
    done("profile", "trips.csv", "--segment", "city,paid", "-o", "fine.parquet")
    assert done("show", "fine.parquet", "--segment", "city=Oslo").startswith(
        "unnamed dataset · city=Oslo · 3 rec"
    )
    text = done("compare", "fine.parquet", "fine.parquet", "--segment", "city=Oslo")
    assert "current    city=Oslo · 3 records" in text


def test_values_are_read_as_they_are_printed(done, folder):
    cities = {"null": None, "'null'": "null", "''": "", "' '": " ", "Oslo": "Oslo", "'Oslo'": "'Oslo'"}
    tg.log({"city": list(cities.values())}, "rides", segments=["city"]).write(folder / "odd.parquet")
    for text, city in cities.items():
        document = json.loads(done("show", "odd.parquet", "--segment", f"city={text}", "--format", "json"))
        assert document["segment"] == {"city": city}


def test_lines_without_the_column_of_segments(refused, folder):
    (folder / "rides.ndjson").write_text('{"city": "Oslo"}\n{"city": null, "fare": 5}\n')
    complaint = 'names the column "citi", which the data does not have; did you mean "city"'
    assert complaint in refused("profile", "rides.ndjson", "--segment", "citi")
    assert complaint in refused("compare", "rides.ndjson", "rides.ndjson", "--by-segment", "citi")
