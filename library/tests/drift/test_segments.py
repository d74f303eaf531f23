"""compare_segments(): each with its own reference, all judged together, and what comes in wrong."""

import datetime as dt
import json
import random
import re

import pytest

import tidegauge as tg
from tidegauge.display.cells import width
from tidegauge.display.drift_text import segments_text
from tidegauge.drift.multiplicity import benjamini_hochberg
from tidegauge.errors import ArgumentError, MissingSegmentError

CITIES = ("Oslo", "Rome", "Bern", None)


def rides(seed, *, moved=(), cities=CITIES, shares=None, size=4000, **options):
    """Rides of some cities; those of `moved` cost more."""
    generator = random.Random(seed)
    rows = [
        {
            "city": city,
            "fare": generator.gauss(13 if city in moved else 10, 3),
            "kind": generator.choice("abc"),
        }
        for city in generator.choices(cities, shares or [1] * len(cities), k=size)
    ]
    return tg.log(rows, "rides", segments=options.pop("segments", ["city"]), **options)


def days(count, seed=1, *, odd=None, size=800, cities=CITIES):
    """Days on which fares wander from day to day, and most rides are in Oslo at weekends."""
    generator = random.Random(seed)
    rows = []
    for day in range(count):
        at = dt.date(2024, 1, 1) + dt.timedelta(days=day)
        weights = [5.0 if city == "Oslo" and at.weekday() >= 5 else 1.0 for city in cities]
        levels = {city: generator.gauss(10, 0.15) for city in cities}
        rows += [
            {
                "day": at.isoformat(),
                "city": city,
                "fare": generator.gauss(levels[city] + 6 * (city == odd and day == count - 1), 1),
            }
            for city in generator.choices(cities, weights, k=size)
        ]
    return tg.log(rows, "rides", timestamp="day", window="1d", segments=["city"])


def part(profiles, city):
    return profiles.select({"city": city})[0]


def of_city(drift, city):
    return drift[{"city": city}]


def test_each_segment_is_compared_with_the_same_one():
    now, then = rides(1, moved=["Rome"]), rides(2)
    drift = tg.compare_segments(now, then)
    assert [report.current.segment for report in drift] == [s.values for s in now.segments()]
    for city in CITIES:
        report = of_city(drift, city)
        assert (report.current, report.reference) == (part(now, city), part(then, city))
        alone = tg.compare(part(now, city), part(then, city), columns=["fare", "kind"])
        for name in ("fare", "kind"):
            assert [f.p_value for f in report[name].findings] == [f.p_value for f in alone[name].findings]
            assert report[name].effect == alone[name].effect
    assert [report.current.segment for report in drift.drifted] == [{"city": "Rome"}]
    assert drift.ranking()[0] is drift.drifted[0]
    assert (drift.verdict, drift.why) == ("drift", "1 of 4 segments changed: 'Rome'.")
    assert (drift.by, drift.dataset, drift.notes) == (("city",), "rides", ())


def test_all_findings_are_one_family():
    drift = tg.compare_segments(rides(1), rides(2))
    findings = [
        finding for report in drift for column in report.columns.values() for finding in column.findings
    ]
    findings.append(drift.mix.finding)
    assert len(findings) == 4 * 2 + 1
    assert [f.adjusted for f in findings] == benjamini_hochberg([f.p_value for f in findings])


def test_what_segments_are_by_is_not_compared_unless_asked_for():
    now, then = rides(1), rides(2)
    assert set(tg.compare_segments(now, then)[0]) == {"fare", "kind"}
    assert set(tg.compare_segments(now, then, columns=["kind", "city"])[0]) == {"kind", "city"}
    only = [tg.log({"city": ["Oslo", "Rome"] * 500}, segments=["city"])] * 2
    drift = tg.compare_segments(*only)
    assert (len(drift), len(drift[0])) == (2, 0)
    assert drift.mix.verdict == "stable"


def test_a_report_is_had_by_position_values_and_slice():
    drift = tg.compare_segments(rides(1, segments=[["city"], ["city", "kind"]]), rides(2), by="city")
    assert drift[{"city": None}].current.segment == {"city": None}
    assert drift[:2] == drift.reports[:2]
    assert list(drift) == list(drift.reports)
    with pytest.raises(MissingSegmentError, match=r"no segment 'Olso' was compared; did you mean 'Oslo'"):
        drift[{"city": "Olso"}]
    with pytest.raises(MissingSegmentError, match=r"segments are by \['city'\]"):
        drift[{"kind": "a"}]


