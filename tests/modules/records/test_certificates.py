"""Certificates of study: ordered, issued under numbers without gaps, withdrawn, and checked by strangers."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from documents.models import IssuedDocument
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from modules.contingent import services as contingent
from modules.contingent.data import BanInfo, NewGuardian
from modules.contingent.models import Guardian, Pupil
from modules.records import queries, services
from modules.records.models import Certificate
from modules.records.services import Wanted
from modules.records.services.certificates import VALID_DAYS
from modules.school import api as school
from notify.models import Notification
from tests.conftest import Accounts, ActorOf
from tests.modules.contingent.people import mother, new_class, new_pupil

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("GEN-02")]
KAZAKH = Wanted(language="kk")


@pytest.fixture
def pupil() -> Pupil:
    return new_pupil(new_class(), guardians=(mother(),))


@pytest.fixture
def parent(pupil: Pupil, actor_of: ActorOf, account: Accounts) -> Actor:
    guardian = Guardian.objects.get().pk
    user = account(Role.PARENT, person_id=guardian)
    return actor_of(Role.PARENT, person_id=guardian, person_kind="guardian", user_id=user.pk)


def issued(actor: Actor, *pupils: Pupil, wanted: Wanted = KAZAKH) -> list[Certificate]:
    return services.issue(actor=actor, pupil_ids=[one.pk for one in pupils], wanted=wanted)


def token(row: Certificate) -> str:
    assert row.token
    return row.token


class TestIssuing:
    def test_numbers_go_one_after_another(self, secretary: Actor, pupil: Pupil) -> None:
        [first] = issued(secretary, pupil)
        [second] = issued(secretary, pupil, wanted=Wanted(language="ru"))
        assert [first.number, second.number] == [1, 2]
        assert (first.year, first.class_label, first.issued_on) == ("2026-27", "7А", date(2026, 11, 23))
        assert first.valid_until == date(2026, 12, 23)

    def test_the_paper_is_kept_as_it_was_given_out(self, secretary: Actor, pupil: Pupil) -> None:
        [row] = issued(secretary, pupil)
        kept = IssuedDocument.objects.get()
        assert (kept.form, kept.number, kept.subject_id) == ("records.certificate", 1, pupil.pk)
        assert services.paper(actor=secretary, certificate_id=row.pk)[1].startswith(b"%PDF")

    def test_whoever_is_in_no_class_gets_none_and_no_number_is_lost(
        self, secretary: Actor, director: Actor, pupil: Pupil
    ) -> None:
        gone = new_pupil(new_class(8))
        contingent.leave(actor=director, pupil_id=gone.pk, last_day=date(2026, 11, 20), reason="dep_other")
        with pytest.raises(services.NotInClass, match="Ерлан"), transaction.atomic():
            issued(secretary, pupil, gone)
        assert not Certificate.objects.exists()
        assert issued(secretary, pupil)[0].number == 1

    def test_without_a_term_where_the_school_sets_none(self, director: Actor, pupil: Pupil) -> None:
        school.change_setting(actor=director, code=VALID_DAYS, value=0)
        assert issued(director, pupil)[0].valid_until is None

    def test_an_own_place_wants_its_words(self, secretary: Actor, pupil: Pupil) -> None:
        [named] = issued(
            secretary, pupil, wanted=Wanted(language="ru", destination="other", destination_words="в музей")
        )
        [silent] = issued(secretary, pupil, wanted=Wanted(language="ru", destination="other"))
        assert (named.destination, named.destination_words) == ("other", "в музей")
        assert silent.destination == "on_demand"
        with pytest.raises(NotFound):
            issued(secretary, pupil, wanted=Wanted(language="ru", destination="moon"))

    def test_tokens_cannot_be_guessed(self, secretary: Actor, pupil: Pupil) -> None:
        tokens = {token(issued(secretary, pupil)[0]) for _each in range(3)}
        assert len(tokens) == 3
        assert all(len(one) == 22 for one in tokens)

    def test_the_database_keeps_what_was_issued(self, secretary: Actor, pupil: Pupil) -> None:
        issued(secretary, pupil)
        for change in ({"class_label": "11А"}, {"number": 5}, {"state": "ordered"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Certificate.objects.update(**change)
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
            Certificate.objects.all().delete()

    def test_a_stranger_of_the_school_is_not_found(self, secretary: Actor) -> None:
        with pytest.raises(NotFound):
            services.issue(actor=secretary, pupil_ids=[uuid4()], wanted=KAZAKH)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT, Role.DEPUTY_UPBRINGING])
    def test_only_the_office_issues(self, role: Role, pupil: Pupil, actor_of: ActorOf) -> None:
        with pytest.raises(NotAllowed):
            issued(actor_of(role), pupil)

    def test_many_in_one_file(self, secretary: Actor, pupil: Pupil) -> None:
        other = new_pupil(new_class(8), surname="Оспанов")
        made = issued(secretary, pupil, other)
        content = services.papers_again(actor=secretary, certificate_ids=[one.pk for one in made])
        assert content.count(b"/Type /Page\n") + content.count(b"/Type/Page\n") in (0, 2)
        services.withdraw(actor=secretary, certificate_id=made[0].pk, reason="қате")
        with pytest.raises(NotFound):
            services.papers_again(actor=secretary, certificate_ids=[one.pk for one in made])


class TestOrders:
    def test_a_mother_orders_and_is_told_when_it_is_ready(
        self, secretary: Actor, parent: Actor, pupil: Pupil
    ) -> None:
        row = services.order(
            actor=parent, pupil_id=pupil.pk, wanted=Wanted(language="kk", destination="bank")
        )
        assert queries.waiting(actor=secretary) == 1
        assert row.number is None
        [done] = services.issue_ordered(actor=secretary, certificate_ids=[row.pk])
        assert (done.state, done.number, done.destination) == ("issued", 1, "bank")
        assert queries.waiting(actor=secretary) == 0
        assert Notification.objects.filter(user_id=parent.user_id, message="records.ready").count() == 1
        assert services.paper(actor=parent, certificate_id=row.pk)[1].startswith(b"%PDF")

    def test_the_same_is_not_ordered_twice(self, parent: Actor, pupil: Pupil) -> None:
        services.order(actor=parent, pupil_id=pupil.pk, wanted=KAZAKH)
        with pytest.raises(services.AlreadyOrdered):
            services.order(actor=parent, pupil_id=pupil.pk, wanted=KAZAKH)

    def test_a_declined_one_says_why_and_cannot_be_issued(
        self, secretary: Actor, parent: Actor, pupil: Pupil
    ) -> None:
        row = services.order(actor=parent, pupil_id=pupil.pk, wanted=KAZAKH)
        services.decline(actor=secretary, certificate_id=row.pk, reason="Басқа құжат керек")
        assert [one.reason for one in queries.of_child(actor=parent, pupil_id=pupil.pk)] == [
            "Басқа құжат керек"
        ]
        with pytest.raises(services.NotAnOrder):
            services.issue_ordered(actor=secretary, certificate_ids=[row.pk])

    def test_another_child_is_not_there(self, parent: Actor, secretary: Actor) -> None:
        other = new_pupil(new_class(8), surname="Оспанов")
        [row] = issued(secretary, other)
        for act in (
            lambda: services.order(actor=parent, pupil_id=other.pk, wanted=KAZAKH),
            lambda: queries.of_child(actor=parent, pupil_id=other.pk),
            lambda: services.paper(actor=parent, certificate_id=row.pk),
        ):
            with pytest.raises(NotFound):
                act()

    def test_a_father_without_custody_orders_nothing(self, pupil: Pupil, actor_of: ActorOf) -> None:
        contingent.link_guardian(
            actor=Actor.system_actor("test"),
            pupil_id=pupil.pk,
            guardian=NewGuardian(
                relation="father",
                surname="Ахметов",
                name="Болат",
                ban=BanInfo(since=date(2026, 9, 1), ground="сот"),
            ),
        )
        father = actor_of(
            Role.PARENT, person_id=Guardian.objects.get(name="Болат").pk, person_kind="guardian", user_id=78
        )
        with pytest.raises(NotFound):
            services.order(actor=father, pupil_id=pupil.pk, wanted=KAZAKH)

    def test_who_may_not_see_the_child_any_more_is_not_told(
        self, secretary: Actor, parent: Actor, pupil: Pupil
    ) -> None:
        row = services.order(actor=parent, pupil_id=pupil.pk, wanted=KAZAKH)
        assert parent.person_id is not None
        contingent.ban_sight(
            actor=secretary,
            pupil_id=pupil.pk,
            guardian_id=parent.person_id,
            since=date(2026, 11, 23),
            ground="сот шешімі № 7",
        )
        services.issue_ordered(actor=secretary, certificate_ids=[row.pk])
        assert not Notification.objects.filter(user_id=parent.user_id).exists()

    def test_a_withdrawn_paper_is_closed_to_the_family(
        self, secretary: Actor, parent: Actor, pupil: Pupil
    ) -> None:
        [row] = issued(secretary, pupil)
        services.withdraw(actor=secretary, certificate_id=row.pk, reason="қате")
        with pytest.raises(NotFound):
            services.paper(actor=parent, certificate_id=row.pk)
        assert services.paper(actor=secretary, certificate_id=row.pk)[1].startswith(b"%PDF")


class TestGenuine:
    def test_says_no_more_than_needed(self, secretary: Actor, pupil: Pupil) -> None:
        [row] = issued(secretary, pupil)
        said = queries.genuine(token(row))
        assert (said.number, said.class_label, said.masked_name, said.is_withdrawn) == (
            "1",
            "7А",
            "А••• Е. Б.",
            False,
        )
        for secret in (pupil.iin, pupil.surname, pupil.name, "2013"):
            assert secret not in repr(said)

    def test_the_class_is_that_of_the_day(self, secretary: Actor, director: Actor, pupil: Pupil) -> None:
        [row] = issued(secretary, pupil)
        contingent.move(
            actor=director, pupil_id=pupil.pk, class_id=new_class(7, "Ә").pk, since=date(2026, 11, 23)
        )
        assert queries.genuine(token(row)).class_label == "7А"

    def test_withdrawn_says_so_once(self, secretary: Actor, pupil: Pupil) -> None:
        [row] = issued(secretary, pupil)
        services.withdraw(actor=secretary, certificate_id=row.pk, reason="қате")
        assert queries.genuine(token(row)).is_withdrawn
        with pytest.raises(services.NotIssued):
            services.withdraw(actor=secretary, certificate_id=row.pk, reason="тағы")

    @pytest.mark.parametrize("forged", ["", "1", "A" * 22, "A" * 21 + "'", "../../etc/passwd"])
    def test_a_forged_one_is_not_found(self, forged: str, secretary: Actor, pupil: Pupil) -> None:
        issued(secretary, pupil)
        with pytest.raises(NotFound):
            queries.genuine(forged)
