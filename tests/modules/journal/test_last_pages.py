"""The class's journal as a file has the health list and the page of remarks, each for whom it is open on the screen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from kernel.models import ViewEntry
from modules.contingent.models import Charge, HealthGroup
from modules.journal.export import services
from modules.journal.export.services import What, Wish
from modules.journal.remarks import services as remarks
from tests.conftest import ActorOf
from tests.factories import schedule as make
from tests.modules.journal.test_export import text_of

pytestmark = pytest.mark.requirement("SIS-51", "SIS-32")
ADVICE, REMARK, ANSWER = "Бірінші партада отырсын", "Сабақтың тақырыбы жазылмаған", "Жазып қойдым"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def checked(scene: make.Scene, bolat: Actor, actor_of: ActorOf) -> make.Scene:
    HealthGroup.objects.create(
        pupil=scene.pupils[0], group=2, physical_education="special", advice=ADVICE, since=date(2026, 9, 1)
    )
    deputy = actor_of(Role.DEPUTY_ACADEMIC, user_id=1003, name="Гүлнар")
    row = remarks.make(actor=deputy, course_id=scene.course.pk, text=REMARK)
    remarks.answer(actor=bolat, remark_id=row.pk, text=ANSWER)
    gone = remarks.make(actor=deputy, course_id=scene.course.pk, text="Қате жазылған ескерту")
    remarks.take_back(actor=deputy, remark_id=gone.pk)
    return scene


def saved(actor: Actor, scene: make.Scene, language: str = "ru") -> tuple[str, Mapping[str, list[list[Any]]]]:
    """The class's journal as text of its PDF, and as sheets of its workbook."""
    wish = Wish(make.YEAR, (scene.school_class.pk,), (What.JOURNALS_PDF, What.JOURNALS_EXCEL), language)
    kept = services.pack(actor=actor, wish=wish, told=lambda *_said: None)
    archive = zipfile.ZipFile(io.BytesIO(services.files.read(file_id=kept.pk, purpose="journal.export")[1]))
    names = {name.rsplit(".", 1)[1]: archive.read(name) for name in archive.namelist()}
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(names["xlsx"]))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return " ".join(text_of(names["pdf"]).split()), sheets


@pytest.mark.parametrize(
    ("language", "heads"),
    [
        ("ru", ("Листок здоровья", "Замечания по ведению журнала")),
        ("kk", ("Денсаулық парағы", "Журналды жүргізу туралы ескертулер")),
    ],
)
def test_the_director_has_both(
    language: str, heads: tuple[str, str], checked: make.Scene, aigul: Actor
) -> None:
    text, sheets = saved(aigul, checked, language)
    for said in (*heads, ADVICE, REMARK, ANSWER, "Гүлнар"):
        assert said in text, said
    assert "Қате жазылған" not in text
    health, page = list(sheets.values())[-2:]
    assert any(ADVICE in row for row in health)
    assert len(health) == 1 + len(checked.pupils)
    [line] = page[1:]
    assert {REMARK, ANSWER, "Гүлнар"} <= set(line)


def test_that_health_was_taken_along_is_logged(checked: make.Scene, aigul: Actor) -> None:
    saved(aigul, checked)
    looks = ViewEntry.objects.filter(purpose="journal.class_health", actor_id=aigul.user_id)
    assert {one.subject_id for one in looks} == {one.pk for one in checked.pupils}


def test_to_whom_health_is_closed_the_page_is_left_out(checked: make.Scene, actor_of: ActorOf) -> None:
    deputy = actor_of(Role.DEPUTY_ACADEMIC, user_id=1003, name="Гүлнар")
    text, sheets = saved(deputy, checked)
    assert ADVICE not in text
    assert "Листок здоровья" not in text
    assert REMARK in text
    assert not any(ADVICE in row for rows in sheets.values() for row in rows)
    assert not ViewEntry.objects.filter(purpose="journal.class_health").exists()


def test_the_class_teacher_has_advice_and_remarks_on_all_subjects_of_her_class(
    checked: make.Scene, actor_of: ActorOf
) -> None:
    leader = make.teacher("Сәтбаева", "Гүл")
    Charge.objects.filter(school_class=checked.school_class).update(employee_id=leader.pk)
    dana = actor_of(Role.CLASS_TEACHER, person_id=leader.pk, user_id=1005)
    text, __ = saved(dana, checked)
    assert ADVICE in text
    assert REMARK in text
    assert ANSWER in text


def test_no_statement_more_for_more_journals(checked: make.Scene, aigul: Actor) -> None:
    saved(aigul, checked)
    with CaptureQueriesContext(connection) as one:
        saved(aigul, checked)
    for number, code in enumerate(("physics", "chemistry", "biology"), 6):
        more = make.course(checked.school_class, None, code, 2)
        make.lessons(more, checked.quarter.start, count=2, number=number)
    with CaptureQueriesContext(connection) as many:
        saved(aigul, checked)
    assert len(many) == len(one)
