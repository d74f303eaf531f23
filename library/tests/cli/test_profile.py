"""``tidegauge profile``."""

import gzip
import json
import math
import re

import pytest

import tidegauge as tg


def test_table(done):
    lines = done("profile", "trips.csv", "--dataset", "trips").splitlines()
    assert lines[0].startswith("trips · 5 records · 4 columns · profiled 20")
    assert lines[2].split() == ["column", "type", "nulls", "distinct", "min", "median", "max"]
    fare = next(line for line in lines if line.startswith("fare"))
    assert fare.split()[:7] == ["fare", "fractional", "40%", "3", "5", "7.5", "40.25"]
    city = next(line for line in lines if line.startswith("city"))
    assert "Oslo 60%, Bern 20%, Rome 20%" in city


def test_json_has_the_keys_of_to_dict(done):
    document = json.loads(
        done("profile", "trips.csv", "--format", "json", "--tag", "team=a", "--tag", "run=7")
    )
    assert {"dataset", "window", "records", "created", "tags", "columns"} <= document.keys()
    assert document["records"] == 5
    assert document["tags"] == {"team": "a", "run": "7"}
    assert document["columns"]["fare"]["counts"]["nulls"] == 2
    assert document["columns"]["fare"]["values"]["max"] == 40.25


def test_json_keys_are_stable(done):
    document = json.loads(done("profile", "trips.csv", "--format", "json"))
    assert list(document) == [
        "dataset",
        "window",
        "segment",
        "is_other_segment",
        "records",
        "late_records",
        "early_records",
        "created",
        "tags",
        "columns",
        "conditions",
        "correlation",
    ]
    fare, city = document["columns"]["fare"], document["columns"]["city"]
    shared = {"type", "arrow_type", "role", "counts", "null_rate", "types", "cardinality", "frequent_items"}
    assert fare.keys() == shared | {"values"}
    assert city.keys() == shared | {"lengths"}
    numbers = {"kind", "n", "min", "max", "mean", "stddev", "variance", "skewness", "kurtosis"}
    assert fare["values"].keys() == city["lengths"].keys() == numbers | {"quantiles", "rank_error"}
    assert fare["cardinality"].keys() == {"estimate", "lower", "upper", "exact"}
    assert city["frequent_items"][0] == {"value": "Oslo", "estimate": 3, "lower": 3, "upper": 3}


@pytest.mark.parametrize("values", ["null", "1e308 -1e308", "NaN inf -inf", "1"])
def test_json_has_null_for_what_is_no_number(done, folder, values):
    (folder / "odd.csv").write_text(
        "\n".join(["x", *("" if v == "null" else v for v in values.split()), "1"])
    )
    text = done("profile", "odd.csv", "--format", "json")
    json.loads(text, parse_constant=pytest.fail)


def test_file_written_is_what_log_gives(command, folder):
    process = command("profile", "trips.csv", "-o", "out.parquet", "--dataset", "trips")
    assert process.returncode == 0
    assert process.stdout == ""
    assert process.stderr.startswith("wrote out.parquet: 5 records, 4 columns, ")
    assert tg.read(folder / "out.parquet") == tg.log(str(folder / "trips.csv"), "trips")
    assert sorted(path.name for path in folder.iterdir()) == ["out.parquet", "trips.csv"]


def test_file_and_table_together(done):
    assert "fare" in done("profile", "trips.csv", "-o", "out.parquet", "--format", "table")


def test_standard_input(done, folder):
    data = (folder / "trips.csv").read_text()
    for form in (("--input-format", "csv"), ()):
        document = json.loads(done("profile", "-", *form, "--format", "json", data=data))
        assert document["records"] == 5
        assert list(document["columns"]) == ["day", "city", "fare", "paid"]


def test_folders_patterns_and_gzip_make_one_profile(done, folder):
    (folder / "lake" / "deep").mkdir(parents=True)
    text = (folder / "trips.csv").read_text()
    (folder / "lake" / "a.csv").write_text(text)
    (folder / "lake" / "deep" / "b.csv.gz").write_bytes(gzip.compress(text.encode()))
    (folder / "lake" / "README.txt").write_text("not data")
    assert json.loads(done("profile", "lake", "--format", "json"))["records"] == 10
    assert json.loads(done("profile", "lake/*.csv", "trips.csv", "--format", "json"))["records"] == 10
    assert json.loads(done("profile", "lake/**/*.csv*", "--format", "json"))["records"] == 10


