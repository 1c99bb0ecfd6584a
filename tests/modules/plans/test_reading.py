"""Tables as teachers have them, in Kazakh and Russian, with and without a head."""

from __future__ import annotations

import pytest

from modules.plans.data import Kind
from modules.plans.rules import reading

pytestmark = pytest.mark.requirement("SIS-40")

RU = (
    "№ п/п\tРаздел/ Сквозные темы\tТема урока\tЦели обучения\tКоличество часов\tСроки\tПримечание\n"
    "І четверть\n"
    "1\t7.1А Степень\tСтепень с натуральным показателем\t7.1.2.1 знать определение степени\t1\t02.09\t\n"
    '2\t\t"Свойства\nстепени"\t7.1.2.3; 7.1.2.4\t2\t04.09\tгруппы\n'
    "3\t\tСуммативное оценивание за раздел «Степень»\t\t1\t\tСОР №1\n"
    "\t\tИтого за четверть\t\t4\t\t\n"
    "ІІ четверть\t\t\t\t\t\t\n"
    "4\t7.2А Многочлены\tПовторение\t\t1\t\t\n"
    "5\t\tСОЧ за ІІ четверть\t\t1\t\t\n"
    "6\t\tРезерв\t\t1\t\t\n"
)
KK = (
    "Р/с\tБөлім / Ортақ тақырыптар\tСабақтың тақырыбы\tОқу мақсаттары\tСағат саны\tМерзімі\tЕскерту\n"
    "1 тоқсан\t\t\t\t\t\t\n"
    "1\tДәреже\tНатурал көрсеткішті дәреже\t7.1.2.1\t1\t\t\n"
    "2\t\tБЖБ №1\t\t1\t\t\n"
    "3\t\tҚайталау\t\t1\t\t\n"
    "3-тоқсан\t\t\t\t\t\t\n"
    "4\tФункция\t3-тоқсан бойынша ТЖБ\t\t1\t\t\n"
)


def read(text: str) -> tuple[list[str], list[reading.Found]]:
    rows = reading.cells(text)
    start, meanings = reading.head_of(rows)
    return meanings, reading.read(rows, meanings, start=start)


def test_a_russian_plan_with_all_columns() -> None:
    meanings, found = read(RU)
    assert meanings == ["number", "section", "topic", "objectives", "hours", "dates", "note"]
    lines = [one.line for one in found if one.line]
    assert [(one.quarter, one.kind, one.hours) for one in lines] == [
        (1, Kind.LESSON, 1),
        (1, Kind.LESSON, 2),
        (1, Kind.SOR, 1),
        (2, Kind.REPETITION, 1),
        (2, Kind.SOCH, 1),
        (2, Kind.RESERVE, 1),
    ]
    assert lines[1].topic == "Свойства степени"
    # The unit stands in the first row of its joined cells only.
    assert lines[1].section == "7.1А Степень"
    assert reading.codes(lines[1].objectives) == ["7.1.2.3", "7.1.2.4"]
    assert lines[1].note == "группы"
    assert [one.trouble for one in found if one.line is None] == ["quarter", "total", "quarter"]


def test_a_kazakh_plan() -> None:
    meanings, found = read(KK)
    assert meanings[:5] == ["number", "section", "topic", "objectives", "hours"]
    lines = [one.line for one in found if one.line]
    assert [(one.quarter, one.kind) for one in lines] == [
        (1, Kind.LESSON),
        (1, Kind.SOR),
        (1, Kind.REPETITION),
        (3, Kind.SOCH),
    ]


def test_without_a_head_columns_are_known_by_what_stands_in_them() -> None:
    meanings, found = read(
        "1\tДәреже\tНатурал көрсеткішті дәреже\t7.1.2.1\t1\n"
        "2\tДәреже\tДәреженің қасиеттері\t7.1.2.3\t2\n"
        "3\tДәреже\tБүтін көрсеткішті дәреже\t7.1.2.4\t1\n"
    )
    assert meanings == ["number", "section", "topic", "objectives", "hours"]
    assert [one.line.hours for one in found if one.line] == [1, 2, 1]


def test_a_list_of_topics_alone() -> None:
    meanings, found = read("Тема\tЧасы\nДроби\t1\nПроценты\t3\n")
    assert meanings == ["topic", "hours"]
    assert [(one.line.topic, one.line.hours) for one in found if one.line] == [("Дроби", 1), ("Проценты", 3)]


def test_a_stray_quotation_mark_ends_no_table() -> None:
    rows = reading.cells('1\t"Абай жолы\n2\tҚара сөздер')
    assert [row[0] for row in rows] == ["1", "2"]


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n"])
def test_nothing_is_nothing(text: str) -> None:
    assert reading.cells(text) == []
    assert reading.head_of([]) == (0, [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Соревнования по лёгкой атлетике", Kind.LESSON),
        ("Сорт и вид", Kind.LESSON),
        ("Сочинение по картине", Kind.LESSON),
        ("Повторение. СОР № 2", Kind.SOR),
        ("Тоқсандық жиынтық бағалау", Kind.SOCH),
        ("Бөлім бойынша жиынтық бағалау", Kind.SOR),
        ("Резервный час", Kind.RESERVE),
    ],
)
def test_kinds_are_known_by_whole_words(text: str, kind: str) -> None:
    __, found = read(f"Тема\tЧасы\n{text}\t1\n")
    assert found[0].line is not None
    assert found[0].line.kind == kind
