"""The demo's marks over many classes whose pupils leave, come back and change classes: nobody is marked twice or away.

The statements run on the same tables as in the demo; here every present pupil is marked (density 1), so that what must
be written can be told by plain Python and compared row by row.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection

from demo import marks, period_marks
from identity.models import User
from kernel import clock, tenancy
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil, SchoolClass
from modules.journal.models import Absence, Mark, PeriodMark
from modules.schedule.models import Course, Lesson
from tests.factories import journal, schedule

GRADES, LETTERS = range(1, 12), "АӘ"
SUBJECTS = {"points": "kazakh_literature", "other": "physical_education"}


@pytest.fixture(autouse=True)
def december(in_school: TenantRef) -> Iterator[None]:
    """The demo is filled by the owner of the tables, who may make temporary ones; here the school's role may, for as long."""
    right = f"TEMPORARY ON DATABASE {connection.settings_dict['NAME']}"
    role = tenancy.role_name(in_school.schema)
    with (
        temporarily(f"GRANT {right} TO {role}", f"REVOKE {right} FROM {role}"),
        time_machine.travel("2026-12-31 09:00+05:00", tick=True),
    ):
        yield


@contextmanager
def temporarily(before: str, after: str) -> Iterator[None]:
    """Between two statements of the owner."""
    said(before)
    try:
        yield
    finally:
        said(after)


def said(statement: str) -> None:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def restless(dice: random.Random, start: date, end: date, classes: list[SchoolClass]) -> list[Membership]:
    """The stays of one pupil in a quarter: he may leave, come back the same day or later, or sit elsewhere a while."""
    home, day, stays = dice.choice(classes), start - timedelta(days=dice.randrange(30)), []
    while True:
        last = day + timedelta(days=dice.randrange(0, 40))
        if last >= end or dice.random() < 0.4:
            stays.append((home, day, None))
            break
        stays.append((home, day, last))
        if dice.random() < 0.3:
            break  # left for good
        # As in life: back to the same class, or next door; on the very next day, or after weeks.
        home = home if dice.random() < 0.5 else dice.choice(classes)
        day = last + timedelta(days=dice.choice((1, 1, 2, 20)))
    return [
        Membership(school_class=where, year=schedule.YEAR, since=since, until=until)
        for where, since, until in stays
    ]


@pytest.mark.requirement("TEN-06")
@pytest.mark.parametrize("seed", range(3))
def test_marks_of_all_classes_with_leavers_and_returners(seed: int) -> None:
    dice = random.Random(seed)
    quarter = schedule.periods()["q2"]
    start, end = quarter.start, quarter.end
    classes = [schedule.school_class(grade, letter) for grade in GRADES for letter in LETTERS]
    courses: dict[tuple[UUID, str], Course] = {}
    accounts: dict[UUID, int] = {}
    lessons: list[Lesson] = []
    for one in classes:
        for number, code in enumerate(SUBJECTS.values(), 1):
            teacher = schedule.teacher()
            account = User.objects.create(
                username=f"t{len(accounts)}", person_id=teacher.pk, created_at=clock.now()
            )
            course = courses[one.pk, code] = schedule.course(one, teacher, code)
            accounts[course.pk] = account.pk
            lessons += schedule.lessons(course, start, count=12, number=number)
    lessons = [one for one in lessons if one.date <= end]
    cancelled = dice.sample(lessons, len(lessons) // 10)
    Lesson.objects.filter(pk__in=[one.pk for one in cancelled]).update(state="cancelled")
    held = [one for one in lessons if one not in cancelled]
    works = {
        lesson.pk: journal.work(lesson, kind, 20)
        for course in list(courses.values())[::3]
        for lesson, kind in zip(
            [one for one in held if one.course_id == course.pk][:2], ("sor", "soch"), strict=False
        )
    }
    people = Pupil.objects.bulk_create(
        Pupil(surname=f"Ахметов{n}", name="Ерлан", sex="m", birth_date=date(2013, 5, 1)) for n in range(200)
    )
    stays: dict[UUID, list[Membership]] = {}
    for one in people:
        stays[one.pk] = restless(dice, start, end, classes)
        for stay in stays[one.pk]:
            stay.pupil = one
    Membership.objects.bulk_create(stay for ones in stays.values() for stay in ones)
    returned = [one for one in stays.values() if len({m.school_class_id for m in one}) < len(one)]
    assert len(returned) > 20, "the dice must bring back enough pupils into the class they left"

    marked = [str(one.pk) for (_class, code), one in courses.items() if code == SUBJECTS["points"]]
    written = marks.write(year=schedule.YEAR, start=start, end=end, courses=marked, density=1.0)

    present: dict[UUID, set[UUID]] = defaultdict(set)
    for lesson in held:
        for pupil_id, ones in stays.items():
            if any(
                m.school_class_id == lesson.school_class_id
                and m.since <= lesson.date
                and (m.until is None or m.until >= lesson.date)
                for m in ones
            ):
                present[lesson.pk].add(pupil_id)
    away = set(Absence.objects.exclude(code="late").values_list("lesson_id", "pupil_id"))
    found = Counter(Mark.objects.values_list("lesson_id", "pupil_id", "kind"))
    wanted = set()
    for lesson in held:
        for pupil_id in present[lesson.pk]:
            if lesson.pk in works:
                wanted.add((lesson.pk, pupil_id, works[lesson.pk].kind))
            elif str(lesson.course_id) in marked and (lesson.pk, pupil_id) not in away:
                wanted.add((lesson.pk, pupil_id, "fo"))
    assert set(found) == wanted
    assert set(found.values()) == {1}
    assert written == len(wanted) > 1_500
    assert 0.02 < len(away) / sum(map(len, present.values())) < 0.08
    assert all(pupil_id in present[lesson_id] for lesson_id, pupil_id in away)
    teachers = set(Mark.objects.values_list("lesson__course_id", "set_by"))
    assert teachers <= set(accounts.items())
    assert len(teachers) > len(classes)
    for kind, top in (("fo", 10), ("sor", 20), ("soch", 20)):
        points = set(Mark.objects.filter(kind=kind).values_list("points", flat=True))
        assert points <= set(range(top + 1))

    decided = period_marks.write(year=schedule.YEAR, today=end + timedelta(days=1))
    assert decided == PeriodMark.objects.count() > 0
    assert Course.objects.count() == len(courses)
