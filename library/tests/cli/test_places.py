"""Commands that read profiles from folders of writers and from URLs, and choose among them."""

import json
import uuid

import pytest

import tidegauge as tg


@pytest.fixture
def lake(folder):
    """A folder that a writer filled with two datasets."""
    writer = tg.writers.open_writer(folder / "lake")
    for dataset in ("trips", "rides"):
        days = tg.log(str(folder / "trips.csv"), dataset, timestamp="day", window="1d")
        writer.write(days, id=uuid.uuid4().hex)
    return folder / "lake"


@pytest.fixture(params=["folder", "file_url", "s3"])
def place(request, lake, environment):
    """The same lake under several names."""
    if request.param == "s3":
        bucket = request.getfixturevalue("s3_bucket")
        for dataset in ("trips", "rides"):
            found = tg.readers.read(lake, dataset=dataset)
            tg.writers.open_writer(bucket).write(found, id=uuid.uuid4().hex)
        environment |= {
            "AWS_ENDPOINT_URL": request.getfixturevalue("s3_process"),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }
        return bucket
    return lake.as_uri() if request.param == "file_url" else "lake"


def windows_of(text):
    return [profile["window"]["start"][:10] for profile in json.loads(text)["profiles"]]


def test_show(done, place):
    shown = done("show", place, "--dataset", "trips", "--since", "2013-02-08", "--format", "json")
    assert windows_of(shown) == ["2013-02-08", "2013-02-09"]
    until = done("show", place, "--dataset", "trips", "--until", "2013-02-08", "--format", "json")
    assert windows_of(until) == ["2013-02-07"]


def test_merge(done, place, folder):
    done("merge", place, "--dataset", "rides", "--until", "2013-02-09", "--into-one", "-o", "two.parquet")
    assert tg.read(folder / "two.parquet").records == 4


def test_report(done, place):
    text = done("report", place, "--dataset", "trips", "--since", "2013-02-08", "--format", "markdown")
    assert "2013-02-08" in text
    assert "2013-02-07" not in text


def test_compare_and_check(done, command, place, folder):
    (folder / "suite.yaml").write_text("constraints:\n  - null_rate: {column: fare, at_most: 0.5}\n")
    compared = done(
        "compare", place, place, "--dataset", "trips", "--until", "2013-02-08", "--format", "json"
    )
    assert json.loads(compared)["current"]["records"] == 2
    checked = command("check", place, "suite.yaml", "--dataset", "trips", "--since", "2013-02-09")
    assert checked.returncode in {0, 1}
    assert "1 record" in checked.stdout


def test_nothing_is_selected(refused, place):
    said = refused("show", place, "--dataset", "trips", "--since", "2030-01-01")
    assert "none of the profiles in" in said
    assert "--dataset trips --since 2030-01-01" in said


def test_several_datasets_are_told_apart(refused, place):
    assert "with --dataset" in refused("merge", place, "-o", "all.parquet")


def test_what_is_no_time(refused, lake):
    assert "expected a date" in refused("show", "lake", "--since", "yesterday")


def test_data_is_not_selected(refused):
    said = refused("report", "trips.csv", "--since", "2013-02-08")
    assert "--since says which profiles are read, and 'trips.csv' holds data" in said


def test_a_damaged_file(command, refused, lake):
    broken = next(lake.rglob("*.parquet"))
    broken.write_bytes(broken.read_bytes()[:-9] + b"PAR1 PAR1")
    assert broken.name in refused("show", "lake")
    process = command("show", "lake", "--skip-damaged", "--format", "json")
    assert process.returncode == 0
    assert len(json.loads(process.stdout)["profiles"]) == 5
    assert "1 file was passed over" in process.stderr
    assert broken.name in process.stderr


def test_an_unknown_scheme(refused):
    assert "the scheme 'ftp' is not known" in refused("show", "ftp://host/folder")


def test_data_and_urls_do_not_mix(refused, lake):
    assert "holds data" in refused("report", "trips.csv", lake.as_uri())
