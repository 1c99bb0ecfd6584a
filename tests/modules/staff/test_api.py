"""Who works at the school, and at what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.tenancy import TenantRef
from modules.staff import api, queries, services
from modules.staff.models import Employee, Position
from tests.conftest import ActorOf

pytestmark = pytest.mark.usefixtures("in_school")


def new_employee(
    surname: str = "Оспанова", subjects: tuple[str, ...] = ("algebra",), **more: object
) -> Employee:
    return services.take_on(
        actor=Actor.system_actor("test"),
        employee=api.NewEmployee(**{"surname": surname, "name": "Аружан", "sex": "f"} | more),
        posts=[api.Post("teacher_subject", Decimal("1.25"))],
        subjects=subjects,
        since=date(2024, 9, 1),
    )


@pytest.mark.requirement("SIS-19")
class TestEmployees:
    def test_teachers_of_a_subject(self, actor_of: ActorOf) -> None:
        ours = new_employee()
        new_employee("Басқаева", subjects=("physics",))
        [found] = api.by_subject(actor=actor_of(Role.DEPUTY_ACADEMIC), subject_code="algebra")
        assert (found.id, found.rate, found.subjects) == (ours.pk, Decimal("1.25"), ("algebra",))

    def test_a_new_rate_begins_a_new_term_and_keeps_the_old(self, actor_of: ActorOf) -> None:
        row = new_employee()
        services.change_post(
            row.positions.get(), api.Post("teacher_subject", Decimal("0.5")), since=date(2026, 11, 1)
        )
        terms = [(p.rate, p.since, p.until) for p in Position.objects.order_by("since")]
        assert terms == [
            (Decimal("1.25"), date(2024, 9, 1), date(2026, 10, 31)),
            (Decimal("0.50"), date(2026, 11, 1), None),
        ]

    def test_one_who_left_is_found_by_id_but_not_listed(self, actor_of: ActorOf) -> None:
        row = new_employee()
        director = actor_of(Role.DIRECTOR)
        services.let_go(actor=director, employee_id=row.pk, last_day=date(2025, 5, 31))
        assert api.employees(actor=director) == []
        assert api.teacher(actor=director, employee_id=row.pk).short_name == "Оспанова\u00a0А."

    def test_a_stale_form_is_refused(self, actor_of: ActorOf) -> None:
        row = new_employee()
        with pytest.raises(services.StaleForm):
            services.change_employee(
                actor=actor_of(Role.DIRECTOR), employee_id=row.pk, seen="2020-01-01", phone="+77051112233"
            )

    def test_a_teacher_reads_own_card_and_no_other(self, actor_of: ActorOf) -> None:
        mine, other = new_employee(), new_employee("Басқаева")
        actor = actor_of(Role.TEACHER, person_id=mine.pk)
        assert queries.get_employee(actor=actor, employee_id=mine.pk) == mine
        with pytest.raises(NotFound):
            queries.get_employee(actor=actor, employee_id=other.pk)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PSYCHOLOGIST])
    def test_others_may_not_take_people_on(self, actor_of: ActorOf, role: Role) -> None:
        with pytest.raises(NotAllowed):
            api.take_on(
                actor=actor_of(role),
                employee=api.NewEmployee(surname="А", name="Б", sex="m"),
                posts=[],
                since=date(2026, 9, 1),
            )

    def test_the_other_school_has_none_of_them(self, actor_of: ActorOf, school_b: TenantRef) -> None:
        row = new_employee()
        with tenancy.use(school_b):
            zhanna = actor_of(Role.DIRECTOR, school=school_b)
            assert api.employees(actor=zhanna) == []
            with pytest.raises(NotFound):
                api.teacher(actor=zhanna, employee_id=row.pk)