def test_a_file_named_twice_counts_once(done):
    assert json.loads(done("profile", "trips.csv", "trips.csv", "--format", "json"))["records"] == 5


def test_output_in_the_folder_is_no_input(command, folder):
    tg.log({"x": [1, 2]}).write(folder / "out.parquet")
    process = command("profile", ".", "-o", "out.parquet")
    assert process.returncode == 0, process.stderr
    assert tg.Profile.read(folder / "out.parquet").columns == ("day", "city", "fare", "paid")


def test_output_that_is_the_input_is_refused(refused, folder):
    assert "one of the inputs" in refused("profile", "trips.csv", "-o", "./trips.csv")
    assert (folder / "trips.csv").read_text().startswith("day,city")


def test_windows(command, done, folder):
    process = command("profile", "trips.csv", "--timestamp", "day", "--window", "1d", "-o", "days.parquet")
    assert process.returncode == 0, process.stderr
    assert process.stderr.startswith("wrote days.parquet: 3 windows, 5 records, 4 columns, ")
    days = tg.ProfileSet.read(folder / "days.parquet")
    assert [profile.records for profile in days] == [2, 2, 1]
    text = done("profile", "trips.csv", "--timestamp", "day", "--window", "1d")
    assert "3 windows · 2013-02-07 → 2013-02-10 · 5 records" in text
    assert "100% 02-08" in next(line for line in text.splitlines() if line.startswith("fare"))


def test_chosen_columns(done):
    assert list(
        json.loads(done("profile", "trips.csv", "--columns", "fare,city", "--format", "json"))["columns"]
    ) == [
        "city",
        "fare",
    ]


def test_a_column_that_is_not_there(refused, folder):
    complaint = refused("profile", "trips.csv", "--columns", "fair,city", "-o", "out.parquet")
    assert "no column 'fair'" in complaint
    assert "without --columns" in complaint
    assert not (folder / "out.parquet").exists()


def test_a_timestamp_that_is_not_there(refused):
    assert "dya" in refused("profile", "trips.csv", "--timestamp", "dya", "--window", "1d")


def test_a_file_that_is_not_there(refused):
    assert "did you mean 'trips.csv'" in refused("profile", "trip.csv")
    assert "no file matches" in refused("profile", "*.nothing")
    assert "folder" in refused("profile", "nowhere/trips.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("uneven.csv", b"a,b\n1,2\n3,4,5\n"),
        ("no.parquet", b"this is no Parquet file"),
        ("cut.parquet", b"PAR1\x15\x04\x15"),
        ("bad.ndjson", b'{"a": 1}\n{"a": \n'),
        ("twice.csv", b"a,a\n1,2\n"),
        ("cut.csv.gz", gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:40]),
    ],
)
def test_broken_files_are_named_and_leave_the_old_output(refused, folder, name, content):
    (folder / name).write_bytes(content)
    tg.log({"x": [1]}, "old").write(folder / "out.parquet")
    assert name in refused("profile", name, "-o", "out.parquet")
    assert tg.Profile.read(folder / "out.parquet").dataset == "old"
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, "out.parquet", "trips.csv"])


def test_output_that_cannot_be_written_is_refused_before_the_work(refused, folder):
    assert "does not exist" in refused("profile", "trips.csv", "-o", "nowhere/out.parquet")
    (folder / "taken").mkdir()
    assert "folder" in refused("profile", "trips.csv", "-o", "taken")


def test_header_without_rows(done, folder):
    (folder / "empty.csv").write_text("a,b\n")
    lines = done("profile", "empty.csv").splitlines()
    assert "0 records · 2 columns" in lines[0]
    assert lines[3].split()[:3] == ["a", "null", "–"]


def test_ten_thousand_columns(done, folder):
    header = ",".join(f"c{n}" for n in range(10_000))
    (folder / "wide.csv").write_text(header + "\n" + ",".join(["1.5"] * 10_000) + "\n")
    lines = done("profile", "wide.csv").splitlines()
    assert "1 record · 10,000 columns" in lines[0]
    assert lines[-1] == "… 9,960 more columns"
    assert len(done("profile", "wide.csv", "--all").splitlines()) == 10_003


def test_numbers_are_numbers(done):
    values = json.loads(done("profile", "trips.csv", "--format", "json"))["columns"]["fare"]["values"]
    assert math.isclose(values["mean"], (5 + 7.5 + 40.25) / 3)


