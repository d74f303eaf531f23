from __future__ import annotations

import shutil
import uuid
import warnings
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, FormatError, MissingFileError
from tidegauge.readers import DamagedFileWarning, read
from tidegauge.writers import open_writer

FIRST = datetime(2026, 11, 20, tzinfo=UTC)


def hours_of(dataset, count, *, every=12):
    """A profile for each of many hours, every few hours."""
    at = [FIRST + timedelta(hours=every * i) for i in range(count)]
    data = {"at": at, "x": [float(i) for i in range(count)]}
    return tg.log(data, dataset, timestamp="at", window="1h")


@pytest.fixture
def filled():
    """Fills a place with two datasets of ten days, 20 windows each, and an undated profile."""

    def fill(target):
        writer = open_writer(target)
        for dataset in ("taxi", "eu/flights"):
            writer.write(hours_of(dataset, 20), id=uuid.uuid4().hex)
        writer.write(tg.ProfileSet([tg.log({"x": [1]}, "taxi")]), id=uuid.uuid4().hex)
        return target

    return fill


@pytest.fixture(params=["directory", "file_url", "memory", "s3", "one_file", "flat"])
def target(request, tmp_path, filled):
    kind = request.param
    if kind == "memory":
        return filled(f"memory://{uuid.uuid4().hex}/a/b")
    if kind == "s3":
        return filled(f"{request.getfixturevalue('s3_bucket')}/a/b")
    filled(tmp_path / "root")
    if kind == "one_file":
        read(tmp_path / "root").write(tmp_path / "all.parquet")
        return tmp_path / "all.parquet"
    if kind == "flat":
        (tmp_path / "flat").mkdir()
        for number, file in enumerate(sorted((tmp_path / "root").rglob("*.parquet"))):
            shutil.copy(file, tmp_path / "flat" / f"{number}.parquet")
        return tmp_path / "flat"
    return (tmp_path / "root").as_uri() if kind == "file_url" else tmp_path / "root"


CASES = [
    {},
    {"dataset": "taxi"},
    {"dataset": "eu/flights"},
    {"dataset": "none"},
    {"since": "2026-11-25"},
    {"until": "2026-11-25"},
    {"since": "2026-11-22T06:00", "until": "2026-11-25T00:00:01"},
    {"dataset": "taxi", "since": date(2026, 11, 29)},
    {"dataset": "taxi", "since": datetime(2026, 11, 20, 1), "until": datetime(2026, 11, 20, 6, tzinfo=UTC)},
    {"dataset": "taxi", "since": "2026-11-22T00:30+01:00", "until": "2026-11-22T01:30+01:00"},
    {"segment": {}},
    {"segment": {}, "since": "2026-11-25"},
]


@pytest.mark.parametrize("filters", CASES, ids=str)
def test_filters_give_what_filtering_afterwards_gives(target, filters):
    everything = read(target)
    assert len(everything) == 41
    dataset = filters.get("dataset")
    named = tg.ProfileSet(p for p in everything if dataset in {None, p.dataset})
    rest = {name: value for name, value in filters.items() if name != "dataset"}
    assert read(target, **filters) == (named.select(**rest) if len(named) else named)


def test_a_window_that_reaches_into_the_time_is_read(target):
    found = read(target, dataset="taxi", since="2026-11-21T00:30", until="2026-11-21T12:01")
    assert [window.start.isoformat() for window in found.windows] == [
        "2026-11-21T00:00:00+00:00",
        "2026-11-21T12:00:00+00:00",
    ]


def test_a_long_window_is_read_by_its_end(tmp_path):
    year = tg.log({"at": ["2026-03-01"], "x": [1]}, "taxi", timestamp="at", window="12mo")
    open_writer(tmp_path).write(year, id="0" * 32)
    assert read(tmp_path, since="2026-12-31T23:00") == year
    assert len(read(tmp_path, since="2027-01-01")) == 0


def test_segments(tmp_path):
    flights = {"carrier": ["UA", "UA", None], "origin": ["JFK", "EWR", None], "paid": [True, False, True]}
    found = tg.log(flights, "flights", segments=[["carrier"], ["origin", "paid"]])
    open_writer(tmp_path).write(found, id="0" * 32)
    for segment in ({}, {"carrier": "UA"}, {"carrier": None}, {"origin": "JFK"}, {"paid": True}, ["carrier"]):
        chosen = read(tmp_path, segment=segment)
        assert chosen == found.select(segment)
        assert len(chosen) > 0
    assert tg.read(tmp_path, segment={}) == found.select({})[0]
    assert len(read(tmp_path, segment={"carrier": "nobody"})) == 0


def test_files_outside_what_is_wanted_are_not_opened(tmp_path, filled):
    filled(tmp_path)
    for file in tmp_path.rglob("*.parquet"):
        if file.parent.name != "2026-11-24" or "flights" in str(file):
            file.write_bytes(b"not to be opened")
    found = read(tmp_path, dataset="taxi", since="2026-11-24", until="2026-11-25")
    assert len(found) == 2


def test_objects_outside_what_is_wanted_are_not_fetched(s3_bucket, filled):
    filled(s3_bucket)
    from tidegauge.locations.object_store import open_store
    from tidegauge.locations.url import parse_url

    place = open_store(parse_url(s3_bucket))
    for key in list(place.listed()):
        if not key.startswith("taxi/2026-11-24/"):
            place.put(key, b"not to be fetched")
    found = read(s3_bucket, dataset="taxi", since="2026-11-24", until="2026-11-25")
    assert len(found) == 2


