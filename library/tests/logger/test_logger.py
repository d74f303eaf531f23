"""What a logger promises to its host: it takes in, it says what it does, it does not raise."""

from __future__ import annotations

import gc
import math
import shutil
import subprocess
import sys
import threading
import weakref
from datetime import timedelta

import pytest

import tidegauge as tg
from library.tests.logger.support import NOON, Folder, Switch, eventually, files
from tidegauge.errors import ArgumentError
from tidegauge.logger.worker import Request


def test_what_is_logged_is_delivered_on_closing(switch):
    with tg.Logger("rides", writers=switch, tags={"host": "a"}, conditions={"paid": "fare > 0"}) as logger:
        logger.record({"fare": 7.5})
        assert logger.log({"fare": [1.0, -2.0]}) == 2
    assert sum(p.records for p in switch.profiles) == 3
    profile = tg.ProfileSet(switch.profiles).merge()
    assert (profile.dataset, profile.tags) == ("rides", {"host": "a"})
    assert profile.conditions["paid"].passed == 2
    assert profile["fare"].min == -2.0


def test_windows_close_by_themselves(switch):
    logger = tg.Logger("rides", window="1s", writers=switch, checkpoint_seconds=0.02)
    logger.record({"fare": 7.5})
    assert eventually(lambda: switch.received)
    assert logger.status().open_windows == ()
    logger.close()


def test_a_profile_of_many_rounds_is_that_of_one_pass(make, clock, switch):
    logger = make(window="1d", writers=switch, clock=clock)
    rows = [{"n": n, "text": f"t{n % 7}", "part": n / 3} for n in range(5000)]
    for start in range(0, 5000, 50):
        logger.log(rows[start : start + 50])
        logger._worker.round()
    (piece,) = logger._worker.rounds.windows
    assert len(piece.parts) < 10
    logger.flush()
    (found,) = switch.profiles
    assert found.records == 5000
    expected = tg.log(rows, "rides")
    for name in ("n", "text", "part"):
        assert found[name].counts == expected[name].counts
        assert found[name].type == expected[name].type
    assert found["n"].mean == pytest.approx(expected["n"].mean)
    items = {item.value: item.estimate for item in expected["text"].frequent_items}
    assert {item.value: item.estimate for item in found["text"].frequent_items} == items
    assert found["part"].quantile(0.5) == pytest.approx(expected["part"].quantile(0.5), rel=0.02)


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"dataset": ""}, "is no name"),
        ({"dataset": None}, "is no name"),
        ({"writers": []}, "say where profiles go"),
        ({"writers": 5}, "is no writer"),
        ({"writers": b"profiles"}, "b'profiles' is no writer"),
        ({"writers": {"folder": print}}, "is no writer"),
        ({"clock": 5}, "clock=5 is no function"),
        ({"segments": ["city"], "total": "no"}, "total='no'"),
        ({"window": "5 minutes"}, "is no length of time"),
        ({"window": None}, "window"),
        ({"lateness": "soon"}, "'0s' or '10m'"),
        ({"lateness": timedelta(seconds=-1)}, "lateness"),
        ({"checkpoint": 5}, "is no path"),
        ({"checkpoint": ""}, "is no path"),
        ({"checkpoint": "s3://bucket/state"}, "checkpoint=.*the scheme .s3. is not known here"),
        ({"checkpoint": "x://y"}, "the scheme .x. is not known here"),
        ({"writers": "x://y"}, "the scheme .x. is not known; .*known are a path or file://"),
        ({"checkpoint_seconds": 0}, "from 0.01 to 3600"),
        ({"checkpoint_seconds": "1"}, "from 0.01 to 3600"),
        ({"writers": "ftp://host/folder"}, "ftp"),
        ({"samplers": 5}, "Sampling"),
        ({"timezone": "Mars/Olympus"}, "is not known here"),
        ({"timezone": 5}, "timezone= takes text"),
        ({"timestamp": 5}, "timestamp= takes text"),
        ({"tags": {"host": 5}}, "tags are text"),
        ({"conditions": {"paid": "fare >"}}, "fare"),
    ],
)
def test_arguments_that_cannot_be_meant_so_raise_at_once(wishes, message):
    with pytest.raises(ArgumentError, match=message):
        tg.Logger(**{"dataset": "rides", "writers": Switch(), **wishes})


