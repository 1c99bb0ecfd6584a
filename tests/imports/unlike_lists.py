"""Lists of other kinds that look as nobody foresaw: employees, parents, classes; and more of pupils.

As in unlike.py, each function gives the bytes of a file, and what is in it is written beside it in words of Python.
"""

from __future__ import annotations

from datetime import date

from kernel import iin
from tests.imports.unlike import BORN, CLASSES, IINS, NAMES, PEOPLE, SEXES, csv, serial, whole, xls, xlsx

# --- pupils


def a_summary_first_and_the_list_on_the_second_sheet() -> bytes:
    """A cover with counts by class, the class joined over its rows, a hidden column between, a total below."""
    cover = [["Мектеп бойынша мәлімет"], ["Сынып", "Оқушы саны"], ["7А", 2], ["7Ә", 1], ["Барлығы", 3]]
    rows: list[list[object]] = [
        ["Сынып", "№", "Тегі, аты, әкесінің аты", "ескі нөмірі", "Туған күні", "ЖСН", "Жынысы"]
    ]
    for n in range(3):
        rows.append(
            [CLASSES[n] if n != 1 else "", n + 1, whole(n), f"к-{n}", str(serial(BORN[n])), IINS[n], SEXES[n]]
        )
    rows += [["Барлығы: 3 оқушы"], ["Ұл: 2", "", "Қыз: 1"]]
    return xlsx(
        {"Титул": cover, "Оқушылар": rows}, merged={"Оқушылар": [(1, 0, 2, 0, CLASSES[0])]}, hidden="D:D"
    )


def russian_text_with_everything_in_quotes() -> bytes:
    """What an old programme gives: cp1251, semicolons, quotes, days as numbers, a total without a word for it."""
    quoted = [["№ п/п", "Фамилия Имя Отчество", "Дата рождения", "ИИН", "Пол", "Класс"]]
    for n in (2,):
        quoted.append([str(n), whole(n), str(serial(BORN[n])), IINS[n], SEXES[n], '7 "A"'])
    quoted.append(["", "Всего учащихся:", "1", "", "", ""])
    return csv(quoted, letters="cp1251", sign=";")


# --- employees

HIRED = (date(1986, 9, 16), date(1979, 3, 2))
STAFF_IINS = tuple(iin.synthetic(day, sex, 7) for day, sex in zip(HIRED, "fm", strict=True))
STAFF = {
    ("Оспанова", "Аружан", "Асқарқызы", HIRED[0].isoformat(), "teacher_subject"),
    ("Омаров", "Бекзат", "", HIRED[1].isoformat(), "director"),
}


def staff_with_heads_over_two_rows_and_look_alikes() -> bytes:
    """Kazakh heads over two rows, typed partly with an English keyboard; a cover before, signatures after."""
    rows: list[list[object]] = [
        ["ҚЫЗМЕТКЕРЛЕР ТІЗІМІ"],
        ["р/c", "Қызмeткер", "", "", "Tуған күні", "ЖCН", "Лaуaзымы", "Пәнi", "Мөлшерлеме"],
        ["", "тeгі", "aты", "әкесінің аты", "", "", "", "", ""],
        [1, "Оспанова", "Аружан", "Асқарқызы", HIRED[0], STAFF_IINS[0], "педагог", "Математика", "1,0"],
        [2, "Омаров", "Бекзат", "", HIRED[1], STAFF_IINS[1], "директор", "", "1"],
        ["", "Барлығы", "", "", "", "", 2],
        [],
        ["Кадр ісі жөніндегі хатшы", "", "", "_________"],
    ]
    return xlsx(
        {"Мұқаба": [["№ 3 жалпы білім беретін мектеп"], ["2026-2027"]], "Штат": rows},
        merged={"Штат": [(0, 0, 0, 8, str(rows[0][0])), (1, 1, 1, 3, "Қызмeткер")]},
    )


