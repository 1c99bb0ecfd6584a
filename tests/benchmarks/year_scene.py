"""A school with a whole year in its journals: classes of 25, fifteen subjects, every lesson, marks, absences, period marks.

Written by plain SQL with triggers off: the year is the same each time, and its history is not what is measured.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from kernel import tenancy
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil, SchoolClass
from modules.schedule.models import Course
from tests.factories import schedule as make

# 900 pupils; fewer with MEKTEP_BENCH_CLASSES.
CLASSES, PUPILS = int(os.environ.get("MEKTEP_BENCH_CLASSES", "36")), 25
SUBJECTS = {
    "kazakh_language": 3,
    "kazakh_literature": 3,
    "russian_language_and_literature": 2,
    "english": 3,
    "algebra": 3,
    "geometry": 2,
    "informatics": 1,
    "physics": 2,
    "chemistry": 2,
    "biology": 2,
    "geography": 2,
    "history_of_kazakhstan": 2,
    "world_history": 1,
    "music": 1,
    "physical_education": 3,
}
_LESSONS = """
INSERT INTO schedule_lesson (id, course_id, school_class_id, "group", set_code, shift, date, number, room, topic, homework,
  state, is_by_hand)
SELECT gen_random_uuid(), c.id, c.school_class_id, 0, '', 1, d.day, n, '', 'Бөлшек-рационал өрнектерді түрлендіру, ' || d.at,
  '№ ' || d.at || ', § 4', 'held', false
FROM (SELECT id, school_class_id, row_number() OVER (PARTITION BY school_class_id ORDER BY id) - 1 AS place
      FROM schedule_course) c
CROSS JOIN (SELECT g.day::date AS day, row_number() OVER (ORDER BY g.day) AS at
            FROM schedule_period t, generate_series(t.start, t."end", '1 day') g(day)
            WHERE t.kind = 'quarter' AND extract(isodow FROM g.day) < 6) d
CROSS JOIN generate_series(1, 6) n
WHERE (d.at * 6 + n) %% %(subjects)s = c.place
"""
_WORKS = """
INSERT INTO journal_summativework (id, lesson_id, kind, maximum, title)
SELECT gen_random_uuid(), l.id, CASE WHEN l.place = 9 THEN 'soch' ELSE 'sor' END, CASE WHEN l.place = 9 THEN 25 ELSE 15 END, ''
FROM (SELECT l.id, row_number() OVER (PARTITION BY l.course_id, t.id ORDER BY l.date, l.number) AS place
      FROM schedule_lesson l JOIN schedule_period t ON t.kind = 'quarter' AND l.date BETWEEN t.start AND t."end") l
WHERE l.place IN (4, 7, 9)
"""
_MARKS = """
INSERT INTO journal_mark (id, lesson_id, pupil_id, kind, points, version, set_at, reason)
SELECT gen_random_uuid(), l.id, m.pupil_id, coalesce(w.kind, 'fo'), 4 + (random() * 6)::int, 1, now(), ''
FROM schedule_lesson l JOIN contingent_membership m ON m.school_class_id = l.school_class_id
LEFT JOIN journal_summativework w ON w.lesson_id = l.id
WHERE w.kind IS NOT NULL OR random() < 0.4
"""
_ABSENCES = """
INSERT INTO journal_absence (id, lesson_id, pupil_id, code, version, set_at, reason)
SELECT gen_random_uuid(), l.id, m.pupil_id, 'ill', 1, now(), ''
FROM schedule_lesson l JOIN contingent_membership m ON m.school_class_id = l.school_class_id WHERE random() < 0.04
"""
_FINALS = """
INSERT INTO journal_periodmark (id, course_id, pupil_id, period_id, recommended, final, rule_version, version, set_at, reason)
SELECT gen_random_uuid(), c.id, m.pupil_id, t.id, '4', (3 + (random() * 2)::int)::text, '', 1, now(), ''
FROM schedule_course c JOIN contingent_membership m ON m.school_class_id = c.school_class_id
JOIN schedule_period t ON t.kind = 'quarter'
"""


def write(school: TenantRef) -> None:
    """Fill the school; a minute for 36 classes."""
    with tenancy.use(school), transaction.atomic():
        make.periods()
        classes = SchoolClass.objects.bulk_create(
            SchoolClass(
                year=make.YEAR, grade=5 + n % 5, letter="АӘБВГҒДЕ"[n // 5], language="ru" if n % 3 else "kk"
            )
            for n in range(CLASSES)
        )
        pupils = Pupil.objects.bulk_create(
            Pupil(
                surname=f"{make.NAMES[n % 10][0]}{n}",
                name=make.NAMES[n % 7][1],
                patronymic="Серікұлы",
                sex="f" if n % 2 else "m",
                birth_date=date(2013, 5, 1 + n % 28),
                file_number=f"К-{n}",
            )
            for n in range(CLASSES * PUPILS)
        )
        Membership.objects.bulk_create(
            Membership(pupil=one, school_class=classes[n // PUPILS], year=make.YEAR, since=date(2026, 9, 1))
            for n, one in enumerate(pupils)
        )
        Course.objects.bulk_create(
            Course(
                year=make.YEAR,
                school_class_id=one.pk,
                subject_code=code,
                hours_per_week=Decimal(max(hours, 2)),
            )
            for one in classes
            for code, hours in SUBJECTS.items()
        )
    values: dict[str, Any] = {"subjects": len(SUBJECTS)}
    with tenancy.owner(school), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for text in (_LESSONS, _WORKS, _MARKS, _ABSENCES, _FINALS):
            cursor.execute(text, values)
    with tenancy.owner(school), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
