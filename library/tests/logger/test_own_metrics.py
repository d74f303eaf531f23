"""A logger with metrics of users' own and derived columns, through checkpoints and failures."""

from __future__ import annotations

import time

import tidegauge as tg
from library.tests.own_metrics import Broken, Entropy, FirstDigits


def test_metrics_and_derived_columns_are_delivered(tmp_path):
    received = []
    logger = tg.Logger(
        "rides",
        writers=lambda profiles, _: received.append(profiles),
        checkpoint=tmp_path,
        checkpoint_seconds=0.05,
        segments=["even"],
        derived={
            "even": tg.derive(lambda fare: [value % 2 == 0 for value in fare.to_pylist()], ["fare"]),
            "double": tg.col("fare") * 2,
        },
        metrics={"city": [Entropy()], "double": [FirstDigits()], "fare": [Broken("update")]},
    )
    for number in range(3_000):
        logger.record({"fare": number + 1, "city": "Oslo" if number % 3 else "Rome"})
        if number % 500 == 0:
            time.sleep(0.06)  # several checkpoints, which become one state
    assert logger.close()
    whole = tg.merge(*(profile for profiles in received for profile in profiles if not profile.segment))
    assert whole.records == 3_000
    assert whole["city"].metric("acme.entropy")["values"] == 3_000
    assert sum(whole["double"].metric("acme.finance.first_digits")["counts"]) == 3_000
    assert len(whole["city"].custom_metrics["acme.entropy"].parts) == 1
    assert whole["fare"].metric_errors["acme.broken"] >= 1
    evens = [profile for profiles in received for profile in profiles if profile.segment == {"even": "true"}]
    assert tg.merge(evens)["double"].metric("acme.finance.first_digits")
    assert tg.merge(evens).records == 1_500
    parts = [len(profile["city"].custom_metrics["acme.entropy"].parts) for profile in evens]
    assert parts == [1] * len(evens)


def test_a_function_that_raises_is_counted_and_gives_nulls():
    received = []

    def half(fare):
        values = fare.to_pylist()
        if 13 in values:
            raise ValueError("unlucky")
        return [value / 2 for value in values]

    with tg.Logger(
        "rides",
        writers=lambda profiles, _: received.append(profiles),
        derived={"half": tg.derive(half, ["fare"])},
    ) as logger:
        assert logger.log({"fare": [1, 2]}) == 2
        assert logger.log({"fare": [13, 4]}) == 2
        logger.record({"fare": 6})
        logger.flush()
        assert dict(logger.status().derived_errors) == {"half": 1}
        assert logger.status().refused == 0
    whole = tg.merge(*received)
    assert (whole.records, whole["half"].nulls, whole["half"].max) == (5, 2, 3.0)
