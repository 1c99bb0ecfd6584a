"""Names are found as people type them: near letters, Latin keyboards, slips of the pen."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from kernel import search
from kernel.names import fold
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil


def write(*names: str) -> None:
    """Pupils by "surname name"."""
    for text in names:
        surname, name = text.split()
        Pupil.objects.create(surname=surname, name=name, sex="m", birth_date=date(2013, 4, 5))


def found(text: str) -> list[str]:
    rows = Pupil.objects.order_by("surname", "name", "pk")
    return [f"{row.surname} {row.name}" for row in search.first(rows, text, limit=10)]


@pytest.mark.requirement("SIS-16")
class TestFolding:
    def test_the_database_and_python_fold_alike(self, in_school: TenantRef) -> None:
        letters = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
        for text in (letters, letters.upper(), "О’Нил", "Д'Артаньян", "Мұхамедʼяр"):
            row = Pupil.objects.create(surname=text, name="Нұр", sex="m", birth_date=date(2013, 4, 5))
            row.refresh_from_db()
            assert row.folded == fold(f"{text} Нұр ")
            with connection.cursor() as cursor:  # schools and authorities are found by it
                cursor.execute("SELECT ext.kz_fold(%s)", [text])
                assert cursor.fetchone() == (fold(text),)

    @pytest.mark.parametrize(
        "typed",
        [
            "Нурсултан",
            "нұрсұлтан",
            "НУРСУЛТАН",
            "нурсул",
            "кожахметов нурсултан",
            "нурсултан қожа",
            "nursultan",
            "qozhahmetov",
            "Hypсултан",  # three Latin letters that look Cyrillic
            "нурсулан",  # a letter lost
            "нурсалтан",  # a letter wrong
            "нурслутан",  # two letters swapped
            "кожахметоф",
        ],
    )
    def test_finds_nursultan(self, in_school: TenantRef, typed: str) -> None:
        write("Қожахметов Нұрсұлтан", "Сейітқали Әйгерім", "Петров Сергей")
        assert found(typed) == ["Қожахметов Нұрсұлтан"]

    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("айгерим", "Сейітқали Әйгерім"),
            ("aigerim", "Сейітқали Әйгерім"),
            ("жулдыз", "Һарунов Жұлдыз"),
            ("харунов", "Һарунов Жұлдыз"),
            ("onerbek", "Іңкәров Өнербек"),
            ("инкаров", "Іңкәров Өнербек"),
        ],
    )
    def test_reads_every_kazakh_letter_as_its_neighbour(
        self, in_school: TenantRef, typed: str, name: str
    ) -> None:
        write("Сейітқали Әйгерім", "Һарунов Жұлдыз", "Іңкәров Өнербек")
        assert found(typed) == [name]

    def test_another_name_is_not_nearly_this_one(self, in_school: TenantRef) -> None:
        write("Қожахметов Нұрсұлтан", "Сейітқали Әйгерім")
        assert found("Виктория") == []
        assert found("ыы") == []
        assert found("%") == []

    def test_what_begins_so_comes_without_what_is_only_like_it(self, in_school: TenantRef) -> None:
        write("Дана Оспан", "Данияр Оспан", "Диана Оспан")
        assert found("дан") == ["Дана Оспан", "Данияр Оспан"]
        assert found("дианна") == ["Диана Оспан"]

    def test_the_order_is_kazakh(self, in_school: TenantRef) -> None:
        write("Ғалымов Али", "Гүлнаров Али", "Әлиева Али", "Алмасов Али")
        assert found("али")[:4] == ["Алмасов Али", "Әлиева Али", "Гүлнаров Али", "Ғалымов Али"]
