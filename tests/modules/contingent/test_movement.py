"""Movement by orders: what each kind does when it is signed, and what its cancelling gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
import time_machine

from identity.models import Session, User
from identity.services import sessions
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from modules.contingent import api, queries, services
from modules.contingent.data import Newcomer, NewPupil, Whereabouts
from modules.contingent.models import AcademicLeave, Membership, Movement, OrderTrace, Pupil
from modules.orders import api as orders
from modules.orders.models import Order
from tests.conftest import Accounts, ActorOf
from tests.modules.contingent.people import SEPTEMBER, mother, new_class, new_pupil

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-18")]
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def director(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR)


def signed(
    actor: Actor, kind: str, *pupils: Pupil, line: dict[str, Any] | None = None, **values: Any
) -> orders.OrderInfo:
    return orders.draft_and_sign(
        actor=actor,
        kind=kind,
        lines=[orders.NewLine(one.pk, one.person_name.full, line or {}) for one in pupils],
        values=values,
    )


def cancelled(actor: Actor, order: orders.OrderInfo) -> orders.OrderInfo:
    return orders.sign(actor=actor, order_id=orders.draft_cancellation(actor=actor, order_id=order.id).id)


def state_of(pupil: Pupil) -> Any:
    """Everything that movement may change about the pupil."""
    row = Pupil.objects.get(pk=pupil.pk)
    return (
        row.enrolled_date, row.enrolled_order, row.left_date, row.left_reason, row.removed_at,
        list(Membership.objects.filter(pupil=row).order_by("since", "id").values()),
        list(AcademicLeave.objects.filter(pupil=row).order_by("since").values()),
        list(Movement.objects.filter(pupil=row, order__isnull=False).order_by("date", "id").values()),
    )  # fmt: skip


class TestEnrolment:
    def newcomer(self, class_id: Any, **more: Any) -> Newcomer:
        given = {"surname": "Жұмабекова", "name": "Аружан", "sex": "f", "birth_date": date(2013, 5, 6)} | more
        return Newcomer(
            pupil=NewPupil(**given),
            class_id=class_id,
            since=date(2026, 11, 20),
            whence=Whereabouts(
                reason="arr_same_region",
                country="KZ",
                district="Шет ауданы",
                slip_number="14",
                slip_date=date(2026, 11, 19),
            ),
        )

    def test_a_draft_enrols_nobody(self, director: Actor) -> None:
        seven = new_class()
        api.draft_enrolment(actor=director, newcomers=[self.newcomer(seven.pk)])
        assert not Pupil.objects.exists()

    def test_a_signed_order_does_and_stands_in_every_row(self, director: Actor) -> None:
        seven = new_class()
        made = api.draft_enrolment(actor=director, newcomers=[self.newcomer(seven.pk)])
        order = orders.sign(actor=director, order_id=made.id)
        pupil, place, arrival = Pupil.objects.get(), Membership.objects.get(), Movement.objects.get()
        assert pupil.pk == made.lines[0].subject_id
        assert (pupil.enrolled_date, pupil.enrolled_order) == (date(2026, 11, 20), order.number)
        assert (place.since, place.order_id, place.order_number, place.order_date) == (
            date(2026, 11, 20), order.id, "1-қ", TODAY,
        )  # fmt: skip
        assert (arrival.direction, arrival.reason, arrival.district, arrival.slip_number, arrival.order_id) == (
            "in", "arr_same_region", "Шет ауданы", "14", order.id,
        )  # fmt: skip

    def test_the_paper_names_the_child_the_class_and_from_where(self, director: Actor) -> None:
        seven = new_class()
        made = api.draft_enrolment(actor=director, newcomers=[self.newcomer(seven.pk)], language="ru")
        said = str(Order.objects.get(pk=orders.sign(actor=director, order_id=made.id).id).text)
        for words in ("Жұмабекова Аружан", "7 «А»", "06.05.2013", "20.11.2026", "Шет ауданы", "1-қ"):
            assert words in said
        assert "{{" not in said

    def test_a_taken_iin_is_a_fault_of_its_line(self, director: Actor) -> None:
        seven = new_class()
        there = new_pupil(seven)
        made = api.draft_enrolment(actor=director, newcomers=[self.newcomer(seven.pk, iin=there.iin)])
        with pytest.raises(orders.FaultyOrder) as refusal:
            orders.sign(actor=director, order_id=made.id)
        assert [one.line_id for one in refusal.value.faults] == [made.lines[0].id]
        assert Pupil.objects.count() == 1

    def test_cancelling_leaves_nobody(self, director: Actor) -> None:
        seven = new_class()
        made = api.draft_enrolment(actor=director, newcomers=[self.newcomer(seven.pk)])
        cancelled(director, orders.sign(actor=director, order_id=made.id))
        assert Pupil.objects.get().removed_at is not None
        assert not Membership.objects.exists()
        assert not Movement.objects.exists()
        assert api.pupils_of_class(actor=director, class_id=seven.pk) == []


class TestMove:
    def test_several_pupils_to_several_classes_in_one_order(self, director: Actor) -> None:
        seven, other, third = new_class(7, "А"), new_class(7, "Ә"), new_class(7, "Б")
        first, second = new_pupil(seven), new_pupil(seven, surname="Оспанов")
        order = orders.draft_and_sign(
            actor=director,
            kind="contingent.move",
            values={"since": TODAY, "class_id": other.pk},
            lines=[
                orders.NewLine(first.pk, "", {}),
                orders.NewLine(second.pk, "", {"class_id": third.pk}),
            ],
        )
        labels = {
            p.surname: p.class_label
            for p in api.pupils(actor=director, pupil_ids=[first.pk, second.pk]).values()
        }
        assert labels == {"Ахметов": "7Ә", "Оспанов": "7Б"}
        assert [line.subject for line in order.lines] == [first.person_name.full, second.person_name.full]
        assert "7 «А»" in str(Order.objects.get(pk=order.id).text)

    @pytest.mark.parametrize("since", [TODAY, SEPTEMBER])
    def test_cancelling_gives_the_former_place_back(self, director: Actor, since: date) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        before = state_of(pupil)
        order = signed(director, "contingent.move", pupil, since=since, class_id=other.pk)
        assert state_of(pupil) != before
        cancelled(director, order)
        assert state_of(pupil) == before

    def test_faults_name_the_pupil(self, director: Actor) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        with pytest.raises(orders.FaultyOrder, match="Ахметов"):
            signed(director, "contingent.move", pupil, since=TODAY, class_id=seven.pk)

    def test_an_empty_order_is_not_signed(self, director: Actor) -> None:
        with pytest.raises(orders.FaultyOrder):
            signed(director, "contingent.move", since=TODAY, class_id=new_class().pk)

    def test_a_later_order_stands_on_an_earlier_one(self, director: Actor) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        first = signed(director, "contingent.move", pupil, since=date(2026, 11, 10), class_id=other.pk)
        second = signed(director, "contingent.move", pupil, since=TODAY, class_id=seven.pk)
        with pytest.raises(orders.CannotBeCancelled, match=second.number):
            cancelled(director, first)
        cancelled(director, second)
        cancelled(director, first)
        assert api.class_of(actor=director, pupil_id=pupil.pk).label == "7А"

    def test_a_change_by_hand_stands_on_it_too(self, director: Actor) -> None:
        seven, other, third = new_class(7, "А"), new_class(7, "Ә"), new_class(7, "Б")
        pupil = new_pupil(seven)
        order = signed(director, "contingent.move", pupil, since=date(2026, 11, 10), class_id=other.pk)
        services.move(actor=director, pupil_id=pupil.pk, class_id=third.pk, since=TODAY)
        with pytest.raises(orders.CannotBeCancelled):
            cancelled(director, order)

    def test_what_an_upper_module_built_stands_on_it(
        self, director: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        order = signed(director, "contingent.move", pupil, since=TODAY, class_id=other.pk)
        place = Membership.objects.get(school_class=other)
        with monkeypatch.context() as patched:
            patched.setattr(
                "modules.contingent.services.tracing.used", lambda _kind, ids: {place.pk} & set(ids)
            )
            with pytest.raises(orders.CannotBeCancelled, match="Ахметов"):
                cancelled(director, order)
        cancelled(director, order)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT, Role.PUPIL, Role.NURSE])
    def test_is_drafted_by_the_office_alone(self, actor_of: ActorOf, role: Role) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        with pytest.raises(NotAllowed):
            orders.draft(
                actor=actor_of(role),
                kind="contingent.move",
                lines=[orders.NewLine(pupil.pk, "x", {})],
                values={"since": TODAY, "class_id": other.pk},
            )

    def test_the_clerk_drafts_and_the_director_signs(self, actor_of: ActorOf, director: Actor) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        clerk = actor_of(Role.SECRETARY)
        made = orders.draft(
            actor=clerk,
            **services.move_order(actor=clerk, pupil_ids=[pupil.pk], class_id=other.pk, since=TODAY),
        )
        orders.submit(actor=clerk, order_id=made.id)
        with pytest.raises(NotAllowed):
            orders.sign(actor=clerk, order_id=made.id)
        assert api.class_of(actor=director, pupil_id=pupil.pk).label == "7А"
        orders.sign(actor=director, order_id=made.id)
        assert api.class_of(actor=director, pupil_id=pupil.pk).label == "7Ә"


class TestDeparture:
    def place(self) -> dict[str, Any]:
        return asdict(
            Whereabouts(
                reason="dep_other_region", country="KZ", region="Павлодар облысы", organisation="№ 5 мектеп"
            )
        )

    @pytest.mark.requirement("SIS-45")
    def test_is_a_fact_of_the_book(self, director: Actor) -> None:
        pupil = new_pupil(new_class())
        order = signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)
        [out] = queries.movements(actor=director, direction="out", start=SEPTEMBER, end=TODAY)
        assert (out.day, out.class_label, out.whereabouts.region, out.order_number, out.order_date) == (
            TODAY, "7А", "Павлодар облысы", order.number, TODAY,
        )  # fmt: skip
        [came] = queries.movements(actor=director, direction="in", start=SEPTEMBER, end=TODAY)
        assert came.day == SEPTEMBER

    @pytest.mark.requirement("SIS-04")
    def test_ends_the_sessions_of_the_child_and_of_a_mother_without_others(
        self, director: Actor, account: Accounts
    ) -> None:
        pupil = new_pupil(new_class(), guardians=(mother(),))
        guardian = api.guardians(actor=director, pupil_id=pupil.pk)[0]
        users = [account(Role.PUPIL, person_id=pupil.pk), account(Role.PARENT, person_id=guardian.id)]
        for user in users:
            sessions.begin(user=user, methods="password", device="phone")
        signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)
        assert not User.objects.filter(pk__in=[u.pk for u in users], is_active=True).exists()
        assert not Session.objects.filter(user__in=users, ended_at=None).exists()

    def test_leaves_a_mother_of_two_her_account(self, director: Actor, account: Accounts) -> None:
        pupil = new_pupil(new_class(), guardians=(mother(),))
        new_pupil(new_class(3), name="Ержан", guardians=(mother(),))
        guardian = api.guardians(actor=director, pupil_id=pupil.pk)[0]
        user = account(Role.PARENT, person_id=guardian.id)
        signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)
        assert User.objects.get(pk=user.pk).is_active

    def test_ahead_of_its_day_waits_for_the_night(self, director: Actor, account: Accounts) -> None:
        pupil = new_pupil(new_class())
        user = account(Role.PUPIL, person_id=pupil.pk)
        signed(director, "contingent.depart", pupil, line=self.place(), last_day=date(2026, 11, 27))
        assert User.objects.get(pk=user.pk).is_active
        with time_machine.travel("2026-11-28 02:30+05:00"):
            assert services.close_accounts_of_departed() == 1
        assert not User.objects.get(pk=user.pk).is_active

    def test_cancelling_gives_back_the_place_and_the_account(
        self, director: Actor, account: Accounts
    ) -> None:
        pupil = new_pupil(new_class())
        before, user = state_of(pupil), account(Role.PUPIL, person_id=pupil.pk)
        cancelled(director, signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY))
        assert state_of(pupil) == before
        assert User.objects.get(pk=user.pk).is_active

    def test_without_a_reason_is_not_signed(self, director: Actor) -> None:
        with pytest.raises(orders.FaultyOrder):
            signed(director, "contingent.depart", new_pupil(new_class()), line={}, last_day=TODAY)

    def test_twice_in_two_orders_is_refused(self, director: Actor) -> None:
        pupil = new_pupil(new_class())
        signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)
        with pytest.raises(orders.FaultyOrder):
            signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)

    def test_before_a_return_that_is_still_ahead_is_refused_in_words(self, director: Actor) -> None:
        pupil = new_pupil(new_class())
        signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)
        made = api.draft_return(
            actor=director, pupil_id=pupil.pk, class_id=new_class(3).pk, since=date(2027, 1, 11),
            whence=Whereabouts(reason="arr_same_district"),
        )  # fmt: skip
        orders.sign(actor=director, order_id=made.id)
        with pytest.raises(orders.FaultyOrder) as fault:
            signed(director, "contingent.depart", pupil, line=self.place(), last_day=TODAY)
        assert "11.01.2027" in str(fault.value.faults[0].message)


class TestReturn:
    @pytest.mark.requirement("SIS-44", "SIS-45")
    def test_is_the_same_card_and_a_new_entry(self, director: Actor, account: Accounts) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        user = account(Role.PUPIL, person_id=pupil.pk)
        with time_machine.travel("2026-11-02 09:00+05:00"):
            signed(
                director,
                "contingent.depart",
                pupil,
                line={"reason": "dep_same_district"},
                last_day=date(2026, 11, 1),
            )
        made = api.draft_return(
            actor=director, pupil_id=pupil.pk, class_id=seven.pk, since=TODAY,
            whence=Whereabouts(reason="arr_same_district"),
        )  # fmt: skip
        orders.sign(actor=director, order_id=made.id)
        pupil.refresh_from_db()
        assert (pupil.left_date, pupil.enrolled_date) == (None, TODAY)
        assert User.objects.get(pk=user.pk).is_active
        days = [(one.direction, one.day) for one in queries.movements_of(actor=director, pupil_id=pupil.pk)]
        assert days == [("in", TODAY), ("out", date(2026, 11, 1)), ("in", SEPTEMBER)]

    def test_of_one_who_learns_here_is_refused(self, director: Actor) -> None:
        seven = new_class()
        made = api.draft_return(
            actor=director, pupil_id=new_pupil(seven).pk, class_id=seven.pk, since=TODAY, whence=Whereabouts()
        )
        with pytest.raises(orders.FaultyOrder):
            orders.sign(actor=director, order_id=made.id)

    def test_cancelling_sends_away_again(self, director: Actor) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        with time_machine.travel("2026-11-02 09:00+05:00"):
            signed(
                director,
                "contingent.depart",
                pupil,
                line={"reason": "dep_same_district"},
                last_day=date(2026, 11, 1),
            )
        before = state_of(pupil)
        made = api.draft_return(
            actor=director, pupil_id=pupil.pk, class_id=seven.pk, since=TODAY, whence=Whereabouts()
        )
        cancelled(director, orders.sign(actor=director, order_id=made.id))
        assert state_of(pupil) == before


class TestAcademicLeave:
    def test_takes_out_of_the_class_and_not_out_of_the_school(self, director: Actor) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        signed(director, "contingent.leave", pupil, since=TODAY, until=date(2027, 9, 1))
        assert api.pupils_of_class(actor=director, class_id=seven.pk) == []
        assert pupil in queries.register(actor=director)
        assert [one.pk for one in queries.on_leave(actor=director)] == [pupil.pk]
        assert not Movement.objects.exists()

    def test_and_back(self, director: Actor) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        signed(director, "contingent.leave", pupil, since=date(2026, 10, 5))
        signed(director, "contingent.leave_end", pupil, line={"class_id": str(seven.pk)}, since=TODAY)
        assert [p.id for p in api.pupils_of_class(actor=director, class_id=seven.pk)] == [pupil.pk]
        assert AcademicLeave.objects.get().ended_date == TODAY

    @pytest.mark.parametrize("steps", [1, 2])
    def test_cancelling_both_ways(self, director: Actor, steps: int) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        made, states = [], [state_of(pupil)]
        made.append(signed(director, "contingent.leave", pupil, since=date(2026, 10, 5)))
        if steps == 2:
            states.append(state_of(pupil))
            made.append(
                signed(director, "contingent.leave_end", pupil, line={"class_id": str(seven.pk)}, since=TODAY)
            )
        for order, before in zip(reversed(made), reversed(states), strict=True):
            cancelled(director, order)
            assert state_of(pupil) == before

    def test_twice_is_refused(self, director: Actor) -> None:
        pupil = new_pupil(new_class())
        signed(director, "contingent.leave", pupil, since=date(2026, 10, 5))
        with pytest.raises(orders.FaultyOrder):
            signed(director, "contingent.leave", pupil, since=TODAY)


class TestNextYear:
    def test_a_pupil_repeats_a_year(self, director: Actor) -> None:
        seven, again = new_class(), new_class(7, "А", "2027-28")
        pupil = new_pupil(seven)
        before = state_of(pupil)
        order = signed(
            director, "contingent.repeat", pupil, line={"class_id": str(again.pk)}, since=date(2027, 9, 1)
        )
        assert api.class_of(actor=director, pupil_id=pupil.pk, on=date(2027, 8, 31)).year == "2026-27"
        assert api.class_of(actor=director, pupil_id=pupil.pk, on=date(2027, 9, 1)).year == "2027-28"
        cancelled(director, order)
        assert state_of(pupil) == before

    def test_one_passed_on_who_leaves_in_summer_is_in_no_class_of_the_next_year(
        self, director: Actor
    ) -> None:
        seven, eight = new_class(), new_class(8, "А", "2027-28")
        pupil = new_pupil(seven)
        signed(
            director, "contingent.promote", pupil, line={"class_id": str(eight.pk)}, since=date(2027, 9, 1)
        )
        before = state_of(pupil)
        order = signed(
            director, "contingent.depart", pupil, line={"reason": "dep_abroad"}, last_day=date(2027, 6, 30)
        )
        assert api.pupils_of_class(actor=director, class_id=eight.pk, on=date(2027, 9, 1)) == []
        cancelled(director, order)
        assert state_of(pupil) == before

    def test_one_passed_on_who_goes_on_leave_is_in_no_class_until_he_returns(self, director: Actor) -> None:
        seven, eight = new_class(), new_class(8, "А", "2027-28")
        pupil = new_pupil(seven)
        signed(
            director, "contingent.promote", pupil, line={"class_id": str(eight.pk)}, since=date(2027, 9, 1)
        )
        before = state_of(pupil)
        leave = signed(director, "contingent.leave", pupil, since=TODAY)
        assert api.pupils_of_class(actor=director, class_id=eight.pk, on=date(2027, 9, 1)) == []
        back = signed(
            director, "contingent.leave_end", pupil, line={"class_id": str(eight.pk)}, since=date(2027, 10, 1)
        )
        eve, first = (
            api.class_of(actor=director, pupil_id=pupil.pk, on=day)
            for day in (date(2027, 9, 30), date(2027, 10, 1))
        )
        assert eve is None
        assert first is not None
        assert first.label == "8А"
        cancelled(director, back)
        cancelled(director, leave)
        assert state_of(pupil) == before

    def test_nobody_on_leave_is_passed_on(self, director: Actor) -> None:
        seven, eight = new_class(), new_class(8, "А", "2027-28")
        pupil = new_pupil(seven)
        signed(director, "contingent.leave", pupil, since=TODAY)
        with pytest.raises(orders.FaultyOrder) as refused:
            signed(
                director,
                "contingent.promote",
                pupil,
                line={"class_id": str(eight.pk)},
                since=date(2027, 9, 1),
            )
        assert "академиялық" in str(refused.value.faults[0].message)

    def test_nobody_who_goes_away_goes_on_leave_before(self, director: Actor) -> None:
        pupil = new_pupil(new_class())
        signed(
            director, "contingent.depart", pupil, line={"reason": "dep_abroad"}, last_day=date(2026, 12, 1)
        )
        with pytest.raises(orders.FaultyOrder) as refused:
            signed(director, "contingent.leave", pupil, since=TODAY)
        assert "01.12.2026" in str(refused.value.faults[0].message)

    def test_a_move_of_the_old_year_keeps_the_next_one(self, director: Actor) -> None:
        seven, other, eight = new_class(), new_class(7, "Ә"), new_class(8, "А", "2027-28")
        pupil = new_pupil(seven)
        signed(
            director, "contingent.promote", pupil, line={"class_id": str(eight.pk)}, since=date(2027, 9, 1)
        )
        signed(director, "contingent.move", pupil, since=TODAY, class_id=other.pk)
        label = lambda day: api.class_of(actor=director, pupil_id=pupil.pk, on=day).label  # noqa: E731
        assert [label(day) for day in (date(2026, 11, 22), TODAY, date(2027, 8, 31), date(2027, 9, 1))] == [
            "7А", "7Ә", "7Ә", "8А",
        ]  # fmt: skip


class TestAttestedHere:
    def test_the_day_of_arrival_stays_a_fact_and_the_deputy_decides(self, actor_of: ActorOf) -> None:
        pupil = new_pupil(new_class(), since=date(2026, 12, 20))
        deputy = actor_of(Role.DEPUTY_ACADEMIC)

        def ask() -> bool:
            found = api.attested_here(actor=deputy, pupil_ids=[pupil.pk], year="2026-27", quarter=2)
            return found[pupil.pk]

        assert ask() is True
        services.decide(
            actor=deputy, pupil_id=pupil.pk, year="2026-27", quarter=2, attested_here=False, note="табель"
        )
        assert ask() is False
        assert Membership.objects.get().since == date(2026, 12, 20)
        services.decide(actor=deputy, pupil_id=pupil.pk, year="2026-27", quarter=2, attested_here=None)
        assert ask() is True

    def test_who_is_gone_by_the_last_day_is_not(self, director: Actor) -> None:
        pupil = new_pupil(new_class())
        assert api.attested_here(actor=director, pupil_ids=[pupil.pk], year="2026-27", quarter=1)[pupil.pk]
        services.leave(actor=director, pupil_id=pupil.pk, last_day=date(2026, 10, 1), reason="dep_abroad")
        assert not api.attested_here(actor=director, pupil_ids=[pupil.pk], year="2026-27", quarter=1)[
            pupil.pk
        ]

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.TEACHER, Role.CLASS_TEACHER])
    def test_nobody_else_decides(self, actor_of: ActorOf, role: Role) -> None:
        pupil = new_pupil(new_class())
        with pytest.raises(NotAllowed):
            services.decide(
                actor=actor_of(role), pupil_id=pupil.pk, year="2026-27", quarter=2, attested_here=True
            )


def test_effects_without_an_order_leave_no_trace(director: Actor) -> None:
    seven, other = new_class(7, "А"), new_class(7, "Ә")
    services.move(actor=director, pupil_id=new_pupil(seven).pk, class_id=other.pk, since=TODAY)
    assert not OrderTrace.objects.exists()