@pytest.mark.parametrize("timeout", [None, "5", math.nan, True])
def test_a_time_to_wait_is_seconds(timeout):
    with tg.Logger("rides", writers=Switch()) as logger:
        for method in (logger.flush, logger.save, logger.close):
            with pytest.raises(ArgumentError, match="expected how many seconds to wait"):
                method(timeout)
        logger.record({"n": 1})
        assert logger.flush(math.inf)
        assert logger.close(-1.0) in {True, False}


class Hostile(dict):
    def items(self):
        raise RuntimeError("no")


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no text of me")

    __repr__ = __str__


def test_bad_data_raises_nothing_and_is_counted(make, switch):
    logger = make(writers=switch)
    assert logger.log(5) == 0
    assert logger.log({"a": [1], "b": [1, 2]}) == 0
    assert logger.log("/no/such/file.csv") == 0
    assert logger.log([{"a": 1}, "b"]) == 0
    logger.record(5)
    logger.record("text")
    logger.record([("a", 1)])
    logger.record({"nested.a": 1, "nested": {"a": 2}})
    logger.record({Unprintable(): 1})
    logger.record({"object": Unprintable()})
    logger.record({"fine": 1})
    status = logger.status()
    assert 8 <= status.refused <= 10
    assert status.last_refusal
    assert logger.flush()
    profile = switch.profiles[0]
    assert profile["fine"].counts.records == 1
    assert profile["a"].counts.records == 1


def test_a_record_that_breaks_off_does_not_spoil_the_next(make, switch):
    logger = make(writers=switch)
    for n in range(10):
        logger.record({"n": n, "x.y": 1, "x": {"y": 2}})
        logger.record({"n": n})
    assert logger.flush()
    (profile,) = switch.profiles
    assert profile.records == 20
    assert profile["n"].counts.records == 20


def test_interruptions_by_the_user_pass_through(make, switch):
    class Interrupting:
        def __str__(self) -> str:
            raise KeyboardInterrupt

    logger = make(writers=switch)
    with pytest.raises(KeyboardInterrupt):
        logger.record({Interrupting(): 1})
    logger.record({"n": 1})
    assert logger.flush()


def test_status_says_what_is_open_waits_and_fails(make, clock):
    switch = Switch(broken=True)
    logger = make(writers=switch, clock=clock, window="5m")
    logger.record({"n": 1})
    assert logger.status().fresh_records == 1
    logger._worker.round()
    status = logger.status()
    assert (status.fresh_records, status.open_windows[0].records) == (0, 1)
    assert status.open_windows[0].window.start.timestamp() == NOON
    assert status.is_well
    clock.seconds += 300
    logger._worker.round()
    assert eventually(lambda: logger.status().failed_attempts)
    status = logger.status()
    assert (status.open_windows, status.waiting, status.delivered) == ((), 1, 0)
    assert status.writers[0].last_error == "ConnectionError: nobody is there"
    assert not status.is_well
    assert "waiting=1" in repr(logger)
    switch.broken = False
    assert logger.flush()
    assert logger.status().is_well
    assert logger.status().delivered == 1


def test_several_writers_get_everything(make, switch, tmp_path):
    other, folder = Switch(), Folder(tmp_path / "out")
    logger = make(writers=[switch, lambda profiles, name: other.write(profiles, id=name), folder])
    logger.record({"n": 1})
    assert logger.flush()
    assert switch.ids == other.ids == [path.stem for path in files(tmp_path)]


