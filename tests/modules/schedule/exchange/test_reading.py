"""Files of timetables are taken apart into lessons; what is not taken is told."""

from __future__ import annotations

import gzip
from uuid import uuid4

import pytest

from imports.reading.files import BadFile
from modules.schedule.exchange.names import Staff, nearest
from modules.schedule.exchange.reading import Line, Vocabulary, cells, read, read_program
from modules.schedule.exchange.reading.words import group_of, lesson, room_of, weekday
from tests.imports.build import xlsx
from tests.modules.schedule.exchange import unlike

KNOWN = Vocabulary(
    frozenset({"алгебра", "физика", "казак тили", "английский язык", "информатика"}),
    Staff([(uuid4(), "Ермекова Болат Серікұлы"), (uuid4(), "Әлиева Дана Маратқызы")]),
    frozenset({"Кіші зал"}),
)


def short(line: Line) -> tuple[str, int, str, str, str, str, str]:
    return (
        line.school_class, line.day, line.number, line.subject, line.teacher, line.group, line.room,
    )  # fmt: skip


def taken(content: bytes) -> list[tuple[str, int, str, str, str, str, str]]:
    found = read(content, KNOWN)
    assert found is not None
    return [short(line) for line in found.lines]


def told(content: bytes) -> dict[str, int]:
    found = read(content, KNOWN)
    assert found is not None
    return {f"{reason}: {text}": count for (reason, text), count in found.told.items()}


@pytest.mark.requirement("SIS-15")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Дүйсенбі", 1), ("дс", 1), ("ПОНЕДЕЛЬНИК", 1), ("П о н е д е л ь н и к", 1), ("Вт.", 2), ("Cейсенбi", 2),
        ("сәрсенбі", 3), ("Бейсенбі (4)", 4), ("Friday", 5), ("Жұма", 5), ("Сенбі", 6), ("вс", 7), ("1", 0), ("Алгебра", 0),
    ],
)  # fmt: skip
def test_days_are_known_as_people_write_them(text: str, day: int) -> None:
    assert weekday(text) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3", (3, "")), ("3-сабақ", (3, "")), ("2 урок", (2, "")), ("II", (2, "")), ("8:00", (None, "08:00")),
        ("08.50-09.35", (None, "08:50")), ("8 14:00", (8, "14:00")), ("2/1 14:00", (1, "14:00")), ("текст", (None, "")),
    ],
)  # fmt: skip
def test_lessons_are_known_by_number_and_time(text: str, meant: tuple[int | None, str]) -> None:
    assert lesson(text) == meant


@pytest.mark.parametrize(
    ("text", "room"),
    [("203", "203"), ("каб. 12", "12"), ("12 бөлме", "12"), ("№ 5", ""), ("Спортзал", "Спортзал"), ("А-12", "А-12"),
     ("Алгебра", ""), ("2024 год", "")],
)  # fmt: skip
def test_rooms_are_known(text: str, room: str) -> None:
    assert room_of(text) == room


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [("1-топ", "1", ""), ("Информатика 2 гр.", "2", "Информатика"), ("Ағылшын тілі (2)", "2", "Ағылшын тілі"),
     ("п/г 1", "1", ""), ("Алгебра", "", "Алгебра"), ("7Б", "", "7Б")],
)  # fmt: skip
def test_parts_of_a_class_are_known(text: str, number: str, rest: str) -> None:
    assert group_of(text) == (number, rest)


@pytest.mark.requirement("SIS-15")
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Алгебра / Ахметов А. / 203", [("Алгебра", "Ахметов А.", "203", "")]),
        ("Алгебра · Ермекова Б.С. · 203", [("Алгебра", "Ермекова Б.С.", "203", "")]),
        ("Алгебра 203", [("Алгебра", "", "203", "")]),
        ("Алгебра\nЕрмекова", [("Алгебра", "Ермекова", "", "")]),
        ("Дене шын. / Кіші зал", [("Дене шын.", "", "Кіші зал", "")]),
        ("Англ.яз / Информ / Смит Ж. / Ким А. / 14 / 15",
         [("Англ.яз", "Смит Ж.", "14", "1"), ("Информ", "Ким А.", "15", "2")]),
        ("Английский язык\nСмит Ж., Ким А.\n14, 15",
         [("Английский язык", "Смит Ж.", "14", "1"), ("Английский язык", "Ким А.", "15", "2")]),
        ("Информатика (1) · Әлиева Д. · 12\nИнформатика (2) · Ким А. · 14",
         [("Информатика", "Әлиева Д.", "12", "1"), ("Информатика", "Ким А.", "14", "2")]),
        ("Информатика · Ким А. · 12 (тақ апталар)\nФизика · Әлиева Д. · 14 (жұп апталар)",
         [("Информатика", "Ким А.", "12", ""), ("Физика", "Әлиева Д.", "14", "")]),
        ("1-топ Информатика Әлиева Д.", [("Информатика Әлиева Д.", "", "", "1")]),
        (" - ", []),
    ],
)  # fmt: skip
def test_a_cell_is_taken_apart(text: str, meant: list[tuple[str, str, str, str]]) -> None:
    assert [(one.subject, one.teacher, one.room, one.group) for one in cells.lessons(text, KNOWN)] == meant


