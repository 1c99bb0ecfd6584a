"""The health list of a class: the nurse fills it once after an examination, the class teacher reads it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.ids import uuid7
from kernel.tenancy import TenantRef
from modules.contingent import services
from modules.contingent.data import Examined
from modules.contingent.models import CardChange, Guardian, HealthGroup, Pupil, SchoolClass
from tests.factories.schedule import lead
from tests.modules.contingent.people import mother, new_class, new_pupil

pytestmark = pytest.mark.requirement("SIS-16")
ClientFor = Callable[..., Client]
ActorOf = Callable[..., Actor]
SEPTEMBER, NOVEMBER = date(2026, 9, 15), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def seven(school_a: TenantRef) -> SchoolClass:
    with tenancy.use(school_a):
        return new_class()


@pytest.fixture
def pupils(school_a: TenantRef, seven: SchoolClass) -> list[Pupil]:
    with tenancy.use(school_a):
        return [new_pupil(seven, name=name, guardians=(mother(),)) for name in ("Арман", "Бекзат", "Сәкен")]


def examine(nurse: Actor, seven: SchoolClass, day: date, **found: Examined | Any) -> int:
    return services.note_examination(actor=nurse, class_id=seven.pk, day=day, found=found["found"])


def terms(pupil: Pupil) -> list[tuple[int, date, date | None]]:
    rows = HealthGroup.objects.filter(pupil=pupil).order_by("since")
    return [(row.group, row.since, row.until) for row in rows]


class TestExamination:
    def test_only_those_who_changed_get_a_new_line(
        self, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil], actor_of: ActorOf
    ) -> None:
        nurse = actor_of(Role.NURSE, name="Сәуле Ахметова", user_id=8)
        first, second, third = pupils
        well, worse = Examined(2, "basic"), Examined(3, "preparatory", "алдыңғы парта")
        with tenancy.use(school_a):
            assert examine(nurse, seven, SEPTEMBER, found={first.pk: well, second.pk: well}) == 2
            assert (
                examine(nurse, seven, NOVEMBER, found={first.pk: well, second.pk: worse, third.pk: well}) == 2
            )
            assert terms(first) == [(2, SEPTEMBER, None)]
            assert terms(second) == [(2, SEPTEMBER, date(2026, 11, 19)), (3, NOVEMBER, None)]
            assert terms(third) == [(2, NOVEMBER, None)]
            assert audit.entries()[0].action == "contingent.health.examined"
            assert audit.entries()[0].details == {"pupils": 2}
            authors = CardChange.objects.filter(part="health").values_list("author_name", flat=True)
            assert set(authors) == {"Сәуле Ахметова"}

    def test_the_same_day_is_corrected_and_an_earlier_one_refused(
        self, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil], actor_of: ActorOf
    ) -> None:
        nurse, one = actor_of(Role.NURSE), pupils[0].pk
        with tenancy.use(school_a):
            examine(nurse, seven, NOVEMBER, found={one: Examined(2, "basic")})
            examine(nurse, seven, NOVEMBER, found={one: Examined(1, "basic")})
            assert terms(pupils[0]) == [(1, NOVEMBER, None)]
            with pytest.raises(services.BeginsBefore):
                examine(nurse, seven, SEPTEMBER, found={one: Examined(3, "special")})

    def test_nobody_of_another_class_and_by_nobody_else(
        self, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil], actor_of: ActorOf
    ) -> None:
        with tenancy.use(school_a):
            other = new_class(8, "Ә")
            found = {pupils[0].pk: Examined(1, "basic")}
            with pytest.raises(NotFound):
                examine(actor_of(Role.NURSE), other, NOVEMBER, found=found)
            for role in (Role.CLASS_TEACHER, Role.SECRETARY, Role.PARENT):
                with pytest.raises(NotAllowed):
                    examine(actor_of(role), seven, NOVEMBER, found=found)


class TestPage:
    def sent(self, pupils: list[Pupil], **first: str) -> dict[str, str]:
        values = {"day": "2026-11-20", "ground": "026/у"}
        for one in pupils:
            values |= {f"{one.pk}-group": "", f"{one.pk}-physical_education": "", f"{one.pk}-advice": ""}
        return values | {f"{pupils[0].pk}-{name}": value for name, value in first.items()}

    def test_the_nurse_saves_the_class_at_once(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil]
    ) -> None:
        nurse, url = client_for(Role.NURSE), f"/contingent/classes/{seven.pk}/health/"
        assert url in nurse.get(f"/contingent/classes/{seven.pk}/").content.decode()
        assert nurse.get(url).status_code == 200
        good = self.sent(pupils, group="3", physical_education="special", advice="жүгірмейді")
        assert nurse.post(url, good).status_code == 302
        with tenancy.use(school_a):
            row = HealthGroup.objects.get()
        assert (row.group, row.physical_education, row.advice, row.ground) == (
            3,
            "special",
            "жүгірмейді",
            "026/у",
        )
        assert "жүгірмейді" in nurse.get(url).content.decode()

    def test_half_a_line_is_told_and_the_rest_stays(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil]
    ) -> None:
        nurse, url = client_for(Role.NURSE), f"/contingent/classes/{seven.pk}/health/"
        nurse.cookies["lang"] = "ru"
        answer = nurse.post(url, self.sent(pupils, group="3", advice="не бегать"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Выберите обе группы" in page
        assert "не бегать" in page
        with tenancy.use(school_a):
            assert not HealthGroup.objects.exists()

    def test_the_class_teacher_reads_her_class_and_changes_nothing(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil]
    ) -> None:
        teacher_id = uuid7()
        with tenancy.use(school_a):
            lead(seven, teacher_id)
            HealthGroup.objects.create(
                pupil=pupils[0], group=2, physical_education="special", since=SEPTEMBER, advice="1-парта"
            )
        url = f"/contingent/classes/{seven.pk}/health/"
        leads = client_for(Role.CLASS_TEACHER, person_id=teacher_id)
        page = leads.get(url).content.decode()
        assert "1-парта" in page
        assert "<select" not in page.partition("<main")[2]
        assert leads.post(url, self.sent(pupils)).status_code == 404
        other = client_for(Role.CLASS_TEACHER, person_id=uuid7(), username="other")
        assert other.get(url).status_code == 404
        with tenancy.use(school_a):
            looks = audit.views_of(subject="pupil", subject_id=pupils[2].pk)
            assert [one.purpose for one in looks] == ["contingent.health_list"]

    def test_a_parent_and_another_school_find_no_such_page(
        self,
        client_for: ClientFor,
        school_a: TenantRef,
        school_b: TenantRef,
        seven: SchoolClass,
        pupils: list[Pupil],
    ) -> None:
        url = f"/contingent/classes/{seven.pk}/health/"
        with tenancy.use(school_a):
            guardian = Guardian.objects.get()
        assert client_for(Role.PARENT, person_id=guardian.pk).get(url).status_code == 404
        assert client_for(Role.SECRETARY).get(url).status_code == 403
        assert client_for(Role.NURSE, school=school_b).get(url).status_code == 404

    def test_it_opens_in_a_spreadsheet_and_costs_few_queries(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupils: list[Pupil]
    ) -> None:
        nurse, url = client_for(Role.NURSE), f"/contingent/classes/{seven.pk}/health/"
        answer = nurse.get(f"{url}?as=excel")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        assert [line[1] for line in book.get_sheet_by_index(0).to_python()[1:]] == [
            f"Ахметов {name} Болатұлы" for name in ("Арман", "Бекзат", "Сәкен")
        ]
        with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
            assert nurse.get(url).status_code == 200
        assert len(queries) <= 12, "\n".join(q["sql"][:150] for q in queries)
