"""The alphabetical book: a number is given once, whatever happens afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import events
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from modules.contingent import api as contingent
from modules.contingent.data import Newcomer, NewPupil, Whereabouts
from modules.contingent.models import Pupil
from modules.orders import api as orders
from modules.records import queries, services
from modules.records.models import AlphabetEntry
from modules.records.services.alphabet import NEW_NUMBER, RETURNING
from modules.school import api as school
from tests.conftest import ActorOf
from tests.modules.contingent.people import new_class, new_pupil

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-44")]


def numbers() -> dict[str, str]:
    rows = AlphabetEntry.objects.order_by("turn", "id")
    return {f"{one.name} {one.turn}": one.written for one in rows}


def departed(actor: Actor, pupil: Pupil, day: date) -> None:
    orders.draft_and_sign(
        actor=actor,
        kind="contingent.depart",
        lines=[
            orders.NewLine(
                pupil.pk, "", {"reason": "dep_same_region", "country": "KZ", "organisation": "№ 5"}
            )
        ],
        values={"last_day": day},
    )


def returned(actor: Actor, pupil: Pupil, class_id: Any, day: date) -> orders.OrderInfo:
    made = contingent.draft_return(
        actor=actor,
        pupil_id=pupil.pk,
        class_id=class_id,
        since=day,
        whence=Whereabouts(reason="arr_restored"),
    )
    return orders.sign(actor=actor, order_id=made.id)


class TestWriting:
    def test_each_letter_counts_for_itself_in_kazakh_order(self, secretary: Actor) -> None:
        seven = new_class()
        for surname, name in (("Қасымов", "Ә"), ("Касымов", "Б"), ("Қабиев", "В"), ("Әлиев", "Г")):
            new_pupil(seven, surname=surname, name=name)
        assert services.write_in(actor=secretary) == 4
        assert numbers() == {"В 1": "Қ/1", "Ә 1": "Қ/2", "Б 1": "К/1", "Г 1": "Ә/1"}

    def test_who_came_earlier_has_the_smaller_number(self, secretary: Actor) -> None:
        seven = new_class()
        new_pupil(seven, surname="Абаев", name="Кейін", since=date(2026, 10, 5))
        new_pupil(seven, surname="Ахметов", name="Бұрын", since=date(2026, 9, 1))
        services.write_in(actor=secretary)
        assert numbers() == {"Бұрын 1": "А/1", "Кейін 1": "А/2"}

    def test_done_twice_it_does_nothing(self, secretary: Actor) -> None:
        new_pupil(new_class())
        services.write_in(actor=secretary)
        assert services.write_in(actor=secretary) == 0
        assert AlphabetEntry.objects.count() == 1

    def test_the_number_of_the_paper_book_is_kept_and_the_next_goes_on_from_it(
        self, secretary: Actor
    ) -> None:
        seven = new_class()
        new_pupil(seven, name="Жаңа")
        new_pupil(seven, name="Ескі", file_number="А-41")
        new_pupil(seven, name="Бөтен", file_number="Қ-7")
        new_pupil(seven, name="Көне", file_number="А/12")
        services.write_in(actor=secretary)
        assert numbers() == {"Көне 1": "А/12", "Ескі 1": "А/41", "Бөтен 1": "А/42", "Жаңа 1": "А/43"}

    def test_numbers_of_another_file_are_not_taken_for_the_books(self, secretary: Actor) -> None:
        seven = new_class()
        for name, number in (("Бір", "Б-361"), ("Екі", "В-17"), ("Үш", "А-99")):
            new_pupil(seven, name=name, file_number=number)
        services.write_in(actor=secretary)
        assert numbers() == {"Бір 1": "А/1", "Екі 1": "А/2", "Үш 1": "А/3"}

    def test_an_enrolment_writes_by_itself(self, director: Actor) -> None:
        newcomer = Newcomer(
            pupil=NewPupil(surname="Жұмабекова", name="Аружан", sex="f", birth_date=date(2013, 5, 6)),
            class_id=new_class().pk,
            since=date(2026, 11, 20),
        )
        made = contingent.draft_enrolment(actor=director, newcomers=[newcomer])
        orders.sign(actor=director, order_id=made.id)
        events.deliver()
        assert numbers() == {"Аружан 1": "Ж/1"}

    def test_the_database_lets_nobody_change_a_number(self, secretary: Actor) -> None:
        new_pupil(new_class())
        services.write_in(actor=secretary)
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            AlphabetEntry.objects.update(number=7)
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            AlphabetEntry.objects.all().delete()

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.SOCIAL_PEDAGOGUE])
    def test_only_the_office_writes(self, role: Role, actor_of: ActorOf) -> None:
        with pytest.raises(NotAllowed):
            services.write_in(actor=actor_of(role))


class TestReturning:
    def test_a_new_line_under_the_old_number(self, director: Actor) -> None:
        seven = new_class()
        girl = new_pupil(seven, name="Айару")
        services.write_in(actor=director)
        new_pupil(seven, name="Басқа")
        departed(director, girl, date(2026, 10, 12))
        returned(director, girl, seven.pk, date(2026, 11, 20))
        services.write_in(actor=director)
        assert numbers() == {"Айару 1": "А/1", "Айару 2": "А/1", "Басқа 1": "А/2"}
        first, second = queries.book_lines(actor=director, text="Айару")
        assert (first.came, first.left, first.left_reason) == (
            date(2026, 9, 1),
            date(2026, 10, 12),
            "Облыстың басқа ауданына",
        )
        assert (second.came, second.left, second.came_from) == (date(2026, 11, 20), None, "")

    def test_or_under_a_new_one_where_the_school_wants_it(self, director: Actor) -> None:
        school.change_setting(actor=director, code=RETURNING, value=NEW_NUMBER)
        seven = new_class()
        girl = new_pupil(seven, name="Айару")
        departed(director, girl, date(2026, 10, 12))
        returned(director, girl, seven.pk, date(2026, 11, 20))
        services.write_in(actor=director)
        assert numbers() == {"Айару 1": "А/1", "Айару 2": "А/2"}


class TestVoidEntries:
    def test_a_cancelled_return_strikes_its_line_and_the_next_return_takes_it(self, director: Actor) -> None:
        seven = new_class()
        girl = new_pupil(seven, name="Айару")
        departed(director, girl, date(2026, 10, 12))
        order = returned(director, girl, seven.pk, date(2026, 11, 20))
        services.write_in(actor=director)
        cancelling = orders.draft_cancellation(actor=director, order_id=order.id)
        orders.sign(actor=director, order_id=cancelling.id)
        assert [one.is_struck for one in queries.book_lines(actor=director)] == [False, True]
        returned(director, girl, seven.pk, date(2026, 11, 23))
        assert services.write_in(actor=director) == 0
        assert [one.came for one in queries.book_lines(actor=director)] == [
            date(2026, 9, 1),
            date(2026, 11, 23),
        ]

    def test_a_child_who_was_never_to_be_here_keeps_the_number_from_others(self, director: Actor) -> None:
        seven = new_class()
        wrong = new_pupil(seven, name="Қате")
        services.write_in(actor=director)
        Pupil.objects.filter(pk=wrong.pk).update(removed_at="2026-11-23T04:00Z")
        new_pupil(seven, name="Дұрыс")
        services.write_in(actor=director)
        assert numbers() == {"Қате 1": "А/1", "Дұрыс 1": "А/2"}
        assert [(one.full_name, one.is_struck) for one in queries.book_lines(actor=director)] == [
            ("Ахметов Қате Болатұлы", True),
            ("Ахметов Дұрыс Болатұлы", False),
        ]


class TestReading:
    def test_by_letter_year_name_and_number(self, secretary: Actor) -> None:
        seven = new_class()
        new_pupil(seven, surname="Қасымов", name="Нұрсұлтан")
        new_pupil(seven, surname="Ахметов", name="Ерлан", since=date(2025, 9, 2))
        services.write_in(actor=secretary)

        def found(**wanted: str) -> list[str]:
            return [one.written for one in queries.entries(actor=secretary, **wanted)]

        assert found() == ["А/1", "Қ/1"]
        assert found(letter="Қ") == ["Қ/1"]
        assert found(year="2025-26") == ["А/1"]
        assert found(text="нурсултан") == ["Қ/1"]
        assert found(text="Қ/1") == ["Қ/1"]
        assert found(text="Жоқ") == []

    def test_a_name_corrected_later_is_read_and_found(self, secretary: Actor) -> None:
        pupil = new_pupil(new_class(), surname="Ахметов")
        services.write_in(actor=secretary)
        Pupil.objects.filter(pk=pupil.pk).update(surname="Мұратов")
        assert [one.full_name for one in queries.book_lines(actor=secretary, text="Мұратов")] == [
            "Мұратов Ерлан Болатұлы"
        ]
