"""A folder of samples: what is written, removed and read together."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from tidegauge.errors import ArgumentError, FormatError, MergeError, MissingFileError
from tidegauge.locations.layout import sample_file_name
from tidegauge.samplers import Failing, Reservoir, Sampling, folder, read_samples, sample
from tidegauge.samplers.folder import SampleFolder

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def fill(root, hours, *, sampler=None, dataset="rides", name="any"):
    """A file for each hour, of ten records each."""
    place = SampleFolder(str(root), dataset, keep_seconds=None, clock=time.time)
    paths = []
    for hour in hours:
        kept = sample({"hour": [hour] * 10}, sampler or Reservoir(4))
        start = NOON + hour * HOUR
        file = sample_file_name(dataset, (start, start + HOUR), os.urandom(16).hex(), name)
        place.write((file, kept.to_bytes()), id="")
        paths.append(root / file)
    return paths


def hours_of(samples):
    return {row["hour"] for row in samples.rows()}


def test_what_was_written_is_read_as_one_sample(tmp_path):
    fill(tmp_path, range(5))
    fill(tmp_path, range(5), name="second: ä/b")
    read = read_samples(tmp_path)
    assert list(read) == ["any", "second: ä/b"]
    assert {(len(each), each.seen) for each in read.values()} == {(4, 50)}


def test_a_stretch_of_time_by_the_windows(tmp_path):
    fill(tmp_path, range(30), sampler=Reservoir(1000))
    read = read_samples(tmp_path, since=NOON + 2 * HOUR, until="2026-06-01T17:00")
    assert hours_of(read["any"]) == {2, 3, 4}
    tomorrow = read_samples(tmp_path, since="2026-06-02")
    assert hours_of(tomorrow["any"]) == set(range(12, 30))
    assert read_samples(tmp_path, since="2027-01-01") == {}
    with pytest.raises(ArgumentError, match="since='soon' is no time"):
        read_samples(tmp_path, since="soon")
    with pytest.raises(ArgumentError, match="there is no time between"):
        read_samples(tmp_path, since="2027-01-01", until="2026-01-01")


def test_more_files_than_are_merged_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_AT_ONCE", 3)
    fill(tmp_path, range(10), sampler=Failing("hour > 6", 1000))
    bad = read_samples(tmp_path)["any"]
    assert (bad.seen, bad.eligible, hours_of(bad)) == (100, 70, set(range(7)))


def test_datasets_lie_beside_each_other(tmp_path):
    fill(tmp_path, [0], dataset="rides/Oslo")
    assert read_samples(tmp_path)["any"].seen == 10
    fill(tmp_path, [0, 1], dataset="trips")
    assert read_samples(tmp_path, dataset="trips")["any"].seen == 20
    assert read_samples(str(tmp_path), dataset="rides/Oslo")["any"].seen == 10
    with pytest.raises(ArgumentError, match="several datasets, 'rides/Oslo', 'trips'; give dataset= as one"):
        read_samples(tmp_path)
    with pytest.raises(MissingFileError, match="no samples of 'trip'; did you mean 'trips'"):
        read_samples(tmp_path, dataset="trip")


def test_what_cannot_be_read_is_told(tmp_path):
    with pytest.raises(MissingFileError, match="there is no folder"):
        read_samples(tmp_path / "nowhere")
    with pytest.raises(MissingFileError, match="has no samples; expected the folder that a Logger has"):
        read_samples(tmp_path)
    with pytest.raises(
        ArgumentError, match=r"folder='s3://bucket': the scheme 's3' is not known here; .*raw"
    ):
        read_samples("s3://bucket")
    fill(tmp_path, [0])
    (damaged,) = fill(tmp_path, [1])
    damaged.write_bytes(damaged.read_bytes()[:-9])
    with pytest.raises(FormatError, match=damaged.name):
        read_samples(tmp_path)


def test_a_sampler_that_was_changed_names_the_file(tmp_path):
    fill(tmp_path, [0])
    (other,) = fill(tmp_path, [1], sampler=Reservoir(5))
    with pytest.raises(MergeError, match=r"'any' was changed: it is Reservoir.size=4. before") as caught:
        read_samples(tmp_path)
    assert other.name in str(caught.value)
    assert read_samples(tmp_path, since=NOON + HOUR)["any"].seen == 10


def test_a_file_that_is_removed_while_it_is_read_is_passed_over(tmp_path, monkeypatch):
    paths = fill(tmp_path, range(3))
    listed = folder._files

    def files(*wanted):
        yield from list(listed(*wanted))
        paths[1].unlink(missing_ok=True)

    monkeypatch.setattr(folder, "_files", files)
    assert read_samples(tmp_path)["any"].seen == 20


def test_what_is_no_file_of_samples_is_neither_read_nor_removed(tmp_path):
    (kept,) = fill(tmp_path, [0])
    mine = [kept.with_name(name) for name in ("notes.txt", "mine.parquet", kept.name.replace("_any", ""))]
    mine += [tmp_path / "rides" / "notes.txt", tmp_path / "rides" / "mine" / kept.name]
    for path in mine:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    place = SampleFolder(str(tmp_path), "rides", keep_seconds=60.0, clock=lambda: time.time() + 1e9)
    assert read_samples(tmp_path, dataset="rides")["any"].seen == 10
    place.remove_old()
    assert not kept.exists()
    assert all(path.read_text() == "mine" for path in mine)


def test_old_files_go_by_the_end_of_their_window_and_those_of_others_stay(tmp_path):
    paths = fill(tmp_path, range(-40, 3))
    others = fill(tmp_path, [-40], dataset="trips")
    now = (NOON + 3 * HOUR).timestamp()
    place = SampleFolder(str(tmp_path), "rides", keep_seconds=5 * 3600.0, clock=lambda: now)
    place.remove_old()
    assert [path.exists() for path in paths] == [False] * 38 + [True] * 5
    assert others[0].exists()
    assert [path.name for path in sorted((tmp_path / "rides").iterdir())] == ["2026-06-01"], (
        "no empty folders"
    )
    for_ever = SampleFolder(str(tmp_path), "rides", keep_seconds=None, clock=lambda: now + 1e9)
    for_ever.remove_old()
    assert paths[-1].exists()


def test_what_a_crash_left_half_written_goes_with_its_date(tmp_path):
    (path,) = fill(tmp_path, [0])
    left = path.with_name(f".{path.name}.1.00000000.tmp")
    left.write_text("half")
    assert read_samples(tmp_path)["any"].seen == 10
    place = SampleFolder(str(tmp_path), "rides", keep_seconds=60.0, clock=lambda: time.time() + 1e9)
    place.remove_old()
    assert list((tmp_path / "rides").iterdir()) == []


def test_writing_removes_what_is_old_now_and_then(tmp_path, monkeypatch):
    (old,) = fill(tmp_path, [0])
    now = [NOON.timestamp()]
    place = SampleFolder(str(tmp_path), "rides", keep_seconds=3600.0, clock=lambda: now[0])
    file = sample_file_name("rides", (NOON, NOON + 99 * HOUR), "1" * 32, "any"), b"x"
    place.write(file, id="")
    now[0] += 9999
    place.write(file, id="")
    assert old.exists(), "not at each writing"
    monkeypatch.setattr(folder, "LOOK_SECONDS", 0.0)
    place.write(file, id="")
    assert not old.exists()


def test_a_file_that_cannot_be_removed_is_told_and_does_not_stop_writing(tmp_path):
    odd = tmp_path / sample_file_name("rides", (NOON, NOON + HOUR), "2" * 32, "any")
    fill(tmp_path, [0])
    odd.mkdir()  # has the name of a file of samples
    place = SampleFolder(str(tmp_path), "rides", keep_seconds=3600.0, clock=lambda: NOON.timestamp() + 1e6)
    file = sample_file_name("rides", (NOON, NOON + 9999 * HOUR), "1" * 32, "any")
    place.write((file, b"x"), id="")
    assert (tmp_path / file).read_bytes() == b"x"
    assert "old samples cannot be removed" in place.trouble


def test_a_root_that_vanished_is_not_made_again(tmp_path):
    place = SampleFolder(str(tmp_path / "a" / "b"), "rides", keep_seconds=None, clock=time.time)
    place.write(("rides/x", b"x"), id="")
    (tmp_path / "a").rename(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="no longer there; mount or make it"):
        place.write(("rides/x", b"x"), id="")
    assert not (tmp_path / "a").exists()


def test_samples_of_many_takings_are_those_of_one_stream(tmp_path):
    """What the parts say together of all records is what one sample of all would."""
    sampling = Sampling({"any": Reservoir(50)})
    place = SampleFolder(str(tmp_path), "rides", keep_seconds=None, clock=time.time)
    for hour in range(20):
        sampling.log({"hour": [hour] * (hour + 1) * 20})
        window = (NOON + hour * HOUR, NOON + (hour + 1) * HOUR)
        file = sample_file_name("rides", window, os.urandom(16).hex(), "any")
        place.write((file, sampling.take()["any"].to_bytes()), id="")
    samples = read_samples(tmp_path)["any"]
    assert (len(samples), samples.seen) == (50, 20 * 210)
    estimate = samples.estimate("hour < 10")
    assert abs(estimate.value - 20 * 55) < 5 * estimate.standard_error