def test_a_folder_of_a_dataset_or_a_date_by_itself(tmp_path, filled):
    filled(tmp_path)
    assert len(read(tmp_path / "taxi", dataset="taxi", since="2026-11-24", until="2026-11-25")) == 2
    assert len(read(tmp_path / "taxi" / "2026-11-24")) == 2


def test_files_of_ones_own_beside_the_layout_are_read(tmp_path, filled):
    filled(tmp_path)
    (tmp_path / "mine").mkdir()
    hours_of("taxi", 1).write(tmp_path / "mine" / "extra.parquet")
    assert len(read(tmp_path, dataset="taxi", since="2026-11-20", until="2026-11-21")) == 3


def test_several_places(tmp_path, filled):
    filled(tmp_path / "root")
    memory = filled(f"memory://{uuid.uuid4().hex}")
    assert len(read([tmp_path / "root", memory], dataset="taxi")) == 42
    assert len(tg.read([tmp_path / "root", memory], dataset="taxi").merge_windows()) == 21


def test_front_door_gives_one_profile_when_there_is_one(tmp_path):
    profile = tg.log({"x": [1]}, "taxi")
    profile.write(tmp_path / "x.parquet")
    assert tg.read(tmp_path) == profile
    assert isinstance(read(tmp_path), tg.ProfileSet)
    assert isinstance(tg.read(tmp_path, dataset="other"), tg.ProfileSet)


def test_nothing_wanted_is_no_error_and_nothing_there_is(tmp_path, filled):
    filled(tmp_path / "root")
    assert len(read(tmp_path / "root", dataset="taxi", since="2030-01-01")) == 0
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingFileError, match="no file to read"):
        read(tmp_path / "empty", since="2030-01-01")
    with pytest.raises(MissingFileError, match="there is no file"):
        read(tmp_path / "nothing.parquet")


@pytest.fixture
def damaged(target):
    """The same place with one file that is cut off, and one that is no profile file."""
    from tidegauge.locations.object_store import open_store
    from tidegauge.locations.url import file_path, is_url, parse_url

    text = str(target)
    if is_url(text) and not text.startswith("file:"):
        place = open_store(parse_url(text))
        first, second, *_ = sorted(place.listed())
        place.put(first, place.get(first)[:-20])
        place.put(second, b"hello")
        return [Path(first).name, Path(second).name]
    root = Path(file_path(parse_url(text)) if is_url(text) else text)
    first, second, *_ = sorted(root.rglob("*.parquet"))
    first.write_bytes(first.read_bytes()[:-20])
    second.write_bytes(b"hello")
    return [first.name, second.name]


MANY_FILES = pytest.mark.parametrize(
    "target", ["directory", "file_url", "memory", "s3", "flat"], indirect=True
)


@MANY_FILES
def test_a_damaged_file_among_many_is_named(target, damaged):
    with pytest.raises(FormatError, match=damaged[0]):
        read(target)


@MANY_FILES
def test_damaged_files_can_be_passed_over(target, damaged):
    with pytest.warns(DamagedFileWarning) as caught:
        found = tg.read(target, skip_damaged=True)
    assert len(found) == 39
    message = str(caught[0].message)
    assert message.startswith("2 files were passed over")
    assert all(name in message for name in damaged)
    assert caught[0].filename == __file__


def test_without_damage_no_warning(target):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(target, skip_damaged=True)
    assert caught == []


def test_one_file_over_http(ingest_server):
    hours = hours_of("taxi", 3)
    ingest_server.writer().write(hours, id="0" * 32)
    url = f"{ingest_server.url}/file/{'0' * 32}.parquet"
    assert tg.read(url) == hours
    assert len(tg.read(url, since="2026-11-20T12:00")) == 2
    with pytest.raises(MissingFileError, match="404"):
        tg.read(f"{ingest_server.url}/file/{'1' * 32}.parquet")
    with pytest.raises(FormatError, match="/state: not a profile file"):
        tg.read(f"{ingest_server.url}/state")
    with pytest.warns(DamagedFileWarning, match="/state"):
        assert len(tg.read(f"{ingest_server.url}/state", skip_damaged=True)) == 0


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"dataset": 7}, "dataset=7: expected a name"),
        ({"since": "yesterday"}, "since='yesterday' is no time; expected a date"),
        ({"until": 7}, "until=7 is no time"),
        ({"since": "2026-11-28", "until": "2026-11-28"}, "no time between"),
    ],
)
def test_filters_that_cannot_be_meant_so(tmp_path, filters, message):
    with pytest.raises(ArgumentError, match=message):
        read(tmp_path, **filters)


@pytest.mark.parametrize("place", [None, 3, 1.5])
def test_what_is_no_place(place):
    with pytest.raises(ArgumentError, match="is no place to read from"):
        tg.read(place)


def test_an_unknown_scheme():
    with pytest.raises(ArgumentError, match=r"'kafka' is not known.*s3://"):
        tg.read("kafka://broker/topic")
    with pytest.raises(ArgumentError, match=r"'x' is not known.*s3://"):
        tg.read("x://y")
    with pytest.raises(ArgumentError, match="takes one of the slashes away"):
        tg.read(Path("s3://bucket/profiles"))


def test_many_files_on_all_cores_in_order(tmp_path):
    for number in range(300):
        tg.log({"x": [number]}, "taxi", tags={"number": str(number)}).write(tmp_path / f"{number:04}.parquet")
    found = read(tmp_path)
    assert [int(profile.tags["number"]) for profile in found] == list(range(300))
