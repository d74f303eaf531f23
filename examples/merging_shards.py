"""Twenty machines, one view: each profiles its own shard, the profiles are merged later.

pip install tidegauge && python examples/merging_shards.py
"""

import random
import tempfile
from pathlib import Path

import tidegauge as tg


def shard(number: int) -> dict[str, list[object]]:
    """The data of one machine; machine 13 has a broken sensor."""
    rng = random.Random(number)
    broken = number == 13
    return {
        "machine": [f"m-{number:02}"] * 5_000,
        "user": [rng.randrange(30_000) for _ in range(5_000)],
        "latency_ms": [
            None if broken and rng.random() < 0.4 else rng.lognormvariate(3, 0.6) for _ in range(5_000)
        ],
    }


with tempfile.TemporaryDirectory() as folder:
    for number in range(20):
        tg.log(shard(number), dataset="requests").write(Path(folder) / f"machine-{number:02}.parquet")

    shards = tg.ProfileSet.read(folder)
    whole = tg.merge(shards)

print(whole)
latency = whole["latency_ms"]
slowest = latency.quantile(0.99)
print(f"\n{whole.records:,} requests on {len(shards)} machines; 99 % took less than {slowest:.0f} ms")
print(f"about {whole['user'].cardinality.estimate:,.0f} users, though no machine has seen them all")
for profile in shards:
    if profile["latency_ms"].null_rate > 0.05:
        name = profile["machine"].frequent_items.top(1)[0].value
        print(f"{name}: {profile['latency_ms'].null_rate:.0%} of latencies are missing")
