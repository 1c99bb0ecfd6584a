"""What reports on marks are alive with: analyses of works, marks taken away, lessons filled late (marks.py)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.ids import uuid7
from modules.contingent.models import Charge, SchoolClass
from modules.journal.models import ClassConclusion, MentorReport, Mentorship, SummativeWork, WorkAnalysis
from modules.plans import api as plans
from modules.plans.models import Follower
from modules.schedule.models import Course, Period
from modules.staff.models import Employee
from tenants import reference

# Every so many-th work has no analysis yet.
LEFT_OUT = 4
WORDS = {
    "kk": {
        "difficulties": "Мәтінді есептерде шартын өрнекке көшіру; есептеуде белгіні шатастыру.",
        "reasons": "Сабақ қалдырғандар жаңа тақырыпты пысықтамаған; өз бетінше жұмысқа уақыт аз берілген.",
        "correction": "Келесі екі сабақта бес минуттық қайталау; төмен деңгейдегі оқушыларға жеке тапсырма.",
    },
    "ru": {
        "difficulties": "Перевод условия текстовой задачи в выражение; ошибки в знаках при вычислениях.",
        "reasons": "Пропускавшие не отработали новую тему; мало времени на самостоятельную работу.",
        "correction": "Пятиминутное повторение на двух следующих уроках; индивидуальные задания ученикам низкого уровня.",
    },
}
SAID_BY_MENTOR = {
    "done": "Бес сабаққа қатысты, екі ашық сабаққа бірге дайындалды, БЖБ тапсырмаларын бірге құрды.",
    "results": "Сабақ кезеңдері анық; уақытты бөлу әлі қиын, бағалау критерийлерін айтуды ұмытады.",
    "advice": "Келесі тоқсанда сабақ соңындағы кері байланысқа көңіл бөлу; айына екі рет өзара сабаққа қатысу.",
}
# Of every so many-th class nothing is written of the quarter yet.
UNWRITTEN = 3
CONCLUSIONS = {
    "kk": {
        "done": "Екі ата-аналар жиналысы, жеті жеке әңгіме өтті; сынып «Алтын күз» жәрмеңкесіне қатысты.",
        "conclusion": "Сабаққа қатысу жақсарды, екі оқушыға бір «4» үздік болуға кедергі болды.",
        "ahead": "Бір «3» алғандармен пән мұғалімдері апта сайын қосымша жұмыс жүргізеді; қыркүйектегі үй аралау қорытындысын талдау.",
    },
    "ru": {
        "done": "Прошли два родительских собрания и семь личных бесед; класс участвовал в ярмарке «Золотая осень».",
        "conclusion": "Посещаемость выросла; двум ученикам до отличной учёбы не хватило одной «4».",
        "ahead": "С теми, у кого одна «3», предметники занимаются дополнительно раз в неделю; обсудить итоги посещения семей.",
    },
}
# A few marks of the last weeks were taken away again, as it happens in life.
_TAKE_AWAY = """
UPDATE journal_mark m SET points = NULL, version = m.version + 1, operation_id = gen_random_uuid(), reason = %(reason)s
FROM (
  SELECT m.id FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id
  WHERE m.kind = 'fo' AND m.points IS NOT NULL AND l.date BETWEEN %(since)s AND %(until)s
  ORDER BY hashtextextended(m.id::text, 31) LIMIT %(many)s
) few WHERE few.id = m.id
"""
_REASONS = {"kk": "Басқа оқушыға қойылып кеткен", "ru": "Поставлена не тому ученику"}


def enliven(*, year: str, language: str) -> int:
    """Write the analyses of the year's works and take a few marks away; answer how many analyses."""
    today = clock.today()
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "reason": _REASONS[language],
            "since": today - timedelta(days=30),
            "until": today,
            "many": 7,
        }
        cursor.execute(_TAKE_AWAY, values)
    courses = {one.id: one for one in Course.objects.filter(year=year)}
    languages = dict(SchoolClass.objects.filter(year=year).values_list("id", "language"))
    names = {one.pk: one.person_name.short for one in Employee.objects.all()}
    objectives = _objectives(list(courses))
    rows = []
    works = SummativeWork.objects.filter(lesson__course_id__in=list(courses), lesson__date__lt=today)
    for work in works.select_related("lesson"):
        course = courses[work.lesson.course_id]
        if work.pk.int % LEFT_OUT == 0 or course.teacher_id is None:
            continue
        own = objectives.get(course.id, [])
        place = work.pk.int % (len(own) or 1)
        written = datetime.combine(work.lesson.date + timedelta(days=1), datetime.min.time(), clock.ALMATY)
        rows.append(
            WorkAnalysis(
                id=uuid7(),
                work=work,
                hard="\n".join(own[place : place + 1]),
                reached="\n".join(own[place + 1 : place + 4]),
                author_name=names.get(course.teacher_id, ""),
                changed_at=written + timedelta(hours=16),
                **WORDS[
                    languages[course.school_class_id] if languages[course.school_class_id] in WORDS else "kk"
                ],
            )
        )
    return len(WorkAnalysis.objects.bulk_create(rows, batch_size=1000))


def _objectives(course_ids: list[UUID]) -> dict[UUID, list[str]]:
    """Objectives of the plan of each course that follows one."""
    found: dict[UUID, list[str]] = {}
    for key in Follower.objects.filter(pk__in=course_ids).values_list("pk", flat=True):
        said = (one.objectives for one in plans.planned_topics(course_id=key).values())
        found[key] = list(dict.fromkeys(line for text in said if (line := text.strip())))
    return found


def conclude(*, year: str) -> None:
    """Class teachers have written of the quarter that is over, but for a few."""
    period = (
        Period.objects.filter(year=year, kind="quarter", end__lt=clock.today()).order_by("-number").first()
    )
    if period is None:
        return
    day = datetime.combine(period.end + timedelta(days=2), datetime.min.time(), clock.ALMATY)
    leaders = {
        one.school_class_id: one.employee_id
        for one in Charge.objects.filter(duty="class_teacher", school_class__year=year)
    }
    names = {one.pk: one.person_name.short for one in Employee.objects.all()}
    classes = SchoolClass.objects.filter(year=year, pk__in=leaders).order_by("grade", "letter")
    ClassConclusion.objects.bulk_create(
        ClassConclusion(
            school_class=one,
            period=f"q{period.number}",
            author_name=names.get(leaders[one.pk], ""),
            changed_at=day + timedelta(hours=16, minutes=place),
            **CONCLUSIONS.get(one.language, CONCLUSIONS["kk"]),
        )
        for place, one in enumerate(classes)
        if place % UNWRITTEN
    )


def give_mentors(*, year: str) -> None:
    """Two young teachers have mentors, and one mentor has written of the quarter that is over."""
    today = clock.today()
    period = Period.objects.filter(year=year, kind="quarter", end__lt=today).order_by("-number").first()
    begun = reference.school_year(year).start
    by_hours = Counter(
        Course.objects.filter(year=year, teacher_id__isnull=False).values_list("teacher_id", flat=True)
    )
    known = dict.fromkeys(Employee.objects.order_by("id").values_list("id", flat=True))
    people = [one for one, __ in by_hours.most_common() if one in known]
    for mentor, young in zip(people[:2], people[2:4], strict=False):
        pair = Mentorship.objects.create(mentor_id=mentor, teacher_id=young, since=begun)
        if period is not None and mentor == people[0]:
            MentorReport.objects.create(
                mentorship=pair, period=period, changed_at=clock.now(), **SAID_BY_MENTOR
            )
