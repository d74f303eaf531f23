"""A nightly job that loads orders, and stops when the day's data is not fit to load.

The suite stands beside the job; conditions count what only whole records tell. What was loaded
before is the reference, so that a day is also held against the days behind it.

pip install tidegauge && python examples/nightly_load.py
"""

import random
import tempfile
from pathlib import Path

import tidegauge as tg
from tidegauge.constraints import Suite

SUITE = """
name: orders
conditions:
  paid_before_sent: sent is null or paid
constraints:
  - exact_columns: {columns: [order, country, amount, paid, sent]}
  - records: {at_least: 500, at_most_change: 0.5}
  - null_rate: {column: amount, at_most: 0.01}
  - range: {column: amount, above: 0, at_most: 10000}
  - value_set: {column: country, values: [DE, NO, SE]}
  - condition_rate: {condition: paid_before_sent, at_least: 1.0}
  - mean:
      column: amount
      at_most_change: 0.2
      severity: warn
      reason: prices move slowly
"""


def orders(day: int) -> dict[str, list[object]]:
    """The orders of a day; on the fourth a new shop sends cents in place of euros."""
    rng = random.Random(day)
    size = rng.randrange(900, 1_100)
    paid = [rng.random() < 0.8 for _ in range(size)]
    amounts = [round(rng.lognormvariate(4, 0.5), 2) for _ in range(size)]
    countries = [rng.choice(["DE", "NO", "SE"]) for _ in range(size)]
    if day == 4:
        amounts[::3] = [amount * 100 for amount in amounts[::3]]
        countries[::3] = ["FI"] * len(countries[::3])
    return {
        "order": [f"{day}-{number}" for number in range(size)],
        "country": countries,
        "amount": amounts,
        "paid": paid,
        "sent": ["2026-03-01" if done and rng.random() < 0.9 else None for done in paid],
    }


suite = Suite.from_yaml(SUITE)
with tempfile.TemporaryDirectory() as folder:
    loaded: list[tg.Profile] = []
    for day in range(1, 5):
        profile = tg.log(orders(day), "orders", conditions=suite.conditions)
        reference = tg.ProfileSet(loaded) if loaded else profile
        result = suite.check(profile, reference)
        print(f"day {day}: {profile.records:,} orders, {result.outcome}")
        if not result:
            (Path(folder) / "results.xml").write_text(result.junit(), encoding="utf-8")
            print(f"\n{result}\n\nday {day} is not loaded")
            break
        profile.write(Path(folder) / f"day-{day}.parquet")
        loaded.append(profile)
