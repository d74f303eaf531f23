"""compare_segments() of many segments: false alarms are as rare as was said, and what changed is found."""

import numpy as np
import pyarrow as pa

import tidegauge as tg

SEGMENTS = 50
EACH = 60
RATE = 0.05


def world(seed, *, changed=(), each=EACH, crowd=0.0):
    """Records of 50 segments in six columns of several kinds; in `changed` segments two of them differ.

    A share `crowd` of the records goes to segment 3, whatever segment they were of.
    """
    generator = np.random.default_rng(seed)
    size = SEGMENTS * each
    segment = np.where(generator.random(size) < crowd, 3, generator.integers(0, SEGMENTS, size))
    moved = np.isin(segment, changed)
    kinds = np.array(["a", "b", "c", "d"])
    some = generator.random(size)
    return tg.log(
        pa.table(
            {
                "segment": segment,
                "normal": generator.normal(size=size) + 1.5 * moved,
                "skewed": generator.lognormal(size=size),
                "ties": generator.poisson(3, size),
                "kind": kinds[np.where(moved, (some * 1.5).astype(int), (some * 4).astype(int))],
                "flag": generator.random(size) < 0.3,
                "gaps": pa.array(generator.random(size), mask=generator.random(size) < 0.2),
            }
        ),
        segments=["segment"],
        total=False,
    )


def found(drift):
    return {int(report.current.segment["segment"]) for report in drift.drifted}


def test_without_a_change_few_runs_find_one():
    """All findings of a run are of no change, so a run with any drift is a false alarm: at most 5 % of them.

    Of 200 runs that is 10, give or take a standard deviation of √(200 · 0.05 · 0.95) = 3.1; three of these
    are allowed for. Exact tests of few values keep below the rate, so that nothing is asked from below.
    """
    alarms = 0
    for run in range(200):
        drift = tg.compare_segments(world((run, 1)), world((run, 2)), false_discovery_rate=RATE)
        assert len(drift) == SEGMENTS
        alarms += drift.verdict == "drift"
    assert alarms <= 10 + 3 * 3.1, alarms


def test_segment_by_segment_most_runs_would_find_one():
    """The same worlds with each segment judged alone: 50 chances of 5 % make an alarm in most runs.

    Were each a chance of 2.5 % only, 1 − 0.975⁵⁰ = 72 % of runs: 14 of 20, with a standard deviation of 2.
    """
    alarms = 0
    for run in range(20):
        now, then = world((run, 1)), world((run, 2))
        alarms += any(
            tg.compare(profile, then, columns=now.columns[1:], false_discovery_rate=RATE).verdict == "drift"
            for profile in now
        )
    assert alarms >= 8, alarms


def test_the_changed_segments_are_found_and_no_others():
    """Three of 50 change by 1.5 standard deviations and in their categories: with 200 records never missed.

    Six findings are true, so that at a rate of 5 % some 0.05 / 0.95 · 6 = 0.3 false ones come beside them in
    a run, 6 in 20 runs; 6 + 3 · √6 = 13 at most.
    """
    changed = {7, 21, 42}
    false = 0
    for run in range(20):
        now, then = world((run, 3), changed=[*changed], each=200), world((run, 4), each=200)
        drift = tg.compare_segments(now, then, false_discovery_rate=RATE)
        assert found(drift) >= changed
        assert {int(report.current.segment["segment"]) for report in drift.ranking()[:3]} == changed
        assert drift.mix.verdict != "drift"
        false += len(found(drift) - changed)
        if run == 0:
            assert found(drift) == changed
            assert set(drift[{"segment": 7}].drifted) == {"normal", "kind"}
    assert false <= 13, false


def test_the_shares_of_segments_are_judged_too():
    """A fifth of the records goes to one segment of 50: 0.2 · 49 / 50 have moved; no column has changed."""
    drift = tg.compare_segments(world((1, 5), each=200, crowd=0.2), world((1, 6), each=200))
    assert (drift.verdict, drift.drifted, drift.mix.verdict) == ("drift", (), "drift")
    assert drift.mix.movers[0].value == "3"
    effect = drift.mix.finding.effect
    assert effect.low < 0.196 < effect.high


def wandering_days(seed):
    """Twenty-one days of 12 segments: levels and shares wander from day to day, and nothing else happens."""
    generator = np.random.default_rng(seed)
    usual = generator.dirichlet(np.full(12, 5.0))
    each = 900
    parts = []
    for day in range(21):
        shares = usual * np.exp(generator.normal(size=12) * 0.1)
        segment = generator.choice(12, each, p=shares / shares.sum())
        levels = generator.normal(size=12) * 0.2
        parts.append(
            {
                "day": np.full(each, np.datetime64("2024-01-01T00:00:00.000000") + np.timedelta64(day, "D")),
                "segment": segment,
                "level": generator.normal(size=each) + levels[segment],
                "kind": generator.choice(list("abc"), each),
            }
        )
    table = pa.table({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    return tg.log(table, timestamp="day", window="1d", segments=["segment"])


def test_days_that_wander_are_no_change_to_a_history():
    """Of 60 runs 3 may find one, give or take √(60 · 0.05 · 0.95) = 1.7; merged, most runs would."""
    alarms = merged = 0
    for run in range(60):
        every = wandering_days((run, 8))
        last = every[-1].window
        past, today = (tg.ProfileSet(p for p in every if (p.window == last) is now) for now in (False, True))
        alarms += tg.compare_segments(today, past).verdict == "drift"
        merged += tg.compare_segments(today, past.merge_by_segment()).verdict == "drift"
    assert alarms <= 3 + 3 * 1.7, alarms
    assert merged >= 30, merged
