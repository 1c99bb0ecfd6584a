"""Development of preschool children is noted by level and area at three stages; nobody is marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil, SchoolClass
from modules.journal.kinds import queries, services
from modules.journal.kinds.models import DevelopmentLevel
from modules.journal.kinds.services import Seen
from modules.staff.models import Employee
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-35")
ClientFor = Callable[..., Client]


@pytest.fixture
def educator(in_school: TenantRef, moment: None) -> Employee:
    return make.teacher("Сәрсенова", "Айна")


@pytest.fixture
def group(educator: Employee) -> SchoolClass:
    made = SchoolClass.objects.create(year=make.YEAR, grade=0, letter="А", language="kk", kind="preschool")
    make.lead(made, educator.pk, "educator")
    return made


@pytest.fixture
def children(group: SchoolClass) -> list[Pupil]:
    return make.pupils(group, 3)


@pytest.fixture
def aina(educator: Employee, actor_of: Any) -> Actor:
    return actor_of(Role.EDUCATOR, person_id=educator.pk, user_id=5, name="Сәрсенова А.")


def note(actor: Actor, group: SchoolClass, pupil: UUID, level: int | None, *, seen: int = 0) -> int:
    return services.note_development(
        actor=actor, class_id=group.pk, stage="start", seen=[Seen(pupil, "speech", level, seen)]
    )


class TestNoting:
    def test_keeps_every_version_and_counts_by_level(
        self, aina: Actor, group: SchoolClass, children: list[Pupil]
    ) -> None:
        assert note(aina, group, children[0].pk, 1) == 1
        assert note(aina, group, children[0].pk, 2, seen=1) == 1
        assert note(aina, group, children[0].pk, 2, seen=2) == 0
        note(aina, group, children[1].pk, 2)
        stands = queries.development(class_id=group.pk)
        assert stands["start", children[0].pk, "speech"] == queries.Look(2, 2)
        assert queries.tally(stands)["start"]["speech"] == {1: 0, 2: 2, 3: 0}
        assert DevelopmentLevel.objects.count() == 3
        assert AuditEntry.objects.filter(action="journal.development.noted").count() == 3

    def test_what_another_noted_meanwhile_is_not_overwritten(
        self, aina: Actor, dina: Actor, group: SchoolClass, children: list[Pupil]
    ) -> None:
        note(dina, group, children[0].pk, 3)
        with pytest.raises(services.NotedMeanwhile):
            note(aina, group, children[0].pk, 1)
        assert queries.development(class_id=group.pk)["start", children[0].pk, "speech"].level == 3

    @pytest.mark.parametrize("level", [0, 4])
    def test_only_levels_that_there_are(
        self, aina: Actor, group: SchoolClass, children: list[Pupil], level: int
    ) -> None:
        with pytest.raises(services.NoSuchLevel):
            note(aina, group, children[0].pk, level)

    def test_only_children_of_the_class(self, aina: Actor, group: SchoolClass) -> None:
        stranger = make.pupils(make.school_class(3, "Б"), 1)[0]
        with pytest.raises(NotFound):
            note(aina, group, stranger.pk, 2)

    def test_a_school_class_has_no_monitoring(self, dina: Actor, children: list[Pupil]) -> None:
        school = make.school_class(3, "Б")
        with pytest.raises(NotFound):
            queries.preschool_class(actor=dina, class_id=school.pk)

    def test_nor_the_educator_of_another_group(self, aina: Actor, children: list[Pupil]) -> None:
        other = SchoolClass.objects.create(
            year=make.YEAR, grade=0, letter="Б", language="kk", kind="preschool"
        )
        with pytest.raises(NotFound):
            queries.preschool_class(actor=aina, class_id=other.pk)

    def test_next_door_nothing_is_noted(
        self, aina: Actor, group: SchoolClass, children: list[Pupil], school_b: TenantRef
    ) -> None:
        note(aina, group, children[0].pk, 2)
        with tenancy.use(school_b):
            assert DevelopmentLevel.objects.count() == 0


def test_pages(educator: Employee, group: SchoolClass, children: list[Pupil], client_for: ClientFor) -> None:
    browser = client_for(Role.EDUCATOR, person_id=educator.pk)
    assert browser.get("/journal/development/").status_code == 302
    address = f"/journal/development/{group.pk}/?stage=start"
    key = f"{children[0].pk}-speech"
    assert browser.post(address, {f"level-{key}": "2", f"seen-{key}": "0"}).status_code == 302
    answer = browser.get(address)
    assert [n for __, n in answer.context["counts"][0][1][1][1]] == [0, 1, 0]
    late = browser.post(address, {f"level-{key}": "3", f"seen-{key}": "0"})
    assert late.status_code == 422
    assert client_for(Role.TEACHER).get(address).status_code in (403, 404)
