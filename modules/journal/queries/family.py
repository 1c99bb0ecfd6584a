"""One child's marks, for the child, the family and the staff who may see the child."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kernel.access import Actor
from modules.contingent import api as contingent
from modules.journal import rules
from modules.journal.data import (
    ChildComment,
    ChildMark,
    ChildSubject,
    MarksOfYear,
    Needed,
    SubjectOfYear,
    mark_text,
)
from modules.journal.queries.choices import school_options
from modules.journal.queries.journals import rule_of
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from tenants import reference

_MARKS = """
SELECT l.course_id, l.date, c.kind, c.points, coalesce(w.maximum, 10), l.topic, c.text, c.voice, c.seconds, c.set_at
FROM (
  SELECT lesson_id, kind, m.points, m.set_at, t.text, v.file_id AS voice, v.seconds
  FROM (SELECT lesson_id, kind, points, set_at FROM journal_mark WHERE pupil_id = %(pupil)s AND points IS NOT NULL) m
  FULL JOIN (SELECT lesson_id, kind, text FROM journal_comment WHERE pupil_id = %(pupil)s AND text IS NOT NULL) t
    USING (lesson_id, kind)
  FULL JOIN (SELECT lesson_id, kind, file_id, seconds FROM journal_voice WHERE pupil_id = %(pupil)s AND file_id IS NOT NULL) v
    USING (lesson_id, kind)
) c JOIN schedule_lesson l ON l.id = c.lesson_id
LEFT JOIN journal_summativework w ON w.lesson_id = l.id AND w.kind = c.kind
WHERE l.date BETWEEN %(start)s AND %(end)s AND (c.kind = 'fo' OR w.id IS NOT NULL)
ORDER BY l.date, l.number
"""
_OTHERS = """
SELECT 'absence', l.course_id, a.code, l.date FROM journal_absence a JOIN schedule_lesson l ON l.id = a.lesson_id
WHERE a.pupil_id = %(pupil)s AND a.code IS NOT NULL AND l.date BETWEEN %(start)s AND %(end)s
UNION ALL
SELECT 'final', p.course_id, p.final, NULL FROM journal_periodmark p
WHERE p.pupil_id = %(pupil)s AND p.final IS NOT NULL AND p.period_id = ANY(%(periods)s)
UNION ALL
SELECT 'words', d.course_id, d.text, NULL FROM (
  SELECT DISTINCT ON (course_id) course_id, text FROM journal_description
  WHERE pupil_id = %(pupil)s AND period_id = ANY(%(periods)s) ORDER BY course_id, version DESC) d
WHERE d.text <> ''
UNION ALL
SELECT 'work', l.course_id, w.kind || ' ' || w.maximum, l.date
FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id
WHERE l.course_id = ANY(%(courses)s) AND l.state = 'held' AND l.date BETWEEN %(start)s AND %(end)s
"""

_FINALS = """
SELECT t.year, t.kind, t.number, c.subject_code, p.final, k.grade || k.letter
FROM journal_periodmark p JOIN schedule_period t ON t.id = p.period_id
JOIN schedule_course c ON c.id = p.course_id JOIN contingent_schoolclass k ON k.id = c.school_class_id
WHERE p.pupil_id = %(pupil)s AND p.final IS NOT NULL
ORDER BY t.year, p.set_at
"""
_LATER = """
SELECT c.year, c.subject_code, y.kind, y.mark FROM journal_yearmark y JOIN schedule_course c ON c.id = y.course_id
WHERE y.pupil_id = %(pupil)s AND y.mark IS NOT NULL ORDER BY y.set_at
"""
_CAME = """
SELECT m.year, 1 + (SELECT count(*) FROM schedule_period q WHERE q.year = m.year AND q.kind = 'quarter' AND q."end" < min(m.since))
FROM contingent_membership m WHERE m.pupil_id = %(pupil)s GROUP BY m.year
"""


def marks_of_years(*, actor: Actor, pupil_id: UUID) -> list[MarksOfYear]:
    """Marks of all periods and years here, the first year first; raises NotFound for a pupil whose card is closed.

    A pupil who changed the class inside the year has the later mark. Three statements besides those of names.
    """
    contingent.opens_card(actor=actor, pupil_id=pupil_id)
    with connection.cursor() as cursor:
        cursor.execute(_FINALS, {"pupil": pupil_id})
        found = cursor.fetchall()
        cursor.execute(_LATER, {"pupil": pupil_id})
        later: dict[tuple[str, str], dict[str, str]] = {}
        for year, subject, kind, mark in cursor.fetchall():
            later.setdefault((year, subject), {})[kind] = mark
        cursor.execute(_CAME, {"pupil": pupil_id})
        came = dict(cursor.fetchall())
    years: dict[str, dict[str, dict[rules.Period, str]]] = {}
    labels: dict[str, str] = {}
    for year, kind, number, subject, final, label in found:
        years.setdefault(year, {}).setdefault(subject, {})[kind, number] = final
        labels[year] = label
    order = {code: place for place, code in enumerate(reference.subjects())}
    return [
        MarksOfYear(
            year,
            labels[year],
            tuple(str(_("Quarter {number}").format(number=n)) for n in rules.QUARTERS),
            tuple(
                _of_subject(
                    code,
                    subjects[code],
                    rules.YearMarks.of(
                        subjects[code], later.get((year, code), {}), first_quarter=came.get(year, 1)
                    ),
                )
                for code in sorted(subjects, key=lambda c: (order.get(c, 999), c))
            ),
        )
        for year, subjects in years.items()
    ]


def _of_subject(code: str, given: dict[rules.Period, str], of_year: rules.YearMarks) -> SubjectOfYear:
    """A half-year's mark stands under its second quarter."""
    halves = {2 * n: given.get(("half_year", n)) for n in rules.HALVES}
    marks = [given.get(("quarter", n)) or halves.get(n) for n in rules.QUARTERS]
    known = reference.subjects().get(code)
    return SubjectOfYear(
        known.name if known else code,
        tuple(mark_text(one) if one else "" for one in marks),
        mark_text(of_year.result(school_options())),
    )