def test_segments_that_appear_and_vanish():
    now = rides(1, cities=["Oslo", "Rome", "Lima"], shares=[3, 2, 1])
    drift = tg.compare_segments(now, rides(2, cities=["Oslo", "Rome", None]))
    assert [report.current.segment["city"] for report in drift] == ["Oslo", "Rome"]
    (lima,), (null,) = drift.appeared, drift.vanished
    assert (lima.values, lima.records) == ({"city": "Lima"}, part(now, "Lima").records)
    assert lima.share == lima.records / 4000
    assert (null.values, null.is_other) == ({"city": None}, False)
    assert drift.why.endswith("1 segment appeared; 1 segment vanished.")
    with pytest.raises(MissingSegmentError, match="'Lima' appeared: there is nothing"):
        of_city(drift, "Lima")
    text = repr(drift)
    assert f"appeared: Lima ({lima.records:,} records, " in text
    assert "vanished: null (" in text


def test_nothing_in_common():
    drift = tg.compare_segments(rides(1, cities=["Lima"]), rides(2, cities=["Oslo", "Rome"]))
    assert (len(drift), drift.verdict, drift.mix.verdict) == (0, "drift", "drift")
    assert drift.why == "Their shares changed; 1 segment appeared; 2 segments vanished."
    assert repr(drift)
    assert drift.html()
    assert drift.markdown()


def test_the_mix_is_told_with_its_movers():
    drift = tg.compare_segments(rides(1, shares=[4, 1, 1, 1]), rides(2))
    assert (drift.verdict, drift.drifted, drift.mix.verdict) == ("drift", (), "drift")
    assert drift.mix.finding.effect.value == pytest.approx(4 / 7 - 1 / 4, abs=0.03)
    first = drift.mix.movers[0]
    assert first.value == "Oslo"
    assert (first.current, first.reference) == (pytest.approx(4 / 7, abs=0.03), pytest.approx(0.25, abs=0.03))
    assert re.match(r"3\d % of the records moved between segments: 'Oslo' 2\d % → 5\d %, ", drift.mix.why)
    assert tg.compare_segments(rides(1), rides(2)).mix.verdict == "stable"
    few = tg.compare_segments(rides(1, size=20), rides(2, size=20))
    assert few.mix.verdict == "not enough data"
    assert "20 against 20 records" in few.mix.why


def test_thresholds_and_rate_reach_every_part():
    now, then = rides(1, moved=["Rome"], shares=[4, 1, 1, 1]), rides(2)
    assert tg.compare_segments(now, then, thresholds=0.9).verdict == "stable"
    drift = tg.compare_segments(now, then, thresholds={"total_variation": 0.5})
    assert (drift.mix.verdict, drift.verdict) == ("stable", "drift")
    drift = tg.compare_segments(now, then, measures={"fare": "psi"}, false_discovery_rate=0.01)
    assert of_city(drift, "Rome")["fare"].effect.measure == "psi"
    assert drift.false_discovery_rate == drift[0].false_discovery_rate == 0.01


def test_partitions_are_chosen_and_their_columns_may_stand_in_another_order():
    now = rides(1, segments=[["city"], ["kind", "city"]])
    then = rides(2, segments=[["city", "kind"], ["city"]])
    with pytest.raises(ArgumentError, match=r"by \['city'\], \['kind', 'city'\]; give .* by=\['city'\]"):
        tg.compare_segments(now, then)
    drift = tg.compare_segments(now, then, by=["city", "kind"])
    assert (drift.by, len(drift), drift.appeared, drift.vanished) == (("kind", "city"), 12, (), ())
    assert set(drift[0]) == {"fare"}
    assert drift[{"city": "Oslo", "kind": "a"}].reference.segment == {"city": "Oslo", "kind": "a"}
    assert len(tg.compare_segments(now.select(["city"]), then)) == 4