@pytest.mark.parametrize("words", ["тақ апталар", "нечётные недели", "нечетная", "Числитель"])
def test_half_an_hour_of_a_cell_keeps_its_weeks(words: str) -> None:
    [one] = cells.lessons(f"Физика / Әлиева Д. ({words})", KNOWN)
    assert (one.subject, one.teacher, one.weeks) == ("Физика", "Әлиева Д.", "odd")
    [one] = cells.lessons("Физика (жұп апталар)", KNOWN)
    assert one.weeks == "even"


@pytest.mark.requirement("SIS-15")
def test_a_wall_sheet_in_russian() -> None:
    assert taken(unlike.wall_ru()) == [
        ("7А", 1, "1", "Алгебра", "Ермекова Б.", "", "203"),
        ("7Б", 1, "1", "Физика", "Әлиева Д.", "", "12"),
        ("7А", 1, "2", "Физика", "Әлиева Д.", "", ""),
        ("7А", 1, "3", "Англ.яз", "Смит Ж.", "1", "14"),
        ("7А", 1, "3", "Англ.яз", "Ким А.", "2", "15"),
        ("7А", 2, "1", "алгебра", "", "", ""),
        ("7Б", 2, "1", "Aлгебра", "", "", ""),
    ]
    assert list(told(unlike.wall_ru())) == [
        "note: Расписание уроков на I полугодие",
        "no_place: Большая перемена",
    ]


@pytest.mark.requirement("SIS-15")
def test_a_wall_sheet_in_kazakh_with_two_rows_a_lesson() -> None:
    assert taken(unlike.wall_kk()) == [
        ("7А", 1, "08:00", "Алгебра", "Ермекова Б.С.", "", "203"),
        ("7Ә", 1, "08:00", "Қазақ тілі", "Әлиева Д.", "", "12"),
        ("7А", 1, "08:50", "Информатика", "Әлиева Д.", "1", ""),
        ("7А", 1, "08:50", "Информатика", "Ким А.", "2", ""),
        ("7Ә", 2, "08:00", "Алгебра", "", "", ""),
    ]


def test_sheets_of_one_class_with_the_days_by_columns() -> None:
    found = taken(unlike.wall_of_class())
    assert [(one[0], one[1], one[2], one[3]) for one in found if one[3] == "Алгебра"] == [
        ("7А", 1, "1", "Алгебра"),
        ("7А", 3, "1", "Алгебра"),
        ("7А", 4, "2", "Алгебра"),
        ("7Б", 2, "1", "Алгебра"),
    ]
    assert len(found) == 7


def test_merged_cells_stand_for_all_that_they_cover() -> None:
    content = xlsx(
        [["День", "Урок", "7А", None, "7Б", None], [None] * 6, [None, 1, None, None, "Алгебра", "203"], [None, 2, "Физика", "12"]],
        merge=[(2, 0, 3, 0, "Среда"), (0, 2, 0, 3, "7А"), (0, 4, 0, 5, "7Б"), (2, 2, 2, 3, "Физика")],
    )  # fmt: skip
    assert taken(content) == [
        ("7А", 3, "1", "Физика", "", "", ""),
        ("7Б", 3, "1", "Алгебра", "", "", "203"),
        ("7А", 3, "2", "Физика", "", "", "12"),
    ]


def test_formulas_of_a_wall_sheet_are_not_taken_but_told() -> None:
    content = xlsx([["День", "Урок", "7А", "7Б"], ["Пн", 1, "=A1", "Алгебра"]])
    assert [one[0] for one in taken(content)] == ["7Б"]
    assert [one.partition(":")[0] for one in told(content)] == ["formula"]