def child_marks(*, actor: Actor, pupil_id: UUID, period: PeriodInfo) -> list[ChildSubject]:
    """The child's subjects in the quarter (half-year subjects: in its half-year), in the curriculum's order.

    Raises NotFound for a child whom the actor may not see. Two statements besides those of names.
    """
    school_class = contingent.class_of(actor=actor, pupil_id=pupil_id, on=period.end)
    if school_class is None:
        contingent.pupil(actor=actor, pupil_id=pupil_id)
        school_class = contingent.class_of(actor=actor, pupil_id=pupil_id)
    if school_class is None:
        return []
    spans = {period.kind: period}
    if period.kind == "quarter":
        half = schedule.period_by_code(year=period.year, code=f"h{(period.number + 1) // 2}")
        spans["half_year"] = half or period
    courses = schedule.courses(actor=actor, year=period.year, school_class_id=school_class.id)
    closed = schedule.closed_to(
        pupil_id=pupil_id, course_ids=[c.id for c in courses if c.group], start=period.start, end=period.end
    )
    shown = [c for c in courses if c.period_kind in spans and c.id not in closed]
    if not shown:
        return []
    return _subjects(pupil_id, shown, spans)


def _subjects(pupil_id: UUID, courses: list[CourseInfo], spans: dict[str, PeriodInfo]) -> list[ChildSubject]:
    values: dict[str, Any] = {
        "pupil": pupil_id,
        "start": min(p.start for p in spans.values()),
        "end": max(p.end for p in spans.values()),
        "periods": [p.id for p in spans.values()],
        "courses": [c.id for c in courses],
    }
    marks: dict[UUID, list[ChildMark]] = defaultdict(list)
    comments: dict[UUID, list[ChildComment]] = defaultdict(list)
    absences: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    finals: dict[UUID, str] = {}
    words: dict[UUID, str] = {}
    works: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    span_of = {c.id: spans[c.period_kind] for c in courses}
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, values)
        for course, day, kind, points, maximum, topic, text, voice, seconds, given_at in cursor.fetchall():
            if course not in span_of or day not in span_of[course]:
                continue
            if points is not None:
                marks[course].append(ChildMark(day, kind, points, maximum, topic, given_at))
            if text is not None or voice is not None:
                said = ChildComment(day, kind, topic, text or "", points, maximum, voice, seconds or 0)
                comments[course].append(said)
        cursor.execute(_OTHERS, values)
        for what, course, value, day in cursor.fetchall():
            if course not in span_of:
                continue
            if what == "final":
                finals[course] = value
            elif what == "words":
                words[course] = value
            elif day in span_of[course]:
                if what == "absence":
                    absences[course][value] += 1
                else:
                    kind, maximum = value.split()
                    works[course].append((kind, int(maximum)))
    options = school_options()
    return [
        _subject(
            c,
            rule_of(c, options),
            marks[c.id],
            finals.get(c.id),
            works[c.id],
            dict(absences[c.id]),
            comments[c.id],
            words.get(c.id, ""),
        )
        for c in courses
    ]


def _subject(
    course: CourseInfo,
    rule: rules.Rule,
    marks: list[ChildMark],
    final: str | None,
    works: list[tuple[str, int]],
    absences: dict[str, int],
    comments: list[ChildComment],
    words: str,
) -> ChildSubject:
    parts = rules.Parts.of(
        fo=[m.points for m in marks if m.kind == "fo"],
        sor=[(m.points, m.maximum) for m in marks if m.kind == "sor"],
        soch=[(m.points, m.maximum) for m in marks if m.kind == "soch"],
    )
    said = rules.recommend(parts, rule)
    coming = next((maximum for kind, maximum in works if kind == "soch"), rule.options.usual_soch)
    # Who is heading for a 2 wants to know what a 3 takes; for the others it is safe or of no comfort.
    wanted = ("3", "4") if said.mark == "2" else ("4", "5")
    needed = rules.needed_points(parts, rule, soch_maximum=coming, marks=wanted) if not final else []
    return ChildSubject(
        course_id=course.id,
        subject_code=course.subject_code,
        subject=course.subject,
        teacher=course.teacher,
        marks=tuple(marks),
        fo=said.fo,
        sor=said.sor,
        soch=said.soch,
        percent=said.percent,
        forecast=said.mark,
        final=final,
        is_complete=said.is_complete,
        needed=tuple(Needed(n.mark, n.points, n.maximum) for n in needed),
        absences=absences,
        is_half_year=course.period_kind == "half_year",
        comments=tuple(comments),
        words=words,
        has_marks=rule.mode is not rules.Mode.NONE,
    )
