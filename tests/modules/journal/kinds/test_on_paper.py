"""Words stand where the law wants them: on the signed sheet, in the printed journal, in PDF and Excel."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.test import Client
from pypdf import PdfReader

from documents.signing import services as signing
from kernel.access import Actor, Role
from modules.journal import queries, services
from modules.journal.data import SheetState
from modules.journal.kinds import services as kinds
from modules.journal.kinds.models import Description, Programme
from modules.journal.kinds.services import Wish
from modules.journal.models import Sheet
from modules.schedule.year import services as year
from modules.staff.models import Employee
from tests import eds
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal import test_sheets as sheets

pytestmark = pytest.mark.requirement("SIS-31", "SIS-36", "SIS-51")
ClientFor = Callable[..., Client]
SAID = "Есепті тез шығарады, ойын дәлелдей алады"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path / "trust")


@pytest.fixture
def told(first: make.Scene) -> make.Scene:
    """Of the first pupil of 1А something is written, twice; of the others nothing."""
    Employee.objects.filter(pk=first.teacher.pk).update(iin=eds.BOLAT.iin)
    for version, text in enumerate(("Жақсы", SAID), 1):
        write(first, text, version)
    return first


def write(scene: make.Scene, text: str, version: int, pupil: int = 0) -> None:
    Description.objects.create(
        course=scene.course,
        period_id=scene.quarter.id,
        pupil_id=scene.pupils[pupil].pk,
        text=text,
        version=version,
    )


def text_of(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def book_of(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class TestTheSignedSheet:
    def test_says_the_words_that_stand_and_names_who_has_none(
        self, told: make.Scene, bolat_of: Any, dina: Actor
    ) -> None:
        sheets.close(told, dina)
        row = sheets.prepare(told, bolat_of(told))
        text = text_of(signing.queries.content(row.document))
        assert SAID in text
        assert "Жақсы " not in text
        assert "Сипаттамалық бағалау" in text
        assert text.count(told.pupils[1].surname) == 2  # among the marks and among the words
        assert "қойылмаған" not in text  # that no marks are given says nothing of a class without marks
        assert "Баға" not in text.split()  # nor has it a column for them

    def test_signed_words_that_change_want_a_new_sheet(
        self, told: make.Scene, bolat_of: Any, dina: Actor
    ) -> None:
        bolat = bolat_of(told)
        sheets.close(told, dina)
        sheets.sign(told, bolat)
        with pytest.raises(services.NothingToSign):
            sheets.prepare(told, bolat)
        year.reopen_period(actor=dina, period_id=told.quarter.id)
        kinds.describe(
            actor=bolat,
            course_id=told.course.pk,
            period_id=told.quarter.id,
            wishes=[Wish(told.pupils[0].pk, "Оқуға ынталы", 2)],
        )
        assert Sheet.objects.get().state == SheetState.CHANGED
        sheets.close(told, dina)
        row = sheets.sign(told, bolat)
        assert row.document.version == 2
        assert "Оқуға ынталы" in text_of(signing.queries.content(row.document))

    def test_a_sheet_without_words_is_the_same_as_before_words_stood_on_sheets(
        self, seventh: make.Scene, dina: Actor
    ) -> None:
        """The facts of such a sheet do not name words at all, so what was signed earlier stands."""
        made.mark(seventh.lessons[0], seventh.pupils[0], 8)
        course = queries.open_course(actor=dina, course_id=seventh.course.pk)
        found = queries.grid(actor=dina, course=course, period=seventh.quarter)
        before = queries.sheets.facts(found)
        found.rows[0].words = "Жақсы"
        assert queries.sheets.facts(found) != before
        found.rows[0].words = ""
        assert queries.sheets.facts(found) == before


class TestFiles:
    def test_the_year_in_pdf_has_them_in_both_languages(
        self, told: make.Scene, bolat_of: Any, client_for: ClientFor
    ) -> None:
        bolat = client_for(Role.TEACHER, person_id=told.teacher.pk)
        for language, head in (("kk", "Сипаттамалық бағалау"), ("ru", "Описательное оценивание")):
            answer = bolat.get(f"/journal/{told.course.pk}/files/journal.pdf?lang={language}")
            text = text_of(answer.content)
            assert SAID in text
            assert head in text

    def test_the_quarter_and_the_year_in_excel(self, told: make.Scene, client_for: ClientFor) -> None:
        bolat = client_for(Role.TEACHER, person_id=told.teacher.pk)
        quarter = book_of(bolat.get(f"/journal/{told.course.pk}/export.xlsx?period=q2").content)
        [words] = [rows for rows in quarter.values() if any(SAID in row for row in rows)]
        assert len(words) == 1 + len(told.pupils)
        year_ = book_of(bolat.get(f"/journal/{told.course.pk}/files/journal.xlsx").content)
        assert any(SAID in row for rows in year_.values() for row in rows)

    def test_the_page_for_paper(self, told: make.Scene, client_for: ClientFor) -> None:
        bolat = client_for(Role.TEACHER, person_id=told.teacher.pk)
        assert SAID in bolat.get(f"/journal/{told.course.pk}/print/?period=q2").content.decode()

    def test_where_marks_are_given_only_who_learns_without_them_stands(
        self, seventh: make.Scene, client_for: ClientFor
    ) -> None:
        Programme.objects.create(
            course=seventh.course,
            pupil_id=seventh.pupils[1].pk,
            aims="Тірек кестелермен",
            is_marked=False,
            since=seventh.quarter.start,
        )
        write(seventh, SAID, 1, pupil=1)
        bolat = client_for(Role.TEACHER, person_id=seventh.teacher.pk)
        book = book_of(bolat.get(f"/journal/{seventh.course.pk}/export.xlsx?period=q2").content)
        [words] = [rows for rows in book.values() if any(SAID in row for row in rows)]
        assert len(words) == 2

    def test_without_words_nothing_is_added(self, seventh: make.Scene, client_for: ClientFor) -> None:
        bolat = client_for(Role.TEACHER, person_id=seventh.teacher.pk)
        book = book_of(bolat.get(f"/journal/{seventh.course.pk}/export.xlsx?period=q2").content)
        assert len(book) == 2
