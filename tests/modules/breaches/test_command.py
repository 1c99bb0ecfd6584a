"""The vendor counts by the director's letter: figures at the shell, names in the director's cabinet alone."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
import typer
from typer.testing import CliRunner, Result

from config import commands
from kernel import audit, clock, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.breaches.models import Breach
from modules.contingent.models import Pupil
from tests.conftest import Accounts

pytestmark = pytest.mark.requirement("SEC-04", "TEN-05")
LETTER = "№ 7, 27.11.2026: пароль на столе"


def count(*more: str) -> Result:
    year = clock.today().year
    window = ["--since", f"{year - 1}-01-01", "--until", f"{year + 1}-01-01"]
    app = typer.Typer()
    commands.add_to(app)
    return CliRunner().invoke(app, ["breach", "count", "school-a", *window, *more, "--json"])


def test_figures_without_a_name(school_a: TenantRef, vendor: TenantRef, account: Accounts) -> None:
    user = account(Role.SECRETARY, username="salta")
    with tenancy.use(school_a):
        one = Pupil.objects.create(
            surname="Құпиясы", name="Дана", sex="f", birth_date=datetime(2014, 3, 1).date()
        )
        salta = Actor(tenant=school_a, user_id=user.pk, name="Салтанат")
        audit.viewed(actor=salta, subject="pupil", subject_ids=[one.pk], purpose="contingent.card")
    answer = count("--letter", LETTER, "--login", "salta")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert (told["persons"], told["looks"], told["changes"]) == (1, 1, 0)
    assert "Құпиясы" not in answer.output
    with tenancy.use(school_a):
        assert Breach.objects.get().what == LETTER


def test_no_letter_no_list(school_a: TenantRef, vendor: TenantRef) -> None:
    assert count("--letter", " ").exit_code == 1
    assert count("--letter", LETTER, "--login", "nobody").exit_code == 1
    with tenancy.use(school_a):
        assert not Breach.objects.exists()
