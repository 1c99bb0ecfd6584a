"""The whole school passes into the next year: proposals, exceptions, orders, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from kernel import jobs
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from modules.contingent import api, services, tasks
from modules.contingent.models import Membership, Movement, Pupil, RollOver, SchoolClass
from modules.orders import api as orders
from modules.orders.models import Order
from tests.conftest import ActorOf, ClientFor
from tests.modules.contingent.people import new_class, new_pupil

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-18")]
LAST_DAY, SEPTEMBER = date(2027, 5, 25), date(2027, 9, 1)


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    with time_machine.travel("2027-06-10 09:00+05:00", tick=True):
        yield


@pytest.fixture
def director(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR)


@pytest.fixture
def school() -> dict[str, Pupil]:
    """A pupil in each of a few classes; a village's joined second and third grade among them."""
    made = {}
    for grade, letter, more in (
        (1, "А", {}), (2, "А", {"set_code": "2-3"}), (3, "А", {"set_code": "2-3"}), (4, "А", {}),
        (8, "А", {}), (9, "А", {}), (9, "Ә", {}), (10, "А", {}), (11, "А", {}),
    ):  # fmt: skip
        row = new_class(grade, letter, **more)
        made[row.label] = new_pupil(row, surname=f"Оқушы{row.label}")
    return made


def label(actor: Actor, pupil: Pupil, day: date = SEPTEMBER) -> str | None:
    found = api.class_of(actor=actor, pupil_id=pupil.pk, on=day)
    return found.label if found else None


def carry_out(actor: Actor, *, sign: bool = True) -> RollOver:
    return services.carry_out_year(actor=actor, last_day=LAST_DAY, sign=sign)


class TestPlan:
    def test_proposes_what_is_usual(self, director: Actor, school: dict[str, Pupil]) -> None:
        plan = services.plan_year(actor=director)
        targets = {one.school_class.label: one.target for one in plan.classes}
        assert targets == {
            "1А": "2А", "2А": "3А", "3А": "4А", "4А": "5А", "8А": "9А", "9А": "10А", "9Ә": "10А", "10А": "11А",
            "11А": "graduate",
        }  # fmt: skip
        assert plan.totals() == {"passed": 8, "repeat": 0, "finish_9": 0, "finish_11": 1, "left_out": 0}

    def test_counts_exceptions(self, director: Actor, school: dict[str, Pupil]) -> None:
        services.choose_year(
            actor=director,
            classes={str(SchoolClass.objects.get(grade=10).pk): ""},
            pupils={str(school["9Ә"].pk): "graduate", str(school["4А"].pk): "repeat"},
        )
        totals = services.plan_year(actor=director).totals()
        assert totals == {"passed": 5, "repeat": 1, "finish_9": 1, "finish_11": 1, "left_out": 1}

    def test_leaves_alone_whose_way_is_ordered_already(
        self, director: Actor, school: dict[str, Pupil]
    ) -> None:
        again = new_class(8, "А", "2027-28")
        for kind, name, line, values in (
            ("contingent.depart", "2А", {"reason": "dep_abroad"}, {"last_day": date(2027, 6, 10)}),
            ("contingent.repeat", "8А", {"class_id": str(again.pk)}, {"since": SEPTEMBER}),
        ):
            orders.draft_and_sign(
                actor=director, kind=kind, lines=[orders.NewLine(school[name].pk, "", line)], values=values
            )
        assert services.plan_year(actor=director).totals()["passed"] == 6
        carry_out(director)
        assert (label(director, school["2А"]), label(director, school["8А"])) == (None, "8А")

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT])
    def test_is_the_offices(self, actor_of: ActorOf, role: Role) -> None:
        with pytest.raises(NotAllowed):
            services.plan_year(actor=actor_of(role))


