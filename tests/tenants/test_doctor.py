"""What the doctor finds, and that a fault ends in exit code 1 with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner

from kernel import tenancy
from kernel.tenancy import TenantRef
from tenants import cli, doctor

pytestmark = pytest.mark.requirement("SUP-08")


def found() -> dict[str, doctor.Finding]:
    return {one.check: one for one in doctor.examine()}


def test_looks_at_everything_that_was_promised(school_a: TenantRef) -> None:
    seen = found()
    assert {
        "keys",
        "python",
        "postgresql",
        "extensions",
        "collation",
        "clocks",
        "disk files",
        "redis",
        "schemas",
        "spares",
        "outbox",
        "vendor",
    } <= set(seen)
    assert seen["schemas"].state == doctor.OK
    assert seen["clocks"].state == doctor.OK
    assert all(one.advice for one in seen.values() if one.state != doctor.OK)


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("clocks", lambda patch: patch.setattr(doctor.time, "time", lambda: 0.0)),
        (
            "disk files",
            lambda patch: patch.setattr(doctor.shutil, "disk_usage", lambda path: Usage(100, 99, 1)),
        ),
        ("python", lambda patch: patch.setattr(doctor, "OLDEST_PYTHON", (9, 9))),
        (
            "debug",
            lambda patch: (
                patch.setattr(doctor.settings, "DEBUG", True),
                patch.setattr(doctor.settings, "MODE", "live"),
            ),
        ),
        ("clocks", lambda patch: patch.setitem(doctor._CHECKS, "clocks", lambda: 1 / 0)),
    ],
)
def test_a_fault_is_found_and_ends_in_exit_code_1(
    school_a: TenantRef, monkeypatch: pytest.MonkeyPatch, check: str, spoil: Callable[[Any], object]
) -> None:
    spoil(monkeypatch)
    done = CliRunner().invoke(cli.app, ["doctor", "--json"])
    assert done.exit_code == 1
    told = {one["check"]: one for one in json.loads(done.stdout)}
    assert (told[check]["state"], bool(told[check]["advice"])) == ("fault", True)
    assert check in done.stderr


class Usage:
    def __init__(self, total: int, used: int, free: int) -> None:
        self.total, self.used, self.free = total, used, free


def test_a_schema_behind_is_a_fault(committed_school: Callable[..., TenantRef]) -> None:
    school = committed_school()
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.tenants_schemastate SET position = 0 WHERE schema = %s", [school.schema]
        )
    one = found()["schemas"]
    assert (one.state, school.schema in one.found) == (doctor.FAULT, True)
