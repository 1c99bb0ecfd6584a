"""Load, timetable, lessons and works of a demo school, for the last year and this one."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import connection

from demo import groups as group_rows
from demo import rooms
from demo.timetable import Need, compose
from kernel.ids import uuid7
from modules.contingent.models import SchoolClass
from modules.journal.models import SummativeWork
from modules.schedule.models import Course, Lesson, Slot
from modules.staff.models import Employee, EmployeeSubject
from tenants import reference

# Who steps in where nobody is named for the subject.
KIN = {
    "kazakh_literature": ("kazakh_language",),
    "kazakh_language": ("kazakh_literature",),
    "kazakh_language_l2": ("kazakh_language", "kazakh_literature"),
    "kazakh_language_and_literature": ("kazakh_language", "kazakh_literature"),
    "russian_language": ("russian_language_and_literature",),
    "russian_literature": ("russian_language_and_literature",),
    "russian_language_l2": ("russian_language_and_literature",),
    "algebra_and_analysis": ("algebra", "mathematics", "geometry"),
    "algebra": ("mathematics", "geometry"),
    "geometry": ("algebra", "mathematics"),
    "mathematics": ("algebra", "geometry"),
    "natural_science": ("biology", "geography", "chemistry", "physics"),
    "digital_literacy": ("informatics",),
    "basics_of_law": ("history_of_kazakhstan", "world_history"),
    "military_and_technological_training": ("physical_education",),
    "visual_arts": ("arts_and_crafts",),
    "labour_training": ("arts_and_crafts",),
}
HALF_HOUR = {"kk": "Апта сайын бір сағат", "ru": "По часу каждую неделю"}
SPECIALISTS_IN_PRIMARY = {
    "foreign_language",
    "physical_education",
    "music",
    "kazakh_language_l2",
    "russian_language_l2",
}


@dataclass(frozen=True, slots=True)
class Room:
    """One group at one desk: a class, or the joined classes of a small school."""

    code: str
    classes: tuple[SchoolClass, ...]
    shift: int


def rooms_of(classes: Iterable[SchoolClass]) -> list[Room]:
    grouped: dict[str, list[SchoolClass]] = defaultdict(list)
    for row in classes:
        grouped[row.set_code or str(row.id)].append(row)
    return [Room(code, tuple(rows), rows[0].shift) for code, rows in grouped.items()]


def give_rooms(classes: Iterable[SchoolClass]) -> None:
    """A home room to each class, one to classes that sit together; a direction to the senior ones, by turns."""
    rooms = sorted(rooms_of(classes), key=lambda r: (r.classes[0].grade, r.code))
    rows = []
    for number, room in enumerate(rooms, 101):
        for row in room.classes:
            row.room = str(number)
            rows.append(row)
    for turn, row in enumerate(row for row in rows if row.grade >= SchoolClass.SENIOR):
        row.direction = SchoolClass.Direction.SOCIAL if turn % 2 else SchoolClass.Direction.NATURAL
    SchoolClass.objects.bulk_update(rows, ["room", "direction"])


def open_courses(*, year: str, classes: Sequence[SchoolClass], dice: random.Random) -> list[Course]:
    """The load sheet: every subject of the typical plan in every class, with the least loaded who can teach it."""
    able: dict[str, list[UUID]] = defaultdict(list)
    for skill in EmployeeSubject.objects.order_by("employee_id", "subject_code"):
        able[skill.subject_code].append(skill.employee_id)
    primary = list(
        Employee.objects.filter(positions__post_code="teacher_primary", left_date=None)
        .order_by("id")
        .values_list("id", flat=True)
    )
    everyone = sorted({e for ids in able.values() for e in ids} | set(primary))
    load: Counter[UUID] = Counter()
    divided = group_rows.classes_to_divide(classes)
    home: dict[UUID, UUID] = {}
    courses: list[Course] = []
    for room in sorted(rooms_of(classes), key=lambda r: (r.classes[0].grade, r.code)):
        for row in room.classes:
            direction = ("emn" if row.direction == "natural" else "ogn") if row.grade >= 10 else ""
            for subject_code, hours in reference.plan(row.grade, row.language, direction).items():
                if row.grade <= 4 and primary and subject_code not in SPECIALISTS_IN_PRIMARY:
                    if room.classes[0].id not in home:
                        home[room.classes[0].id] = min(primary, key=lambda e: (load[e], dice.random()))
                    teacher = home[room.classes[0].id]
                    known = []
                else:
                    known = [
                        e for code in (subject_code, *KIN.get(subject_code, ())) for e in able.get(code, ())
                    ]
                    taken = next(
                        (
                            c.teacher_id
                            for c in courses
                            if c.set_code and c.set_code == row.set_code and c.subject_code == subject_code
                        ),
                        None,
                    )
                    teacher = taken or min(known or everyone, key=lambda e: (load[e], dice.random()))
                courses.append(
                    Course(
                        id=uuid7(),
                        year=year,
                        school_class_id=row.id,
                        subject_code=subject_code,
                        teacher_id=teacher,
                        hours_per_week=hours,
                        set_code=row.set_code,
                        shift=row.shift,
                        reason=HALF_HOUR.get(row.language, "") if hours < 1 else "",
                    )
                )
                load[teacher] += ceil(hours)
                if row.id in divided and subject_code in group_rows.SUBJECTS:
                    second = group_rows.second_of(courses[-1], list(known or everyone), load)
                    if second is not None and second.teacher_id is not None:
                        courses.append(second)
                        load[second.teacher_id] += ceil(hours)
    made = Course.objects.bulk_create(courses, batch_size=1000)
    group_rows.place(made)
    return made


def open_slots(*, courses: Sequence[Course], classes: Sequence[SchoolClass], seed: int) -> list[Slot]:
    """The week: joined classes sit together, each course in its own row; half an hour is taught in odd weeks."""
    room_of = {row.id: room for room in rooms_of(classes) for row in room.classes}
    together: dict[tuple[str, str], list[Course]] = defaultdict(list)
    for course in courses:
        together[(room_of[course.school_class_id].code, course.subject_code)].append(course)
    needs = [
        Need(
            key,
            key[0],
            rows[0].teacher_id,
            1,
            ceil(max(r.hours_per_week for r in rows)),
            tuple({r.teacher_id for r in rows} - {rows[0].teacher_id}),
            any(r.hours_per_week % 1 for r in rows),
        )
        for key, rows in together.items()
    ]
    slots = []
    given: Counter[UUID] = Counter()
    for place in compose(needs, seed=seed):
        for course in together[place.course_id]:
            if given[course.id] < course.hours_per_week:
                given[course.id] += 1
                is_half = given[course.id] > course.hours_per_week
                slots.append(
                    Slot(
                        weeks=Slot.Weeks.ODD if is_half else Slot.Weeks.EVERY,
                        course=course,
                        weekday=place.weekday,
                        number=place.number,
                    )
                )
    rooms.seat(slots, {row.id: row.room for row in classes}, {row.id: row.shift for row in classes})
    return Slot.objects.bulk_create(slots, batch_size=2000)


@cache
def _topics() -> dict[str, list[list[str]]]:
    return yaml.safe_load((Path(__file__).parent / "topics.yaml").read_text())


def tell_topics(*, year: str, until: date, languages: dict[UUID, str]) -> int:
    """Topics and homework of the lessons held so far, in the language of the class."""
    kin = {
        "algebra_and_analysis": "algebra",
        "russian_literature": "russian_language_and_literature",
        "literary_reading": "kazakh_literature",
        "kazakh_language_l2": "kazakh_language",
        "kazakh_language_and_literature": "kazakh_language",
    }
    rows: list[tuple[Any, ...]] = []
    for subject_code in {*reference.subjects()}:
        for index, (kk, ru) in enumerate(
            _topics().get(kin.get(subject_code, subject_code), _topics()["other"])
        ):
            rows.append((subject_code, index, kk, ru))
    counts = Counter(r[0] for r in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH topic AS (
              SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[]) AS t(subject, position, kk, ru)
            ), size AS (SELECT subject, count(*)::int AS n FROM topic GROUP BY subject),
            held AS (
              SELECT l.id, c.subject_code, cl.language,
                     (row_number() OVER (PARTITION BY l.course_id ORDER BY l.date, l.number) - 1)::int AS place
              FROM schedule_lesson l JOIN schedule_course c ON c.id = l.course_id
              JOIN contingent_schoolclass cl ON cl.id = c.school_class_id
              WHERE c.year = %s AND l.date <= %s AND l.state = 'held'
            )
            UPDATE schedule_lesson l SET
              topic = CASE WHEN h.language = 'ru' THEN t.ru ELSE t.kk END,
              homework = CASE WHEN h.place %% 3 = 2 THEN '' WHEN h.language = 'ru'
                THEN 'Параграф ' || (h.place / 2 + 1) || ', упражнения ' || (h.place %% 7 + 1) || '–' || (h.place %% 7 + 3)
                ELSE (h.place / 2 + 1) || '-параграф, ' || (h.place %% 7 + 1) || '–' || (h.place %% 7 + 3) || '-жаттығулар' END
            FROM held h JOIN size z ON z.subject = h.subject_code
            JOIN topic t ON t.subject = h.subject_code AND t.position = (h.place / 3) %% z.n
            WHERE l.id = h.id
            """,
            [
                [r[0] for r in rows],
                [r[1] for r in rows],
                [r[2] for r in rows],
                [r[3] for r in rows],
                year,
                until,
            ],
        )
        assert counts
        return cursor.rowcount


