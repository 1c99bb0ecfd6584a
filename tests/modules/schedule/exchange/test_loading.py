"""A file of a timetable goes through the wizard and becomes a variant; the live timetable stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from imports import queries, repairs, services
from imports.models import ImportBatch, RememberedWord
from kernel.access import Actor, Role
from kernel.errors import NotFound
from kernel.tenancy import TenantRef
from modules.schedule.exchange.matching import number_in
from modules.schedule.models import Card, Course, Lesson, Room, Slot, Step, Timetable
from tests.factories import schedule as make
from tests.imports.build import xlsx
from tests.modules.schedule.exchange import unlike


@pytest.fixture
def deputy(scene: make.Scene) -> Actor:
    """7А: algebra of Ермекова Болат 3 hours, physics of Әлиева Дана 2."""
    make.course(scene.school_class, make.teacher("Әлиева", "Дана"), "physics", 2)
    return Actor.system_actor("test")


def take(deputy: Actor, content: bytes, name: str = "кесте.xlsx") -> ImportBatch:
    batch = services.receive(actor=deputy, importer_code="timetable", name=name, content=content)
    services.choose_columns(actor=deputy, batch_id=batch.pk, mapping=batch.mapping)
    return services.check(actor=deputy, batch_id=batch.pk)


def verdicts(batch: ImportBatch) -> list[tuple[str, list[str]]]:
    return [
        (row.verdict, [f"{one['column']}:{one['code']}" for one in row.problems])
        for row in queries.all_rows(batch)
    ]


def places(variant: Timetable, code: str) -> list[tuple[int | None, int | None, str]]:
    cards = Card.objects.filter(timetable=variant, course__subject_code=code).order_by("ordinal")
    return [(card.weekday, card.number, card.room) for card in cards]


@pytest.mark.requirement("SIS-15")
def test_a_list_becomes_a_variant_and_every_row_says_what_is_wrong(deputy: Actor) -> None:
    batch = take(deputy, unlike.flat())
    assert verdicts(batch) == [
        ("create", []),
        ("create", []),
        ("create", ["teacher:teacher_not_here"]),
        ("create", []),
        ("error", ["class:class_not_here"]),
        ("error", ["subject:subject_not_here"]),
        ("create", ["number:not_in_shift"]),
    ]
    assert not Timetable.objects.exists()
    before = list(Slot.objects.values_list("pk", flat=True)), Lesson.objects.count()
    batch = services.load(actor=deputy, batch_id=batch.pk)
    variant = Timetable.objects.get()
    assert (variant.name, variant.state, variant.days) == ("кесте", "draft", 5)
    assert places(variant, "algebra") == [(1, 1, "203"), (2, 2, "203"), (None, None, "")]
    assert places(variant, "physics") == [(4, 3, ""), (None, None, "")]
    assert before == (list(Slot.objects.values_list("pk", flat=True)), Lesson.objects.count())
    services.undo(actor=deputy, batch_id=batch.pk)
    assert not Timetable.objects.exists()


def test_a_variant_that_was_touched_since_stays_when_the_load_is_taken_back(deputy: Actor) -> None:
    batch = take(deputy, unlike.flat())
    services.load(actor=deputy, batch_id=batch.pk)
    variant = Timetable.objects.get()
    Step.objects.create(timetable=variant, by="x", at=variant.created_at, before={})
    batch = services.undo(actor=deputy, batch_id=batch.pk)
    assert batch.report["kept"] == ["кесте"]
    assert Timetable.objects.filter(pk=variant.pk).exists()


def test_the_name_of_a_variant_is_numbered_when_it_is_taken(deputy: Actor) -> None:
    for _time in range(2):
        services.load(actor=deputy, batch_id=take(deputy, unlike.flat()).pk)
    assert set(Timetable.objects.values_list("name", flat=True)) == {"кесте", "кесте (2)"}


@pytest.mark.requirement("SIS-15")
def test_asc_becomes_a_variant_and_an_unknown_teacher_is_said_once_and_remembered(
    deputy: Actor, scene: make.Scene
) -> None:
    make.course(scene.school_class, make.teacher("Смирнова", "Жанна"), "foreign_language", 1)
    batch = take(deputy, unlike.ASC, "asc.xml")
    assert batch.told == [["not_taken", "оқушылар", 1]]
    assert ("error", ["weeks:half_not_in_load"]) in verdicts(batch)
    words = queries.words(batch, services.declaration.importer("timetable"))
    assert [(one.column, one.text, one.count) for one in words if one.column == "teacher"] == [
        ("teacher", "Смит Жан", 1)
    ]
    repairs.say_words(
        actor=deputy, batch_id=batch.pk, words={("teacher", "смит жан"): "Смирнова Жанна Серікұлы"}
    )
    assert RememberedWord.objects.get().means == "Смирнова Жанна Серікұлы"
    # A correction checks only the class it touches, and says the same as a check of the whole file.
    said = verdicts(batch)
    services.check(actor=deputy, batch_id=batch.pk)
    assert verdicts(batch) == said
    english = [row for row in queries.all_rows(batch) if "Английский язык" in row.raw]
    assert all(not any(one["column"] == "teacher" for one in row.problems) for row in english)
    services.load(actor=deputy, batch_id=batch.pk)
    variant = Timetable.objects.get()
    assert places(variant, "algebra") == [(1, 1, "203"), (2, 3, "203"), (4, 2, "")]
    assert places(variant, "physics") == [(2, 2, "Спортзал"), (2, 3, "Спортзал")]
    assert places(variant, "foreign_language") == [(3, 1, "")]
    again = take(deputy, unlike.ASC, "asc.xml")
    assert verdicts(again) == verdicts(batch)


def test_a_meaning_is_forgotten_when_its_text_is_emptied(deputy: Actor) -> None:
    batch = take(deputy, unlike.flat())
    key = ("subject", "алхимия")
    repairs.say_words(actor=deputy, batch_id=batch.pk, words={key: "Физика"})
    assert verdicts(batch)[5] == ("create", [])
    repairs.say_words(actor=deputy, batch_id=batch.pk, words={key: ""})
    assert verdicts(batch)[5] == ("error", ["subject:subject_not_here"])
    assert not RememberedWord.objects.exists()


def test_words_of_other_columns_and_the_same_word_are_not_remembered(deputy: Actor) -> None:
    batch = take(deputy, unlike.flat())
    repairs.say_words(
        actor=deputy, batch_id=batch.pk, words={("day", "сс"): "Пн", ("subject", "алхимия"): "Алхимия"}
    )
    assert not RememberedWord.objects.exists()


@pytest.mark.requirement("SIS-15")
def test_fet_becomes_a_variant_with_its_pins(deputy: Actor) -> None:
    batch = take(deputy, unlike.FET, "мектеп.fet")
    assert [tuple(one) for one in batch.told] == [
        ("rule", "QuiteUnheardOf", 1),
        ("rule", "TeacherMaxDaysPerWeek", 2),
        ("inactive", "4 Химия", 1),
    ]
    services.load(actor=deputy, batch_id=batch.pk)
    variant = Timetable.objects.get()
    assert places(variant, "algebra") == [(1, 1, "203"), (2, 2, ""), (2, 3, "")]
    pinned = Card.objects.exclude(pin="").get()
    assert (pinned.weekday, pinned.number, pinned.pin) == (1, 1, "Жиын")
    assert places(variant, "physics") == [(None, None, ""), (None, None, "")]


@pytest.mark.requirement("SIS-10")
def test_the_load_comes_out_of_a_file_of_another_program(deputy: Actor, scene: make.Scene) -> None:
    Course.objects.filter(subject_code="physics").delete()
    batch = services.receive(actor=deputy, importer_code="load", name="мектеп.fet", content=unlike.FET)
    services.choose_columns(actor=deputy, batch_id=batch.pk, mapping=batch.mapping)
    services.check(actor=deputy, batch_id=batch.pk)
    services.load(actor=deputy, batch_id=batch.pk)
    made = Course.objects.get(subject_code="physics", school_class_id=scene.school_class.pk)
    assert (made.group, float(made.hours_per_week)) == (1, 1.0)


def test_half_an_hour_a_week_stands_in_its_weeks(deputy: Actor, scene: make.Scene) -> None:
    Course.objects.filter(subject_code="physics").update(hours_per_week="1.5")
    content = xlsx(
        [
            ["Класс", "День", "Урок", "Предмет", "Недели"],
            ["7А", "Пн", 1, "Физика", ""],
            ["7А", "Пн", 2, "Физика", "чётные недели"],
            ["7А", "Вт", 2, "Физика", "нечётные"],
            ["7А", "Вт", 3, "Физика", "иногда"],
        ]
    )
    batch = take(deputy, content)
    assert verdicts(batch) == [
        ("create", []),
        ("create", []),
        ("error", ["subject:hours_over"]),
        ("error", ["weeks:weeks_unread"]),
    ]
    services.load(actor=deputy, batch_id=batch.pk)
    cards = Card.objects.filter(course__subject_code="physics").exclude(weekday=None).order_by("ordinal")
    assert [(card.weekday, card.number, card.weeks) for card in cards] == [(1, 1, "every"), (1, 2, "even")]


def rows(*lines: list[Any]) -> bytes:
    return xlsx([["Класс", "День", "Урок", "Предмет", "Учитель", "Группа"], *lines])


def test_groups_are_known_by_their_number_or_their_teacher(deputy: Actor, scene: make.Scene) -> None:
    one, two = make.teacher("Ким", "Анна"), make.teacher("Юсупов", "Тимур")
    for number, who in ((1, one), (2, two)):
        course = make.course(scene.school_class, who, "informatics", 1)
        Course.objects.filter(pk=course.pk).update(group=number)
    batch = take(
        deputy,
        rows(
            ["7А", "Пн", 1, "Информатика", "Юсупов", ""],
            ["7А", "Пн", 1, "Информатика", "", "1 гр."],
            ["7А", "Вт", 1, "Информатика", "", ""],
            ["7А", "Вт", 1, "Информатика", "", "3"],
            ["7А", "Вт", 1, "Информатика", "Никто Н.", ""],
        ),
    )
    assert verdicts(batch) == [
        ("create", []),
        ("create", []),
        ("error", ["group:group_needed"]),
        ("error", ["group:group_not_here"]),
        ("error", ["teacher:teacher_needed"]),
    ]


def test_too_many_hours_twice_the_same_and_two_things_at_once(deputy: Actor) -> None:
    batch = take(
        deputy,
        rows(
            ["7А", "Пн", 1, "Физика", "", ""],
            ["7А", "Пн", 1, "Физика", "", ""],
            ["7А", "Пн", 1, "Алгебра", "", ""],
            ["7А", "Вт", 1, "Физика", "", ""],
            ["7А", "Ср", 1, "Физика", "", ""],
            ["7А", "Вс", 1, "Алгебра", "", ""],
            ["7А", "Ср", "", "Алгебра", "", ""],
            ["7А", "Марсабада", 1, "Алгебра", "", ""],
        ),
    )
    assert verdicts(batch) == [
        ("create", []),
        ("skip", ["subject:lesson_twice"]),
        ("create", ["number:class_busy"]),
        ("create", []),
        ("error", ["subject:hours_over"]),
        ("create", ["day:sunday"]),
        ("create", ["number:place_half"]),
        ("error", ["day:day_unread"]),
    ]


def test_a_name_that_is_not_in_the_load_is_offered_what_was_meant(deputy: Actor) -> None:
    batch = take(
        deputy,
        rows(
            ["7А", "Пн", 1, "Химия", "Әлиева Дана Серікұлы", ""],
            ["7 A", "Пн", 2, "Алгибра", "Ермeкова Б", ""],
        ),
    )
    first, second = queries.all_rows(batch)
    assert [(one["code"], one["suggestion"]) for one in first.problems] == [("not_in_load", "Физика")]
    assert [(one["code"], one["suggestion"]) for one in second.problems] == [("subject_not_here", "Алгебра")]


def test_rooms_are_those_that_the_school_has_described(deputy: Actor) -> None:
    Room.objects.create(name="203")
    Room.objects.create(name="Үлкен зал", kind="gymnasium")
    content = xlsx(
        [
            ["Класс", "День", "Урок", "Предмет", "Кабинет"],
            ["7А", "Пн", 1, "Алгебра", "каб. 203"],
            ["7А", "Вт", 1, "Алгебра", "улкен ЗАЛ"],
            ["7А", "Ср", 1, "Алгебра", "Үлкен зал."],
            ["7А", "Пн", 2, "Физика", "999"],
        ]
    )
    batch = take(deputy, content)
    assert [codes for _verdict, codes in verdicts(batch)] == [[], [], [], ["room:room_not_here"]]
    services.load(actor=deputy, batch_id=batch.pk)
    assert places(Timetable.objects.get(), "algebra") == [
        (1, 1, "203"),
        (2, 1, "Үлкен зал"),
        (3, 1, "Үлкен зал"),
    ]


def test_numbers_that_count_through_both_shifts_are_known_by_their_time(deputy: Actor) -> None:
    from datetime import time

    bells = {(1, n): (time(7 + n, 0), time(7 + n, 45)) for n in range(1, 7)}
    bells |= {(2, n): (time(13 + n, 0), time(13 + n, 45)) for n in range(1, 7)}
    assert number_in(bells, 2, 8, "14:00") == 1
    assert number_in(bells, 2, 1, "14:05") == 1
    assert number_in(bells, 2, 1, "") == 1
    assert number_in(bells, 2, 8, "") is None
    assert number_in(bells, 1, 2, "08:30") == 2
    assert number_in(bells, 1, None, "09:05") == 2
    assert number_in(bells, 1, None, "20:00") is None


@pytest.mark.requirement("SIS-15")
def test_what_we_write_as_a_workbook_we_read_again(deputy: Actor, scene: make.Scene) -> None:
    from documents import excel
    from modules.schedule.exchange import queries as weeks
    from modules.schedule.exchange import workbooks

    services.load(actor=deputy, batch_id=take(deputy, unlike.flat()).pk)
    variant = Timetable.objects.get()
    week = weeks.week(actor=deputy, code=str(variant.pk), year=make.YEAR)
    content = excel.workbook(workbooks.sheets(week))
    services.load(actor=deputy, batch_id=take(deputy, content, "қайта.xlsx").pk)
    again = Timetable.objects.get(name="қайта")
    for code in ("algebra", "physics"):
        assert places(again, code) == places(variant, code)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_pages_of_the_wizard_show_words_and_what_is_not_taken(
    deputy: Actor, client_for: Callable[..., Client], language: str
) -> None:
    client = client_for(Role.DEPUTY_ACADEMIC)
    client.cookies["lang"] = language
    page = client.get("/imports/timetable/new/").content.decode()
    assert ".fet" in page
    batch = take(deputy, unlike.FET, "мектеп.fet")
    shown = client.get(f"/imports/file/{batch.pk}/check/").content.decode()
    assert "TeacherMaxDaysPerWeek (2)" in shown
    batch = take(deputy, unlike.flat())
    shown = client.get(f"/imports/file/{batch.pk}/check/").content.decode()
    assert "Елиева Дана" in shown
    assert "Әлиева Дана Серікұлы" in shown
    said = {"column": "class", "said": "7я", "means": "7А"}
    assert client.post(f"/imports/file/{batch.pk}/words/", said).status_code == 302
    assert RememberedWord.objects.get().means == "7А"


def test_the_other_school_has_neither_the_file_nor_the_words(
    deputy: Actor, school_b: TenantRef, client_for: Callable[..., Client]
) -> None:
    from kernel import tenancy

    batch = take(deputy, unlike.flat())
    repairs.say_words(actor=deputy, batch_id=batch.pk, words={("class", "7я"): "7А"})
    with tenancy.use(school_b):
        assert not RememberedWord.objects.exists()
        with pytest.raises(NotFound):
            repairs.say_words(
                actor=Actor.system_actor("test"), batch_id=batch.pk, words={("class", "7я"): "7А"}
            )


def test_a_check_costs_the_same_number_of_queries_however_many_rows(
    deputy: Actor, django_assert_max_num_queries: Any
) -> None:
    from imports import checking

    importer = services.declaration.importer("timetable")
    some = [
        checking.Source(n, {"class": "7А", "day": "Пн", "number": str(n % 6 + 1), "subject": "Алгебра"})
        for n in range(1, 60)
    ]
    with django_assert_max_num_queries(9):
        checking.check(importer, some[:3], actor=deputy)
    with django_assert_max_num_queries(9):
        checking.check(importer, some, actor=deputy)
