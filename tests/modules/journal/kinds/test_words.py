"""Grade 1 is described in words; nothing that was written is lost or overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.journal import api
from modules.journal import queries as journal
from modules.journal import services as marks
from modules.journal.kinds import queries, services
from modules.journal.kinds.models import Description
from modules.journal.kinds.services import Wish
from modules.schedule.year import services as year
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT

pytestmark = pytest.mark.requirement("SIS-31", "SIS-47")
ClientFor = Callable[..., Client]


def write(actor: Actor, scene: make.Scene, text: str, *, seen: int = 0, pupil: int = 0) -> dict[Any, Any]:
    wishes = [Wish(scene.pupils[pupil].pk, text, seen)]
    return services.describe(
        actor=actor, course_id=scene.course.pk, period_id=scene.quarter.id, wishes=wishes
    )


def standing(actor: Actor, scene: make.Scene) -> list[str]:
    course = journal.open_course(actor=actor, course_id=scene.course.pk)
    return [one.words.text for one in queries.described(actor=actor, course=course, period=scene.quarter)]


class TestDescribing:
    def test_each_version_stays_and_the_newest_stands(self, first: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(first)
        assert write(bolat, first, "Есепті тез шығарады") == {}
        assert write(bolat, first, "Есепті тез әрі дұрыс шығарады", seen=1) == {}
        assert standing(bolat, first)[0] == "Есепті тез әрі дұрыс шығарады"
        assert Description.objects.count() == 2
        assert AuditEntry.objects.filter(action="journal.described").count() == 2

    def test_the_same_text_is_written_once(self, first: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(first)
        write(bolat, first, "Жақсы оқиды")
        assert write(bolat, first, "Жақсы оқиды") == {}
        assert Description.objects.count() == 1

    def test_who_wrote_later_without_seeing_it_is_told_what_stands(
        self, first: make.Scene, bolat_of: Any, dina: Actor
    ) -> None:
        write(bolat_of(first), first, "Жақсы оқиды")
        refused = write(dina, first, "Оқуға ынталы")
        [refusal] = refused.values()
        assert isinstance(refusal, services.WrittenMeanwhile)
        assert "Жақсы оқиды" in str(refusal)
        assert standing(dina, first)[0] == "Жақсы оқиды"

    def test_a_closed_period_keeps_its_words(self, first: make.Scene, bolat_of: Any, dina: Actor) -> None:
        year.close_period(actor=dina, period_id=first.quarter.id)
        with pytest.raises(marks.PeriodIsClosed):
            write(bolat_of(first), first, "Кеш")

    def test_where_marks_are_given_no_words_are(self, seventh: make.Scene, bolat_of: Any) -> None:
        [refusal] = write(bolat_of(seventh), seventh, "Жақсы").values()
        assert isinstance(refusal, services.NoWordsHere)

    def test_a_foreign_journal_is_not_there(self, first: make.Scene, actor_of: Any) -> None:
        stranger = actor_of(Role.TEACHER, person_id=make.teacher("Басқа", "Адам").pk, user_id=77)
        with pytest.raises(NotFound):
            write(stranger, first, "Жақсы")

    def test_next_door_nothing_stands(self, first: make.Scene, bolat_of: Any, school_b: TenantRef) -> None:
        write(bolat_of(first), first, "Жақсы оқиды")
        with tenancy.use(school_b):
            assert Description.objects.count() == 0

    def test_no_points_are_taken_in_grade_one(self, first: make.Scene, bolat_of: Any) -> None:
        [result] = marks.save_cells(
            actor=bolat_of(first),
            course_id=first.course.pk,
            operations=[made.op(first.lessons[0], first.pupils[0], 9)],
        )
        assert result.status == "refused"
        [result] = marks.save_cells(
            actor=bolat_of(first),
            course_id=first.course.pk,
            operations=[made.op(first.lessons[0], first.pupils[0], "late", field="absence")],
        )
        assert result.status == "ok"


class TestReminder:
    def owed(self, actor: Actor, day: datetime) -> tuple[int, int]:
        with time_machine.travel(day, tick=False):
            texts, journals, __ = queries.unwritten(actor=actor)
        return texts, journals

    def test_asks_in_the_last_days_for_what_is_not_written(self, first: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(first)
        last = datetime(2026, 12, 22, 10, tzinfo=ALMATY)
        assert self.owed(bolat, MOMENT) == (0, 0)
        assert self.owed(bolat, last) == (4, 1)
        write(bolat, first, "Жақсы оқиды")
        assert self.owed(bolat, last) == (3, 1)
        write(bolat, first, "", seen=1)
        assert self.owed(bolat, last) == (4, 1)

    def test_asks_nothing_of_who_marks(self, seventh: make.Scene, bolat_of: Any) -> None:
        assert self.owed(bolat_of(seventh), datetime(2026, 12, 22, 10, tzinfo=ALMATY)) == (0, 0)


class TestFamily:
    def test_reads_what_stands_in_place_of_marks(self, first: make.Scene, bolat_of: Any, dina: Actor) -> None:
        bolat = bolat_of(first)
        write(bolat, first, "Жақсы оқиды")
        write(bolat, first, "Өте жақсы оқиды", seen=1)
        [subject] = api.child_marks(actor=dina, pupil_id=first.pupils[0].pk, period=first.quarter)
        assert (subject.words, subject.has_marks) == ("Өте жақсы оқиды", False)
        [other] = api.child_marks(actor=dina, pupil_id=first.pupils[1].pk, period=first.quarter)
        assert other.words == ""


class TestPages:
    def address(self, scene: make.Scene) -> str:
        return f"/journal/{scene.course.pk}/words/?period=q2"

    def test_the_teacher_writes_and_the_deputy_reads(self, first: make.Scene, client_for: ClientFor) -> None:
        browser = client_for(Role.TEACHER, Role.CLASS_TEACHER, person_id=first.teacher.pk)
        pupil = first.pupils[0].pk
        answer = browser.post(
            self.address(first), {f"text-{pupil}": "Жүзге дейін санайды", f"seen-{pupil}": "0"}
        )
        assert answer.status_code == 302
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        overview = deputy.get(f"/journal/classes/{first.school_class.pk}/words/?period=q2&pupil={pupil}")
        assert "Жүзге дейін санайды" in overview.content.decode()

    def test_what_was_refused_is_kept_on_the_page(
        self, first: make.Scene, bolat_of: Any, client_for: ClientFor
    ) -> None:
        write(bolat_of(first), first, "Жақсы оқиды")
        pupil = first.pupils[0].pk
        browser = client_for(Role.DEPUTY_ACADEMIC)
        answer = browser.post(self.address(first), {f"text-{pupil}": "Ұзақ мәтін", f"seen-{pupil}": "0"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Ұзақ мәтін" in text
        assert "Жақсы оқиды" in text

    def test_what_was_typed_before_the_period_closed_is_shown_with_the_reason(
        self, first: make.Scene, client_for: ClientFor, dina: Actor
    ) -> None:
        """Written without a connection, or while the deputy closed: it is not taken, and not lost either."""
        browser = client_for(Role.TEACHER, person_id=first.teacher.pk)
        address, pupil = f"/journal/{first.course.pk}/words/?period=q2", first.pupils[0].pk
        year.close_period(actor=dina, period_id=first.quarter.id)
        answer = browser.post(address, {f"text-{pupil}": "Санауды біледі", f"seen-{pupil}": "0"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Санауды біледі" in text
        assert text.count(str(marks.PeriodIsClosed())) == 1
        assert Description.objects.count() == 0
        assert "Санауды біледі" not in browser.get(address).content.decode()

    def test_a_marked_journal_has_no_such_page(self, seventh: make.Scene, client_for: ClientFor) -> None:
        browser = client_for(Role.TEACHER, person_id=seventh.teacher.pk)
        assert browser.get(self.address(seventh)).status_code == 404

    def test_asks_few_statements(self, first: make.Scene, client_for: ClientFor) -> None:
        browser = client_for(Role.TEACHER, person_id=first.teacher.pk)
        browser.get(self.address(first))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(self.address(first)).status_code == 200
        assert len(asked) <= 16
