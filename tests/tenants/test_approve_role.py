"""The vendor as the second person, from a shell: by the authority's letter and only where a school has nobody."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from identity import api
from identity.models import RoleRequest, User
from kernel import tenancy
from kernel.access import Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from tenants import cli
from tests.conftest import Accounts

pytestmark = pytest.mark.requirement("SIS-04", "TEN-03")
LETTER = "№ 12-04/118, 03.11.2026"


def approve(code: str, login: str) -> Result:
    return CliRunner().invoke(cli.app, ["tenant", "approve-role", code, login, "--letter", LETTER])


@pytest.fixture
def asked(school_a: TenantRef, account: Accounts) -> User:
    """Bolat, for whom the only director has asked the director's role."""
    with tenancy.use(school_a):
        director = api.actor_of_user(account(Role.DIRECTOR, username="aigul").pk)
        bolat = account(Role.TEACHER, username="bolat")
        api.give_role(actor=director, user_id=bolat.pk, role=Role.DIRECTOR)
    return bolat


def roles(school: TenantRef, user: User) -> frozenset[str]:
    with tenancy.use(school):
        return frozenset(api.actor_of_user(user.pk).roles)


def test_gives_the_role_and_the_log_names_the_letter(
    asked: User, school_a: TenantRef, school_b: TenantRef, account: Accounts
) -> None:
    namesake = account(Role.TEACHER, school=school_b, username="bolat")
    answer = approve("school-a", "bolat")
    assert (answer.exit_code, answer.output.split(":")[0]) == (0, "bolat")
    assert roles(school_a, asked) == {"teacher", "director"}
    assert roles(school_b, namesake) == {"teacher"}
    with tenancy.use(school_a):
        [line] = AuditEntry.objects.filter(action="identity.role.approved")
    assert (line.actor_name, line.details["letter"]) == ("vendor.cli", LETTER)


def test_is_refused_in_words_where_the_school_has_somebody(
    asked: User, school_a: TenantRef, account: Accounts
) -> None:
    account(Role.DEPUTY_ACADEMIC, username="saule", surname="Омарова", name="Сәуле")
    answer = approve("school-a", "bolat")
    assert answer.exit_code == 1
    assert "Омарова Сәуле" in answer.stderr
    assert roles(school_a, asked) == {"teacher"}
    with tenancy.use(school_a):
        assert RoleRequest.objects.get().outcome == ""


@pytest.mark.parametrize(
    ("code", "login", "said"),
    [
        ("no-such", "bolat", "no tenant no-such"),
        ("school-a", "nobody", "no account nobody"),
        ("school-a", "aigul", "No role waits for aigul"),
    ],
)
def test_a_slip_of_the_hand_is_said_and_gives_nothing(
    asked: User, school_a: TenantRef, code: str, login: str, said: str
) -> None:
    answer = approve(code, login)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert roles(school_a, asked) == {"teacher"}


def test_nothing_goes_without_a_letter(asked: User, school_a: TenantRef) -> None:
    answer = CliRunner().invoke(cli.app, ["tenant", "approve-role", "school-a", "bolat", "--letter", " "])
    assert answer.exit_code == 1
    assert roles(school_a, asked) == {"teacher"}
