"""Staff and pupils that no spreadsheet brought: whole schools made up, vacancies filled, last year's classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from demo.district import SchoolPlan
from demo.people import Crowd, Person
from kernel.ids import uuid7
from kernel.names import kazakh_order
from modules.contingent.models import (
    Charge,
    Guardian,
    Guardianship,
    Membership,
    Pupil,
    PupilStatus,
    SchoolClass,
)
from modules.staff.models import Employee, EmployeeSubject, Position
from tenants import reference

POSTS = (
    "director",
    "deputy_academic",
    "deputy_educational",
    "deputy_profile",
    "deputy_household",
    "psychologist",
    "social_pedagogue",
    "librarian",
    "nurse",
    "secretary",
    "educator",
    "laboratory_assistant",
    "cook",
)
SUBJECTS = (
    "kazakh_language",
    "kazakh_language",
    "kazakh_literature",
    "russian_language_and_literature",
    "russian_language_and_literature",
    "foreign_language",
    "foreign_language",
    "mathematics",
    "mathematics",
    "algebra",
    "algebra",
    "geometry",
    "informatics",
    "physics",
    "chemistry",
    "biology",
    "geography",
    "history_of_kazakhstan",
    "world_history",
    "physical_education",
    "physical_education",
    "arts_and_crafts",
    "music",
    "russian_language",
)


def hire(crowd: Crowd, post_code: str, *subjects: str) -> Employee:
    person = crowd.adult()
    age = date.today().year - person.birth_date.year  # noqa: DTZ011 - the demo's own calendar
    employee = Employee.objects.create(
        **_names(person),
        iin=person.iin,
        sex=person.sex,
        birth_date=person.birth_date,
        phone=person.phone,
        teaching_since=date(person.birth_date.year + min(23, age), 9, 1),
    )
    Position.objects.create(employee=employee, post_code=post_code, rate=1, since=date(2023, 9, 1))
    EmployeeSubject.objects.bulk_create(
        EmployeeSubject(employee=employee, subject_code=code) for code in subjects
    )
    return employee


def staff_whole_school(crowd: Crowd, *, primary_classes: int) -> None:
    for post_code in POSTS:
        hire(crowd, post_code)
    for _ in range(primary_classes):
        hire(crowd, "teacher_primary")
    for subject in SUBJECTS:
        hire(crowd, "teacher_subject", subject)


def fill_vacancies(crowd: Crowd, *, primary_classes: int, is_small: bool) -> None:
    """What the spreadsheet's school lacks to hold its lessons and to show every role."""
    have = Employee.objects.filter(positions__post_code="teacher_primary").count()
    for _ in range(max(0, (primary_classes if not is_small else 3) - have)):
        hire(crowd, "teacher_primary")
    known = set(EmployeeSubject.objects.values_list("subject_code", flat=True))
    for subject in dict.fromkeys(SUBJECTS):
        if subject not in known:
            hire(crowd, "teacher_subject", subject)
    posts = set(Position.objects.values_list("post_code", flat=True))
    for post_code in POSTS:
        if post_code not in posts:
            hire(crowd, post_code)