def test_what_is_logged_after_closing_is_refused_and_counted(switch):
    logger = tg.Logger("rides", writers=switch)
    logger.record({"n": 1})
    assert logger.close()
    logger.record({"n": 2})
    assert logger.log([{"n": 3}]) == 0
    assert logger.close()
    status = logger.status()
    assert status.refused == 2
    assert "closed" in status.last_refusal
    assert sum(p.records for p in switch.profiles) == 1


def test_a_logger_that_nobody_holds_delivers_and_ends(switch):
    before = threading.active_count()
    logger = tg.Logger("rides", writers=switch)
    logger.record({"n": 1})
    gone = weakref.ref(logger)
    del logger
    gc.collect()
    assert gone() is None
    assert eventually(lambda: switch.received)
    assert eventually(lambda: threading.active_count() <= before)


def test_eight_threads_lose_and_double_nothing(make, switch):
    logger = make(writers=switch, checkpoint_seconds=0.01, window="1s")
    count = 6_000

    def work(thread: int) -> None:
        record = logger.record
        for n in range(count):
            record({"thread": thread, f"n{thread}": n})
            if n % 600 == 0:
                logger.log({f"n{thread}": [n, n], "thread": [thread, thread]})

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logger.flush(30.0)
    merged = tg.ProfileSet(switch.profiles).merge()
    assert merged.records == 8 * (count + 20)
    for thread in range(8):
        assert merged[f"n{thread}"].counts.records == count + 20
        assert merged[f"n{thread}"].max == count - 1
    assert logger.status().refused == 0


def test_coroutines_log_without_waiting(make, switch):
    import asyncio

    logger = make(writers=switch, checkpoint_seconds=0.01)

    async def work(task: int) -> None:
        for n in range(500):
            logger.record({"task": task, "n": n})
            if n % 50 == 0:
                await asyncio.sleep(0)

    async def main() -> None:
        await asyncio.gather(*(work(task) for task in range(20)))

    asyncio.run(main())
    assert logger.flush()
    assert sum(p.records for p in switch.profiles) == 10_000


def test_importing_tidegauge_does_not_import_the_logger():
    code = "import tidegauge, sys; print([m for m in sys.modules if 'tidegauge.logger' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_segments_are_delivered_together_with_their_total(make, clock, switch):
    logger = make(window="5m", writers=switch, clock=clock, segments=["city"])
    for n in range(30):
        logger.record({"city": ["Oslo", "Rome", None][n % 3], "n": n})
        if n % 10 == 9:
            logger._worker.round()
    assert logger.status().open_windows[0].records == 30
    assert logger.flush()
    ((_, profiles),) = switch.received
    found = {tuple(p.segment.values()): p.records for p in profiles}
    assert found == {(): 30, ("Oslo",): 10, ("Rome",): 10, (None,): 10}


def test_the_number_of_segments_is_limited_for_each_window(make, clock, switch):
    logger = make(window="5m", writers=switch, clock=clock, segments=["user"], max_segments=4, total=False)
    for window in range(3):
        for n in range(8):
            logger.record({"user": f"{window} {n}"})
            logger._worker.round()
        clock.seconds += 300
        logger._worker.round()
    assert logger.flush()
    for (_, profiles), window in zip(switch.received, range(3), strict=True):
        named = [p.segment["user"] for p in profiles if not p.is_other_segment]
        assert named == [f"{window} {n}" for n in range(4)]
        assert sum(p.records for p in profiles) == 8


def test_late_records_are_told_also_without_a_total(make, clock, switch):
    logger = make(
        window="5m",
        timestamp="at",
        writers=switch,
        clock=clock,
        segments=["city"],
        total=False,
        lateness="0s",
    )
    logger.log([{"city": "Oslo", "at": "2026-06-01T12:00:01"}, {"city": "Rome", "at": "2020-01-01"}])
    logger.record({"city": "Rome", "at": "2020-01-01"})
    logger.log({"city": ["Rome"], "at": ["2020-01-01"]})
    assert logger.flush()
    assert [(p.segment, p.records, p.late_records) for p in switch.profiles] == [
        ({}, 0, 3),
        ({"city": "Oslo"}, 1, 0),
    ]


