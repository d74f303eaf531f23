"""What every writer must do; a kind of writer is one entry in `PLACES`."""

from __future__ import annotations

import uuid
from typing import NamedTuple

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, WriterError
from tidegauge.locations.url import MODULES
from tidegauge.writers import Writer, open_writer


class Place(NamedTuple):
    """A writer, how to read back what it wrote, and a writer of the same kind that cannot deliver."""

    writer: Writer
    read: object
    broken: Writer | None


def directory(request):
    folder = request.getfixturevalue("tmp_path") / "profiles"
    broken = folder.parent / "broken"
    writer = open_writer(broken)
    (broken / "taxi").write_text("in the way")
    return Place(open_writer(folder), lambda: read(folder), writer)


def file_url(request):
    place = directory(request)
    url = (request.getfixturevalue("tmp_path") / "profiles").as_uri()
    return place._replace(writer=open_writer(url), read=lambda: read(url))


def memory(request):
    url = f"memory://{uuid.uuid4().hex}/some/folder"
    return Place(open_writer(url), lambda: read(url), None)


def s3(request):
    url = f"{request.getfixturevalue('s3_bucket')}/some/folder"
    return Place(open_writer(url), lambda: read(url), open_writer("s3://no-such-bucket/folder"))


def http(request):
    server = request.getfixturevalue("ingest_server")
    refused = server.writer(api_key="wrong", attempts=1)
    return Place(server.writer(), server.read, refused)


def function(request):
    kept = {}

    def keep(profiles, delivery):
        kept[delivery] = profiles

    def fail(profiles, delivery):
        raise RuntimeError("out of order")

    return Place(open_writer(keep), lambda: flat(kept.values()), open_writer(fail))


def own_class(request):
    class Shelf:
        def __init__(self):
            self.kept = {}

        def write(self, profiles, *, id):  # noqa: A002
            from tidegauge.writers.writer import check_delivery

            self.kept[id] = check_delivery(profiles, id)

    shelf = Shelf()
    return Place(open_writer(shelf), lambda: flat(shelf.kept.values()), None)


PLACES = [directory, file_url, memory, s3, http, function, own_class]
FALLIBLE = [directory, file_url, s3, http, function]


def flat(sets):
    return tg.ProfileSet(profile for each in sets for profile in each)


def read(target):
    try:
        return tg.readers.read(target)
    except tg.errors.MissingFileError:
        return tg.ProfileSet([])


@pytest.fixture(params=PLACES, ids=lambda make: make.__name__)
def place(request):
    return request.param(request)


@pytest.fixture
def hour():
    """One window, with the undated profile of records whose timestamp is null."""
    trips = {"at": ["2026-11-28T13:40", "2026-11-28T13:59", None], "fare": [5.0, None, 7.5]}
    return tg.log(trips, "taxi", timestamp="at", window="1h")


def new_id():
    return uuid.uuid4().hex


def test_every_kind_of_url_is_under_test():
    assert set(MODULES.values()) == {"directory", "object_store", "http"}


def test_is_a_writer(place):
    assert isinstance(place.writer, Writer)
    assert "\n" not in repr(place.writer)


def test_what_was_written_reads_back_equal(place, hour):
    assert place.writer.write(hour, id=new_id()) is None
    assert place.read() == hour


def test_same_id_twice_leaves_one(place, hour):
    delivery = new_id()
    place.writer.write(hour, id=delivery)
    place.writer.write(hour, id=delivery)
    assert place.read() == hour


def test_other_id_is_another_delivery(place, hour):
    place.writer.write(hour, id=new_id())
    place.writer.write(hour, id=new_id())
    found = place.read()
    assert len(found) == 2 * len(hour)
    assert found.merge_windows().records == 2 * hour.records


def test_many_windows_in_one_set(place, days):
    place.writer.write(days, id=new_id())
    assert place.read() == days


@pytest.mark.parametrize(
    "dataset", ["eu/taxi", "..", ".hidden", "_x", "日本 = %2F", "a" * 400, "C:\\x", "a?b#c", "con."]
)
def test_any_name_of_a_dataset(place, dataset):
    profiles = tg.ProfileSet([tg.log({"x": [1]}, dataset)])
    place.writer.write(profiles, id=new_id())
    assert place.read() == profiles


def test_no_name_of_a_dataset(place):
    profiles = tg.ProfileSet([tg.log({"x": [1]})])
    place.writer.write(profiles, id=new_id())
    assert place.read() == profiles


@pytest.mark.parametrize("place", FALLIBLE, indirect=True, ids=lambda make: make.__name__)
def test_failure_raises_and_leaves_nothing(place, hour):
    with pytest.raises(WriterError) as caught:
        place.broken.write(hour, id=new_id())
    assert isinstance(caught.value, OSError)
    assert "\n" not in str(caught.value)
    assert "debug source" not in str(caught.value).lower()
    assert len(place.read()) == 0


@pytest.mark.parametrize("delivery", ["", "1", "../../x" + "0" * 25, "G" * 32, "0" * 33, None, 7, "A" * 32])
def test_what_is_no_id_is_refused(place, hour, delivery):
    with pytest.raises(ArgumentError, match="32 hexadecimal digits"):
        place.writer.write(hour, id=delivery)
    assert len(place.read()) == 0


def test_several_datasets_are_refused(place):
    with pytest.raises(ArgumentError, match="several datasets"):
        place.writer.write(tg.ProfileSet([tg.log({"x": [1]}, "a"), tg.log({"x": [1]}, "b")]), id=new_id())


def test_empty_sets_are_refused(place):
    with pytest.raises(ArgumentError, match="empty"):
        place.writer.write(tg.ProfileSet([]), id=new_id())


def test_what_is_no_set_is_refused(place):
    with pytest.raises(ArgumentError, match="takes a ProfileSet, not str"):
        place.writer.write("profiles", id=new_id())


def test_usable_from_another_thread(place, hour):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: place.writer.write(hour, id=new_id()), range(8)))
    assert len(place.read()) == 8 * len(hour)