def set_works(*, year: str, classes: Sequence[SchoolClass], until: date, dice: random.Random) -> int:
    """СОР and СОЧ: at most three СОЧ a day in a class, none on the last day of a quarter, never both of a subject."""
    grade_of = {row.id: row.grade for row in classes}
    courses = {c.id: c for c in Course.objects.filter(year=year, school_class_id__in=list(grade_of))}
    works: list[SummativeWork] = []
    soch_days: Counter[tuple[UUID, date]] = Counter()
    for span in reference.school_year(year).quarters:
        held: dict[UUID, list[Lesson]] = defaultdict(list)
        for lesson in Lesson.objects.filter(
            course_id__in=list(courses), date__range=(span.start, span.end), state="held"
        ).order_by("date", "number"):
            held[lesson.course_id].append(lesson)
        last_day = max((rows[-1].date for rows in held.values()), default=span.end)
        for course_id, lessons in held.items():
            course = courses[course_id]
            grade = grade_of[course.school_class_id]
            subject = reference.subject(course.subject_code)
            if subject.mode_in(grade) != "points" or len(lessons) < 5:
                continue
            taken: set[date] = set()
            if subject.has_sor:
                for share in (0.42, 0.78) if course.hours_per_week >= 2 else (0.6,):
                    lesson = lessons[int(len(lessons) * share)]
                    if lesson.date <= until and lesson.date not in taken:
                        taken.add(lesson.date)
                        top = dice.choice((10, 12, 15)) if grade <= 4 else dice.choice((12, 15, 16, 18, 20))
                        works.append(SummativeWork(lesson=lesson, kind="sor", maximum=top))
            if subject.has_soch and course.hours_per_week >= 2:
                for lesson in reversed(lessons):
                    day = (course.school_class_id, lesson.date)
                    if lesson.date < last_day and lesson.date not in taken and soch_days[day] < 3:
                        if lesson.date <= until:
                            soch_days[day] += 1
                            works.append(
                                SummativeWork(lesson=lesson, kind="soch", maximum=25 if grade > 4 else 20)
                            )
                        break
    return len(SummativeWork.objects.bulk_create(works, batch_size=2000))
