"""Cells as people type them, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports import normalise
from imports.findings import MESSAGES, Read, say_both
from kernel import iin, tenancy
from kernel.tenancy import Kind, TenantRef

TEST_SCHOOL = TenantRef(id=tenancy.PUBLIC.id, code="t", schema="t", kind=Kind.SCHOOL, mode="test")
LIVE_SCHOOL = TenantRef(id=tenancy.PUBLIC.id, code="l", schema="l", kind=Kind.SCHOOL, mode="live")


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    token = tenancy._current.set(TEST_SCHOOL)
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield
    tenancy._current.reset(token)


def codes(read: Read) -> list[str]:
    return [found.code for found in read.findings]


BORN_2000 = iin.synthetic(date(2000, 5, 23), "f", 9)  # begins with 000


class TestIin:
    @pytest.mark.parametrize(
        "cell",
        [
            "140201805023", " 140201 805023 ", "1402\u00a00180\u00a05023", "ИИН 140201805023", "ЖСН: 140201805023",
            "140201-805023", 140201805023.0, 140201805023, "'140201805023", "140201805023\n", "IIN140201805023",
        ],
    )  # fmt: skip
    def test_forms_of_one_number(self, cell: Any) -> None:
        assert normalise.iin(cell) == Read("140201805023")

    @pytest.mark.parametrize("cell", [float(BORN_2000), BORN_2000.lstrip("0"), int(BORN_2000)])
    def test_lost_zeros_come_back_when_the_check_digit_agrees(self, cell: Any) -> None:
        read = normalise.iin(cell)
        assert (read.value, codes(read)) == (BORN_2000, ["iin_zeros"])

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("71126820701", "iin_length"), ("1402018050231", "iin_length"), ("140201805024", "iin_checksum"),
            ("141301805023", "iin_date"), ("1.80601744723E+11", "iin_rounded"), ("1,8E11", "iin_rounded"),
            ("нет", "iin_letters"), ("14020180502x", "iin_letters"), ("140201905023", "iin_century"),
        ],
    )  # fmt: skip
    def test_refuses(self, cell: str, code: str) -> None:
        read = normalise.iin(cell)
        assert (read.value, codes(read)) == (None, [code])

    def test_letters_for_digits_are_only_suggested(self) -> None:
        read = normalise.iin("14О2О18О5О23")  # the letter О for nought
        assert read.value is None
        assert read.findings[0].suggestion == "140201805023"

    def test_made_up_people_are_refused_in_a_live_school(self) -> None:
        token = tenancy._current.set(LIVE_SCHOOL)
        try:
            assert codes(normalise.iin("140201805023")) == ["iin_synthetic"]
        finally:
            tenancy._current.reset(token)


class TestDates:
    @pytest.mark.parametrize(
        "cell",
        [
            "01.09.2015", "1.9.2015", "01/09/2015", "01-09-2015", "2015-09-01", "2015.09.01", "01.09.2015 г.", "01 09 2015",
            "01.09.2015 00:00:00", "2015-09-01T00:00:00", "1 сентября 2015 г.", "1 сентября 2015 года", "1 қыркүйек 2015 ж.",
            "2015 жылғы 1 қыркүйек", "2015 ж. 1 қыркүйек", "20150901", "01092015", 42248.0, "42248", 42248,
            date(2015, 9, 1), datetime(2015, 9, 1, 12), "\u00a001.09.2015\n",
        ],
    )  # fmt: skip
    def test_forms_of_one_day(self, cell: Any) -> None:
        assert normalise.day(cell) == Read("2015-09-01")

    @pytest.mark.parametrize(
        ("cell", "value", "code"),
        [("1.9.15", "2015-09-01", "date_two_digits"), ("1.9.75", "1975-09-01", "date_two_digits"),
         ("09/25/2015", "2015-09-25", "date_month_first")],
    )  # fmt: skip
    def test_says_how_it_read_a_doubtful_one(self, cell: str, value: str, code: str) -> None:
        read = normalise.day(cell)
        assert (read.value, codes(read)) == (value, [code])

    @pytest.mark.parametrize("cell", ["31.02.2014", "29.02.2015", "32.01.2015", "00.01.2015", "2015-13-01"])
    def test_refuses_days_that_never_were(self, cell: str) -> None:
        assert codes(normalise.day(cell)) == ["date_impossible"]

    @pytest.mark.parametrize(
        "cell", ["вчера", "2015", "сентябрь 2015", "1 сентября", "1 2 сентября 2015", "abc"]
    )
    def test_refuses_what_is_no_date(self, cell: str) -> None:
        assert normalise.day(cell).value is None

    def test_29_february_of_a_leap_year_is_a_day(self) -> None:
        assert normalise.day("29.02.2016").value == "2016-02-29"

    @pytest.mark.parametrize(("cell", "code"), [("24.11.2026", "date_far"), ("01.01.1900", "date_far")])
    def test_nobody_is_born_tomorrow_or_in_1900(self, cell: str, code: str) -> None:
        assert codes(normalise.birth_date(cell)) == [code]

    def test_a_day_a_year_ahead_is_left_out(self) -> None:
        assert normalise.past_day("01.09.2062").value is None
        assert normalise.past_day("25.11.2026").value == "2026-11-25"


class TestNames:
    @pytest.mark.parametrize(
        ("cell", "value", "code"),
        [
            ("Қaсымoв", "Қасымов", "latin_lookalike"), ("Iңкәр", "Іңкәр", "latin_lookalike"),
            ("Əлия", "Әлия", "latin_lookalike"), ("AHHA", "Анна", "latin_lookalike"), ("ЕРАСЫЛ", "Ерасыл", "letter_case"),
            ("ахметов", "Ахметов", "letter_case"), ("ИВАНОВА-ПЕТРОВА", "Иванова-Петрова", "letter_case"),
            ("НҰРЛАНҰЛЫ", "Нұрланұлы", "letter_case"), ("Smith", "Smith", "latin_word"),
        ],
    )  # fmt: skip
    def test_puts_letters_right_and_says_so(self, cell: str, value: str, code: str) -> None:
        read = normalise.person_name(cell)
        assert (read.value, codes(read)) == (value, [code])

    @pytest.mark.parametrize(
        ("cell", "value"),
        [("Ксения\n", "Ксения"), ("  Ахметова ", "Ахметова"), ("Иванова - Петрова", "Иванова-Петрова"), ("О’Нил", "О’Нил"),
         ("Серік қызы", "Серік қызы"), ("Ли", "Ли"), ("Сұлтан\u200bбек", "Сұлтанбек"), ("Айша Бибі", "Айша Бибі")],
    )  # fmt: skip
    def test_tidies_silently(self, cell: str, value: str) -> None:
        assert normalise.person_name(cell) == Read(value)

    @pytest.mark.parametrize("cell", ["Ахметов1", "???", "Ахметов (мл.)", "a@b"])
    def test_refuses_signs(self, cell: str) -> None:
        assert codes(normalise.person_name(cell)) == ["name_signs"]

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("Тілеубаева Дана Талғатқызы", ["Тілеубаева", "Дана", "Талғатқызы"]),
            ("Дана Талғатқызы Тілеубаева", ["Тілеубаева", "Дана", "Талғатқызы"]), ("Ким Анна", ["Ким", "Анна", ""]),
            ("Сейітова Айгүл Серік қызы", ["Сейітова", "Айгүл", "Серік қызы"]),
            ("Иванова-Петрова Анна Юрьевна", ["Иванова-Петрова", "Анна", "Юрьевна"]),
        ],
    )  # fmt: skip
    def test_takes_a_whole_name_apart(self, cell: str, value: list[str]) -> None:
        assert normalise.full_name(cell) == Read(value)


class TestOthers:
    @pytest.mark.parametrize(
        "cell",
        ["+77051112233", "87051112233", "8 (705) 111-22-33", "7 705 111 22 33", "7051112233", 77051112233.0],
    )
    def test_forms_of_one_phone(self, cell: Any) -> None:
        assert normalise.phone(cell) == Read("+77051112233")

    @pytest.mark.parametrize("cell", ["звонить вечером", "+777157057", "12345", "+1 212 555 01 99", "нет"])
    def test_a_cell_without_a_phone_gives_none(self, cell: str) -> None:
        assert (normalise.phone(cell).value, codes(normalise.phone(cell))) == (None, ["phone_unread"])

    def test_the_first_of_several_phones(self) -> None:
        read = normalise.phone("8705 111 22 33, 8707 222 33 44")
        assert (read.value, codes(read)) == ("+77051112233", ["phone_several"])

    @pytest.mark.parametrize("cell", ["м", "М", "муж.", "мужской", "ер", "Ұл", "ұл бала", "m", "мал."])
    def test_male(self, cell: str) -> None:
        assert normalise.sex(cell) == Read("m")

    @pytest.mark.parametrize("cell", ["ж", "Жен", "женский", "әйел", "айел", "қыз", "қыз бала", "f"])
    def test_female(self, cell: str) -> None:
        assert normalise.sex(cell) == Read("f")

    @pytest.mark.parametrize("cell", ["ж/м", "?", "да"])
    def test_no_sex(self, cell: str) -> None:
        assert normalise.sex(cell).is_error

    @pytest.mark.parametrize(
        "cell",
        [
            "7А",
            "7 «А»",
            "7-А",
            "7a",
            "7 А",
            "7 класс А",
            '7 "А" сынып',
            "07А",
            "7\u00a0«А»",
            "7А класс",
            "7.А",
        ],
    )
    def test_forms_of_one_class(self, cell: str) -> None:
        assert normalise.school_class(cell) == Read([7, "А"])

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("11 «Ә»", [11, "Ә"]),
            ("0А", [0, "А"]),
            ("предшкола А", [0, "А"]),
            ("7", [7, ""]),
            ("11 «Ə»", [11, "Ә"]),
            ("VII А", [7, "А"]),
            ("VII «А» класс", [7, "А"]),
            ("XI-Ә", [11, "Ә"]),
            ("ХІ Б", [11, "Б"]),  # Cyrillic letters that look like the figure
            ("IX", [9, ""]),
            ("IVА", [4, "А"]),
            ("7А (каз.)", [7, "А"]),
            ("7 (А)", [7, "А"]),
        ],
    )
    def test_other_classes(self, cell: str, value: list[Any]) -> None:
        assert normalise.school_class(cell).value == value

    @pytest.mark.parametrize("cell", ["13Ё", "А", "7АБВ", "седьмой", "77", "IIX А", "ХХ", "XIII Б"])
    def test_no_class(self, cell: str) -> None:
        assert normalise.school_class(cell).is_error

    @pytest.mark.parametrize(
        ("cell", "value"),
        [("казахский", "kk"), ("Қазақша", "kk"), ("каз.", "kk"), ("русский язык", "ru"), ("орыс", "ru")],
    )
    def test_languages(self, cell: str, value: str) -> None:
        assert normalise.language(cell) == Read(value)

    @pytest.mark.parametrize("cell", ["да", "Иә", "+", 1.0, True, "бар", "x"])
    def test_yes(self, cell: Any) -> None:
        assert normalise.yes_no(cell) == Read(True)


READERS = [
    normalise.iin, normalise.day, normalise.birth_date, normalise.past_day, normalise.person_name, normalise.full_name,
    normalise.phone, normalise.email, normalise.sex, normalise.school_class, normalise.language, normalise.yes_no,
    normalise.number, normalise.text(50),
]  # fmt: skip
CELLS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789 .-/АӘбжүІia«»\u00a0", max_size=30),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.none(),
)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cell=CELLS)
def test_no_cell_breaks_a_reader(reader: Any, cell: Any) -> None:
    read = reader(cell)
    for found in read.findings:
        assert found.code in MESSAGES
        assert all(say_both(found.code, found.values))
    if read.is_error:
        assert read.value is None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.dates(date(1950, 1, 1), date(2026, 1, 1)), sex=st.sampled_from("mf"), serial=st.integers(0, 9999)
)
def test_every_good_number_survives_a_spreadsheet(day: date, sex: str, serial: int) -> None:
    number = iin.synthetic(day, sex, serial)
    assert normalise.iin(float(number)).value == number


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet="абвгәіңқүұһөАӘҚ", min_size=2, max_size=20))
def test_a_tidy_name_stays_as_it_is(name: str) -> None:
    once = normalise.person_name(name).value
    assert normalise.person_name(once) == Read(once)
