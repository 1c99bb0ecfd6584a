"""What a person keeps about a list and does to many of its rows: views, acts, their undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from identity.models import User
from kernel import audit, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.contingent.models import PupilStatus, SchoolClass
from modules.orders.models import Order
from registers.models import BulkAct, Habit, SavedView
from tests.modules.contingent.people import new_class
from tests.platform.registers.listed import (
    PUPILS,
    VIEWS,
    ClientFor,
    names,
    text_of,
    toast_of,
)


@pytest.mark.requirement("SIS-16")
class TestViews:
    def save(self, client: Client, **more: str) -> None:
        given = {"name": "Қыздар", "query": "sex=f&group=class&sort=-name"}
        assert client.post(VIEWS, given | more).status_code == 302

    def test_are_one_press_away_with_all_they_keep(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk)
        [tab] = clerk.get(PUPILS).context["list"].views
        page = clerk.get(PUPILS + tab.url)
        assert names(page) == ["Яковлева", "Әлиева", "Алмасова"]
        assert page.context["list"].active.row.name == "Қыздар"
        assert not page.context["list"].active.is_changed
        changed = clerk.get(f"{PUPILS}{tab.url}&q=дана")
        assert changed.context["list"].active.is_changed
        with tenancy.use(school_a):
            assert audit.entries()[0].action == "registers.view.saved"

    def test_opens_first_when_asked_and_everything_stays_reachable(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk, first="on")
        answer = clerk.get(PUPILS)
        assert answer.status_code == 302
        assert len(names(clerk.get(answer.headers["Location"]))) == 3
        assert len(names(clerk.get(f"{PUPILS}?view=all"))) == 5

    def test_are_seen_by_others_only_when_shared(
        self, client_for: ClientFor, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk, other = client_for(Role.SECRETARY), client_for(Role.TEACHER)
        self.save(clerk)
        assert other.get(PUPILS).context["list"].views == []
        self.save(clerk, name="Ортақ", shared="on")
        assert [one.row.name for one in other.get(PUPILS).context["list"].views] == ["Ортақ"]
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert zhanna.get(PUPILS).context["list"].views == []

    def test_sharing_needs_the_right(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        answer = client_for(Role.TEACHER).post(VIEWS, {"name": "Ортақ", "query": "", "shared": "on"})
        assert answer.status_code == 403

    def test_of_another_person_or_school_are_not_there(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk)
        with tenancy.use(school_a):
            view = SavedView.objects.get()
        strangers = (client_for(Role.SECRETARY), client_for(Role.DIRECTOR, school=school_b))
        for stranger in strangers:
            for act in ("", "remove/", "restore/", "first/"):
                answer = stranger.post(f"{VIEWS}{view.pk}/{act}", {"name": "Менікі", "query": ""})
                assert answer.status_code == 404, act
        with tenancy.use(school_a):
            assert SavedView.objects.get().name == "Қыздар"

    def test_a_shared_one_is_looked_after_by_who_may_share(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        self.save(client_for(Role.SECRETARY), shared="on")
        with tenancy.use(school_a):
            view = SavedView.objects.get()
        asked = {"name": "Жаңа", "query": "", "shared": "on"}
        assert client_for(Role.TEACHER).post(f"{VIEWS}{view.pk}/", asked).status_code == 404
        assert client_for(Role.DIRECTOR).post(f"{VIEWS}{view.pk}/", asked).status_code == 302
        with tenancy.use(school_a):
            assert SavedView.objects.get().name == "Жаңа"

    def test_are_renamed_kept_anew_removed_and_brought_back(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk, first="on")
        with tenancy.use(school_a):
            view = SavedView.objects.get()
        clerk.post(f"{VIEWS}{view.pk}/", {"name": "7 сынып", "query": ""})
        clerk.post(f"{VIEWS}{view.pk}/", {"keep": "1", "query": f"sex=m&view={view.pk}"})
        with tenancy.use(school_a):
            view.refresh_from_db()
            assert view.name == "7 сынып"
            assert view.query.startswith("sex=m&cols=")
        clerk.post(f"{VIEWS}{view.pk}/remove/", {"query": ""})
        page = clerk.get(PUPILS)
        assert page.context["list"].views == []
        assert f"{view.pk}/restore/" in text_of(page)
        clerk.post(f"{VIEWS}{view.pk}/restore/")
        assert [one.row.name for one in clerk.get(f"{PUPILS}?view=all").context["list"].views] == ["7 сынып"]
        with tenancy.use(school_a):
            assert Habit.objects.get().first_view_id is None

    def test_a_name_is_needed_and_is_ones_own_once(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk)
        self.save(clerk)
        self.save(clerk, name="  ")
        with tenancy.use(school_a):
            assert SavedView.objects.count() == 1

    def test_of_a_list_that_is_not_open_to_one_are_not_there(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        parent = client_for(Role.PARENT)
        assert parent.post(VIEWS, {"name": "х", "query": ""}).status_code == 404
        assert parent.post("/lists/no.such/columns/", {"query": ""}).status_code == 404


@pytest.mark.requirement("SIS-16")
class TestActs:
    def test_a_status_is_given_to_the_chosen_and_taken_back(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        chosen = [str(people[key].pk) for key in ("Әлиева", "Іңкәров")]
        asked = {"do": "status", "one": chosen, "query": "sort=-name"}
        page = clerk.post(f"{PUPILS}act/", asked)
        assert page.context["count"] == 2
        assert clerk.post(f"{PUPILS}act/", asked | {"go": "1", "code": "", "since": ""}).status_code == 422
        given = {"go": "1", "code": "many_children", "since": "2026-09-01", "ground": "№ 5"}
        answer = clerk.post(f"{PUPILS}act/", asked | given)
        assert answer.headers["Location"] == f"{PUPILS}?sort=-name"
        with tenancy.use(school_a):
            assert PupilStatus.objects.filter(code="many_children").count() == 2
            assert [line.action for line in audit.entries(limit=2)] == ["contingent.status.given"] * 2
        undo = toast_of(clerk)
        assert clerk.post(undo).status_code == 302
        with tenancy.use(school_a):
            assert not PupilStatus.objects.exists()
            assert audit.entries()[0].action == "registers.act.undone"
        assert clerk.post(undo).status_code == 404

    def test_who_had_it_keeps_it_after_the_undo(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        given = {"do": "status", "go": "1", "code": "many_children", "since": "2026-09-01", "query": ""}
        clerk.post(f"{PUPILS}act/", given | {"one": str(people["Әлиева"].pk)})
        clerk.post(f"{PUPILS}act/", given | {"all": "1"})
        with tenancy.use(school_a):
            assert PupilStatus.objects.count() == 5
        clerk.get(PUPILS)
        with tenancy.use(school_a):
            last = BulkAct.objects.latest("at")
        clerk.post(f"/lists/undo/{last.pk}/")
        with tenancy.use(school_a):
            assert [row.pupil_id for row in PupilStatus.objects.all()] == [people["Әлиева"].pk]

    def test_all_found_are_those_of_the_filters(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        page = client_for(Role.SECRETARY).post(
            f"{PUPILS}act/", {"do": "status", "all": "1", "query": f"class={people['five'].pk}"}
        )
        assert page.context["count"] == 2
        assert 'name="all"' in text_of(page)
        assert 'name="one"' not in text_of(page)

    def test_the_undo_is_ones_own_and_lasts_an_hour(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        given = {"do": "status", "go": "1", "code": "many_children", "since": "2026-09-01", "query": ""}
        clerk.post(f"{PUPILS}act/", given | {"all": "1"})
        with tenancy.use(school_a):
            url = f"/lists/undo/{BulkAct.objects.get().pk}/"
        assert client_for(Role.SECRETARY).post(url).status_code == 404
        assert client_for(Role.DIRECTOR, school=school_b).post(url).status_code == 404
        with tenancy.use(school_a):
            BulkAct.objects.update(at=F("at") - timedelta(minutes=61))
        assert clerk.post(url).status_code == 404
        with tenancy.use(school_a):
            assert PupilStatus.objects.count() == 5

    @pytest.mark.requirement("SIS-18")
    def test_a_move_is_a_draft_of_an_order_that_the_undo_throws_away(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        with tenancy.use(school_a):
            other: SchoolClass = new_class(7, "Б")
        asked = {"do": "move", "one": [str(people["Әлиева"].pk)], "query": "", "go": "1"}
        answer = clerk.post(f"{PUPILS}act/", asked | {"class_id": str(other.pk), "since": "2026-11-24"})
        with tenancy.use(school_a):
            order = Order.objects.get()
            assert order.state == "draft"
        assert answer.headers["Location"] == f"/orders/{order.pk}/"
        clerk.post(toast_of(clerk))
        with tenancy.use(school_a):
            assert not Order.objects.filter(state="draft").exists()

    def test_needs_the_right_and_somebody_chosen(
        self, client_for: ClientFor, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        one = str(people["Әлиева"].pk)
        assert (
            client_for(Role.LIBRARIAN).post(f"{PUPILS}act/", {"do": "status", "one": one}).status_code == 404
        )
        clerk = client_for(Role.SECRETARY)
        assert clerk.post(f"{PUPILS}act/", {"do": "status", "query": ""}).status_code == 302
        assert clerk.post(f"{PUPILS}act/", {"do": "burn", "one": one}).status_code == 404
        assert clerk.post(f"{PUPILS}act/", {"do": "status", "one": "x"}).status_code == 404
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        answer = zhanna.post(f"{PUPILS}act/", {"do": "status", "one": one, "query": ""})
        assert answer.status_code == 302  # nobody of hers is chosen

    @pytest.mark.requirement("SIS-04")
    def test_accounts_are_blocked_together_but_ones_own(
        self, client_for: ClientFor, account: Any, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR)
        teachers = [account(Role.TEACHER, username=f"t{n}") for n in range(3)]
        asked = {"do": "block", "all": "1", "query": "", "go": "1"}
        director.post("/accounts/act/", asked)
        with tenancy.use(school_a):
            closed = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
            assert closed == {one.pk for one in teachers}
        director.post(toast_of(director))
        with tenancy.use(school_a):
            assert not User.objects.filter(is_active=False).exists()

    @pytest.mark.requirement("SIS-04")
    def test_slips_of_the_chosen_are_one_pdf_and_end_the_old_passwords(
        self, client_for: ClientFor, account: Any, school_a: TenantRef
    ) -> None:
        director, teacher = client_for(Role.DIRECTOR), account(Role.TEACHER)
        asked = {"do": "slips", "one": str(teacher.pk), "query": ""}
        assert director.post("/accounts/act/", asked).status_code == 200
        answer = director.post("/accounts/act/", asked | {"go": "1"})
        assert answer.content.startswith(b"%PDF")
        assert answer.headers["Cache-Control"].startswith(("no-store", "max-age=0"))
        with tenancy.use(school_a):
            assert User.objects.get(pk=teacher.pk).password != teacher.password

    def test_a_secretary_does_not_print_a_slip_of_the_director(
        self, client_for: ClientFor, account: Any, school_a: TenantRef
    ) -> None:
        director = account(Role.DIRECTOR)
        secretary = client_for(Role.SECRETARY)
        asked = {"do": "slips", "one": str(director.pk), "query": "", "go": "1"}
        assert secretary.post("/accounts/act/", asked).status_code == 422
        with tenancy.use(school_a):
            assert User.objects.get(pk=director.pk).password == director.password
