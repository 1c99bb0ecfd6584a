"""Who has left a trace in a journal: a cleared cell is one too, since its row and its history stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from modules.journal.data import KIND_LABELS

_PUPILS = """
SELECT o.pupil FROM unnest(%s::uuid[]) o(pupil)
WHERE EXISTS (SELECT 1 FROM journal_mark m WHERE m.pupil_id = o.pupil)
   OR EXISTS (SELECT 1 FROM journal_absence a WHERE a.pupil_id = o.pupil)
   OR EXISTS (SELECT 1 FROM journal_comment t WHERE t.pupil_id = o.pupil)
   OR EXISTS (SELECT 1 FROM journal_voice v WHERE v.pupil_id = o.pupil)
   OR EXISTS (SELECT 1 FROM journal_periodmark p WHERE p.pupil_id = o.pupil)
   OR EXISTS (SELECT 1 FROM journal_yearmark y WHERE y.pupil_id = o.pupil)
"""

_PLACES = """
SELECT b.id FROM contingent_membership b
WHERE b.id = ANY(%s) AND (
  EXISTS (SELECT 1 FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id
          WHERE m.pupil_id = b.pupil_id AND l.school_class_id = b.school_class_id AND l.date >= b.since)
  OR EXISTS (SELECT 1 FROM journal_absence a JOIN schedule_lesson l ON l.id = a.lesson_id
             WHERE a.pupil_id = b.pupil_id AND l.school_class_id = b.school_class_id AND l.date >= b.since)
  OR EXISTS (SELECT 1 FROM journal_periodmark p JOIN schedule_course c ON c.id = p.course_id
             WHERE p.pupil_id = b.pupil_id AND c.school_class_id = b.school_class_id)
  OR EXISTS (SELECT 1 FROM journal_yearmark y JOIN schedule_course c ON c.id = y.course_id
             WHERE y.pupil_id = b.pupil_id AND c.school_class_id = b.school_class_id))
"""


def pupils_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the pupils who have or had a mark, an absence or a period mark; one statement for any number."""
    with connection.cursor() as cursor:
        cursor.execute(_PUPILS, [list(ids)])
        return {key for (key,) in cursor.fetchall()}


def places_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the pupils' times in a class in which the journals of that class have something of them."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(ids)])
        return {key for (key,) in cursor.fetchall()}


_MARKED = """
SELECT o.lesson FROM unnest(%s::uuid[]) o(lesson)
WHERE EXISTS (SELECT 1 FROM journal_mark m WHERE m.lesson_id = o.lesson AND m.points IS NOT NULL)
   OR EXISTS (SELECT 1 FROM journal_absence a WHERE a.lesson_id = o.lesson AND a.code IS NOT NULL)
"""


def marked_lessons(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the lessons at which a mark or an absence was written: they were held, whatever the calendar says."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKED, [list(ids)])
        return {key for (key,) in cursor.fetchall()}


_LESSONS = """
SELECT o.lesson FROM unnest(%s::uuid[]) o(lesson)
WHERE EXISTS (SELECT 1 FROM journal_mark m WHERE m.lesson_id = o.lesson)
   OR EXISTS (SELECT 1 FROM journal_absence a WHERE a.lesson_id = o.lesson)
   OR EXISTS (SELECT 1 FROM journal_summativework w WHERE w.lesson_id = o.lesson)
"""


def lessons_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the lessons at which a mark, an absence or a summative work was written."""
    with connection.cursor() as cursor:
        cursor.execute(_LESSONS, [list(ids)])
        return {key for (key,) in cursor.fetchall()}


_COURSES = """
SELECT o.course FROM unnest(%s::uuid[]) o(course)
WHERE EXISTS (SELECT 1 FROM journal_periodmark p WHERE p.course_id = o.course)
"""


def courses_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the courses in which a period mark was given."""
    with connection.cursor() as cursor:
        cursor.execute(_COURSES, [list(ids)])
        return {key for (key,) in cursor.fetchall()}


def is_begun() -> bool:
    """Whether anything was ever written into a journal of this school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM journal_mark) OR EXISTS (SELECT 1 FROM journal_absence)")
        return bool(cursor.fetchone()[0])


_SIGNS = "SELECT w.lesson_id, w.kind FROM journal_summativework w WHERE w.lesson_id = ANY(%s)"


def signs_of_lessons(ids: Collection[UUID]) -> dict[UUID, str]:
    """Short words of the summative works planned at the lessons; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGNS, [list(ids)])
        return {key: str(KIND_LABELS[kind]) for key, kind in cursor.fetchall()}