def staff_in_an_old_workbook() -> bytes:
    """Names in one cell, the number as a number, phones beside them, days as Excel keeps them."""
    rows: list[list[object]] = [
        ["Список работников школы"],
        ["№", "ФИО", "ИИН", "Дата рожд.", "Должность", "Предмет", "Ставка", "Примечание"],
        [
            1,
            "ОСПАНОВА АРУЖАН АСҚАРҚЫЗЫ",
            float(STAFF_IINS[0]),
            serial(HIRED[0]),
            "учитель",
            "математика",
            1,
            "",
        ],
        [2, "Омаров Бекзат", float(STAFF_IINS[1]), serial(HIRED[1]), "Директор", "", 1, "совм."],
        ["Итого", "", "", "", "", "", 2],
    ]
    return xls(rows)


# --- parents of the pupils above

MOTHER = ("Ахметова", "Гүлнар", "Серікқызы", "+77051112233")
FATHER = ("Ахметов", "Болат", "Сәкенұлы", "+77012223344")


def parents_under_a_joined_child() -> bytes:
    """The child is joined over the rows of both parents; the phone stands behind the name."""
    rows: list[list[object]] = [
        ["№", "ФИО ученика", "Класс", "Степень родства", "ФИО родителя, телефон"],
        [1, whole(0), "7А", "мать", "Ахметова Гүлнар Серікқызы, 8 705 111 22 33"],
        ["", "", "", "отец", "Ахметов Болат Сәкенұлы тел.: +7(701)222-33-44"],
    ]
    joined = [(1, place, 2, place, str(rows[1][place])) for place in range(3)]
    return xlsx({"Родители": rows}, merged={"Родители": joined})


def parents_in_columns_of_a_class_teacher() -> bytes:
    """Russian text with tabs: both parents in one row, names and phones in one cell, a class over the list."""
    rows = [
        ['Сведения о родителях 7 "А" класса'],
        ["Ученик", "Мать (ФИО, телефон)", "Отец (ФИО, телефон)"],
        ["Ахметов Ерлан", "Ахметова Гүлнар Серікқызы 87051112233", "Ахметов Болат Сәкенұлы 87012223344"],
    ]
    return csv(rows, letters="utf-8", sign=";")


# --- classes

OPENED = {("7А", "kk", 1, 25), ("7Ә", "ru", 2, 24), ("0Б", "kk", 1, 20)}


def classes_with_grades_joined() -> bytes:
    """The grade joined over its letters, heads over two rows, counts nobody asked for, a total."""
    rows: list[list[object]] = [
        ["Комплектование на 2026-2027 учебный год"],
        ["Параллель", "Литера", "Язык обучения", "Смена", "Наполняемость", "Количество учащихся", ""],
        ["", "", "", "", "", "мальчики", "девочки"],
        [7, "А", "каз", "I", 25, 12, 11],
        ["", "Ә", "рус", "II", 24, 10, 10],
        [0, "Б", "казахский", "1 смена", 20, 9, 8],
        ["Всего", "3 класса", "", "", 69, 31, 29],
    ]
    joined = [(3, 0, 4, 0, "7"), (1, 5, 1, 6, "Количество учащихся")]
    return xlsx({"Комплектование": rows}, merged={"Комплектование": joined})


def classes_in_kazakh_look_alikes() -> bytes:
    rows = [
        ["Cыныбы", "Oқыту тiлi", "Aуысым", "Oрын caны"],
        ["7 «A» сыныбы", "қазақ", "1", "25"],
        ["VII Ә", "орыс", "2-ауысым", "24"],
        ["МАД Б", "қазақша", "1", "20"],
        ["Жалпы саны", "", "", "69"],
    ]
    return csv(rows, letters="utf-16", sign="\t")


PUPILS = {"a summary first": (a_summary_first_and_the_list_on_the_second_sheet, PEOPLE)} | {
    "text in quotes": (
        russian_text_with_everything_in_quotes,
        {(*NAMES[2], BORN[2].isoformat(), "7А")},
    )
}
EMPLOYEES = {
    "heads over two rows": staff_with_heads_over_two_rows_and_look_alikes,
    "an old workbook": staff_in_an_old_workbook,
}
PARENTS = {
    "under a joined child": parents_under_a_joined_child,
    "in columns": parents_in_columns_of_a_class_teacher,
}
GRADES = {
    "grades joined": classes_with_grades_joined,
    "look-alikes": classes_in_kazakh_look_alikes,
}