def test_a_folder_given_by_its_path_is_a_writer(make, clock, tmp_path):
    logger = make(writers=tmp_path / "profiles", clock=clock, checkpoint=tmp_path / "state")
    for _ in range(3):
        logger.record({"n": 1})
        clock.seconds += 300
        logger._worker.round()
    assert logger.flush()
    days = tg.read(tmp_path / "profiles", dataset="rides")
    assert [(p.window.start.timestamp(), p.records) for p in days] == [(NOON + 300 * n, 1) for n in range(3)]


def test_switches_of_privacy_hold_for_what_is_logged(make, switch):
    logger = make(writers=switch, schema=tg.Schema(privacy={"name": tg.Privacy(items="off")}))
    logger.record({"name": "secret"})
    assert logger.flush()
    (profile,) = switch.profiles
    assert b"secret" not in profile.to_bytes()
    assert "items=off" in profile["name"].privacy


def test_samplers_go_on_over_all_windows(make, clock, switch):
    from tidegauge import samplers

    sampling = samplers.Sampling({"some": samplers.Reservoir(5)})
    logger = make(writers=switch, clock=clock, samplers=sampling)
    for n in range(100):
        logger.record({"n": n})
        if n % 20 == 0:
            clock.seconds += 300
            logger._worker.round()
    assert logger.flush()
    assert sampling["some"].seen == 100


def test_values_are_rare_in_a_window_and_not_in_a_round(make, clock, tmp_path):
    schema = tg.Schema(default_privacy=tg.Privacy(min_count=10))
    received = Switch()
    logger = make(writers=received, clock=clock, schema=schema, checkpoint=tmp_path)
    for n in range(12):
        logger.record({"name": "Ada"})
        if n < 9:
            logger.record({"name": "Bob"})
        logger._worker.round()
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "rides", copy / "rides")
    assert logger.flush()
    found = tg.log({"name": ["Ada"] * 12 + ["Bob"] * 9}, "rides", schema=schema)["name"]
    (profile,) = received.profiles
    assert [item.value for item in profile["name"].frequent_items] == ["Ada"]
    assert list(profile["name"].frequent_items) == list(found.frequent_items)
    assert profile["name"].privacy == found.privacy
    assert b"Bob" not in profile.to_bytes()
    # So it is for a window that somebody else has to close.
    heir = make(writers=received, schema=schema, checkpoint=copy)
    assert heir.flush()
    assert b"Bob" not in received.profiles[1].to_bytes()


def test_a_logger_with_nothing_to_do_sleeps_until_it_is_woken(make, switch):
    logger = make(writers=switch)
    logger.record({"n": 1})
    assert logger.flush()
    logger._worker.round()
    assert logger._worker._mailbox.qsize() == 0
    assert logger._worker._answer(Request()), "nothing is left to do"
    assert logger._worker._mailbox.qsize() == 0
    woken = []
    logger._worker.wake = lambda: woken.append(1)
    logger.record({"n": 2})
    logger.record({"n": 3})
    assert woken == [1], "once for all records of a round"
    del logger._worker.wake


def raising(error):
    """Batches that break off."""
    yield {"fare": [7.5]}
    raise error


def test_a_panic_of_the_kernel_does_not_reach_the_host(switch):
    # Its class comes with the kernel and is no Exception.
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    with tg.Logger("rides", writers=switch) as logger:
        assert logger.log(raising(panic("index out of bounds"))) == 0
        assert logger.status().last_refusal == "PanicException: index out of bounds"
        with pytest.raises(KeyboardInterrupt):
            logger.log(raising(KeyboardInterrupt()))
        assert logger.status().refused == 1
        assert logger.log({"fare": [1.0]}) == 1
    assert sum(profile.records for profile in switch.profiles) == 3
