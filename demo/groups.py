"""Groups of the demo's large classes in the subjects where the law demands them, and what else a load sheet has.

Foreign language and informatics of classes with 24 pupils and more are taught in halves by two teachers at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count

from kernel import clock
from kernel.access import Actor
from kernel.ids import uuid7
from modules.contingent.models import HomeSchooling, Membership, SchoolClass
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo
from modules.schedule.models import Course, CourseTeacher, GroupMember
from tenants import reference

SUBJECTS = ("foreign_language", "informatics")
LARGE = 24


def classes_to_divide(classes: Sequence[SchoolClass]) -> set[UUID]:
    """Classes so large that the law divides them; joined classes of a small school never are."""
    sizes = dict(
        Membership.objects.filter(school_class_id__in=[c.id for c in classes if not c.set_code], until=None)
        .values_list("school_class_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    return {key for key, count in sizes.items() if count >= LARGE}


def second_of(first: Course, able: Iterable[UUID], load: Counter[UUID]) -> Course | None:
    """The other half of the course, for another teacher who can; None where there is only one."""
    others = [one for one in able if one != first.teacher_id]
    if not others:
        return None
    first.group = 1
    return Course(
        id=uuid7(),
        year=first.year,
        school_class_id=first.school_class_id,
        subject_code=first.subject_code,
        group=2,
        teacher_id=min(others, key=lambda one: (load[one], str(one))),
        hours_per_week=first.hours_per_week,
        shift=first.shift,
    )


def place(courses: Sequence[Course]) -> None:
    """Put every class into the halves of its subjects by the list."""
    halves: dict[tuple[UUID, str], list[Course]] = defaultdict(list)
    for one in courses:
        if one.group:
            halves[one.school_class_id, one.subject_code].append(one)
    if not halves:
        return
    pupils: dict[UUID, list[tuple[UUID, date]]] = defaultdict(list)
    rows = Membership.objects.filter(school_class_id__in={key for key, _subject in halves})
    for class_id, pupil_id, since in rows.order_by("pupil__surname", "pupil__name", "pupil_id").values_list(
        "school_class_id", "pupil_id", "since"
    ):
        pupils[class_id].append((pupil_id, since))
    members = []
    for (class_id, _subject), groups in halves.items():
        start = reference.school_year(groups[0].year).start
        listed = list(dict.fromkeys(pupil for pupil, _since in pupils[class_id]))
        for index, pupil_id in enumerate(listed):
            course = groups[0] if index < (len(listed) + 1) // 2 else groups[1]
            members.append(GroupMember(course=course, pupil_id=pupil_id, since=start))
    GroupMember.objects.bulk_create(members, batch_size=2000)


_AT_HOME = frozenset({"algebra", "mathematics", "kazakh_language", "kazakh_literature", "literacy"})


def enliven(*, actor: Actor, year: str, has_clubs: bool) -> None:
    """Two vacancies since this week, a change of teacher in November, clubs, a child at home, hours of correction."""
    today = clock.today()
    courses = [one for one in schedule.courses(actor=actor, year=year) if one.teacher_id and not one.set_code]
    by_teacher = Counter(one.teacher_id for one in courses)
    leaving = [one for one in courses if one.grade >= 7 and one.subject_code in ("chemistry", "geography")]
    for one in leaving[:2]:
        schedule.give(actor=actor, course_id=one.id, teacher_id=None, since=today)
    for one in courses:
        if one.subject_code != "physical_education" or one.grade < 5:
            continue
        others = [
            c.teacher_id
            for c in courses
            if c.subject_code == one.subject_code and c.teacher_id and c.teacher_id != one.teacher_id
        ]
        if others and one.teacher_id:
            # As it was: until the autumn holidays somebody else taught here.
            eve = reference.school_year(year).quarters[1].start - timedelta(days=1)
            CourseTeacher.objects.bulk_create(
                [
                    CourseTeacher(course_id=one.id, teacher_id=min(others, key=str), until=eve),
                    CourseTeacher(course_id=one.id, teacher_id=one.teacher_id, since=eve + timedelta(days=1)),
                ]
            )
            break
    _at_home(actor, year, courses)
    if not has_clubs:
        return
    free = sorted(by_teacher, key=lambda key: (by_teacher[key], str(key)))
    home = courses[-1].school_class_id
    clubs = [
        schedule.add_course(
            actor=actor,
            school_class_id=home,
            subject_code="facultative",
            hours=Decimal(1),
            teacher_id=teacher_id,
            kind="club",
            name=name,
        )
        for name, teacher_id in zip(("Шахмат", "Робототехника"), free, strict=False)
    ]
    others = [one.school_class_id for one in courses if one.school_class_id != home]
    if not clubs or not others:
        return
    second = schedule.open_club(actor=actor, course_id=clubs[0].id, class_id=others[-1])
    since = reference.school_year(year).start
    GroupMember.objects.bulk_create(
        GroupMember(course_id=course_id, pupil_id=pupil, since=since)
        for course_id, class_id in ((clubs[0].id, home), (second, others[-1]))
        for pupil in _pupils(class_id)[:8]
    )
    schedule.add_course(
        actor=actor,
        school_class_id=others[0],
        subject_code="kazakh_language",
        hours=Decimal(2),
        teacher_id=free[min(2, len(free) - 1)],
        kind="correction",
        pupil_id=_pupils(others[0])[1],
    )


def _at_home(actor: Actor, year: str, courses: Sequence[CourseInfo]) -> None:
    """Children taught at home have hours of their own, with the teachers of their class."""
    at_home = HomeSchooling.objects.values("pupil_id")
    for place in Membership.objects.filter(pupil_id__in=at_home, year=year, until=None).order_by("pk"):
        mine = [one for one in courses if one.school_class_id == place.school_class_id and not one.group]
        for one in [one for one in mine if one.subject_code in _AT_HOME]:
            schedule.add_course(
                actor=actor,
                school_class_id=place.school_class_id,
                subject_code=one.subject_code,
                hours=Decimal(2),
                teacher_id=one.teacher_id,
                kind="home",
                pupil_id=place.pupil_id,
                agreed=True,
            )


def _pupils(class_id: UUID) -> list[UUID]:
    rows = Membership.objects.filter(school_class_id=class_id, until=None)
    return list(rows.order_by("pupil__surname", "pupil_id").values_list("pupil_id", flat=True))
