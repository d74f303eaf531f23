"""Which window a record is in, when windows close, and what becomes of records at the wrong time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import tidegauge as tg
from library.tests.logger.support import NOON


def at(minutes: float) -> datetime:
    return datetime.fromtimestamp(NOON, UTC) + timedelta(minutes=minutes)


def told(switch) -> list[tuple[float | None, int]]:
    """Minutes after noon at which each delivered window starts, and its records."""
    return [
        (None if p.window is None else (p.window.start - at(0)) / timedelta(minutes=1), p.records)
        for p in switch.profiles
    ]


def test_windows_of_arrival_close_when_they_are_over(make, clock, switch):
    logger = make(window="5m", writers=switch, clock=clock)
    for minute in (0, 1, 4.99, 5, 7, 21):
        clock.seconds = NOON + minute * 60
        logger.record({"n": minute})
        logger._worker.round()
    assert logger.flush()
    assert told(switch) == [(0, 3), (5, 2), (20, 1)]
    assert len(set(switch.ids)) == 3


def test_batches_are_in_the_window_in_which_they_arrive(make, clock, switch):
    logger = make(window="1m", writers=switch, clock=clock)
    batches = [
        {"n": [1, 2, 3]},
        [{"n": 4}, {"n": 5}],
        iter([{"n": 6}]),
        {"n": [7.5], "text": ["object"], "more": [None]},
    ]
    for minute, batch in enumerate(batches):
        clock.seconds = NOON + minute * 60
        assert logger.log(batch) > 0
    assert logger.flush()
    assert told(switch) == [(0, 3), (1, 2), (2, 1), (3, 1)]


def test_files_are_in_the_window_in_which_they_arrive(make, clock, switch, tmp_path):
    (tmp_path / "a.csv").write_text("at,n\n2013-02-08,1\n2013-02-09,2\n")
    (tmp_path / "b.ndjson").write_text('{"n": 1, "": 5}\n')
    logger = make(window="1m", writers=switch, clock=clock)
    assert logger.log(str(tmp_path / "a.csv")) == 2
    clock.seconds += 60
    assert logger.log(str(tmp_path / "b.ndjson")) == 1
    assert logger.flush()
    assert told(switch) == [(0, 2), (1, 1)]


def test_windows_by_timestamps_close_a_little_after_their_end(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock)
    logger.log([{"at": at(1)}, {"at": at(4)}, {"at": at(6)}])
    clock.seconds = NOON + 5 * 60 + 1
    logger.record({"at": at(4.9)})
    logger._worker.round()
    assert switch.received == []
    clock.seconds = NOON + 5 * 60 + 6
    logger._worker.round()
    assert logger.flush()
    assert told(switch) == [(0, 3), (5, 1)]


def test_late_records_open_their_window_again_under_another_id(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock, lateness="10m")
    clock.seconds = NOON + 60
    logger.record({"at": at(1), "n": 1})
    logger._worker.round()
    clock.seconds = NOON + 6 * 60
    logger._worker.round()
    assert logger.status().open_windows == ()
    logger.record({"at": at(2), "n": 2})
    logger.record({"at": at(6), "n": 3})
    logger._worker.round()
    assert [window.records for window in logger.status().open_windows] == [1, 1]
    clock.seconds = NOON + 10.5 * 60
    logger._worker.round()
    assert logger.flush()
    assert told(switch) == [(0, 1), (0, 1), (5, 1)]
    assert len(set(switch.ids)) == 3
    merged = tg.ProfileSet(switch.profiles)[at(2)]
    assert (merged.records, merged["n"].max) == (2, 2)


def test_records_that_are_too_late_are_counted_in_the_open_window(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock, lateness="0s")
    clock.seconds = NOON + 12 * 60
    logger._worker.round()
    logger.log([{"at": at(1)}, {"at": at(4)}, {"at": at(11), "n": 1}])
    logger.log({"at": [at(3), at(11)], "n": [1, 2]})
    logger.record({"at": at(9.5), "n": 1})
    assert logger.flush()
    assert told(switch) == [(10, 2)]
    profile = switch.profiles[0]
    assert (profile.late_records, profile.early_records) == (4, 0)
    assert (logger.status().late_records, logger.status().refused) == (4, 0)
    assert tg.Profile.from_bytes(profile.to_bytes()).late_records == 4


def test_records_from_the_far_future_are_counted_as_early(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock, lateness="5m")
    logger._worker.round()
    logger.log([{"at": at(minute)} for minute in (1, 6, 12, 60, 60 * 24 * 365 * 60)])
    logger.record({"at": "9999-12-31"})
    logger.record({"at": "+262142-12-31T00:00:00Z"})
    assert logger.flush()
    # The last is no time that anybody can read: it has no window.
    assert told(switch) == [(None, 1), (0, 1), (5, 1), (10, 1)]
    assert [p.early_records for p in switch.profiles] == [0, 3, 0, 0]
    assert logger.status().early_records == 3


def test_late_records_alone_are_told_too(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock, lateness="0s")
    logger.record({"at": at(-100)})
    assert logger.flush()
    assert told(switch) == [(0, 0)]
    assert switch.profiles[0].late_records == 1


def test_times_that_are_null_missing_or_unreadable_make_a_profile_without_a_window(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock)
    for record in ({"at": None}, {"n": 1}, {"at": "tomorrow"}, {"at": 17}, {"at": at(1)}):
        logger.record(record)
    logger.log({"at": ["2026-06-01T12:00:00Z", "noon"], "n": [1, 2]})
    logger.log({"n": [1, 2]})
    logger._worker.round()
    assert switch.received == []
    clock.seconds = NOON + 5.2 * 60
    logger._worker.round()
    assert logger.flush()
    assert told(switch) == [(None, 7), (0, 2)]
    assert logger.status().refused == 0


def test_times_as_texts_and_of_mixed_zones_are_the_same_moments(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock)
    oslo = ZoneInfo("Europe/Oslo")
    for moment in ("2026-06-01T12:01:00", "2026-06-01T14:02:00+02:00", at(3).astimezone(oslo), at(4)):
        logger.record({"at": moment})
    assert logger.flush()
    assert told(switch) == [(0, 4)]


def test_a_clock_that_is_set_back_neither_loses_nor_doubles(make, clock, switch):
    logger = make(window="5m", writers=switch, clock=clock)
    for minute in (0, 6, 12, 1, 2, 7, 13):
        clock.seconds = NOON + minute * 60
        logger.record({"minute": minute})
        logger._worker.round()
    assert logger.flush()
    assert sum(records for _, records in told(switch)) == 7
    assert len(set(switch.ids)) == len(switch.ids)
    by_window = tg.ProfileSet(switch.profiles).merge_windows()
    assert [(p.window.start, p.records) for p in by_window] == [(at(0), 3), (at(5), 2), (at(10), 2)]


def test_a_clock_that_was_years_ahead_leaves_no_window_open_for_years(make, clock, switch):
    logger = make(window="5m", writers=switch, clock=clock, lateness="10m")
    clock.seconds = NOON + 10 * 365 * 86_400
    logger.record({"n": 1})
    logger._worker.round()
    clock.seconds = NOON
    logger.record({"n": 2})
    logger._worker.round()
    assert [window.records for window in logger.status().open_windows] == [1]
    assert logger.flush()
    assert sum(p.records for p in switch.profiles) == 2


@pytest.mark.parametrize(
    "change",
    [
        ("Europe/Oslo", "2026-03-29", 23),
        ("Europe/Oslo", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/Havana", "2026-11-01", 25),  # clocks go back over midnight
        ("America/Sao_Paulo", "2018-11-04", 23),  # the day has no midnight
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Kathmandu", "2026-06-01", 24),
    ],
)
def test_days_of_a_place_begin_at_its_midnight_also_when_clocks_change(change, make, clock, switch):
    zone, day, hours = change
    logger = make(window="1d", timezone=zone, writers=switch, clock=clock)
    place = ZoneInfo(zone)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=place)
    first = noon.astimezone(UTC) - timedelta(hours=40)
    moments = [first + timedelta(minutes=20 * step) for step in range(240)]
    for moment in moments:
        clock.seconds = moment.timestamp()
        logger.record({"n": 1})
    logger.flush()
    found = {p.window.start.astimezone(place).date(): p for p in switch.profiles}
    window = found[noon.date()].window
    assert (window.end - window.start) / timedelta(hours=1) == hours
    for profile in found.values():
        inside = [m for m in moments if profile.window.start <= m < profile.window.end]
        assert len(inside) == profile.records
        ambiguous = zone == "America/Havana"  # the last hour of the day before comes twice
        days = {m.astimezone(place).date() for m in inside}
        assert len(days) == 1 or ambiguous


def test_every_day_of_two_centuries_begins_when_the_zone_says():
    """Against zoneinfo itself: windows of a day are what the calendar of the place calls one."""
    oslo = ZoneInfo("Europe/Oslo")
    from tidegauge import _kernel
    from tidegauge.windows.zones import zone_offsets

    collector = _kernel.Collector(
        window="1d", timestamp="at", zone=zone_offsets("Europe/Oslo"), service=(None, None)
    )
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    day = datetime(1901, 1, 1)
    while day.year < 2099:
        noon = day.replace(hour=12, tzinfo=oslo)
        start, end = collector.window_of((noon.astimezone(UTC) - epoch) // timedelta(microseconds=1))
        following = (day + timedelta(days=1)).replace(tzinfo=oslo)
        assert start == (day.replace(tzinfo=oslo).astimezone(UTC) - epoch) // timedelta(microseconds=1), day
        assert end == (following.astimezone(UTC) - epoch) // timedelta(microseconds=1), day
        day += timedelta(days=17)


def test_shorter_windows_do_not_depend_on_the_place(make, clock, switch):
    logger = make(window="1h", timezone="Asia/Kathmandu", writers=switch, clock=clock)
    logger.record({"n": 1})
    logger.flush()
    assert told(switch) == [(0, 1)]


def test_what_came_too_late_is_told_where_the_profile_is_drawn(make, clock, switch):
    logger = make(window="5m", timestamp="at", writers=switch, clock=clock, lateness="0s")
    logger.log([{"at": at(-100)}, {"at": at(1)}, {"at": at(1000)}, {"at": at(1001)}])
    assert logger.flush()
    drawn = " ".join(repr(switch.profiles[0]).split())
    assert "1 record · 1 record too late" in drawn
    assert "2 records too early" in drawn
    assert switch.profiles[0].to_dict()["late_records"] == 1
