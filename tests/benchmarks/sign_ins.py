"""Eight in the morning: how many passwords two cores check in a second, and what one check costs in memory."""

from __future__ import annotations

import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

from identity.hashers import SchoolArgon2
from tests.benchmarks.measure import Figure, against

CORES = min(2, os.cpu_count() or 1)
GOAL_PER_SECOND = 38.0
PASSWORD = "tau-zhanyndagy-auyl"


def _check_many(hasher: Argon2PasswordHasher, seconds: float) -> int:
    """Check the password until the time is over; answer how often."""
    encoded = hasher.encode(PASSWORD, "saltsaltsaltsalt")
    until = time.perf_counter() + seconds
    done = 0
    while time.perf_counter() < until:
        if not hasher.verify(PASSWORD, encoded):
            raise AssertionError("the right password was refused")
        done += 1
    return done


def _per_second(hasher: Argon2PasswordHasher, *, seconds: float = 1.0, rounds: int = 5) -> float:
    with ProcessPoolExecutor(CORES) as pool:
        rates = [
            sum(pool.map(_check_many, [hasher] * CORES, [seconds] * CORES)) / seconds for _ in range(rounds)
        ]
    return statistics.median(rates)


def run() -> list[dict[str, Any]]:
    ours = _per_second(SchoolArgon2())
    stock = _per_second(Argon2PasswordHasher(), rounds=3)
    per_check, goal = 1000 / ours, 1000 / GOAL_PER_SECOND
    return [
        Figure(
            f"Sign-in: a password check on {CORES} cores, time each",
            round(per_check, 2),
            "ms",
            round(goal, 2),
        ).row(),
        against("Sign-in: our Argon2 against Django's own", value=1 / ours, floor=1 / stock, goal=0.25),
    ]
