"""A teacher comes: the card, the login, the slip."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from identity.models import User, UserRole
from kernel import tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.staff.models import Employee, EmployeeSubject, Position

ClientFor = Callable[..., Client]
NEW = {
    "surname": "Оспанова", "name": "Аружан", "patronymic": "Асқарқызы", "sex": "f", "phone": "8 705 111 22 33",
    "since": "2026-09-01", "post_0": "teacher_subject", "rate_0": "1.25", "subject_0": "algebra",
    "give_login": "on", "roles": ["teacher"], "language": "kk", "once": "x1",
}  # fmt: skip


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.requirement("SIS-19")
class TestNewTeacher:
    def test_the_director_creates_a_teacher_gives_the_role_and_prints_the_slip(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR)
        assert director.get("/staff/new/").status_code == 200
        page = director.post("/staff/new/", NEW)
        assert page.status_code == 200, text_of(page)
        with tenancy.use(school_a):
            row = Employee.objects.get()
            user = User.objects.get(person_id=row.pk)
            assert UserRole.objects.get(user=user).role.code == "teacher"
            assert user.must_change_password
            assert Position.objects.get().post_code == "teacher_subject"
            assert EmployeeSubject.objects.get().subject_code == "algebra"
        assert user.username in text_of(page)
        assert page["Cache-Control"] == "no-store"
        carried = re.search(r'name="slip" value="([^"]+)"', text_of(page))
        assert carried
        from html import unescape

        printed = director.post("/staff/slip/", {"slip": unescape(carried[1])})
        assert printed["Content-Type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF")

    def test_loading_the_slip_anew_makes_no_second_teacher(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR)
        director.post("/staff/new/", NEW)
        assert director.post("/staff/new/", NEW).status_code == 302
        with tenancy.use(school_a):
            assert Employee.objects.count() == 1

    def test_a_refused_login_leaves_nobody_behind(self, client_for: ClientFor, school_a: TenantRef) -> None:
        without_role = NEW | {"roles": [], "post_0": "cleaner"}
        answer = client_for(Role.DIRECTOR).post("/staff/new/", without_role)
        assert answer.status_code == 422
        with tenancy.use(school_a):
            assert Employee.objects.count() == 0

    def test_a_secretary_adds_people_but_gives_no_roles(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        answer = client_for(Role.SECRETARY).post("/staff/new/", NEW)
        assert answer.status_code == 302
        with tenancy.use(school_a):
            row = Employee.objects.get()
            assert not User.objects.filter(person_id=row.pk).exists()

    def test_a_forged_slip_is_not_printed(self, client_for: ClientFor) -> None:
        assert client_for(Role.DIRECTOR).post("/staff/slip/", {"slip": "x:y:z"}).status_code == 404


class TestCard:
    def hire(self, client: Client, school: TenantRef, **more: Any) -> Employee:
        client.post("/staff/new/", NEW | {"once": ""} | more)
        with tenancy.use(school):
            return Employee.objects.order_by("-created_at").first()

    def test_changes_the_card(self, client_for: ClientFor, school_a: TenantRef) -> None:
        director = client_for(Role.DIRECTOR)
        row = self.hire(director, school_a)
        page = director.get(f"/staff/{row.pk}/edit/")
        seen = page.context["form"]["seen"].value()
        given = {
            k: v for k, v in NEW.items() if k not in ("give_login", "roles", "language", "once", "since")
        }
        answer = director.post(
            f"/staff/{row.pk}/edit/", given | {"seen": seen, "subject_1": "geometry", "rate_0": "1"}
        )
        assert answer.status_code == 302, text_of(answer)
        stale = director.post(f"/staff/{row.pk}/edit/", given | {"seen": seen, "surname": "Басқа"})
        assert stale.status_code == 422
        page = text_of(director.get(f"/staff/{row.pk}/"))
        assert "Оспанова" in page

    def test_who_is_let_go_signs_in_no_more(self, client_for: ClientFor, school_a: TenantRef) -> None:
        director = client_for(Role.DIRECTOR)
        row = self.hire(director, school_a)
        given = {"last_day": "2026-09-02", "ground": "own_wish", "closing": "at_once", "sign": "1"}
        assert director.post(f"/staff/{row.pk}/leave/", given).status_code == 302
        with tenancy.use(school_a):
            assert not User.objects.get(person_id=row.pk).is_active

    def test_gives_a_login_later(self, client_for: ClientFor, school_a: TenantRef) -> None:
        director = client_for(Role.DIRECTOR)
        row = self.hire(director, school_a, give_login="")
        assert director.get(f"/staff/{row.pk}/login/").status_code == 200
        page = director.post(f"/staff/{row.pk}/login/", {"roles": ["teacher"], "language": "ru"})
        assert page.status_code == 200
        with tenancy.use(school_a):
            assert User.objects.get(person_id=row.pk).language == "ru"

    def test_colleagues_see_the_list_without_links_to_cards(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        row = self.hire(client_for(Role.DIRECTOR), school_a)
        teacher = client_for(Role.TEACHER)
        page = teacher.get("/staff/")
        assert "Оспанова" in text_of(page)
        assert str(row.pk) not in text_of(page)
        assert teacher.get(f"/staff/{row.pk}/").status_code == 404

    def test_the_other_school_has_none_of_it(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        row = self.hire(client_for(Role.DIRECTOR), school_a)
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert "Оспанова" not in text_of(zhanna.get("/staff/"))
        assert zhanna.get(f"/staff/{row.pk}/").status_code == 404
