"""Login slips for many: only for accounts never used, with new passwords that work once and are kept nowhere."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.http import HttpResponse
from django.urls import reverse
from pypdf import PdfReader

from identity import api as identity
from identity.models import User
from kernel import audit, clock, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import StoredFile
from kernel.tenancy import TenantRef
from modules.school import api, slips, views
from modules.staff import api as staff
from tests.conftest import Accounts, ClientFor
from tests.platform.conftest import ask as ask


@pytest.fixture
def aigul(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR, user_id=10_000)


@pytest.fixture
def bolat(in_school: TenantRef, aigul: Actor) -> identity.Slip:
    return identity.create_account(
        actor=aigul,
        person_kind="staff",
        person_id=uuid4(),
        surname="Әбілқайыров",
        name="Болат",
        language="kk",
        roles=[Role.TEACHER],
    )


@pytest.fixture
def places() -> Iterator[None]:
    def provider(person_ids: list[UUID]) -> dict[UUID, str]:
        return dict.fromkeys(person_ids, "7А сыныбы")

    api.places(provider)
    yield
    slips.PLACES.remove(provider)


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.requirement("SIS-04", "TEN-03")
class TestPrinting:
    def test_gives_a_new_password_that_works_and_is_only_on_the_paper(
        self, aigul: Actor, bolat: identity.Slip
    ) -> None:
        printed = slips.print_for(actor=aigul, user_ids=[bolat.user_id])
        text = text_of(printed.content)
        assert "Әбілқайыров Болат" in text
        assert bolat.username in text
        found = re.search(r"Бір реттік құпиясөз (\S+)", text)
        assert found is not None
        user = User.objects.get(pk=bolat.user_id)
        assert check_password(found[1], user.password)
        assert not check_password(bolat.password, user.password)
        assert user.must_change_password
        assert StoredFile.objects.count() == 0

    def test_says_where_the_person_belongs(self, aigul: Actor, bolat: identity.Slip, places: None) -> None:
        printed = slips.print_for(actor=aigul, user_ids=[bolat.user_id])
        assert "7А сыныбы" in text_of(printed.content)

    def test_who_has_signed_in_is_left_alone(self, aigul: Actor, bolat: identity.Slip) -> None:
        User.objects.filter(pk=bolat.user_id).update(signed_in_at=clock.now())
        before = User.objects.get(pk=bolat.user_id).password
        with pytest.raises(slips.NobodyChosen):
            slips.print_for(actor=aigul, user_ids=[bolat.user_id])
        assert User.objects.get(pk=bolat.user_id).password == before

    def test_is_logged_with_how_many(self, aigul: Actor, bolat: identity.Slip) -> None:
        slips.print_for(actor=aigul, user_ids=[bolat.user_id])
        [entry] = [e for e in audit.entries() if e.action == "documents.login_slips.printed"]
        assert entry.details == {"count": 1}

    @pytest.mark.parametrize("ids", [[], [0], [999_999]])
    def test_nobody_chosen_is_said(self, in_school: TenantRef, aigul: Actor, ids: list[int]) -> None:
        with pytest.raises(slips.NobodyChosen):
            slips.print_for(actor=aigul, user_ids=ids)

    def test_too_many_at_once_are_refused(self, in_school: TenantRef, aigul: Actor) -> None:
        with pytest.raises(slips.TooMany, match="80"):
            slips.print_for(actor=aigul, user_ids=list(range(1, 82)))

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.DEPUTY_ACADEMIC, Role.PARENT])
    def test_refuses_who_does_not_manage_accounts(
        self, bolat: identity.Slip, actor_of: Callable[..., Actor], role: Role
    ) -> None:
        with pytest.raises(NotAllowed):
            slips.print_for(actor=actor_of(role), user_ids=[bolat.user_id])


class TestThePage:
    def test_lists_who_waits_and_gives_the_sheet(
        self, aigul: Actor, bolat: identity.Slip, ask: Callable[..., HttpResponse]
    ) -> None:
        page = ask(views.login_slips, aigul).content.decode()
        assert f'value="{bolat.user_id}"' in page
        assert "Әбілқайыров Болат" in page
        sheet = ask(views.login_slips, aigul, method="post", data={"user": [bolat.user_id]})
        assert sheet.content.startswith(b"%PDF-")
        assert sheet["Cache-Control"] == "no-store"

    def test_says_that_nobody_is_chosen_at_the_place(
        self, aigul: Actor, bolat: identity.Slip, ask: Callable[..., HttpResponse]
    ) -> None:
        answer = ask(views.login_slips, aigul, method="post", data={"user": ["x", "²"]})
        assert answer.status_code == 422
        assert "Кемінде бір адамды таңдаңыз" in answer.content.decode()

    def test_says_calmly_that_nobody_waits(
        self, in_school: TenantRef, aigul: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        assert "Парақша күтіп тұрған ешкім жоқ" in ask(views.login_slips, aigul).content.decode()
        assert "Ешкім табылмады" in ask(views.login_slips, aigul, data={"q": "Жоқ"}).content.decode()


@pytest.mark.requirement("SIS-04")
class TestSquare:
    def test_leads_to_the_sign_in_page_with_the_login_and_without_the_password(
        self, school_a: TenantRef, aigul: Actor, client_for: ClientFor
    ) -> None:
        with tenancy.use(school_a):
            slip = identity.create_account(
                actor=aigul,
                person_kind="pupil",
                person_id=None,
                surname="Оқушы",
                name="Ая",
                roles=[Role.PUPIL],
            )
        path = "/" + slip.scan.removeprefix(slip.url)
        assert path.partition("?")[0] == reverse("identity:sign_in", urlconf="config.urls.school")
        assert slip.password not in slip.scan
        form = client_for().get(path).context["form"]
        assert form["username"].value() == slip.username

    def test_a_square_of_somebody_else_s_making_shows_no_more_than_text(self, client_for: ClientFor) -> None:
        page = client_for().get("/sign-in/", {"login": '"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert(1)" not in page


@pytest.mark.requirement("SIS-04")
@pytest.mark.parametrize(("language", "words"), [("kk", "Бір реттік құпиясөз"), ("ru", "Одноразовый пароль")])
def test_cards_stand_ten_to_a_sheet_in_the_persons_language(
    in_school: TenantRef, aigul: Actor, language: str, words: str
) -> None:
    made = [
        identity.create_account(
            actor=aigul,
            person_kind="pupil",
            person_id=uuid4(),
            surname=f"Оқушы{number}",
            name="Ая",
            language=language,
            roles=[Role.PUPIL],
        )
        for number in range(11)
    ]
    printed = slips.print_for(actor=aigul, user_ids=[one.user_id for one in made], shape="cards")
    assert len(PdfReader(io.BytesIO(printed.content)).pages) == 2
    text = text_of(printed.content)
    assert words in text
    assert "Оқушы10" in text


@pytest.mark.requirement("SIS-04", "TEN-03")
def test_slips_are_chosen_by_department_in_the_own_school_only(
    client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, account: Accounts
) -> None:
    with tenancy.use(school_a):
        for username, post in (("dana", "teacher_subject"), ("erlan", "librarian")):
            person = staff.take_on(
                actor=Actor.system_actor("tests"),
                employee=staff.NewEmployee(surname=username.title(), name="А", sex="f"),
                posts=[staff.Post(post, Decimal(1))],
                since=date(2024, 9, 1),
            )
            account(Role.TEACHER, username=username, person_id=person.id)
    teachers = {"place": "Мұғалімдер"}
    page = client_for(Role.DIRECTOR).get("/school/slips/", teachers).content.decode()
    assert "dana" in page
    assert "erlan" not in page
    assert (
        "dana"
        not in client_for(Role.DIRECTOR, school=school_b).get("/school/slips/", teachers).content.decode()
    )
