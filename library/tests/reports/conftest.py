"""Values to make reports of: real ones, hostile ones, and what parses their HTML."""

from __future__ import annotations

import datetime as dt
import math
import random
import re
from html.parser import HTMLParser

import pytest

import tidegauge as tg
from tidegauge.constraints import Mean, NoDrift, NullRate, Range, Suite, suggest

HOSTILE = "</b><script>alert(1)</script>\"'&\x1b[2J\u202e\n"
ID = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
VOID = frozenset({"br", "meta", "path"})


class Page(HTMLParser):
    """Parses a page strictly: tags close in order, nothing is active, nothing is loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag == "path"
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def all(self, *wanted: str) -> list[dict[str, str | None]]:
        """The attributes of all tags of a name."""
        return [attributes for tag, attributes in self.tags if tag in wanted]


@pytest.fixture
def parse():
    return Page


@pytest.fixture
def hostile():
    return HOSTILE


def trips(size: int, seed: int, *, changed: bool = False) -> dict[str, list]:
    """Columns of most kinds; `changed` moves some of them."""
    random_ = random.Random(seed)
    cities, shares = ["Oslo", "Rome", "Bern", "Reykjavík"], [5, 3, 2, 1]
    rate = 0.2 if changed else 0.01
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    return {
        "fare": [random_.lognormvariate(2.3 if changed else 2.0, 0.6) for _ in range(size)],
        "seats": [random_.randrange(1, 7) for _ in range(size)],
        "city": [
            None if random_.random() < rate else random_.choices(cities, shares[:: -1 if changed else 1])[0]
            for _ in range(size)
        ],
        "paid": [random_.random() < (0.4 if changed else 0.8) for _ in range(size)],
        "note": [f"{number:x}" * random_.randrange(1, 9) for number in range(size)],
        "at": [start + dt.timedelta(seconds=random_.randrange(7 * 86_400)) for _ in range(size)],
        "day": [dt.date(2026, 3, 1 + random_.randrange(7)) for _ in range(size)],
        "wait": [dt.timedelta(seconds=random_.expovariate(1 / 300)) for _ in range(size)],
        "score": [random_.gauss(0, 1) if number % 50 else math.nan for number in range(size)],
        "flat": [7] * size,
        "nothing": [None] * size,
        ("tip" if changed else "tax"): [1.0] * size,
    }


@pytest.fixture(scope="session")
def profile() -> tg.Profile:
    return tg.log(trips(1500, 1, changed=True), "trips", tags={"zone": "north"})


@pytest.fixture(scope="session")
def reference() -> tg.Profile:
    return tg.log(trips(3000, 2), "trips")


@pytest.fixture(scope="session")
def days() -> tg.ProfileSet:
    """Forty days, the 31st one strange, the 20th missing, and a record without a time."""
    random_ = random.Random(3)
    data: dict[str, list] = {"at": [], "delay": [], "carrier": [], "year": []}
    for day in range(40):
        if day == 20:
            continue
        for _ in range(120):
            data["at"].append(
                dt.datetime(2026, 1, 1) + dt.timedelta(days=day, seconds=random_.randrange(86_400))
            )
            odd = day == 30
            data["delay"].append(
                None if random_.random() < (0.5 if odd else 0.02) else random_.gauss(40 * odd, 9)
            )
            data["carrier"].append(random_.choices(["UA", "B6", "EV"], [5, 3, 0 if odd else 2])[0])
            data["year"].append(2026)
    for name, value in (("at", None), ("delay", 1.0), ("carrier", "UA"), ("year", 2026)):
        data[name].append(value)
    return tg.log(data, "flights", timestamp="at", window="1d")


@pytest.fixture(scope="session")
def changes(profile, reference) -> tg.drift.DriftReport:
    return tg.compare(profile, reference)


@pytest.fixture(scope="session")
def series(days) -> tg.drift.DriftSeries:
    return tg.compare_windows(days)


@pytest.fixture(scope="session")
def segments() -> tg.SegmentDrift:
    """Three of four cities compared, since one has gone and another come; they have drifted."""
    now, then = trips(1500, 1, changed=True), trips(3000, 2)
    now["city"] = ["Turin" if city == "Bern" else city for city in now["city"]]
    return tg.compare_segments(*(tg.log(side, "trips", segments=["city"]) for side in (now, then)))


@pytest.fixture(scope="session")
def checked(profile, reference):
    suite = Suite(
        [
            NullRate("city", at_most=0.1, reason="trips have an end"),
            NullRate("ctiy", at_most=0.1),
            Mean("fare", at_least=1, at_most=100),
            Range("seats", at_most=4, severity="warn"),
            Mean("city", at_most=1, name="no number"),
            NoDrift(),
        ],
        name="trips <daily>",
    )
    return suite.check(profile, reference)


@pytest.fixture(scope="session")
def suggested(days):
    return suggest(days)


@pytest.fixture(scope="session")
def mischief() -> tg.Profile:
    data = {
        HOSTILE: [HOSTILE, HOSTILE, "b", None],
        "": ["", "", "", "x"],
        "x" * 10_000: ["y" * 10_000, "z", "z", "z"],
        "new\nline": [1, 2, 3, 3],
    }
    return tg.log(data, HOSTILE, tags={HOSTILE: HOSTILE})


@pytest.fixture
def every(request):
    """One value of each kind that there are reports of, by name."""
    names = ("profile", "days", "changes", "series", "segments", "checked", "suggested")
    profile, days, changes, series, segments, checked, suggested = map(request.getfixturevalue, names)
    return {
        "profile": profile,
        "profile set": days,
        "comparison": changes,
        "column comparison": changes["fare"],
        "drift series": series,
        "comparison of segments": segments,
        "constraints": checked,
        "suggestion": suggested,
    }
