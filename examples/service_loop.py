"""A prediction service that logs each request, from several threads, and writes a profile when it stops.

pip install tidegauge && python examples/service_loop.py
"""

import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tidegauge as tg

PROFILER = tg.Profiler(
    "churn-model", schema=tg.Schema(roles={"churns": "prediction", "probability": "score", "customer": "id"})
)


def answer(customer: int) -> float:
    """Predict for one customer: what your service does, and one line more."""
    rng = random.Random(customer)
    calls = rng.expovariate(0.2)
    features = {"age": rng.randint(18, 90), "plan": rng.choice(["free", "plus", None]), "calls": calls}
    probability = min(1.0, calls / 30)
    PROFILER.record(
        {"customer": customer, **features, "probability": probability, "churns": probability > 0.5}
    )
    return probability


start = time.perf_counter()
with ThreadPoolExecutor(4) as pool:
    answers = list(pool.map(answer, range(20_000)))
seconds = time.perf_counter() - start

profile = PROFILER.profile()
print(profile)
print(f"\n{len(answers):,} requests in {seconds:.2f} s; {profile['churns'].counts.trues:,} will churn")
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "churn-model.parquet"
    profile.write(path)
    print(f"the profile takes {path.stat().st_size / 1000:.0f} kB, however many requests there are")
