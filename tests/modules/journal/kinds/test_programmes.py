"""A pupil who learns a subject by a programme of his own: with marks by its criteria, or in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from kernel.access import Actor, Role
from kernel.errors import NotFound
from kernel.models import AuditEntry
from modules.journal import queries as journal
from modules.journal import services as marks
from modules.journal.kinds import queries, services
from modules.journal.kinds.models import Programme
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-47")
ClientFor = Callable[..., Client]
NOVEMBER = date(2026, 11, 20)


def give(
    actor: Actor, scene: make.Scene, *, is_marked: bool = False, since: date = date(2026, 9, 1)
) -> Programme:
    return services.set_programme(
        actor=actor,
        course_id=scene.course.pk,
        pupil_id=scene.pupils[0].pk,
        aims="Төрт амал, жазбаша тірек",
        is_marked=is_marked,
        since=since,
    )


def save(actor: Actor, scene: make.Scene, pupil: int = 0) -> str:
    [result] = marks.save_cells(
        actor=actor,
        course_id=scene.course.pk,
        operations=[made.op(scene.lessons[0], scene.pupils[pupil], 8)],
    )
    return result.status


class TestWithoutMarks:
    def test_takes_no_points_and_asks_words_of_him_alone(self, seventh: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(seventh)
        give(bolat, seventh)
        assert (save(bolat, seventh), save(bolat, seventh, 1)) == ("refused", "ok")
        course = journal.open_course(actor=bolat, course_id=seventh.course.pk)
        lines = queries.described(actor=bolat, course=course, period=seventh.quarter)
        assert [one.pupil_id for one in lines] == [seventh.pupils[0].pk]

    def test_his_cells_say_so_before_anything_is_typed(
        self, seventh: make.Scene, bolat_of: Any, client_for: ClientFor
    ) -> None:
        bolat = bolat_of(seventh)
        since = seventh.lessons[2].date
        give(bolat, seventh, since=since)
        page = client_for(Role.TEACHER, person_id=seventh.teacher.pk).get(
            f"/journal/{seventh.course.pk}/?period=q2"
        )
        rows = page.content.decode().split("<tr data-pupil=")[1:]
        later = sum(1 for one in seventh.lessons if one.date >= since)
        assert [row.count("data-no-points=") for row in rows] == [later] + [0] * (len(rows) - 1)

    def test_is_asked_no_mark_of_the_period(self, seventh: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(seventh)
        give(bolat, seventh)
        with pytest.raises(marks.finals.LearnsWithoutMarks):
            marks.set_final(
                actor=bolat,
                course_id=seventh.course.pk,
                period_id=seventh.quarter.id,
                pupil_id=seventh.pupils[0].pk,
                final="4",
            )
        course = journal.open_course(actor=bolat, course_id=seventh.course.pk)
        row = journal.grid(actor=bolat, course=course, period=seventh.quarter).rows[0]
        assert row.programme == "unmarked"
        assert not row.is_attested(seventh.quarter.end)

    def test_with_marks_he_is_marked(self, seventh: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(seventh)
        give(bolat, seventh, is_marked=True)
        assert save(bolat, seventh) == "ok"


class TestTerms:
    def test_a_change_ends_the_one_before(self, seventh: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(seventh)
        give(bolat, seventh)
        give(bolat, seventh, is_marked=True, since=NOVEMBER)
        old, new = Programme.objects.order_by("since")
        assert (old.until, new.until) == (date(2026, 11, 19), None)
        assert AuditEntry.objects.filter(action="journal.programme.set").count() == 2

    def test_ends_and_the_class_marks_again(self, seventh: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(seventh)
        give(bolat, seventh)
        services.end_programme(
            actor=bolat,
            course_id=seventh.course.pk,
            pupil_id=seventh.pupils[0].pk,
            until=seventh.lessons[0].date.replace(day=1),
        )
        assert save(bolat, seventh) == "ok"

    def test_not_before_it_began(self, seventh: make.Scene, bolat_of: Any) -> None:
        bolat = bolat_of(seventh)
        give(bolat, seventh, since=NOVEMBER)
        with pytest.raises(services.EndsBeforeItBegins):
            give(bolat, seventh, since=date(2026, 9, 1))

    def test_only_pupils_of_the_journal(self, seventh: make.Scene, bolat_of: Any, dina: Actor) -> None:
        stranger = make.pupils(make.school_class(8, "Б"), 1)[0]
        with pytest.raises(NotFound):
            services.set_programme(
                actor=dina,
                course_id=seventh.course.pk,
                pupil_id=stranger.pk,
                aims="…",
                is_marked=True,
                since=NOVEMBER,
            )


def test_pages(seventh: make.Scene, client_for: ClientFor) -> None:
    browser = client_for(Role.TEACHER, person_id=seventh.teacher.pk)
    base = f"/journal/{seventh.course.pk}/programmes/"
    pupil = seventh.pupils[0].pk
    given = {"pupil": str(pupil), "aims": "Мақсаттар", "is_marked": "no", "since": "2026-11-01"}
    assert browser.post(f"{base}set/", given).status_code == 302
    assert "Мақсаттар" in browser.get(base).content.decode()
    assert "Мақсаттар" in browser.get(f"{base}set/?pupil={pupil}").content.decode()
    assert browser.post(f"{base}{pupil}/end/").status_code == 302
    assert Programme.objects.get().until == date(2026, 11, 25)
    assert client_for(Role.DEPUTY_UPBRINGING).get(base).status_code == 200
    assert client_for(Role.DEPUTY_UPBRINGING).get(f"{base}set/").status_code in (403, 404)