def enrol_whole_school(plan: SchoolPlan, crowd: Crowd, *, year: str, start: date) -> None:
    """Classes 1-11 with pupils, their guardians, privileges and needs."""
    classes: list[SchoolClass] = []
    pupils: list[Pupil] = []
    memberships: list[Membership] = []
    guardians: list[Guardian] = []
    guardianships: list[Guardianship] = []
    statuses: list[PupilStatus] = []
    for grade in range(1, 12):
        for letter in plan.letters if grade < 10 else plan.letters[:1]:
            row = SchoolClass(
                id=uuid7(),
                year=year,
                grade=grade,
                letter=letter,
                language="ru" if letter == "Б" else "kk",
                shift=1,
                kind="general",
                capacity=25,
            )
            classes.append(row)
            for _ in range(max(4, plan.pupils_a_class + crowd.random.randrange(-3, 4))):
                family = crowd.family(kazakh_share=0.3 if row.language == "ru" else 0.97)
                father = crowd.adult(sex="m", family=family, born=(1975, 1996))
                mother = crowd.adult(sex="f", family=family, born=(1977, 1998))
                child = crowd.child(born=start.year - 6 - grade, family=family, father=father.name)
                pupil = Pupil(
                    id=uuid7(),
                    iin=child.iin,
                    **_names(child),
                    sex=child.sex,
                    birth_date=child.birth_date,
                    nationality="kazakh" if family.is_kazakh else "russian",
                    citizenship="KZ",
                    enrolled_date=start.replace(year=start.year - max(grade - 1, 0)),
                    address=f"{plan.village_kk}, Абай к-сі, {crowd.random.randrange(1, 90)}",
                )
                pupils.append(pupil)
                memberships.append(Membership(pupil=pupil, school_class=row, year=year, since=start))
                for adult, relation in ((mother, "mother"), (father, "father")):
                    if relation == "father" and crowd.random.random() < 0.18:
                        continue
                    guardian = Guardian(
                        id=uuid7(), iin=adult.iin, **_names(adult), phone=adult.phone, language=row.language
                    )
                    guardians.append(guardian)
                    guardianships.append(Guardianship(pupil=pupil, guardian=guardian, relation=relation))
                for code, share in (
                    ("targeted_social_assistance", 0.08),
                    ("large_family", 0.12),
                    ("internal_register", 0.015),
                ):
                    if code in reference.terms("privileges") and crowd.random.random() < share:
                        statuses.append(PupilStatus(pupil=pupil, code=code, since=start))
    _number_files(pupils)
    SchoolClass.objects.bulk_create(classes)
    Pupil.objects.bulk_create(pupils, batch_size=1000)
    Membership.objects.bulk_create(memberships, batch_size=1000)
    Guardian.objects.bulk_create(guardians, batch_size=1000)
    Guardianship.objects.bulk_create(guardianships, batch_size=1000)
    PupilStatus.objects.bulk_create(statuses)


def _number_files(pupils: Sequence[Pupil]) -> None:
    """As the paper book did: by letter, those who came first before the others."""
    last: Counter[str] = Counter()
    for one in sorted(pupils, key=lambda p: (p.enrolled_date or date.min, kazakh_order(p.person_name.full))):
        letter = one.surname[0]
        last[letter] += 1
        one.file_number = f"{letter}-{last[letter]}"


def remember_last_year(*, year: str, last_year: str) -> None:
    """Last year's classes: everybody one grade lower, in a class of the same letter."""
    first, last = reference.school_year(last_year).start, reference.school_year(last_year).end
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contingent_schoolclass
              (id, year, grade, letter, language, shift, kind, direction, room, capacity, set_code, changed_at)
            SELECT gen_random_uuid(), %(last)s, grade - 1, letter, language, shift, kind,
              CASE WHEN grade > 10 THEN direction ELSE '' END, room, capacity, set_code, now()
            FROM contingent_schoolclass WHERE year = %(year)s AND grade >= 2
            """,
            {"last": last_year, "year": year},
        )
        cursor.execute(
            """
            INSERT INTO contingent_membership (id, pupil_id, school_class_id, year, since, until, reason, order_number)
            SELECT gen_random_uuid(), m.pupil_id, before.id, before.year,
              greatest(%(first)s, coalesce(p.enrolled_date, %(first)s)), %(end)s, 'promoted', ''
            FROM contingent_membership m JOIN contingent_schoolclass c ON c.id = m.school_class_id
            JOIN contingent_schoolclass before
              ON before.year = %(last)s AND before.grade = c.grade - 1 AND before.letter = c.letter
            JOIN contingent_pupil p ON p.id = m.pupil_id AND coalesce(p.enrolled_date, %(first)s) <= %(end)s
            WHERE m.year = %(year)s AND m.until IS NULL
            """,
            {"last": last_year, "year": year, "first": first, "end": last},
        )


def appoint_class_teachers(classes: Sequence[SchoolClass], teachers: Sequence[Any], since: date) -> None:
    Charge.objects.bulk_create(
        Charge(school_class=row, employee_id=teacher, duty=Charge.Duty.CLASS_TEACHER, since=since)
        for row, teacher in zip(classes, teachers, strict=False)
    )


def _names(person: Person) -> dict[str, str]:
    return {"surname": person.surname, "name": person.name, "patronymic": person.patronymic}
