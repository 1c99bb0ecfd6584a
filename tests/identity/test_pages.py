"""Every page of identity, opened by who may."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from identity import api
from identity.models import Session, User, UserRole
from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from tests.conftest import PASSWORD, Accounts, ClientFor


class TestOwnPages:
    @pytest.mark.parametrize("language", ["kk", "ru"])
    @pytest.mark.parametrize(
        "path",
        [
            "/me/",
            "/me/password/",
            "/me/devices/",
            "/me/viewers/",
            "/me/factors/",
            "/me/factors/totp/",
            "/me/tokens/",
        ],
    )
    def test_open_to_every_person(self, client_for: ClientFor, path: str, language: str) -> None:
        client = client_for(Role.PARENT, language=language)
        response = client.get(path)
        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()

    def test_language_is_kept_for_every_device(self, client_for: ClientFor) -> None:
        client = client_for(Role.TEACHER)
        client.post("/me/language/", {"language": "ru"})
        assert 'lang="ru"' in client.get("/me/").content.decode()

    def test_a_device_is_signed_out_by_its_owner_only(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.TEACHER, username="bolat")
        phone, laptop = client_for(user=user), client_for(user=user)
        stranger = client_for(Role.TEACHER, username="dana")
        with tenancy.use(school_a):
            of_phone = Session.objects.filter(user=user).order_by("id").values_list("pk", flat=True)[0]
        stranger.post(f"/me/devices/{of_phone}/end/")
        assert phone.get("/me/").status_code == 200
        laptop.post(f"/me/devices/{of_phone}/end/")
        assert phone.get("/me/").status_code == 302
        assert laptop.get("/me/").status_code == 200

    def test_all_other_devices_are_signed_out(self, client_for: ClientFor, account: Accounts) -> None:
        user = account(Role.TEACHER, username="bolat")
        phone, laptop = client_for(user=user), client_for(user=user)
        laptop.post("/me/devices/others/end/")
        assert phone.get("/me/").status_code == 302
        assert laptop.get("/me/").status_code == 200

    def test_a_new_password_signs_the_other_devices_out(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        user = account(Role.TEACHER, username="bolat")
        phone, laptop = client_for(user=user), client_for(user=user)
        new = {"present": "other", "new": "aq-boz-at-77", "again": "aq-boz-at-77"}
        assert laptop.post("/me/password/", new).status_code == 422
        new["present"] = PASSWORD
        assert laptop.post("/me/password/", new).status_code == 302
        assert phone.get("/me/").status_code == 302
        assert laptop.get("/me/").status_code == 200


class TestAccounts:
    def test_are_listed_in_kazakh_order_and_found_without_kazakh_letters(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        director = client_for(Role.DIRECTOR, surname="Яна")
        for surname in ("Ғалымов", "Алмасов", "Һарунов", "Әлиева", "Іңкәров", "Гүлнаров"):
            account(Role.TEACHER, surname=surname)
        listed = [line.label.split()[0] for line in director.get("/accounts/").context["list"].lines]
        assert listed == ["Алмасов", "Әлиева", "Гүлнаров", "Ғалымов", "Һарунов", "Іңкәров", "Яна"]
        found = director.get("/accounts/", {"q": "алиева"}).context["list"].lines
        assert [line.label for line in found] == ["Әлиева Айгүл"]

    def test_are_narrowed_by_role_kind_and_state(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR, username="aigul")
        teacher = account(Role.TEACHER, username="bolat")
        account(Role.PUPIL, username="erlan")
        with tenancy.use(school_a):
            User.objects.filter(pk=teacher.pk).update(is_active=False)

        def names(**query: str) -> list[str]:
            page = director.get("/accounts/", query).content.decode()
            return [name for name in ("aigul", "bolat", "erlan") if f"<td>{name}</td>" in page]

        assert names(role=Role.TEACHER) == ["bolat"]
        assert names(kind="pupil") == ["erlan"]
        assert names(state="blocked") == ["bolat"]
        assert set(names(state="never")) == {"aigul", "erlan"}

    def test_list_costs_the_same_for_one_and_for_forty(
        self,
        client_for: ClientFor,
        account: Accounts,
        school_a: TenantRef,
        django_assert_max_num_queries: Any,
    ) -> None:
        director = client_for(Role.DIRECTOR)
        for number in range(40):
            account(Role.TEACHER, username=f"t{number}")
        director.get("/accounts/")
        with tenancy.use(school_a), django_assert_max_num_queries(9):
            assert len(director.get("/accounts/").context["list"].lines) == 41

    def test_go_to_excel_as_texts(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR, surname="Яна")
        account(Role.TEACHER, surname="=HYPERLINK(1)", username="bolat")
        response = director.get("/accounts/export.xlsx")
        rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
        assert {row[2] for row in rows[1:]} == {"bolat", director.user.username}  # type: ignore[attr-defined]
        assert any(row[1].startswith("=HYPERLINK") for row in rows)
        with tenancy.use(school_a):
            assert AuditEntry.objects.filter(action="identity.accounts.exported").count() == 1

    @pytest.mark.requirement("SIS-04")
    def test_reset_shows_the_slip_once_and_ends_the_old_password(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        teacher = account(Role.TEACHER, username="bolat")
        at_work = client_for(user=teacher)
        secretary = client_for(Role.SECRETARY, username="clerk")
        response = secretary.post(f"/accounts/{teacher.pk}/reset/")
        slip = response.context["slip"]
        assert slip.username in response.content.decode()
        assert slip.password in response.content.decode()
        assert "no-store" in response.headers["Cache-Control"]
        assert at_work.get("/me/").status_code == 302
        login = {"username": "bolat", "password": PASSWORD}
        assert client_for().post("/sign-in/", login).status_code == 422
        assert client_for().post("/sign-in/", {**login, "password": slip.password}).status_code == 302

    def test_the_secretary_cannot_take_over_the_director(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        director = account(Role.DIRECTOR, username="aigul")
        secretary = client_for(Role.SECRETARY, username="clerk")
        for act in ("reset", "block", "end-sessions"):
            assert secretary.post(f"/accounts/{director.pk}/{act}/").status_code == 403

    def test_nobody_blocks_oneself(self, client_for: ClientFor) -> None:
        director = client_for(Role.DIRECTOR)
        response = director.post(f"/accounts/{director.user.pk}/block/")  # type: ignore[attr-defined]
        assert response.status_code == 422
        assert director.get("/me/").status_code == 200

    def test_block_and_restore(self, client_for: ClientFor, account: Accounts) -> None:
        teacher = account(Role.TEACHER, username="bolat")
        director = client_for(Role.DIRECTOR)
        director.post(f"/accounts/{teacher.pk}/block/")
        login = {"username": "bolat", "password": PASSWORD}
        assert client_for().post("/sign-in/", login).status_code == 422
        director.post(f"/accounts/{teacher.pk}/restore/")
        assert client_for().post("/sign-in/", login).status_code == 302

    @pytest.mark.requirement("SIS-04", "TEN-03")
    def test_role_is_given_with_a_term_and_taken_away(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        teacher = account(Role.TEACHER, username="bolat")
        director = client_for(Role.DIRECTOR)
        page = f"/accounts/{teacher.pk}/"
        given = {"role": "librarian", "since": "2099-01-01", "until": "2099-06-01"}
        assert director.post(f"{page}roles/give/", given).status_code == 302
        assert director.post(f"{page}roles/give/", given).status_code == 422
        assert director.get(page).context["all_roles"][1]["future"]
        director.post(f"{page}roles/take/", {"role": "librarian"})
        with tenancy.use(school_a):
            left = UserRole.objects.filter(user=teacher).values_list("role__code", flat=True)
            assert list(left) == ["teacher"]

    def test_of_the_other_school_are_not_here(
        self, client_for: ClientFor, account: Accounts, school_b: TenantRef
    ) -> None:
        for number in range(3):
            account(Role.TEACHER, school=school_b, username=f"b{number}")
        director = client_for(Role.DIRECTOR, username="aigul")
        page = director.get("/accounts/")
        assert [line.label for line in page.context["list"].lines] == [director.user.person_name.full]  # type: ignore[attr-defined]
        assert director.get("/accounts/999999/").status_code == 404


@pytest.mark.requirement("TEN-03")
class TestRoles:
    def test_list_and_editor_open(self, client_for: ClientFor) -> None:
        director = client_for(Role.DIRECTOR)
        assert director.get("/roles/").status_code == 200
        response = director.get("/roles/teacher/")
        assert response.status_code == 200
        rows = [row for group in response.context["groups"] for row in group["rows"]]
        assert all(row["scopes"] for row in rows)
        assert response.context["never"]
        assert not {str(row["label"]) for row in rows} & {str(label) for label in response.context["never"]}

    def test_list_goes_from_the_director_down_and_a_copy_stands_by_its_original(
        self, client_for: ClientFor
    ) -> None:
        director = client_for(Role.DIRECTOR)
        director.post("/roles/teacher/copy/", {"name_kk": "А", "name_ru": "А"})
        codes = [line.code for line in director.get("/roles/").context["roles"]]
        assert codes[0] == "director"
        assert codes[codes.index("teacher") + 1] == "teacher-1"

    def test_a_copy_has_the_same_rights_and_its_own_names(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR, language="ru")
        names = {"name_kk": "Кезекші", "name_ru": "Дежурный"}
        where = director.post("/roles/secretary/copy/", names).headers["Location"]
        assert where.startswith("/roles/secretary-1/")
        assert "Дежурный" in director.get(where).content.decode()
        with tenancy.use(school_a):
            assert "secretary-1" in api.role_codes()

    def test_a_right_taken_from_a_role_is_gone_at_the_next_click(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        secretary = client_for(Role.SECRETARY, username="clerk")
        director = client_for(Role.DIRECTOR)
        assert secretary.get("/accounts/").status_code == 200
        assert director.post("/roles/secretary/", {"grant": []}).status_code == 302
        assert secretary.get("/accounts/").status_code == 403

    def test_a_tick_above_the_ceiling_is_refused(self, client_for: ClientFor) -> None:
        director = client_for(Role.DIRECTOR)
        response = director.post("/roles/teacher/", {"grant": ["identity.edit_roles:school"]})
        assert response.status_code == 422

    def test_of_the_school_itself_is_removed_when_nobody_had_it(self, client_for: ClientFor) -> None:
        director = client_for(Role.DIRECTOR)
        director.post("/roles/teacher/copy/", {"name_kk": "А", "name_ru": "А"})
        assert director.post("/roles/teacher/remove/").status_code == 422
        assert director.post("/roles/teacher-1/remove/").status_code == 302
        assert director.get("/roles/teacher-1/").status_code == 404


class TestSecurityLog:
    def test_shows_and_filters(self, client_for: ClientFor, account: Accounts) -> None:
        teacher = account(Role.TEACHER, username="bolat")
        director = client_for(Role.DIRECTOR, surname="Серікқызы")
        director.post(f"/accounts/{teacher.pk}/block/")
        response = director.get("/security-log/", {"action": "identity.account.blocked", "person": "серік"})
        assert [row["entry"].object_id for row in response.context["rows"]] == [str(teacher.pk)]

    def test_tells_that_the_chain_is_whole(self, client_for: ClientFor, account: Accounts) -> None:
        director = client_for(Role.DIRECTOR)
        response = director.post("/security-log/")
        assert response.context["checked"]
        assert response.context["broken"] == []

    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_speaks_in_words_of_every_act(
        self, client_for: ClientFor, school_a: TenantRef, language: str
    ) -> None:
        director = client_for(Role.DIRECTOR, language=language)
        with tenancy.use(school_a):
            actor = Actor.system_actor("test")
            for action in audit.ACTIONS:
                audit.record(actor=actor, action=action, object_type="figures", outcome="mended")
        count = director.get("/security-log/").context["page"].paginator.num_pages
        pages = [director.get("/security-log/", {"page": n + 1}).content.decode() for n in range(count)]
        shown = [cell for page in pages for cell in re.findall(r'<th scope="row">([^<]*)</th>', page)]
        with translation.override(language):
            words = {escape(str(label)) for label in audit.ACTIONS.values()}
        assert words <= set(shown)
        assert not [cell for cell in shown if re.fullmatch(r"[a-z_]+[.][a-z_.]+", cell)]
        assert {"kk": "түзетілді", "ru": "исправлено"}[language] in pages[0]

    def test_an_authority_is_asked_only_for_what_it_has(
        self, client_for: ClientFor, authority: TenantRef
    ) -> None:
        page = client_for(Role.AUTHORITY_HEAD, school=authority).get("/security-log/").content.decode()
        assert 'value="identity.sign_in"' in page
        assert 'value="contingent.pupil.enrolled"' not in page