def test_conditions_are_counted_and_drawn(done, folder):
    conditions = ["--condition", "known=fare is not null", "--condition", "cheap = fare < 10 and paid"]
    text = done("profile", "trips.csv", *conditions)
    assert re.search(r"^condition +passed", text, re.MULTILINE)
    assert re.search(r"^known +60% +2 failed +fare is not null$", text, re.MULTILINE)
    assert re.search(r"^cheap +50% +2 failed +1 unknown +fare < 10 and paid$", text, re.MULTILINE)
    done("profile", "trips.csv", *conditions, "-o", "out.parquet")
    document = json.loads(done("show", "out.parquet", "--format", "json"))
    assert document["conditions"]["cheap"]["passed"] == 2


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("fare > 0", "has no name; expected NAME=EXPRESSION"),
        ("fare >= 0", "has no name; expected NAME=EXPRESSION"),
        ("fare == 0", "has no name; expected NAME=EXPRESSION"),
        ("=fare > 0", "has no name; expected NAME=EXPRESSION"),
        ("c=fare >", 'condition "c": expression "fare >"'),
        ("c=fair > 0", 'did you mean "fare"?'),
        ("b=fare > 1", "two are called 'b'"),
    ],
)
def test_conditions_that_are_none_are_refused(command, condition, message):
    process = command("profile", "trips.csv", "--condition", "b=paid", "--condition", condition)
    assert process.returncode == 2
    assert message in process.stderr


def test_derived_columns_are_profiled_and_make_segments(done):
    derived = ["--derive", "double=fare * 2", "--derive", "dear = double > 12"]
    columns = json.loads(done("profile", "trips.csv", *derived, "--format", "json"))["columns"]
    assert columns["double"]["values"]["max"] == 2 * columns["fare"]["values"]["max"]
    assert columns["dear"]["types"] == {"boolean": 3}
    text = done("profile", "trips.csv", *derived, "--segment", "dear", "--condition", "cheap=not dear")
    assert "3 segments" in text
    assert re.search(r"^cheap +33.3% +2 failed +2 unknown", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("derived", "message"),
    [
        ("fare * 2", "has no name; expected NAME=EXPRESSION"),
        ("city=fare * 2", 'has a column "city" already'),
        ("x=fair * 2", 'did you mean "fare"?'),
        ("a=fare > 1", "--derive: two are called 'a'"),
    ],
)
def test_derived_columns_that_are_none_are_refused(refused, derived, message):
    assert message in refused("profile", "trips.csv", "--derive", "a=fare", "--derive", derived)


def test_schema_from_a_file(done, refused, tmp_path):
    plain = {"columns": {"city": {"privacy": {"items": "hashed"}}, "fare": {"privacy": "off"}}}
    schema, key = tmp_path / "schema.json", tmp_path / "key"
    schema.write_text(json.dumps(plain))
    key.write_bytes(bytes(range(1, 33)) + b"\n")
    document = json.loads(
        done("profile", "trips.csv", "--schema", str(schema), "--key-file", str(key), "--format", "json")
    )
    assert "fare" not in document["columns"]
    assert document["columns"]["city"]["privacy"].startswith("items=hashed:")
    assert all(item["value"].startswith("#") for item in document["columns"]["city"]["frequent_items"])
    assert "need a key" in refused("profile", "trips.csv", "--schema", str(schema))
    assert "give --schema" in refused("profile", "trips.csv", "--key-file", str(key))
    schema.write_text("[")
    assert "is no JSON" in refused("profile", "trips.csv", "--schema", str(schema))
    assert "cannot read" in refused("profile", "trips.csv", "--schema", str(tmp_path / "none.json"))


def test_days_of_a_place(done, refused, tmp_path):
    data = {
        "at": ["2026-03-28T22:30", "2026-03-28T23:30", "2026-03-29T21:30", "2026-03-29T22:30"],
        "n": [1, 2, 3, 4],
    }
    lines = ["at,n", *(f"{at},{n}" for at, n in zip(data["at"], data["n"], strict=True))]
    (tmp_path / "times.csv").write_text("\n".join(lines) + "\n")
    command = ("profile", "times.csv", "--timestamp", "at", "--window", "1d", "--timezone", "Europe/Oslo")
    done(*command, "-o", "days.parquet")
    assert [profile.records for profile in tg.read(tmp_path / "days.parquet")] == [1, 2, 1]
    assert "give --window" in refused("profile", "times.csv", "--timezone", "Europe/Oslo")
