"""A service with a small model, with a logger or without one: as the environment says.

LOGGER=folder SEGMENTS=city uvicorn --app-dir benchmarks/processes fastapi_service:app
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

import tidegauge as tg

folder = os.environ.get("LOGGER")
segments = [os.environ["SEGMENTS"]] if "SEGMENTS" in os.environ else None
logger = (
    tg.Logger("fares", segments=segments, writers=f"{folder}/profiles", checkpoint=f"{folder}/state")
    if folder
    else None
)
rng = np.random.default_rng(0)
INNER, OUTER = rng.normal(size=(7, 32)), rng.normal(size=32)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Deliver what is left."""
    yield
    if logger is not None:
        logger.close()


app = FastAPI(lifespan=lifespan)


class Ride(BaseModel):
    """Nine fields; the answer is the tenth."""

    ride: int
    distance: float
    passengers: int
    hour: int
    weekday: int
    temperature: float
    rain: float
    city: str
    member: bool


def answer(ride: Ride, fields: Callable[[Ride], dict[str, object]] = vars) -> dict[str, float]:
    """Predict with a layer of 32 neurons."""
    numbers = (
        ride.distance, ride.passengers, ride.hour, ride.weekday, ride.temperature, ride.rain, ride.member
    )  # fmt: skip
    price = float(np.tanh(np.array(numbers) @ INNER) @ OUTER)
    if logger is not None:
        logger.record({**fields(ride), "fare": price})
    return {"fare": price}


@app.post("/def")
def in_a_thread(ride: Ride) -> dict[str, float]:
    """As models are served: FastAPI calls it in a thread, so that it may take its time."""
    return answer(ride)


@app.post("/async")
async def in_the_loop(ride: Ride) -> dict[str, float]:
    """The cheapest way there is, for what takes no time."""
    return answer(ride)


@app.post("/dump")
async def dumped_in_the_loop(ride: Ride) -> dict[str, float]:
    """The same, with what pydantic makes of models that may have others inside."""
    return answer(ride, Ride.model_dump)