def test_totals_are_not_needed_and_change_nothing():
    both = rides(1), rides(2)
    bare = rides(1, total=False), rides(2, total=False)
    assert tg.compare_segments(*both).to_dict() == tg.compare_segments(*bare).to_dict()


def test_the_segment_of_all_others_is_compared_and_said():
    names = [f"c{number}" for number in range(30)]
    now, then = (rides(seed, cities=names, max_segments=12, size=6000) for seed in (1, 2))
    drift = tg.compare_segments(now, then)
    assert drift[-1].current.is_other_segment
    assert drift[-1].reference.is_other_segment
    assert "Both sides have segments beyond max_segments" in drift.notes[0]
    assert drift.notes[0][:40] in segments_text(drift, cells=200)
    # Which segments are among the others is chance of the order, so what is named on one side only is too.
    assert drift.appeared
    assert drift.mix.verdict == "stable"
    assert drift.verdict == "stable"
    assert not any(segment.is_other for segment in (*drift.appeared, *drift.vanished))
    one = tg.compare_segments(rides(1, cities=names, size=6000), then)
    assert one.notes[0].startswith("The reference has segments beyond")
    assert (one.mix.verdict, one.vanished) == ("stable", ())


def test_windows_are_merged_when_they_are_few():
    now, then = days(3), days(5, seed=2)
    drift = tg.compare_segments(now, then)
    report = of_city(drift, "Rome")
    assert report.history is None
    assert report.reference.records == sum(p.records for p in then.select({"city": "Rome"}))
    assert report.current.records == sum(p.records for p in now.select({"city": "Rome"}))


def test_a_history_of_each_segment_is_learnt_from():
    every = days(30, odd="Rome")
    past, today = (
        tg.ProfileSet(p for p in every if (p.window.start.day == 30) is last) for last in (False, True)
    )
    drift = tg.compare_segments(today, past)
    report = of_city(drift, "Rome")
    assert [each.current.segment for each in drift.drifted] == [{"city": "Rome"}]
    assert len(report.history) == 29
    assert report["fare"].main.background.windows == 29
    assert report["fare"].main.p_value == pytest.approx(
        tg.compare(part(today, "Rome"), past)["fare"].main.p_value, rel=1e-9
    )
    # Fares wander: held against all days as one, more cities would have drifted.
    assert len(tg.compare_segments(today, past.merge_by_segment()).drifted) > 1


def test_shares_are_held_against_past_windows_by_season():
    every = days(36, size=1200)
    past, saturday, sunday = (
        tg.ProfileSet(p for p in every if p.window.start in span)
        for span in (Between(0, 33), Between(33, 34), Between(34, 35))
    )
    drift = tg.compare_segments(saturday, past)
    assert drift.mix.finding.background.seasonal
    assert drift.mix.verdict == "stable", drift.mix.why
    # Against all days as one, a weekend looks like a change.
    assert tg.compare_segments(saturday, past.merge_by_segment()).mix.verdict == "drift"
    gone = tg.ProfileSet(p for p in sunday if p.segment != {"city": "Oslo"})
    assert tg.compare_segments(gone, past).mix.verdict == "drift"


class Between:
    """Days of January 2024 and after, by number."""

    def __init__(self, first, last):
        start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
        self.first, self.last = (start + dt.timedelta(days=number) for number in (first, last))

    def __contains__(self, moment):
        return self.first <= moment < self.last


def test_a_segment_with_few_past_windows_is_said():
    past = [*days(12, cities=("Oslo", "Rome")), *days(5, seed=3, cities=("Bern", "Bern")).select(["city"])]
    today = days(1, seed=4, cities=("Oslo", "Rome", "Bern"))
    drift = tg.compare_segments(today, tg.ProfileSet(past))
    assert of_city(drift, "Bern").history is None
    assert len(of_city(drift, "Oslo").history) == 12
    assert drift.notes[0].startswith("1 of 3 segments have fewer than 8 past windows")


def test_other_measures_are_not_for_histories():
    past, today = days(10), days(1, seed=2)
    with pytest.raises(ArgumentError, match=r"measures= .* 10 windows .* reference\.merge_by_segment\(\)"):
        tg.compare_segments(today, past, measures={"fare": "psi"})
    merged = tg.compare_segments(today, past.merge_by_segment(), measures={"fare": "psi"})
    assert merged[0]["fare"].effect.measure == "psi"


