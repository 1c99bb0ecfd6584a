"""СОР and СОЧ of the running quarter: accepted by parallels as the product proposes them, one class still to be
accepted, and one that would write four СОЧ on a day."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from kernel import clock
from kernel.access import Actor
from modules.contingent.models import SchoolClass
from modules.journal import api as journal
from modules.journal.models import SummativeWork
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from modules.schedule.models import Course, Lesson

# Among its classes the deputy finds the open proposal and the day that breaks the order.
SHOWN = 7


def keep(*, year: str) -> int:
    """Put the works; answer how many. The caller stands in the school."""
    actor = Actor.system_actor("demo")
    period = schedule.current_period(year=year)
    if period is None or period.is_closed or period.end <= clock.today():
        return 0
    taught = set(Course.objects.filter(year=year).values_list("school_class_id", flat=True))
    classes = list(SchoolClass.objects.filter(pk__in=taught, grade__gte=2).order_by("grade", "letter"))
    shown = [one.pk for one in classes if one.grade == SHOWN]
    accepted = [f"g{grade}" for grade in sorted({one.grade for one in classes} - {SHOWN})]
    accepted += [str(one) for one in (shown[:-1] if len(shown) > 1 else shown)]
    count = sum(journal.accept_works(actor=actor, period_id=period.id, of=of) for of in accepted)
    for one in shown[-2:-1]:
        _crowd(actor, one, period)
    return count


def _crowd(actor: Actor, class_id: UUID, period: PeriodInfo) -> None:
    """СОЧ of other days go to the class's fullest day, until it has four."""
    today = clock.today()
    works = list(
        SummativeWork.objects.filter(
            kind="soch",
            lesson__school_class_id=class_id,
            lesson__date__gt=today,
            lesson__date__lte=period.end,
        ).select_related("lesson__course")
    )
    days = Counter(one.lesson.date for one in works)
    busy = set(
        SummativeWork.objects.filter(lesson__school_class_id=class_id).values_list("lesson_id", flat=True)
    )
    for day, __ in days.most_common():
        free = {
            lesson.course_id: lesson.pk
            for lesson in Lesson.objects.filter(school_class_id=class_id, date=day, state="held")
            if lesson.pk not in busy
        }
        present = {one.lesson.course.subject_code for one in works if one.lesson.date == day}
        others = [
            one
            for one in works
            if one.lesson.course_id in free and one.lesson.course.subject_code not in present
        ]
        if len(present) + len({one.lesson.course.subject_code for one in others}) < 4:
            continue
        for one in others[: 4 - len(present)]:
            journal.move_work(actor=actor, work_id=one.pk, lesson_id=free[one.lesson.course_id])
        return
