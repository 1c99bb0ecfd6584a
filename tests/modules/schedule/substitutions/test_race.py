"""Two colleagues say yes at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.schedule.models import Lesson
from modules.schedule.substitutions import services
from modules.schedule.substitutions.models import Question, Substitution
from tests.factories import schedule as make
from tests.modules.schedule.substitutions.conftest import DAY, lesson


@pytest.mark.requirement("SIS-11")
def test_of_two_who_say_yes_at_once_one_gets_the_lesson_and_the_other_is_late(
    committed_school: Callable[..., TenantRef],
    django_db_blocker: Any,
    moment: None,
    actor_of: Callable[..., Actor],
) -> None:
    ref = committed_school()
    with tenancy.use(ref), transaction.atomic():
        scene = make.scene(pupil_count=1, lesson_count=1)
        taught = [lesson(scene.course, DAY + timedelta(days=n), 5) for n in (0, 1, 4, 5)]
        colleagues = [make.teacher("Ғабитова", "Гүлжан"), make.teacher("Маратов", "Марат")]
        system = Actor.system_actor("tests")
        services.note_absence(
            actor=system,
            teacher_id=scene.teacher.pk,
            since=DAY,
            until=DAY + timedelta(days=5),
            reason="sick",
        )
        rows = list(Substitution.objects.filter(lesson__in=taught).order_by("date"))
        for row in rows:
            services.ask(actor=system, substitution_id=row.pk, teacher_ids=[one.pk for one in colleagues])
    for row in rows:
        together = Barrier(2)

        def say_yes(teacher_id: UUID, row: Substitution = row, together: Barrier = together) -> str:
            with django_db_blocker.unblock():
                try:
                    with tenancy.use(ref):
                        actor = actor_of(Role.TEACHER, school=ref, person_id=teacher_id)
                        question = Question.objects.get(substitution=row, teacher_id=teacher_id)
                        together.wait(10)
                        return services.answer(actor=actor, question_id=question.pk, is_yes=True).answer
                finally:
                    tenancy.forget()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(say_yes, [one.pk for one in colleagues]))
        assert sorted(answers) == ["late", "yes"]
        with tenancy.use(ref):
            winner = colleagues[answers.index("yes")].pk
            assert Lesson.objects.get(pk=row.lesson_id).teacher_id == winner
            assert Substitution.objects.get(pk=row.pk).substitute_id == winner


def test_the_database_knows_one_yes_a_lesson_and_one_opening(
    opened: Substitution, staff_room: Any, aigul: Actor
) -> None:
    who = [staff_room.gulzhan.pk, staff_room.saule.pk]
    services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=who)
    first, second = Question.objects.filter(substitution=opened)
    Question.objects.filter(pk=first.pk).update(answer="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=second.pk).update(answer="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.create(
            absence=opened.absence,
            lesson=opened.lesson,
            teacher_id=opened.teacher_id,
            date=opened.date,
            number=opened.number,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.filter(pk=opened.pk).update(state="taken")
