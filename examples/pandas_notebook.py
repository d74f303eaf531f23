"""A notebook in a file: profile a pandas frame, ask the profile, look at it day by day.

pip install tidegauge pandas && python examples/pandas_notebook.py
"""

import numpy as np
import pandas as pd

import tidegauge as tg

# %% Two weeks of orders. This week the price has gone missing now and then, and turned into cents once.
rng = np.random.default_rng(7)
orders = pd.DataFrame(
    {
        "order": np.arange(20_000),
        "placed": pd.date_range("2026-03-02", periods=20_000, freq="1min"),
        "price": rng.lognormal(3.0, 0.5, 20_000).round(2),
        "country": rng.choice(["NL", "DE", "FR"], 20_000, p=[0.6, 0.3, 0.1]),
    }
)
orders.loc[15_000:15_500, "price"] = np.nan
orders.loc[18_000:18_100, "price"] *= 100

# %% One line profiles a frame. In a notebook the last expression shows it, with histograms.
profile = tg.log(orders, dataset="orders")
print(profile)

# %% Everything in it can be asked for.
price = profile["price"]
print(
    f"\nprice: {price.null_rate:.1%} null, median {price.median:.2f}, 99 % below {price.quantile(0.99):.2f}"
)
low, high = profile["order"].cardinality.interval(0.95)
print(f"orders: between {low:,.0f} and {high:,.0f} different ones")
print(
    "countries:",
    ", ".join(f"{item.value} {item.estimate:,}" for item in profile["country"].frequent_items.top(3)),
)

# %% By day: one profile a day, from one pass.
days = tg.log(orders, dataset="orders", timestamp="placed", window="1d")
for day, rate in days.series("price", "null_rate"):
    high = days[f"{day:%Y-%m-%d}"]["price"].quantile(0.99)
    print(f"{day:%a %d %b}  price null {rate:6.1%}  99 % below {high:8.2f}")