def test_columns_that_only_some_segments_have():
    """Each segment has the columns of its own records, and changes of them are its own."""

    def set_of(**columns):
        rows = {city: {"city": [city] * 500, name: range(500)} for city, name in columns.items()}
        return tg.ProfileSet(
            p for data in rows.values() for p in tg.log(data, segments=["city"], total=False)
        )

    drift = tg.compare_segments(set_of(Oslo="fare", Rome="tip"), set_of(Oslo="fare", Rome="fare"))
    assert set(of_city(drift, "Oslo")) == {"fare"}
    assert not of_city(drift, "Oslo").schema
    rome = of_city(drift, "Rome")
    assert (len(rome), rome.schema.added, rome.schema.removed) == (0, ("tip",), ("fare",))
    assert repr(drift)
    assert drift.html()
    assert drift.markdown()


def test_plain_values():
    now = rides(1, moved=["Rome"], cities=["Oslo", "Rome", "Lima"])
    drift = tg.compare_segments(now, rides(2))
    document = json.loads(json.dumps(drift.to_dict(), allow_nan=False))
    assert document["drifted"] == [{"city": "Rome"}]
    assert document["segments"][0]["current"]["segment"] == {"city": "Rome"}
    assert document["segments"][0]["columns"]["fare"]["verdict"] == "drift"
    assert document["mix"]["verdict"] == drift.mix.verdict
    assert [one["values"] for one in document["appeared"]] == [{"city": "Lima"}]
    assert [one["values"] for one in document["vanished"]] == [{"city": "Bern"}, {"city": None}]
    assert {**document, "report": "comparison of segments", "title": "rides"} == json.loads(drift.json())


@pytest.mark.parametrize("cells", [40, 80, 200])
def test_the_text_fits_and_is_safe(cells):
    hostile = "\x1b[2J" + "x" * 200
    sides = [rides(seed, cities=[hostile, "", "東京"], moved=moved) for seed, moved in ((1, [""]), (2, []))]
    text = segments_text(tg.compare_segments(*sides), cells=cells)
    assert max(map(width, text.splitlines())) <= cells
    assert "\x1b" not in text
    assert "''" in text


def test_many_segments_are_cut_in_the_text_and_whole_in_the_table():
    names = [f"c{number}" for number in range(60)]
    drift = tg.compare_segments(rides(1, cities=names), rides(2, cities=names))
    assert "… 40 more segments" in repr(drift)
    assert len([line for line in drift.markdown().splitlines() if line.startswith("| ○")]) == 60


WITHOUT = tg.log({"city": ["Oslo"]}, "rides")


@pytest.mark.parametrize(
    ("current", "reference", "message"),
    [
        (WITHOUT, rides(1, size=9), r"ProfileSet with segments as current, not Profile; log with segments="),
        (rides(1, size=9), {"city": ["Oslo"]}, r"as reference, not dict; make one with tidegauge\.log"),
        (tg.ProfileSet([]), rides(1, size=9), "the current set is empty"),
        (
            rides(1, size=9),
            tg.ProfileSet([WITHOUT]),
            r"the reference set has no segments; log with segments=",
        ),
        (
            tg.ProfileSet([*rides(1, size=9), WITHOUT, tg.log({"a": [1]}, "taxi")]),
            rides(1, size=9),
            r"the current set holds several datasets, .*; choose one: ProfileSet\(p for p",
        ),
        (
            rides(1, size=9),
            rides(1, size=9, segments=["kind"]),
            r"no partition in common: current has segments by \['city'\], the reference by \['kind'\]",
        ),
        (
            rides(1, size=9),
            tg.log({"zone": ["a"]}, "taxi", segments=["zone"]),
            r"the sets \('rides' and 'taxi'\) have no partition in common",
        ),
        (
            rides(1, size=9),
            tg.log({"city": ["Oslo"], "speed": [1]}, "taxi", segments=["city"]),
            "no column in common: current has 'fare', 'kind', the reference 'speed'",
        ),
    ],
)
def test_what_cannot_be_compared(current, reference, message):
    with pytest.raises(ArgumentError, match=message):
        tg.compare_segments(current, reference)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ["kind"]}, r"no segments by \['kind'\] in common"),
        ({"by": "citi"}, r"no segments by \['citi'\] in common"),
        ({"columns": ["far"]}, "did you mean 'fare'"),
        ({"thresholds": -1.0}, "above 0"),
        ({"false_discovery_rate": 5}, "between 0 and 1"),
        ({"season": "month"}, "season="),
        ({"measures": "psii"}, "psi"),
    ],
)
def test_options_that_cannot_be_meant(options, message):
    with pytest.raises(ArgumentError, match=message):
        tg.compare_segments(rides(1, size=9), rides(2, size=9), **options)


