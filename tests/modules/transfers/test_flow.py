"""The way of a child from school to school, as both offices and both directors go it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction

from kernel import audit, events, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotAllowed, NotFound
from modules.contingent.models import Guardianship, Membership, Movement, Pupil, PupilStatus
from modules.contingent.queries import custody
from modules.orders import api as orders
from modules.transfers import letters, parts, queries, services
from modules.transfers.data import Child, State
from modules.transfers.models import Step, Transfer
from modules.transfers.services import papers
from notify.models import Notification
from tenants import post
from tenants.models import Envelope
from tests.modules.transfers.conftest import AIARU, BORN, CANARIES, World, actor
from tests.tenancy.canaries import found_in_public

pytestmark = pytest.mark.requirement("SIS-18", "TEN-01")


class TestTheWholeWay:
    def test_leads_from_the_request_to_the_confirmation(self, world: World, aiaru: UUID) -> None:
        village, large = world.village, world.large
        asked = large.ask(village)
        assert asked.valid_until == date(2026, 11, 26)
        assert asked.slip_number == "1"
        assert found_in_public(*CANARIES) == []
        world.deliver()

        there = village.the(asked.pk)
        assert (there.side, there.state, there.iin) == ("out", State.ASKED, AIARU)
        assert there.surname == "Қожахметова", "asked for by the number, named by the own card"
        with tenancy.use(village.ref):
            [card] = queries.candidates(actor=village.clerk, transfer=there)
            assert card.id == aiaru
        village.agree(asked.pk, aiaru)
        world.deliver()
        assert large.the(asked.pk).state == State.AGREED
        assert large.the(asked.pk).dossier is None

        village.sign(asked.pk)
        world_before = found_in_public(*CANARIES)
        with tenancy.use(village.ref):
            events.deliver()
        assert village.the(asked.pk).state == State.LEFT
        with tenancy.use(large.ref):
            assert Envelope.objects.count() == 1
        assert world_before == found_in_public(*CANARIES) == []
        world.deliver()

        came = large.the(asked.pk)
        assert came.state == State.LEFT
        assert came.dossier is not None
        assert came.dossier["card"]["address"] == "Орталық көшесі 17"
        with tenancy.use(large.ref):
            assert Pupil.objects.count() == 0, "nothing is written before the order"

        large.take_in(asked.pk)
        with tenancy.use(large.ref):
            assert Pupil.objects.count() == 0
        with time_machine.travel(datetime(2026, 11, 25, 9, 0, tzinfo=ALMATY)):
            order = large.sign(asked.pk)
            world.deliver()
        with tenancy.use(large.ref):
            girl = Pupil.objects.get()
            assert (girl.surname, girl.iin, girl.file_number) == ("Қожахметова", AIARU, "К-12")
            assert girl.enrolled_date == date(2026, 11, 25)
            assert set(Guardianship.objects.values_list("guardian__name", flat=True)) == {"Гүлнар", "Серік"}
            assert list(custody.seeing(date(2026, 11, 25)).values_list("guardian__name", flat=True)) == [
                "Гүлнар"
            ]
            assert [one.code for one in PupilStatus.objects.all()] == ["many_children"]
            moved = Movement.objects.get()
            assert (moved.direction, moved.slip_number) == ("in", "1")
        assert large.the(asked.pk).state == State.ARRIVED
        confirmed = village.the(asked.pk)
        assert (confirmed.state, confirmed.partner_order) == (State.ARRIVED, order.number)
        assert (confirmed.partner_order_date, confirmed.arrived_on) == (order.date, date(2026, 11, 25))
        with tenancy.use(village.ref):
            assert Pupil.objects.get().left_date == date(2026, 11, 23)
            departed = Movement.objects.get(direction="out")
            assert (departed.slip_number, departed.confirmation) == ("1", order.number)
            assert [one.what for one in Step.objects.order_by("id")] == [
                "asked", "agreed", "signed", "left", "arrived",
            ]  # fmt: skip
        with tenancy.use(world.third.ref):
            assert Transfer.objects.count() == 0

    def test_in_november_there_and_in_january_back(self, world: World, aiaru: UUID) -> None:
        village, large = world.village, world.large
        world.move(aiaru)
        with time_machine.travel(datetime(2027, 1, 6, 9, 0, tzinfo=ALMATY)):
            with tenancy.use(large.ref):
                there = Pupil.objects.get().pk
            back = village.ask(large, ground="holidays", arrival_date=date(2027, 1, 11))
            world.deliver()
            large.agree(back.pk, there, last_day=date(2027, 1, 6))
            large.sign(back.pk)
            world.deliver()
            with tenancy.use(village.ref):
                row = village.the(back.pk)
                [card] = queries.former(actor=village.clerk, transfer=row)
                assert card.id == aiaru
        with time_machine.travel(datetime(2027, 1, 11, 9, 0, tzinfo=ALMATY)):
            village.take_in(back.pk, date(2027, 1, 11), pupil_id=aiaru)
            village.sign(back.pk)
            world.deliver()
        with tenancy.use(village.ref):
            girl = Pupil.objects.get()
            assert (girl.pk, girl.left_date) == (aiaru, None)
            assert Guardianship.objects.count() == 2, "her mother and father are the same rows"
            assert list(Membership.objects.order_by("since").values_list("since", "until")) == [
                (date(2026, 9, 1), date(2026, 11, 23)),
                (date(2027, 1, 11), None),
            ]
        assert large.the(back.pk).state == State.ARRIVED
        with tenancy.use(large.ref):
            assert Pupil.objects.get().left_date == date(2027, 1, 6)

    def test_a_last_day_ahead_keeps_the_dossier_until_it_is_over(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        world.village.agree(asked.pk, aiaru, last_day=date(2026, 11, 24))
        world.village.sign(asked.pk)
        world.deliver()
        assert world.village.the(asked.pk).state == State.AGREED
        with tenancy.use(world.village.ref):
            assert services.send_due(actor=Actor.system_actor("t"), on=date(2026, 11, 24)) == 0
            assert services.send_due(actor=Actor.system_actor("t"), on=date(2026, 11, 25)) == 1
        world.deliver()
        assert world.large.the(asked.pk).state == State.LEFT

    def test_the_office_is_told_without_the_childs_name(
        self, world: World, aiaru: UUID, account: Any
    ) -> None:
        account(Role.SECRETARY, school=world.village.ref)
        world.large.ask(world.village)
        world.deliver()
        with tenancy.use(world.village.ref):
            told = Notification.objects.get()
            assert told.message == "transfers.asked"
            assert "Қожахметова" not in str(told.params)


class TestAsking:
    def test_finds_by_name_and_date_when_the_iin_is_not_known(self, world: World, aiaru: UUID) -> None:
        child = Child(surname="Кожахметова", name="Айару", birth_date=BORN)
        asked = world.large.ask(world.village, child=child)
        world.deliver()
        with tenancy.use(world.village.ref):
            row = world.village.the(asked.pk)
            assert [c.id for c in queries.candidates(actor=world.village.clerk, transfer=row)] == [aiaru]

    def test_wants_to_know_who_it_is(self, world: World) -> None:
        with pytest.raises(services.WhoIsIt):
            world.large.ask(world.village, child=Child(surname="Қожахметова", name="Айару"))

    def test_refuses_a_child_who_learns_here(self, world: World, aiaru: UUID) -> None:
        with pytest.raises(services.LearnsHere, match="7А"):
            world.village.ask(world.large)

    def test_refuses_to_ask_twice(self, world: World, aiaru: UUID) -> None:
        world.large.ask(world.village)
        with pytest.raises(services.AlreadyAsked):
            world.large.ask(world.third)
        with pytest.raises(services.AlreadyAsked):
            world.large.ask(world.third, child=Child(iin=AIARU, surname="Қожахметова", name="Айару"))

    def test_refuses_itself_and_what_is_no_school(self, world: World, authority: Any) -> None:
        with pytest.raises(services.NotASchool):
            world.large.ask(world.large)
        with tenancy.use(world.large.ref), pytest.raises(services.NotASchool):
            services.ask(
                actor=world.large.clerk,
                partner_id=authority.id,
                child=Child(iin=AIARU),
                class_id=world.large.seven,
                ground="residence",
                arrival_date=date(2026, 11, 25),
            )

    @pytest.mark.parametrize(
        ("day", "free"),
        [
            (date(2026, 11, 25), False),
            (date(2026, 12, 28), True),
            (date(2027, 1, 11), True),
            (date(2027, 1, 12), False),
        ],
    )
    def test_holidays_are_a_ground_in_the_holidays_only(self, world: World, day: date, free: bool) -> None:
        if free:
            assert world.large.ask(world.village, ground="holidays", arrival_date=day).state == State.ASKED
        else:
            with pytest.raises(services.NoGround):
                world.large.ask(world.village, ground="holidays", arrival_date=day)

    def test_the_slip_is_valid_for_working_days(self, world: World) -> None:
        with time_machine.travel(
            datetime(2026, 12, 11, 9, 0, tzinfo=ALMATY)
        ):  # a Friday; the 16th is a holiday
            row = world.large.ask(world.village, arrival_date=date(2026, 12, 14))
        assert row.valid_until == date(2026, 12, 17)

    def test_a_teacher_may_not(self, world: World) -> None:
        with tenancy.use(world.large.ref), pytest.raises(NotAllowed):
            services.ask(
                actor=actor(world.large.ref, Role.TEACHER),
                partner_id=world.village.ref.id,
                child=Child(iin=AIARU),
                class_id=world.large.seven,
                ground="residence",
                arrival_date=date(2026, 11, 25),
            )


class TestAnswering:
    def test_no_such_pupil(self, world: World) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        with tenancy.use(world.village.ref):
            assert queries.candidates(actor=world.village.clerk, transfer=world.village.the(asked.pk)) == []
            services.refuse(
                actor=world.village.clerk, transfer_id=asked.pk, refusal="not_ours", note="Бізде жоқ"
            )
        world.deliver()
        told = world.large.the(asked.pk)
        assert (told.state, told.refusal, told.note) == (State.REFUSED, "not_ours", "Бізде жоқ")

    def test_another_pupil_is_not_the_child(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village, child=Child(surname="Басқа", name="Бала", birth_date=BORN))
        world.deliver()
        with pytest.raises(services.NotTheChild):
            world.village.agree(asked.pk, aiaru)

    def test_two_schools_ask_and_one_gets(self, world: World, aiaru: UUID) -> None:
        first = world.large.ask(world.village)
        second = world.third.ask(world.village)
        world.deliver()
        with tenancy.use(world.village.ref):
            row = world.village.the(second.pk)
            [rival] = queries.rivals(actor=world.village.clerk, transfer=row, pupil_ids=[aiaru])
            assert rival.pk == first.pk
        world.village.agree(first.pk, aiaru)
        with pytest.raises(services.AlreadyPromised):
            world.village.agree(second.pk, aiaru)

    def test_an_agreement_is_taken_back_with_its_draft(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        order_id = world.village.agree(asked.pk, aiaru).order_id
        world.deliver()
        with tenancy.use(world.village.ref):
            services.refuse(actor=world.village.clerk, transfer_id=asked.pk, refusal="parents")
            assert orders.references([order_id]) == {}
        world.deliver()
        assert world.large.the(asked.pk).state == State.REFUSED

    def test_a_draft_thrown_away_is_drafted_again(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        order_id = world.village.agree(asked.pk, aiaru).order_id
        assert order_id is not None
        with tenancy.use(world.village.ref):
            orders.discard(actor=world.village.clerk, order_id=order_id)
            services.draft_again(actor=world.village.clerk, transfer_id=asked.pk)
        world.village.sign(asked.pk)
        world.deliver()
        assert world.large.the(asked.pk).state == State.LEFT


class TestTerms:
    def test_what_is_not_answered_expires_on_both_sides(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        with time_machine.travel(datetime(2026, 11, 27, 9, 0, tzinfo=ALMATY)):
            for one in (world.village, world.large):
                with tenancy.use(one.ref):
                    assert services.expire(actor=Actor.system_actor("t"), on=date(2026, 11, 27)) == 1
                assert one.the(asked.pk).state == State.EXPIRED
            with pytest.raises(services.WrongState):
                world.village.agree(asked.pk, aiaru)
            again = world.large.ask(world.village)
            assert again.slip_number == "2"

    def test_it_does_not_expire_on_its_last_day(self, world: World) -> None:
        asked = world.large.ask(world.village)
        with tenancy.use(world.large.ref):
            assert services.expire(actor=Actor.system_actor("t"), on=asked.valid_until) == 0

    def test_an_answer_of_the_last_day_counts_the_day_after(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        with time_machine.travel(datetime(2026, 11, 26, 17, 0, tzinfo=ALMATY)):
            world.village.agree(asked.pk, aiaru, last_day=date(2026, 11, 26))
        with time_machine.travel(datetime(2026, 11, 27, 3, 0, tzinfo=ALMATY)):
            with tenancy.use(world.large.ref):
                services.expire(actor=Actor.system_actor("t"), on=date(2026, 11, 27))
            world.deliver()
        assert world.large.the(asked.pk).state == State.AGREED


class TestTurningBack:
    def test_a_request_is_withdrawn_and_the_others_draft_goes(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        order_id = world.village.agree(asked.pk, aiaru).order_id
        world.deliver()
        with tenancy.use(world.large.ref):
            services.withdraw(actor=world.large.clerk, transfer_id=asked.pk, note="Ата-ана бас тартты")
        world.deliver()
        there = world.village.the(asked.pk)
        assert (there.state, there.note) == (State.WITHDRAWN, "Ата-ана бас тартты")
        with tenancy.use(world.village.ref):
            assert orders.references([order_id]) == {}

    def test_withdrawn_before_it_was_read(self, world: World) -> None:
        asked = world.large.ask(world.village)
        with tenancy.use(world.large.ref):
            services.withdraw(actor=world.large.clerk, transfer_id=asked.pk)
        world.deliver()
        assert world.village.the(asked.pk).state == State.WITHDRAWN

    def test_agreed_and_withdrawn_at_the_same_moment(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        world.village.agree(asked.pk, aiaru)
        with tenancy.use(world.large.ref):
            services.withdraw(actor=world.large.clerk, transfer_id=asked.pk)
        world.deliver()
        assert world.village.the(asked.pk).state == State.WITHDRAWN
        assert world.large.the(asked.pk).state == State.WITHDRAWN

    def test_who_left_and_has_not_come(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        world.village.agree(asked.pk, aiaru)
        order_id = world.village.sign(asked.pk).id
        world.deliver()
        with tenancy.use(world.large.ref):
            services.has_not_come(actor=world.large.clerk, transfer_id=asked.pk)
        world.deliver()
        assert world.large.the(asked.pk).dossier is None, "what was sent of the child is erased"
        assert world.village.the(asked.pk).state == State.MISSING
        world.village.cancel(order_id)
        world.deliver()
        assert world.village.the(asked.pk).state == State.WITHDRAWN
        with tenancy.use(world.village.ref):
            assert Pupil.objects.get().left_date is None

    def test_a_cancelled_departure_calls_the_dossier_back(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        world.village.agree(asked.pk, aiaru)
        order_id = world.village.sign(asked.pk).id
        world.deliver()
        world.large.take_in(asked.pk)
        draft = world.large.the(asked.pk).order_id
        world.village.cancel(order_id)
        world.deliver()
        there = world.large.the(asked.pk)
        assert (there.state, there.dossier, there.order_id) == (State.AGREED, None, None)
        with tenancy.use(world.large.ref):
            assert orders.references([draft]) == {}
        with tenancy.use(world.village.ref):
            services.draft_again(actor=world.village.clerk, transfer_id=asked.pk)
        world.village.sign(asked.pk)
        world.deliver()
        assert world.large.the(asked.pk).state == State.LEFT

    def test_a_cancelled_enrolment_leaves_the_dossier_to_be_taken_again(
        self, world: World, aiaru: UUID
    ) -> None:
        transfer_id = world.move(aiaru)
        order_id = world.large.the(transfer_id).order_id
        assert order_id is not None
        with time_machine.travel(datetime(2026, 11, 26, 9, 0, tzinfo=ALMATY)):
            world.large.cancel(order_id)
            world.deliver()
            row = world.large.the(transfer_id)
            assert (row.state, row.order_id) == (State.LEFT, None)
            world.large.take_in(transfer_id, date(2026, 11, 26))
            world.large.sign(transfer_id)
            world.deliver()
        assert world.large.the(transfer_id).state == State.ARRIVED


class TestLetters:
    def test_a_third_school_cannot_speak_of_others_transfers(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        with tenancy.use(world.third.ref), transaction.atomic():
            for to in (world.village, world.large):
                for letter in (
                    letters.Withdrawn(transfer_id=asked.pk),
                    letters.Answered(transfer_id=asked.pk, agreed=False, refusal="not_ours"),
                ):
                    post.send(
                        to=to.ref.id,
                        kind=letters.KINDS[type(letter)],
                        body=letter.model_dump(mode="json"),
                        actor=Actor.system_actor("tests"),
                    )
        world.deliver()
        assert world.village.the(asked.pk).state == State.ASKED
        assert world.large.the(asked.pk).state == State.ASKED
        with tenancy.use(world.large.ref):
            assert "transfers.letter_ignored" in {one.action for one in audit.entries()}

    def test_a_number_that_is_taken_is_not_asked_under(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        with tenancy.use(world.third.ref), transaction.atomic():
            post.send(
                to=world.village.ref.id,
                kind="transfers.asked.v1",
                body=letters.Asked(
                    transfer_id=asked.pk, iin=AIARU, grade=7, ground="residence", asked_on=date(2026, 11, 23),
                    arrival_date=date(2026, 11, 25), slip_number="9", valid_until=date(2026, 11, 26),
                ).model_dump(mode="json"),
                actor=Actor.system_actor("tests"),
            )  # fmt: skip
        world.deliver()
        assert world.village.the(asked.pk).partner_id == world.large.ref.id

    def test_a_malformed_letter_is_refused_without_its_words_in_the_log(
        self, world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with tenancy.use(world.third.ref), transaction.atomic():
            post.send(
                to=world.village.ref.id,
                kind="transfers.asked.v1",
                body={"transfer_id": str(uuid4()), "iin": "ҚҰПИЯ", "surname": "ҚҰПИЯ"},
                actor=Actor.system_actor("tests"),
            )
        world.deliver()
        with tenancy.use(world.village.ref):
            assert Transfer.objects.count() == 0
            [line] = [one for one in audit.entries() if one.action == "tenants.letter.malformed"]
            assert "iin" in line.details["places"]
            assert "ҚҰПИЯ" not in str(line.details)
        out = capsys.readouterr()
        assert "ҚҰПИЯ" not in caplog.text + out.out + out.err

    def test_a_guardian_whose_number_fails_the_check_comes_without_it(
        self, world: World, aiaru: UUID
    ) -> None:
        with tenancy.use(world.large.ref):
            one = papers.guardian_here(
                letters.Guardian(relation="tutor", surname="Бөтен", name="Адам", iin="123456789012")
            )
        assert (one.iin, one.relation) == ("", "relative")

    def test_a_part_that_fails_keeps_the_dossier_back(
        self, world: World, aiaru: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(**_given: Any) -> None:
            raise RuntimeError("the library is away")

        part = parts.Part("tests.books", "books", fails, lambda content: [])
        monkeypatch.setitem(parts.PARTS, "tests.books", part)
        asked = world.large.ask(world.village)
        world.deliver()
        world.village.agree(asked.pk, aiaru)
        world.village.sign(asked.pk)
        world.deliver()
        assert world.village.the(asked.pk).state == State.AGREED
        monkeypatch.delitem(parts.PARTS, "tests.books")
        world.deliver()
        assert world.large.the(asked.pk).state == State.LEFT


class TestOutside:
    def test_a_pupil_leaves_for_a_school_outside(self, world: World, aiaru: UUID) -> None:
        village = world.village
        with tenancy.use(village.ref):
            row = services.let_go(
                actor=village.clerk,
                pupil_id=aiaru,
                partner="Гимназия № 5",
                place="Омск қаласы, Ресей",
                reason="dep_abroad",
                ground="abroad",
                last_day=date(2026, 11, 23),
            )
        village.sign(row.pk)
        world.deliver()
        assert village.the(row.pk).state == State.LEFT
        with tenancy.use(village.ref):
            assert Envelope.objects.count() == 0
            assert Movement.objects.get(direction="out").organisation == "Гимназия № 5"
            services.confirm_arrival(
                actor=village.clerk, transfer_id=row.pk, number="15", day=date(2026, 11, 30)
            )
        assert village.the(row.pk).state == State.ARRIVED

    def test_a_child_comes_from_a_school_outside(self, world: World) -> None:
        large = world.large
        with tenancy.use(large.ref):
            row = services.await_papers(
                actor=large.clerk,
                partner="№ 3 мектеп",
                place="Павлодар қаласы",
                reason="arr_other_region",
                child=Child(iin=AIARU, surname="Қожахметова", name="Айару", birth_date=BORN),
                sex="f",
                class_id=large.seven,
                ground="residence",
                arrival_date=date(2026, 11, 23),
            )
            assert Envelope.objects.count() == 0
        large.take_in(row.pk, date(2026, 11, 23))
        large.sign(row.pk)
        world.deliver()
        with tenancy.use(large.ref):
            assert Pupil.objects.get().sex == "f"
            assert Movement.objects.get().organisation == "№ 3 мектеп"
        assert large.the(row.pk).state == State.ARRIVED


class TestWaiting:
    def test_what_wants_the_office_today(self, world: World, aiaru: UUID) -> None:
        asked = world.large.ask(world.village)
        world.deliver()

        def waits(school: Any) -> dict[str, int]:
            with tenancy.use(school.ref):
                found = queries.waiting(actor=school.clerk)
            return {code: len(rows) for code, rows in found.items() if rows}

        assert waits(world.village) == {"answer": 1}
        assert waits(world.large) == {}
        with time_machine.travel(datetime(2026, 11, 26, 9, 0, tzinfo=ALMATY)):
            assert waits(world.large) == {"unanswered": 1}
        world.village.agree(asked.pk, aiaru)
        world.village.sign(asked.pk)
        world.deliver()
        assert waits(world.large) == {"take": 1}
        with time_machine.travel(datetime(2026, 12, 1, 9, 0, tzinfo=ALMATY) + timedelta(days=1)):
            assert waits(world.village) == {"unconfirmed": 1}

    def test_the_nurse_sees_none(self, world: World) -> None:
        with tenancy.use(world.village.ref), pytest.raises(NotAllowed):
            queries.waiting(actor=actor(world.village.ref, Role.NURSE))
        with tenancy.use(world.village.ref), pytest.raises(NotFound):
            queries.get(actor=world.village.clerk, transfer_id=uuid4())


class TestTwoAtOnce:
    def test_two_clerks_agree_and_one_order_is_drafted(
        self, world: World, aiaru: UUID, django_db_blocker: pytest.FixtureRequest
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        together = Barrier(2, timeout=30)

        def work(_number: int) -> str:
            with django_db_blocker.unblock():
                try:
                    with tenancy.use(world.village.ref):
                        together.wait()
                        services.agree(
                            actor=world.village.clerk,
                            transfer_id=asked.pk,
                            pupil_id=aiaru,
                            last_day=date(2026, 11, 23),
                        )
                        return "agreed"
                except services.WrongState:
                    return "too late"
                finally:
                    tenancy.forget()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(work, range(2))) == ["agreed", "too late"]
        with tenancy.use(world.village.ref):
            assert [one.what for one in Step.objects.order_by("id")] == ["asked", "agreed"]
