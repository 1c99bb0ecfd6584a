"""The list of journals: each with its kind, narrowed to what is one's own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from modules.contingent.models import SchoolClass
from modules.journal.kinds.data import Kind
from modules.journal.kinds.queries import listing
from modules.journal.kinds.rules import kind_of
from modules.schedule.models import Course
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-03", "SIS-33", "SIS-34", "SIS-47", "SIS-48", "SIS-49")
ClientFor = Callable[..., Client]


@pytest.fixture
def school(seventh: make.Scene) -> make.Scene:
    """A line of load of every part in classes of every kind and of several grades."""
    group = 60
    for class_kind, grade in (("general", 1), ("special", 4), ("preschool", 0), ("gymnasium", 9)):
        into = SchoolClass.objects.create(
            year=make.YEAR, grade=grade, letter="Ж", language="kk", kind=class_kind
        )
        for part, __ in Course.Kind.choices:
            group += 1
            Course.objects.create(
                year=make.YEAR,
                school_class_id=into.pk,
                subject_code="facultative",
                kind=part,
                group=group,
                name=f"{part} {grade}",
                hours_per_week=Decimal(1),
            )
    return seventh


def test_the_database_says_the_same_kind_as_the_rule(school: make.Scene, dina: Actor) -> None:
    found = list(listing.rows(dina, make.YEAR))
    assert len(found) == 4 * len(Course.Kind.choices) + 1
    for row in found:
        said = kind_of(part=row.kind, class_kind=row.class_kind, grade=row.class_grade)
        assert row.journal_kind == said, row
    assert {row.journal_kind for row in found} == {str(kind) for kind in Kind}


def test_a_teacher_sees_his_own(school: make.Scene, bolat_of: Any, actor_of: Any) -> None:
    mine = listing.rows(bolat_of(school), make.YEAR)
    assert [row.pk for row in mine] == [school.course.pk]
    nobody = actor_of(Role.TEACHER, person_id=make.teacher("Жаңа", "Мұғалім").pk, user_id=9)
    assert not listing.rows(nobody, make.YEAR).exists()


def test_the_page_narrows_searches_and_exports(school: make.Scene, client_for: ClientFor) -> None:
    deputy = client_for(Role.DEPUTY_ACADEMIC)
    text = deputy.get("/journal/list/?kind=club").content.decode()
    assert "club 9" in text
    assert "home 9" not in text
    assert "club 9" in deputy.get("/journal/list/?q=club 9").content.decode()
    assert deputy.get("/journal/list/export.xlsx").status_code == 200
    with CaptureQueriesContext(connection) as asked:
        deputy.get("/journal/list/")
    assert len(asked) <= 16
