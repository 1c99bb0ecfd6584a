"""The review of access: who holds what, from whom, and who should be asked about it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from pypdf import PdfReader
from python_calamine import load_workbook

from identity import api as identity
from identity.data import HeldFilter
from identity.models import User
from kernel import clock, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.school import access
from tests.conftest import Accounts, ActorOf, ClientFor

pytestmark = pytest.mark.requirement("SIS-04", "TEN-03")


@pytest.fixture
def director(in_school: TenantRef, account: Accounts) -> Actor:
    return identity.actor_of_user(account(Role.DIRECTOR, username="aigul").pk)


def names(held: list[identity.Held]) -> list[tuple[str, str]]:
    return [(one.username, str(one.role)) for one in held]


def test_tells_term_giver_and_closed_data(director: Actor, account: Accounts) -> None:
    teacher = account(Role.TEACHER, username="bolat", surname="Қасымов", name="Болат")
    until = clock.today() + timedelta(days=20)
    identity.give_role(actor=director, user_id=teacher.pk, role=Role.SOCIAL_PEDAGOGUE, until=until)
    rows = identity.all_access(actor=director, wanted=HeldFilter(search="касымов"))
    pedagogue = next(one for one in rows if one.until)
    assert (pedagogue.given_by, pedagogue.until, pedagogue.closed_data) == (director.name, until, True)
    assert pedagogue.signed_in_at is None
    assert not pedagogue.second_factor
    assert len(rows) == 2


def test_leaves_out_terms_that_are_over(director: Actor, account: Accounts) -> None:
    teacher = account(Role.TEACHER, username="bolat")
    today = clock.today()
    identity.give_role(
        actor=director,
        user_id=teacher.pk,
        role=Role.LIBRARIAN,
        since=today - timedelta(days=9),
        until=today - timedelta(days=1),
    )
    rows = identity.all_access(actor=director, wanted=HeldFilter(role=Role.LIBRARIAN))
    assert rows == []


def test_finds_closed_data_without_a_second_factor_and_who_never_came(
    director: Actor, account: Accounts
) -> None:
    pedagogue, psychologist = (
        account(r, username=str(r)) for r in (Role.SOCIAL_PEDAGOGUE, Role.PSYCHOLOGIST)
    )
    account(Role.LIBRARIAN, username="bolat")
    TOTPDevice.objects.create(user_id=psychologist.pk, name="phone", confirmed=True)
    User.objects.filter(pk=pedagogue.pk).update(signed_in_at=clock.now())
    found = {
        state: {one.username for one in identity.all_access(actor=director, wanted=HeldFilter(state=state))}
        for state in ("no_factor", "never")
    }
    assert "social_pedagogue" in found["no_factor"]
    assert not {"psychologist", "bolat"} & found["no_factor"]
    assert {"psychologist", "bolat"} <= found["never"]
    assert "social_pedagogue" not in found["never"]


def test_sorts_by_last_sign_in_the_never_seen_first(director: Actor, account: Accounts) -> None:
    for number, name in enumerate(("first", "second")):
        user = account(Role.LIBRARIAN, username=name)
        User.objects.filter(pk=user.pk).update(signed_in_at=clock.now() - timedelta(days=number))
    account(Role.LIBRARIAN, username="third")
    up, down = (
        [
            one.username
            for one in identity.all_access(actor=director, wanted=HeldFilter(role="librarian", sort=sort))
        ]
        for sort in ("seen", "-seen")
    )
    assert up == ["third", "second", "first"]
    assert down == ["first", "second", "third"]


def test_costs_the_same_for_ten_people_as_for_one(
    director: Actor, account: Accounts, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(10):
        account(Role.LIBRARIAN, username=f"reader{number}")
    with django_assert_max_num_queries(4):
        identity.page_of_access(actor=director, wanted=HeldFilter(), number=None)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.TEACHER, Role.DEPUTY_ACADEMIC])
def test_is_refused_to_who_may_not_read_the_log(in_school: TenantRef, actor_of: ActorOf, role: Role) -> None:
    with pytest.raises(NotAllowed):
        identity.all_access(actor=actor_of(role), wanted=HeldFilter())


def test_the_paper_for_an_inspector_stands_in_the_language_asked_for(
    director: Actor, account: Accounts
) -> None:
    account(Role.LIBRARIAN, username="bolat", surname="Қасымов", name="Болат")
    for language, words in (("kk", "Кітапханашы"), ("ru", "Библиотекарь")):
        printed = access.print_review(
            actor=director, wanted=HeldFilter(role=Role.LIBRARIAN), language=language
        )
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
        assert "Қасымов" in text
        assert words in text
    assert AuditEntry.objects.filter(action="school.access.printed", details__count=1).count() == 2


def test_a_paper_has_an_end(director: Actor, account: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MOST_ON_PAPER", 0)
    with pytest.raises(access.TooLong):
        access.print_review(actor=director, wanted=HeldFilter())


def test_page_and_workbook_show_the_own_school_only(
    client_for: ClientFor, account: Accounts, school_a: TenantRef, school_b: TenantRef
) -> None:
    account(Role.LIBRARIAN, username="bolat", surname="Қасымов")
    director, stranger = client_for(Role.DIRECTOR), client_for(Role.DIRECTOR, school=school_b)
    page = "/school/access/?role=librarian"
    assert "Қасымов" in director.get(page).content.decode()
    assert "Қасымов" not in stranger.get(page).content.decode()
    book = director.get("/school/access/review.xlsx?role=librarian")
    rows = load_workbook(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["bolat"]
    paper = director.get("/school/access/review.pdf?role=librarian")
    assert paper.headers["Content-Type"] == "application/pdf"
    with tenancy.use(school_a):
        assert AuditEntry.objects.filter(action="school.access.exported").count() == 1