def test_a_list_is_left_to_the_wizard() -> None:
    assert read(unlike.flat(), KNOWN) is None


@pytest.mark.requirement("SIS-15")
def test_asc_with_double_lessons_groups_joined_classes_and_odd_weeks() -> None:
    assert taken(unlike.ASC) == [
        ("7 А", 1, "1 8:00", "Алгебра", "Ермекова Болат", "", "каб. 203"),
        ("7 А", 2, "3 9:45", "Алгебра", "Ермекова Болат", "", "каб. 203"),
        ("7 А", 0, "", "Алгебра", "Ермекова Болат", "", ""),
        ("7 А", 2, "2 8:50", "Физика", "Әлиева Д.", "", "Спортзал"),
        ("7 А", 2, "3 9:45", "Физика", "Әлиева Д.", "", "Спортзал"),
        ("7 А", 3, "1 8:00", "Английский язык", "Смит Жан", "1", ""),
        ("7 А", 4, "2 8:50", "Алгебра", "Ермекова Болат", "", ""),
        ("7 Б", 4, "2 8:50", "Алгебра", "Ермекова Болат", "", ""),
        ("7 А", 5, "3 9:45", "Физика", "Әлиева Д.", "", ""),
    ]
    found = read_program(unlike.ASC)
    assert found is not None
    assert [line.weeks for line in found.lines if line.weeks] == ["odd"]
    assert told(unlike.ASC) == {"not_taken: student": 1}


def test_asc_of_before_2012() -> None:
    assert taken(unlike.ASC_OLD) == [
        ("7А", 2, "1 8:00", "Алгебра", "Ермекова Б.", "", "12"),
        ("7А", 0, "", "Алгебра", "Ермекова Б.", "", ""),
    ]


@pytest.mark.requirement("SIS-15")
def test_fet_with_locks_rooms_parts_of_classes_and_rules_told_by_name_and_number() -> None:
    assert taken(unlike.FET) == [
        ("7А", 1, "08:00", "Алгебра", "Ермекова Б.", "", "203"),
        ("7А", 2, "08:50", "Алгебра", "Ермекова Б.", "", ""),
        ("7А", 2, "09:45", "Алгебра", "Ермекова Б.", "", ""),
        ("7А", 0, "", "Физика", "Әлиева Д.", "1", ""),
    ]
    found = read_program(gzip.compress(unlike.FET))
    assert found is not None
    assert [line.pin for line in found.lines] == ["Жиын", "", "", ""]
    assert told(unlike.FET) == {
        "rule: TeacherMaxDaysPerWeek": 2,
        "rule: QuiteUnheardOf": 1,
        "inactive: 4 Химия": 1,
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<fet><Days_List>", "broken"),
        (b'<?xml version="1.0"?><workbook/>', "xml"),
        (b"<Activities_Timetable/>", "fet_report"),
        (
            b'<?xml version="1.0"?><!DOCTYPE fet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><fet>&b;</fet>',
            "broken",
        ),
        (gzip.compress(b"<fet>" + b" " * 70_000_000), "bomb"),
        (gzip.compress(b"<fet></fet>")[:-4], "broken"),
        (b"<fet><Days_List/><Hours_List/></fet>", "no_rows"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=["cut", "other", "report", "entities", "bomb", "cut-gzip", "empty", "large"],
)
def test_what_cannot_be_read_says_why(content: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(content, KNOWN)
    assert refused.value.code == code


def test_an_entity_of_a_file_reads_no_file_of_ours() -> None:
    content = b'<!DOCTYPE fet [<!ENTITY x SYSTEM "file:///etc/passwd">]><fet><Comments>&x;</Comments></fet>'
    with pytest.raises(BadFile):
        read(content, KNOWN)


def test_short_and_misspelt_names_are_guessed() -> None:
    subjects = ["английский язык", "алгебра", "английская литература", "казак тили"]
    assert nearest("англ яз", subjects) == "английский язык"
    assert nearest("алгибра", subjects) == "алгебра"
    assert nearest("музыка", subjects) == ""
    people = Staff([(uuid4(), "Ахметов Асан Болатұлы"), (uuid4(), "Ахметова Сәуле Маратқызы")])
    assert people.nearest("Ахметав Асан") == "Ахметов Асан Болатұлы"
    assert people.nearest("Ахметав О.") == ""
    assert len(people.meant("Ахметов")) == 1
    assert len(people.meant("Axметов A.Б.")) == 1
