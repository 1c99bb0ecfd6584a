"""Whose marks a page, a paper or a file of journals shows stands in the log of looks, and a breach finds them there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import clock, tenancy
from kernel.access import Actor, Role
from kernel.models import ViewEntry
from kernel.tenancy import TenantRef
from modules.breaches import services as breaches
from modules.breaches.data import Way
from modules.breaches.models import Concerned
from modules.journal.export import services as exporting
from modules.journal.export.services import What, Wish
from tests.conftest import ActorOf
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SEC-04")
ClientFor = Callable[..., Client]


@pytest.fixture
def bolats(scene: make.Scene, client_for: ClientFor) -> Client:
    """Bolat, who teaches the class and leads it."""
    return client_for(Role.TEACHER, Role.CLASS_TEACHER, person_id=scene.teacher.pk)


def looks() -> dict[str, set[UUID]]:
    """Who was looked at, by the reason."""
    found: dict[str, set[UUID]] = {}
    for purpose, subject_id in ViewEntry.objects.values_list("purpose", "subject_id"):
        found.setdefault(purpose, set()).add(subject_id)
    return found


OF_COURSE = [
    ("", "journal.page"),
    ("marks/", "journal.page"),
    ("year/", "journal.page"),
    ("programmes/", "journal.page"),
    ("programmes/set/", "journal.page"),
    ("print/", "journal.taken"),
    ("export.xlsx", "journal.taken"),
    ("files/journal.pdf", "journal.taken"),
    ("files/journal.xlsx", "journal.taken"),
]
OF_CLASS = [
    ("/journal/classes/{}/summary/", "journal.class"),
    ("/journal/classes/{}/summary/?as=excel", "journal.class"),
    ("/journal/classes/{}/attendance/", "journal.class"),
    ("/journal/classes/{}/pupils/", "journal.class_pupils"),
    ("/journal/cards/classes/{}/", "journal.card"),
    ("/journal/reports/class/?class={}&period=q2", "journal.report"),
    ("/journal/reports/class/?class={}&period=q2&as=excel", "journal.report"),
    ("/journal/reports/class/?class={}&period=q2&as=pdf", "journal.report"),
    ("/journal/reports/class/at_start/?class={}&period=q2", "journal.report"),
    ("/contingent/classes/{}/", "contingent.class"),
]


class TestPages:
    @pytest.mark.parametrize(("tail", "purpose"), OF_COURSE)
    def test_of_a_journal(self, scene: make.Scene, bolats: Client, tail: str, purpose: str) -> None:
        answer = bolats.get(f"/journal/{scene.course.pk}/{tail}", {"period": "q2"})
        assert answer.status_code == 200
        assert looks() == {purpose: {one.pk for one in scene.pupils}}

    def test_of_one_cell_and_of_what_a_pupil_needs(self, scene: make.Scene, bolats: Client) -> None:
        one, another, *_others = scene.pupils
        made.mark(scene.lessons[0], one, 8)
        page = f"/journal/{scene.course.pk}"
        cell = {"lesson": scene.lessons[0].pk, "kind": "fo"}
        assert bolats.get(f"{page}/history/", cell | {"pupil": another.pk}).status_code == 200
        assert looks() == {}, "of an empty cell nothing is shown"
        assert bolats.get(f"{page}/needed/", {"pupil": another.pk, "period": "q2"}).status_code == 200
        assert looks() == {"journal.page": {another.pk}}

    @pytest.mark.parametrize(("address", "purpose"), OF_CLASS)
    def test_of_a_class(self, scene: make.Scene, bolats: Client, address: str, purpose: str) -> None:
        assert bolats.get(address.format(scene.school_class.pk)).status_code == 200
        assert looks() == {purpose: {one.pk for one in scene.pupils}}

    def test_behind_a_figure_only_those_on_the_page(self, scene: make.Scene, bolats: Client) -> None:
        best, *_others = scene.pupils
        made.final(scene.course, best, scene.quarter.id, "5")
        lists = "/journal/reports/achievement/pupils/?period=q2&pick=5"
        assert bolats.get(lists).status_code == 200
        assert looks() == {"journal.report": {best.pk}}

    def test_of_a_work(self, scene: make.Scene, bolats: Client) -> None:
        work = made.work(scene.lessons[0])
        assert bolats.get(f"/journal/reports/works/{work.pk}/").status_code == 200
        assert looks() == {"journal.report": {one.pk for one in scene.pupils}}

    def test_figures_alone_show_nobody(self, scene: make.Scene, bolats: Client) -> None:
        for path in ("", "list/", "reports/achievement/", "reports/works/", "reports/teacher/"):
            assert bolats.get(f"/journal/{path}", {"period": "q2"}).status_code == 200
        assert looks() == {}


def test_a_whole_class_is_one_statement_and_leafing_one_look(scene: make.Scene, bolats: Client) -> None:
    address = f"/journal/{scene.course.pk}/?period=q2"
    with CaptureQueriesContext(connection) as sent:
        bolats.get(address)
    assert sum("INTO kernel_viewentry" in one["sql"] for one in sent) == 1
    bolats.get(address)
    assert ViewEntry.objects.count() == len(scene.pupils)
    [session] = ViewEntry.objects.values_list("session_id", flat=True).distinct()
    assert session is not None


def test_an_archive_tells_whom_it_holds(scene: make.Scene, aigul: Actor) -> None:
    made.mark(scene.lessons[0], scene.pupils[0], 8)
    year, whose = scene.school_class.year, {one.pk for one in scene.pupils}
    for what, purpose in ((What.JOURNALS_EXCEL, "journal.taken"), (What.BOOK, "journal.cards.taken")):
        wish = Wish(year, (scene.school_class.pk,), (what,), "kk")
        exporting.pack(actor=aigul, wish=wish, told=lambda *_told: None)
        assert looks()[purpose] == whose


def test_a_breach_of_a_teachers_account_finds_the_pupils_of_her_journals(
    school_a: TenantRef, school_b: TenantRef, client_for: ClientFor, actor_of: ActorOf
) -> None:
    places = {}
    for school in (school_a, school_b):  # in both the first accounts have the same numbers
        with tenancy.use(school):
            places[school] = make.scene(pupil_count=3, lesson_count=2)
    with tenancy.use(school_a):
        other = make.scene(grade=8, pupil_count=2, lesson_count=2)
    teacher = client_for(Role.TEACHER, person_id=places[school_a].teacher.pk)
    assert teacher.get(f"/journal/{places[school_a].course.pk}/").status_code == 200
    assert teacher.get(f"/journal/{other.course.pk}/").status_code == 404

    def concerned(school: TenantRef) -> set[UUID]:
        director = actor_of(Role.DIRECTOR, school=school)
        now = clock.now()
        with tenancy.use(school):
            row = breaches.note(
                actor=director,
                way=Way.ACCOUNT,
                user_id=teacher.user.pk,  # type: ignore[attr-defined]
                since=now - timedelta(hours=1),
                until=now + timedelta(minutes=1),
                what="Құпиясөз үстелде жатқан",
                contact="Директор",
            )
            breaches.count(actor=director, breach_id=row.pk, told=lambda *_told: None)
            return set(Concerned.objects.filter(breach=row).values_list("subject_id", flat=True))

    assert concerned(school_a) == {one.pk for one in places[school_a].pupils}
    assert concerned(school_b) == set()
