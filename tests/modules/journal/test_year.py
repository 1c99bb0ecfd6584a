"""The year of a journal, the works that a 2 brings, and the deputy's list of whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil
from modules.journal.models import MarkEvent, YearMark
from modules.journal.rules import Outcome
from modules.journal.year import queries, services
from modules.schedule import api as schedule
from modules.schedule.models import Course
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.test_views import within_budget

pytestmark = pytest.mark.requirement("SIS-53", screen="journal:year")
ClientFor = Callable[..., Client]


@pytest.fixture
def browser(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.TEACHER, person_id=scene.teacher.pk)


def year_of(scene: make.Scene, pupil: Pupil, marks: str, course: Course | None = None) -> None:
    spans = make.periods()
    for number, mark in enumerate(marks, start=1):
        made.final(course or scene.course, pupil, spans[f"q{number}"].id, mark)


def give(scene: make.Scene, actor: Actor, kind: str, mark: str, seen: str = "") -> dict[UUID, DomainError]:
    one = services.Given(scene.pupils[0].pk, kind, mark, seen)
    return services.set_year_marks(actor=actor, course_id=scene.course.pk, given=[one])


class TestYearOfAJournal:
    def test_shows_annual_and_final_and_brackets_what_is_not_whole(
        self, scene: make.Scene, browser: Client
    ) -> None:
        year_of(scene, scene.pupils[0], "3434")
        year_of(scene, scene.pupils[1], "55")
        html = browser.get(f"/journal/{scene.course.pk}/year/").content.decode()
        assert "<b>4</b>" in html
        assert "<b>(5)</b>" in html

    def test_marks_of_the_class_before_count_as_on_the_report_card(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        """Two quarters in 7Ә and two here: the year is whole, and nobody asks for the quarters before."""
        mover, spans = scene.pupils[0], make.periods()
        before = make.course(make.school_class(7, "Ә"), scene.teacher)
        Membership.objects.filter(pupil=mover).update(since=spans["q3"].start)
        for code, mark in (("q1", "2"), ("q2", "2")):
            made.final(before, mover, spans[code].id, mark)
        for code in ("q3", "q4"):
            made.final(scene.course, mover, spans[code].id, "4")
        course = schedule.course(actor=bolat, course_id=scene.course.pk)
        row = next(one for one in queries.sheet(actor=bolat, course=course).rows if one.pupil_id == mover.pk)
        assert (row.annual, row.is_whole, row.periods) == ("3", True, ("2", "2", "4", "4"))

    def test_after_a_two_the_works_are_written_and_change_what_follows(
        self, scene: make.Scene, browser: Client
    ) -> None:
        pupil = scene.pupils[0]
        year_of(scene, pupil, "2223")
        address = f"/journal/{scene.course.pk}/year/"
        assert f"year-{pupil.pk}" in browser.get(address).content.decode()
        saved = browser.post(address, {f"year-{pupil.pk}": "5", f"seen-year-{pupil.pk}": ""}, follow=True)
        assert "<b>4</b>" in saved.content.decode()
        [event] = MarkEvent.objects.filter(field="year")
        assert (event.new, event.source, event.course_id) == ("5", "product", scene.course.pk)
        assert AuditEntry.objects.filter(action="journal.year_marks.set").count() == 1

    def test_an_additional_work_waits_for_a_two_of_the_first(self, scene: make.Scene, bolat: Actor) -> None:
        year_of(scene, scene.pupils[0], "2222")
        [refusal] = give(scene, bolat, "extra", "4").values()
        assert isinstance(refusal, services.NotDueHere)
        assert not give(scene, bolat, "year", "2")
        assert not give(scene, bolat, "extra", "4")
        assert YearMark.objects.count() == 2

    def test_nobody_without_a_two_has_such_works(self, scene: make.Scene, bolat: Actor) -> None:
        year_of(scene, scene.pupils[0], "3333")
        assert isinstance(next(iter(give(scene, bolat, "year", "5").values())), services.NotDueHere)
        assert isinstance(next(iter(give(scene, bolat, "exam", "5").values())), services.NoExamHere)

    def test_an_exam_of_grade_nine_gives_the_final_mark(
        self, in_school: TenantRef, moment: None, aigul: Actor
    ) -> None:
        ninth = make.scene(grade=9)
        year_of(ninth, ninth.pupils[0], "4444")
        assert not give(ninth, aigul, "exam", "2")
        course = queries.schedule.course(actor=aigul, course_id=ninth.course.pk)
        row = next(r for r in queries.sheet(actor=aigul, course=course).rows if r.later)
        assert (row.annual, row.final) == ("4", "3")

    def test_a_colleagues_change_is_not_overwritten(self, scene: make.Scene, bolat: Actor) -> None:
        year_of(scene, scene.pupils[0], "2222")
        give(scene, bolat, "year", "3")
        assert isinstance(next(iter(give(scene, bolat, "year", "4").values())), Conflict)
        assert YearMark.objects.get().mark == "3"
        assert not give(scene, bolat, "year", "", seen="3")
        assert YearMark.objects.get().mark is None
        assert [(e.old, e.new) for e in MarkEvent.objects.filter(field="year").order_by("id")] == [
            (None, "3"), ("3", None)
        ]  # fmt: skip

    def test_anothers_journal_is_not_there(
        self, scene: make.Scene, actor_of: Callable[..., Actor], client_for: ClientFor, school_b: TenantRef
    ) -> None:
        other = actor_of(Role.TEACHER, person_id=make.teacher("Сатов").pk)
        with pytest.raises(NotFound):
            give(scene, other, "year", "3")
        with pytest.raises(NotAllowed):
            give(scene, actor_of(Role.PARENT), "year", "3")
        stranger = client_for(Role.DIRECTOR, school=school_b)
        assert stranger.get(f"/journal/{scene.course.pk}/year/").status_code == 404


@pytest.mark.requirement("SIS-53", screen="journal:year_failing")
class TestFailing:
    def test_lists_whom_a_two_concerns_and_what_follows(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        one, three, fine, gone = scene.pupils[:4]
        year_of(scene, one, "2222")
        year_of(scene, three, "2223")
        for subject in ("physics", "chemistry"):
            year_of(scene, three, "2222", make.course(scene.school_class, None, subject, 2))
        year_of(scene, fine, "2344")
        year_of(scene, gone, "2222")
        Membership.objects.filter(pupil=gone).update(until="2026-10-01")
        found = queries.failing(year=make.YEAR)
        assert {key: how.outcome for key, (__, how) in found.items()} == {
            one.pk: Outcome.SUMMATIVE, three.pk: Outcome.REPEATS
        }  # fmt: skip
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        html = deputy.get("/journal/year/failing/").content.decode()
        assert one.surname in html
        assert "қайта оқиды" in html
        assert gone.surname not in html
        narrowed = deputy.get("/journal/year/failing/?outcome=repeats").content.decode()
        assert f"{one.surname} {one.name}" not in narrowed
        answer = deputy.get("/journal/year/failing/export.xlsx")
        sheet = python_calamine.load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
        assert any(one.surname in str(row) for row in sheet)
        assert AuditEntry.objects.filter(action="journal.failing.exported").exists()

    def test_the_list_is_the_deputys(self, scene: make.Scene, browser: Client, client_for: ClientFor) -> None:
        assert browser.get("/journal/year/failing/").status_code == 403
        assert client_for(Role.PARENT).get("/journal/year/failing/").status_code == 403

    def test_the_list_asks_few_questions(self, scene: make.Scene) -> None:
        for pupil in scene.pupils:
            year_of(scene, pupil, "2222")
        queries.failing(year=make.YEAR)
        with CaptureQueriesContext(connection) as asked:
            queries.failing(year=make.YEAR)
        within_budget("failing", len(asked))
