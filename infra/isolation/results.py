"""What came of each run is kept in the register, as counts: nothing in it says whose rows were used."""

from __future__ import annotations

import subprocess
from typing import Any

from infra.isolation.scratch import ROOT
from kernel import clock, tenancy
from kernel.errors import DomainError
from tenants.models import IsolationRun

KEPT = ("cells", "deviations", "hostile_requests", "aimed_at_existing", "foreign_bytes", "switches", "wrong_rows", "walls", "injected")  # fmt: skip


class NeverVerified(DomainError):
    message = "The walls were never verified here: run `mektep isolation verify` first."
    code = "never_verified"


def keep(answer: dict[str, Any], *, is_clean: bool, is_quick: bool, seconds: int) -> IsolationRun:
    with tenancy.owner():
        return IsolationRun.objects.create(
            at=clock.now(),
            version=version(),
            is_quick=is_quick,
            is_clean=is_clean,
            seconds=seconds,
            counts={key: answer[key] for key in KEPT},
        )


def last() -> IsolationRun:
    """Raises NeverVerified."""
    with tenancy.owner():
        found = IsolationRun.objects.order_by("-at").first()
    if found is None:
        raise NeverVerified
    return found


def version() -> str:
    """The commit of the product that runs, where its history is at hand."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
