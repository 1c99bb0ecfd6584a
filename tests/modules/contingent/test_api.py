"""What the contingent answers, and to whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel import clock, events, tenancy
from kernel.access import Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.contingent import api, services
from modules.contingent.data import BanInfo
from modules.contingent.models import Guardian, Membership, Pupil
from tests.conftest import ActorOf
from tests.modules.contingent.people import SEPTEMBER, mother, new_class, new_pupil

pytestmark = pytest.mark.usefixtures("in_school")


@pytest.fixture(autouse=True)
def november() -> object:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


class TestOrder:
    def test_pupils_stand_in_kazakh_order(self, actor_of: ActorOf) -> None:
        seven = new_class()
        for surname in ["Яна", "Һарун", "Әлия", "Іңкәр", "Алма", "Ғалым", "Гүлнар"]:
            new_pupil(seven, surname=surname)
        found = api.pupils_of_class(actor=actor_of(Role.TEACHER), class_id=seven.pk)
        assert [p.surname for p in found] == ["Алма", "Әлия", "Гүлнар", "Ғалым", "Һарун", "Іңкәр", "Яна"]

    def test_classes_stand_by_grade_then_kazakh_letter(self, actor_of: ActorOf) -> None:
        for grade, letter in [(11, "А"), (5, "Б"), (5, "Ә"), (5, "А"), (0, "А")]:
            new_class(grade, letter)
        assert [c.label for c in api.classes(actor=actor_of(Role.TEACHER))] == ["0А", "5А", "5Ә", "5Б", "11А"]

    def test_the_list_of_a_class_costs_one_query(self, actor_of: ActorOf) -> None:
        seven = new_class()
        for number in range(5):
            new_pupil(seven, surname=f"Ахметов{number}")
        with CaptureQueriesContext(connection) as queries:
            api.pupils_of_class(actor=actor_of(Role.TEACHER), class_id=seven.pk)
        assert len(queries) == 1


class TestScopes:
    def test_a_parent_sees_only_her_child_among_the_class(self, actor_of: ActorOf) -> None:
        seven = new_class()
        child = new_pupil(seven, guardians=(mother(),))
        new_pupil(seven, surname="Бөтен")
        parent = Guardian.objects.get()
        actor = actor_of(Role.PARENT, person_id=parent.pk, person_kind="guardian")
        assert [p.id for p in api.pupils_of_class(actor=actor, class_id=seven.pk)] == [child.pk]
        assert [p.id for p in api.children_of(actor=actor, guardian_id=parent.pk)] == [child.pk]
        assert [c.label for c in api.classes(actor=actor)] == ["7А"]

    def test_a_stranger_child_is_not_found(self, actor_of: ActorOf) -> None:
        seven = new_class()
        new_pupil(seven, guardians=(mother(),))
        other = new_pupil(seven, surname="Бөтен")
        actor = actor_of(Role.PARENT, person_id=Guardian.objects.get().pk)
        with pytest.raises(NotFound):
            api.pupil(actor=actor, pupil_id=other.pk)
        with pytest.raises(NotFound):
            api.children_of(actor=actor, guardian_id=UUID(int=1))

    @pytest.mark.requirement("SIS-16")
    def test_a_father_without_the_right_sees_nothing(self, actor_of: ActorOf) -> None:
        seven = new_class()
        child = new_pupil(
            seven, guardians=(mother(relation="father", ban=BanInfo(since=SEPTEMBER, ground="сот")),)
        )
        father = Guardian.objects.get()
        actor = actor_of(Role.PARENT, person_id=father.pk)
        assert api.children_of(actor=actor, guardian_id=father.pk) == []
        with pytest.raises(NotFound):
            api.pupil(actor=actor, pupil_id=child.pk)

    def test_a_pupil_sees_himself_alone(self, actor_of: ActorOf) -> None:
        seven = new_class()
        me = new_pupil(seven)
        new_pupil(seven, surname="Бөтен")
        actor = actor_of(Role.PUPIL, person_id=me.pk)
        assert [p.id for p in api.pupils_of_class(actor=actor, class_id=seven.pk)] == [me.pk]

    def test_an_account_without_a_person_behind_it_sees_nobody(self, actor_of: ActorOf) -> None:
        seven = new_class()
        new_pupil(seven)
        assert api.pupils_of_class(actor=actor_of(Role.PARENT), class_id=seven.pk) == []

    def test_the_other_school_has_none_of_it(
        self, actor_of: ActorOf, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        with tenancy.use(school_b):
            zhanna = actor_of(Role.DIRECTOR, school=school_b)
            assert api.classes(actor=zhanna) == []
            with pytest.raises(NotFound):
                api.pupil(actor=zhanna, pupil_id=pupil.pk)
            with pytest.raises(NotAllowed):
                api.classes(actor=actor_of(Role.DIRECTOR))


@pytest.mark.requirement("SIS-16")
class TestMovement:
    def test_enrolling_tells_the_others(self) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        [event] = OutboxEvent.objects.filter(name="contingent.pupil.enrolled.v1")
        assert event.payload == {"pupil_id": str(pupil.pk), "class_id": str(seven.pk), "since": "2026-09-01"}

    def test_moving_keeps_the_history_of_both_classes(self, actor_of: ActorOf) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        director = actor_of(Role.DIRECTOR)
        services.move(actor=director, pupil_id=pupil.pk, class_id=other.pk, since=date(2026, 11, 10))
        assert api.class_of(actor=director, pupil_id=pupil.pk, on=date(2026, 11, 9)).label == "7А"
        assert api.class_of(actor=director, pupil_id=pupil.pk, on=date(2026, 11, 10)).label == "7Ә"
        terms = api.terms_in_class(actor=director, class_id=seven.pk, start=SEPTEMBER, end=date(2027, 5, 25))
        assert [(t.since, t.until) for t in terms] == [(SEPTEMBER, date(2026, 11, 9))]

    @pytest.mark.parametrize(
        ("since", "target", "refusal"),
        [
            (date(2026, 11, 10), "same", services.SameClass),
            (date(2026, 8, 20), "other", services.TooEarly),
            (date(2026, 11, 10), "next_year", services.NotInClass),
        ],
    )
    def test_refuses_a_senseless_move(
        self, actor_of: ActorOf, since: date, target: str, refusal: type[Exception]
    ) -> None:
        seven = new_class()
        targets = {"same": seven, "other": new_class(7, "Ә"), "next_year": new_class(8, "А", "2027-28")}
        pupil = new_pupil(seven)
        with pytest.raises(refusal):
            services.move(
                actor=actor_of(Role.DIRECTOR), pupil_id=pupil.pk, class_id=targets[target].pk, since=since
            )

    def test_one_who_left_is_in_the_list_until_the_last_day(self, actor_of: ActorOf) -> None:
        seven = new_class()
        pupil = new_pupil(seven)
        director = actor_of(Role.DIRECTOR)
        services.leave(
            actor=director, pupil_id=pupil.pk, last_day=date(2026, 11, 20), reason="dep_same_district"
        )
        count = lambda day: len(api.pupils_of_class(actor=director, class_id=seven.pk, on=day))  # noqa: E731
        assert (count(date(2026, 11, 20)), count(date(2026, 11, 21))) == (1, 0)
        assert OutboxEvent.objects.filter(name="contingent.pupil.left.v1").count() == 1

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.NURSE])
    def test_only_the_office_moves_pupils(self, actor_of: ActorOf, role: Role) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        with pytest.raises(NotAllowed):
            services.move(actor=actor_of(role), pupil_id=pupil.pk, class_id=other.pk, since=clock.today())


class TestTheDatabaseKeeps:
    def test_one_live_iin(self) -> None:
        seven = new_class()
        first = new_pupil(seven)
        with pytest.raises(services.IinTaken):
            new_pupil(seven, surname="Басқа", iin=first.iin)
        with pytest.raises(IntegrityError, match="contingent_iin_once"), transaction.atomic():
            Pupil.objects.create(
                iin=first.iin, surname="Басқа", name="Бала", sex="m", birth_date=date(2013, 1, 1)
            )

    def test_one_open_class_in_a_year(self) -> None:
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        pupil = new_pupil(seven)
        with pytest.raises(IntegrityError, match="contingent_one_open_class"), transaction.atomic():
            Membership.objects.create(pupil=pupil, school_class=other, year="2026-27", since=SEPTEMBER)

    def test_one_class_of_a_name_in_a_year(self) -> None:
        new_class()
        with pytest.raises(services.ClassExists, match="7А"):
            new_class()

    def test_siblings_share_their_mother(self) -> None:
        new_pupil(new_class(), guardians=(mother(),))
        new_pupil(new_class(3, "А"), name="Ержан", guardians=(mother(),))
        assert Guardian.objects.count() == 1

    def test_a_search_without_kazakh_letters_finds_kazakh_names(self) -> None:
        pupil = new_pupil(new_class(), surname="Қожахметұлы", name="Нұрсұлтан")
        pupil.refresh_from_db()
        assert pupil.folded == "кожахметулы нурсултан болатулы"


def test_delivery_of_the_events_breaks_nothing() -> None:
    new_pupil(new_class())
    assert events.deliver() >= 1
    assert OutboxEvent.objects.filter(delivered_at=None).count() == 0


def test_counts_by_class(actor_of: ActorOf) -> None:
    seven = new_class()
    new_class(8, "А")
    new_pupil(seven)
    new_pupil(seven, surname="Басқа")
    counted = api.counts(actor=actor_of(Role.DIRECTOR))
    assert (counted.classes, counted.pupils, counted.by_class) == (2, 2, {seven.pk: 2})


def test_a_wrong_iin_is_refused() -> None:
    with pytest.raises(services.WrongIin):
        new_pupil(new_class(), iin="123456789012")
