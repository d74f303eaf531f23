"""A Flask service under gunicorn: several workers, each with a logger of its own, and one folder of profiles.

pip install tidegauge flask gunicorn && gunicorn --chdir examples --workers 4 --preload flask_service:app
"""

from flask import Flask, request

import tidegauge as tg

logger = tg.Logger("fares", window="5m", segments=["city"], writers="profiles", checkpoint="state")
app = Flask(__name__)


@app.post("/fare")
def fare() -> dict[str, float]:
    """Predict, and log what was asked and answered."""
    ride = request.get_json()
    price = round(3.0 + 2.4 * ride["distance"], 2)
    logger.record({**ride, "fare": price})
    return {"fare": price}
