"""Days ahead that families and teachers were told of: a lesson cancelled, one moved, a morning of snow, a shortened day."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from kernel import clock
from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent.models import SchoolClass
from modules.schedule import api as schedule
from modules.schedule.api import Wish
from modules.schedule.models import BellSet, Lesson


def tell(*, year: str) -> int:
    """Change the days; answer how many of them differ. In holidays the first days after them are taken."""
    actor = Actor.system_actor("demo")
    days: list[date] = []
    day = clock.today() + timedelta(days=1)
    while len(days) < 3:
        found = schedule.next_teaching_day(day=day)
        if found in days or found > clock.today() + timedelta(days=30):
            break
        days.append(found)
        day = found + timedelta(days=1)
    if len(days) < 3:
        return 0
    first, second, third = days
    _lessons(actor, year, first)
    wishes = [
        Wish(
            kind="frost", start=second, end=second, grades=[1, 2], title="Боран · Буран", order_number="121-Ө"
        ),
    ]
    short = BellSet.objects.filter(is_on_call=True).first()
    if short is not None:
        wishes.append(
            Wish(
                kind="short",
                start=third,
                end=third,
                title="Педагогикалық кеңес · Педсовет",
                bell_set_id=short.pk,
                order_number="122-Ө",
            )
        )
    for wish in wishes:
        with suppress(DomainError):
            schedule.declare_days(actor=actor, year=year, wish=wish)
    return len(days)


def _lessons(actor: Actor, year: str, day: date) -> None:
    """In the class of the story the last lesson of the day is cancelled, the one before it goes to another day."""
    school_class = SchoolClass.objects.filter(year=year, grade=7).order_by("letter").first()
    if school_class is None:
        return
    rows = Lesson.objects.filter(
        school_class_id=school_class.pk, date=day, group=0, state="held", substitutions=None
    )
    *_others, before, last = [None, None, *rows.order_by("number", "pk")]
    with suppress(DomainError):
        if last is not None:
            schedule.cancel_ordinary_lesson(
                actor=actor, lesson_id=last.pk, reason="Мұғалімдер семинары · Семинар учителей"
            )
    if before is None:
        return
    for number in (7, 8, 6):
        with suppress(DomainError):
            schedule.move_ordinary_lesson(
                actor=actor,
                lesson_id=before.pk,
                day=day + timedelta(days=1),
                number=number,
                reason="Олимпиада · Олимпиада",
            )
            return
