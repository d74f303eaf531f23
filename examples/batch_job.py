"""A batch job: profiles the day it is given, keeps the profile, fails when the day is unlike those before.

pip install tidegauge && python examples/batch_job.py orders/2026-03-02.parquet

It may be run again for the same day: the profile of a day is kept once.
"""

import sys
import uuid
from datetime import date, timedelta
from pathlib import Path

import tidegauge as tg

PROFILES = "profiles"


def main(path: Path) -> int:
    """Profile, keep, compare; return the exit code."""
    day = date.fromisoformat(path.stem)
    today = tg.log(path, "orders", timestamp="placed", window="1d", tags={"file": path.name})

    # An id made of the day: a second run of the day takes the place of the first.
    delivery = uuid.uuid5(uuid.NAMESPACE_URL, f"orders/{day}").hex
    tg.writers.open_writer(PROFILES).write(today, id=delivery)

    before = tg.read(PROFILES, dataset="orders", since=str(day - timedelta(days=28)), until=str(day))
    if len(before) < 8:
        print(f"{day}: {today.records:,} records, too early to compare")
        return 0
    report = tg.compare(today.merge(), before)
    print(report)
    report.html(f"{day}.html")
    return 1 if report.verdict == "drift" else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