def test_no_two_segments_are_written_alike():
    cities = ["(other)", None, "null", "", "Oslo", "Rome"]

    def logged(rise):
        rows = [(city, n + rise) for n in range(400 - 100) for city in cities]
        data = {"city": [city for city, _ in rows], "fare": [fare for _, fare in rows]}
        return tg.log(data, segments=["city"], max_segments=4)

    drift = tg.compare_segments(logged(200), logged(0))
    assert [report.verdict for report in drift] == ["drift"] * 5
    labels = ["'(other)'", "null", "'null'", "''", "(other)"]
    lines = str(drift).splitlines()
    shown = [line.split()[1] for line in lines if line.startswith("◆") and "  fare  " in line]
    assert sorted(shown) == sorted(labels)
    for label in drift.why.partition("changed: ")[2].partition(" and ")[0].split(", "):
        assert label in labels


def test_movers_that_are_no_texts_are_not_quoted():
    before = tg.log({"city": [None, ""] * 500}, segments=["city"])
    after = tg.log({"city": [None, "", "", ""] * 250}, segments=["city"])
    drift = tg.compare_segments(after, before)
    assert "null 50 % → 25 %" in drift.mix.why
    assert " '' 50 % → 75 %" in drift.mix.why


def test_windows_that_are_also_in_the_reference_are_said():
    days = [f"2024-05-{day:02}" for day in range(1, 29) for _ in range(60)]
    data = {"day": days, "city": ["Oslo", "Rome"] * (len(days) // 2), "fare": list(range(len(days)))}
    every = tg.log(data, timestamp="day", window="1d", segments=["city"])
    late = every.select(since="2024-05-22")
    (note,) = tg.compare_segments(late, every).notes
    assert note == (
        "7 of the 28 windows of the reference are also judged, so that what changed in them counts as usual; "
        "compare with its windows before 2024-05-22T00:00:00+00:00."
    )
    (note,) = tg.compare_segments(every, every).notes  # where none would be left
    assert note.startswith("28 of the 28 windows")
    assert note.endswith("; compare with windows that are not judged.")
    assert tg.compare_segments(late, every.select(until="2024-05-22T00:00:00+00:00")).notes == ()
    others = tg.log({**data, "fare": data["fare"][::-1]}, timestamp="day", window="1d", segments=["city"])
    assert tg.compare_segments(late, others).notes == ()  # other records of the same days


def test_a_segment_by_other_columns_is_not_looked_for():
    rides = tg.log({"city": ["Oslo"], "fare": [1]}, segments=["city"])
    with pytest.raises(MissingSegmentError, match=r"segments are by \['city'\], not by \['town'\]"):
        tg.compare_segments(rides, rides)[{"town": "Oslo"}]


def test_a_set_of_no_records_says_so():
    rides = tg.log({"city": ["Oslo"], "fare": [1]}, segments=["city"])
    with pytest.raises(ArgumentError, match="the current set has no records"):
        tg.compare_segments(tg.log({"city": [], "fare": []}, segments=["city"]), rides)


def test_one_comparison_says_which_segment_it_is_of():
    profiles = rides(1)
    report = tg.compare(profiles.select({"city": "Rome"})[0], profiles.select({"city": None})[0])
    lines = str(report).splitlines()
    assert (
        next(line for line in lines if line.startswith("current")).split("  ")[-1].startswith("city=Rome · ")
    )
    assert (
        next(line for line in lines if line.startswith("reference"))
        .split("  ")[-1]
        .startswith("city=null · ")
    )
    assert "- current: rides · city=Rome · " in report.markdown()
