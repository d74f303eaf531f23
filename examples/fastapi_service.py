"""A FastAPI service that logs what it predicts and delivers the profiles of every five minutes.

pip install tidegauge fastapi uvicorn && uvicorn --app-dir examples fastapi_service:app
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import BaseModel

import tidegauge as tg

logger = tg.Logger(
    "fares",
    window="5m",
    segments=["city"],
    schema=tg.Schema(roles={"fare": "prediction"}),
    writers="profiles",  # or "s3://bucket/profiles"
    checkpoint="state",
)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Deliver what is left when the service is told to stop."""
    yield
    logger.close()


app = FastAPI(lifespan=lifespan)


class Ride(BaseModel):
    """What is asked."""

    city: str
    distance: float
    passengers: int = 1


@app.post("/fare")
def fare(ride: Ride) -> dict[str, float]:
    """Predict, and log what was asked and answered."""
    price = round(3.0 + 2.4 * ride.distance, 2)
    logger.record({**vars(ride), "fare": price})
    return {"fare": price}


@app.get("/health")
def health() -> dict[str, object]:
    """Tell how the logger does, beside how the service does."""
    status = logger.status()
    return {"logger_is_well": status.is_well, "waiting": status.waiting}