class TestCarryingOut:
    def test_puts_everybody_where_the_plan_says(self, director: Actor, school: dict[str, Pupil]) -> None:
        services.choose_year(
            actor=director, pupils={str(school["9Ә"].pk): "graduate", str(school["4А"].pk): "repeat"}
        )
        carry_out(director)
        where = {name: label(director, pupil) for name, pupil in school.items()}
        assert where == {
            "1А": "2А", "2А": "3А", "3А": "4А", "4А": "4А", "8А": "9А", "9А": "10А", "9Ә": None, "10А": "11А", "11А": None,
        }  # fmt: skip
        assert {name: label(director, pupil, date(2027, 7, 1)) for name, pupil in school.items()}[
            "8А"
        ] == "8А"
        reasons = set(Movement.objects.filter(direction="out").values_list("reason", flat=True))
        assert reasons == {"dep_graduated_9", "dep_graduated_11"}

    def test_makes_one_order_of_each_kind(self, director: Actor, school: dict[str, Pupil]) -> None:
        services.choose_year(
            actor=director, pupils={str(school["9Ә"].pk): "graduate", str(school["4А"].pk): "repeat"}
        )
        carry_out(director)
        kinds = sorted(Order.objects.values_list("kind", flat=True))
        assert kinds == [
            "contingent.graduate",
            "contingent.graduate",
            "contingent.promote",
            "contingent.repeat",
        ]
        assert not Order.objects.exclude(state="signed").exists()

    def test_opens_classes_like_those_that_go_there(self, director: Actor, school: dict[str, Pupil]) -> None:
        SchoolClass.objects.filter(grade=2).update(shift=2, language="ru")
        carry_out(director)
        third = SchoolClass.objects.get(year="2027-28", grade=3)
        assert (third.shift, third.language, third.set_code) == (2, "ru", "2-3")

    @pytest.mark.requirement("SIS-17")
    def test_a_class_keeps_its_room_and_its_direction(
        self, director: Actor, school: dict[str, Pupil]
    ) -> None:
        SchoolClass.objects.filter(grade=10).update(direction="social", room="31")
        SchoolClass.objects.filter(grade=8).update(room="12")
        carry_out(director)
        found = {one.label: (one.direction, one.room) for one in SchoolClass.objects.filter(year="2027-28")}
        assert (found["11А"], found["9А"]) == (("social", "31"), ("", "12"))

    def test_a_clerk_makes_drafts_for_the_director(
        self, actor_of: ActorOf, director: Actor, school: dict[str, Pupil]
    ) -> None:
        carry_out(actor_of(Role.SECRETARY), sign=False)
        assert set(Order.objects.values_list("state", flat=True)) == {"draft"}
        assert not Order.objects.filter(submitted_at=None).exists()
        assert (
            label(director, school["1А"]) == "1А"
        )  # the place of the old year runs on until an order ends it
        for order in Order.objects.all():
            orders.sign(actor=director, order_id=order.pk)
        assert label(director, school["1А"]) == "2А"

    def test_twice_is_refused(self, director: Actor, school: dict[str, Pupil]) -> None:
        carry_out(director)
        with pytest.raises(services.AlreadyDone):
            carry_out(director)

    def test_of_an_empty_school_is_refused(self, director: Actor) -> None:
        with pytest.raises(services.NothingToDo):
            carry_out(director)

    def test_costs_no_query_for_each_pupil(self, director: Actor, django_assert_max_num_queries: Any) -> None:
        one = new_class(5)
        for n in range(30):
            new_pupil(one, surname=f"Оқушы{n}")
        with django_assert_max_num_queries(90):
            carry_out(director)
        assert Membership.objects.filter(year="2027-28").count() == 30


class TestUndo:
    def state(self) -> Any:
        return (
            list(Membership.objects.order_by("id").values()),
            list(Pupil.objects.order_by("id").values("id", "left_date", "left_reason")),
            list(SchoolClass.objects.order_by("id").values_list("year", "grade", "letter")),
        )

    @pytest.mark.parametrize("sign", [True, False])
    def test_gives_everything_back(self, director: Actor, school: dict[str, Pupil], sign: bool) -> None:
        before = self.state()
        carry_out(director, sign=sign)
        services.undo_year(actor=director)
        assert self.state() == before
        assert set(Order.objects.exclude(kind="orders.cancel").values_list("state", flat=True)) <= {
            "cancelled"
        }
        carry_out(director)  # and it may be done again

    def test_is_refused_when_a_new_order_stands_on_it(
        self, director: Actor, school: dict[str, Pupil]
    ) -> None:
        carry_out(director)
        other = new_class(2, "Ә", "2027-28")
        orders.draft_and_sign(
            actor=director,
            **services.move_order(
                actor=director, pupil_ids=[school["1А"].pk], class_id=other.pk, since=SEPTEMBER
            ),
        )
        before = self.state()
        with pytest.raises(orders.CannotBeCancelled):
            services.undo_year(actor=director)
        assert self.state() == before
        assert not Order.objects.filter(kind="orders.cancel").exists()

    def test_of_nothing_is_refused(self, director: Actor, school: dict[str, Pupil]) -> None:
        with pytest.raises(services.NothingToUndo):
            services.undo_year(actor=director)


class TestPages:
    def test_a_director_passes_the_school_by_a_job(
        self, client_for: ClientFor, school: dict[str, Pupil], director: Actor
    ) -> None:
        client = client_for(Role.DIRECTOR)
        page = client.get("/contingent/year/").content.decode()
        assert "10А" in page
        ninth = SchoolClass.objects.get(grade=9, letter="Ә")
        answer = client.post(
            f"/contingent/year/classes/{ninth.pk}/", {f"pupil-{school['9Ә'].pk}": "graduate"}
        )
        assert answer.status_code == 302
        started = client.post("/contingent/year/orders/", {"last_day": "2027-05-25", "sign": "1"})
        assert "/contingent/year/jobs/" in started["Location"]
        job = jobs.mine(actor=api_actor(client))[0]
        assert job.kind == tasks.ROLL_OVER
        assert jobs.run(job.pk).state == "done"
        assert label(director, school["1А"]) == "2А"
        assert label(director, school["9Ә"]) is None
        assert client.get(started["Location"]).status_code == 200
        assert client.post("/contingent/year/undo/").status_code == 302
        assert label(director, school["9Ә"], date(2027, 6, 1)) == "9Ә"

    def test_a_clerk_may_not_sign_it(self, client_for: ClientFor, school: dict[str, Pupil]) -> None:
        client = client_for(Role.SECRETARY)
        assert (
            client.post("/contingent/year/orders/", {"last_day": "2027-05-25", "sign": "1"}).status_code
            == 403
        )
        assert client.post("/contingent/year/undo/").status_code == 403

    def test_a_made_up_target_is_left_alone(
        self, client_for: ClientFor, school: dict[str, Pupil], director: Actor
    ) -> None:
        first = SchoolClass.objects.get(grade=1)
        client_for(Role.DIRECTOR).post("/contingent/year/", {f"class-{first.pk}": "11Я"})
        assert services.plan_year(actor=director).classes[0].target == "2А"


def api_actor(client: Any) -> Actor:
    from identity import api as identity

    return identity.actor_of_user(client.user.pk)
