"""Whole journals as files: a subject's year, the archive of classes, its progress, its stop and its end."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from kernel import jobs
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotFound
from kernel.jobs import Cancelled
from kernel.models import AuditEntry, Job, StoredFile
from kernel.tenancy import TenantRef
from modules.journal import queries as journal
from modules.journal.export import queries, services, showing
from modules.journal.export.services import What, Wish
from modules.schedule import api as schedule
from modules.schedule.models import GroupMember, Lesson
from tests.conftest import ActorOf, ClientFor
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT

pytestmark = pytest.mark.requirement("SIS-51")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def filled(scene: make.Scene) -> make.Scene:
    """A quarter with marks, a СОР of 20, a СОЧ of 25, absences, topics and a mark of the period."""
    first, second, third, *_more = scene.lessons
    Lesson.objects.filter(pk=first.pk).update(topic="Көпмүше", homework="№ 12")
    made.mark(first, scene.pupils[0], 8)
    made.work(second, "sor", 20)
    made.mark(second, scene.pupils[0], 16, "sor")
    made.work(third, "soch", 25)
    made.mark(third, scene.pupils[0], 22, "soch")
    made.absence(first, scene.pupils[1], "ill")
    made.final(scene.course, scene.pupils[0], scene.quarter.id, "4")
    return scene


def wish(scene: make.Scene, *what: What, language: str = "ru") -> Wish:
    return Wish(make.YEAR, (scene.school_class.pk,), what or (What.JOURNALS_PDF,), language)


def pack(actor: Actor, asked: Wish) -> zipfile.ZipFile:
    told: list[tuple[int, int, str]] = []
    kept = services.pack(actor=actor, wish=asked, told=lambda *said: told.append(said))
    assert told[-1][:2] == (len(asked.class_ids), len(asked.class_ids))
    return zipfile.ZipFile(io.BytesIO(services.files.read(file_id=kept.pk, purpose="journal.export")[1]))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


class TestReading:
    def test_many_at_once_are_the_same_as_one_by_one(self, filled: make.Scene, aigul: Actor) -> None:
        """What the teacher sees on the screen stands in the file, cell by cell."""
        other = make.course(filled.school_class, None, "physics", 2)
        GroupMember.objects.create(course=other, pupil_id=filled.pupils[3].pk, since=date(2026, 11, 12))
        for lesson in make.lessons(other, filled.quarter.start, count=3, number=5):
            made.mark(lesson, filled.pupils[3], 7)
        courses = schedule.courses(actor=aigul, year=make.YEAR)
        found = {course.id: grids for course, grids in queries.journals(courses=courses, year=make.YEAR)}
        assert len(found) == 2
        for course in courses:
            [read] = found[course.id]
            shown = journal.grid(actor=aigul, course=course, period=filled.quarter)
            assert [(r.pupil_id, r.final, r.said) for r in read.rows] == [
                (r.pupil_id, r.final, r.said) for r in shown.rows
            ]
            assert [[_value(c) for c in r.cells] for r in read.rows] == [
                [_value(c) for c in r.cells] for r in shown.rows
            ]

    def test_as_few_statements_for_many_courses_as_for_one(self, filled: make.Scene, aigul: Actor) -> None:
        for number, code in enumerate(("physics", "chemistry", "biology"), 6):
            more = make.course(filled.school_class, None, code, 2)
            make.lessons(more, filled.quarter.start, count=4, number=number)
        courses = schedule.courses(actor=aigul, year=make.YEAR)
        list(queries.journals(courses=courses[:1], year=make.YEAR))
        with CaptureQueriesContext(connection) as of_one:
            list(queries.journals(courses=courses[:1], year=make.YEAR))
        with CaptureQueriesContext(connection) as of_all:
            assert len(list(queries.journals(courses=courses, year=make.YEAR))) == 4
        assert len(of_one) == len(of_all) == 6

    def test_the_page_of_summative_works_gives_each_part_its_share(
        self, filled: make.Scene, aigul: Actor
    ) -> None:
        """ФО 8/10 is 20 of 25, СОР 16/20 is 20 of 25, СОЧ 22/25 is 44 of 50: 84."""
        course = journal.open_course(actor=aigul, course_id=filled.course.pk)
        [(__, grids)] = queries.journals(courses=[course], year=make.YEAR)
        with translation.override("ru"):
            [found] = showing.pages(course, grids).summaries
        assert found is not None
        assert found.heads == (
            "СОР 1 (20)",
            "СОЧ (25)",
            "ФО % (25)",
            "СОР % (25)",
            "СОЧ % (50)",
            "Сумма, %",
            "Оценка",
        )
        first = next(row for row in found.rows if row[0].startswith("Ахметова"))
        assert first[1:] == ("16", "22", "20,0", "20,0", "44,0", "84", "4")


def _value(cell: Any) -> Any:
    return (cell[0], cell[2]) if cell else None


class TestTheArchive:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            (
                "ru",
                ("Классный журнал", "Оглавление", "Сводная ведомость", "Учёт посещаемости", "Сведения об"),
            ),
            ("kk", ("Сынып журналы", "Мазмұны", "жиынтық ведомосі", "Сабаққа қатысу", "Білім алушылар")),
        ],
    )
    def test_the_class_journal_has_all_parts_of_the_form(
        self, language: str, words: tuple[str, ...], filled: make.Scene, aigul: Actor
    ) -> None:
        archive = pack(aigul, wish(filled, language=language))
        [name] = archive.namelist()
        assert name == f"7А/{words[0]} 7А.pdf"
        text = text_of(archive.read(name))
        for said in (*words, "Алгебра", "Көпмүше", "№ 12", "Ахметова Әлия"):
            assert said in text
        assert f"{filled.lessons[0].date:%d.%m}" in text

    def test_every_kind_of_file_stands_in_the_folder_of_the_class(
        self, filled: make.Scene, aigul: Actor
    ) -> None:
        archive = pack(aigul, wish(filled, *What))
        assert len(archive.namelist()) == 4
        [sheet] = [one for one in archive.namelist() if one.endswith(".xlsx")]
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(archive.read(sheet)))
        assert book.sheet_names == ["Алгебра", "Алгебра – Темы", "Листок здоровья", "Замечания"]
        rows = book.get_sheet_by_name("Алгебра").to_python()
        assert any("Ахметова Әлия" in row and 8.0 in row and 16.0 in row for row in rows)
        topics = book.get_sheet_by_name("Алгебра – Темы").to_python()
        assert any("Көпмүше" in row for row in topics)

    def test_each_class_in_its_own_language(self, filled: make.Scene, aigul: Actor) -> None:
        russian = make.school_class(7, "Б")
        type(russian).objects.filter(pk=russian.pk).update(language="ru")
        make.pupils(russian, 2)
        asked = Wish(make.YEAR, (filled.school_class.pk, russian.pk), (What.CARDS,), services.OF_CLASS)
        names = pack(aigul, asked).namelist()
        assert sorted(names) == ["7А/Үлгерім табельдері 7А.pdf", "7Б/Табели успеваемости 7Б.pdf"]

    def test_a_class_of_others_is_not_packed(self, filled: make.Scene, actor_of: ActorOf) -> None:
        other = make.school_class(8, "Б")
        dana = actor_of(Role.CLASS_TEACHER, person_id=filled.teacher.pk)
        pack(dana, wish(filled))
        asked = Wish(make.YEAR, (filled.school_class.pk, other.pk), (What.CARDS,), "ru")
        with pytest.raises(NotFound):
            services.pack(actor=dana, wish=asked, told=lambda *_said: None)

    def test_who_stops_it_keeps_nothing(self, filled: make.Scene, aigul: Actor) -> None:
        def stop(*_said: object) -> None:
            raise Cancelled

        with translation.override("kk"):
            with pytest.raises(Cancelled):
                services.pack(actor=aigul, wish=wish(filled, language="ru"), told=stop)
            assert translation.get_language() == "kk"
        assert not StoredFile.objects.filter(purpose="journal.export").exists()


class TestTheJob:
    @pytest.fixture
    def director(self, filled: make.Scene, client_for: ClientFor) -> Client:
        return client_for(Role.DIRECTOR)

    def start(self, client: Client, scene: make.Scene, **more: Any) -> str:
        values = {"what": ["cards"], "language": "ru", "classes": [str(scene.school_class.pk)], **more}
        answer = client.post("/journal/archives/", values)
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        return answer.headers["Location"]

    def run(self, page: str) -> Job:
        return jobs.run(UUID(page.split("/")[-2]))

    def test_it_is_asked_for_left_and_taken(
        self, filled: make.Scene, director: Client, school_a: TenantRef
    ) -> None:
        page = self.start(director, filled)
        assert "stop" in director.get(page).content.decode()
        assert director.get(f"{page}file.zip").status_code == 404
        row = self.run(page)
        assert (row.state, row.done, row.total, row.result["url"]) == ("done", 1, 1, page)
        assert "file.zip" in director.get(page).content.decode()
        answer = director.get(f"{page}file.zip")
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        told = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"journal.archive.made", "journal.archive.taken"} <= told

    def test_what_is_not_ticked_is_said_and_nothing_typed_is_lost(
        self, filled: make.Scene, director: Client
    ) -> None:
        answer = director.post("/journal/archives/", {"what": [], "language": "kk", "classes": []})
        assert answer.status_code == 422
        assert not Job.objects.filter(kind=services.PACK).exists()

    def test_nobody_else_takes_it(
        self, filled: make.Scene, director: Client, client_for: ClientFor, school_b: TenantRef
    ) -> None:
        page = self.start(director, filled)
        self.run(page)
        assert client_for(Role.DEPUTY_ACADEMIC).get(f"{page}file.zip").status_code == 404
        assert client_for(Role.DIRECTOR, school=school_b).get(f"{page}file.zip").status_code == 404

    def test_who_leads_the_class_no_more_does_not_take_it(
        self, filled: make.Scene, client_for: ClientFor
    ) -> None:
        dana = client_for(Role.CLASS_TEACHER, person_id=filled.teacher.pk)
        page = self.start(dana, filled)
        self.run(page)
        assert dana.get(f"{page}file.zip").status_code == 200
        make.Charge.objects.update(until=date(2026, 11, 20))
        assert dana.get(f"{page}file.zip").status_code == 404

    def test_it_is_stopped(self, filled: make.Scene, director: Client) -> None:
        page = self.start(director, filled)
        assert director.post(f"{page}stop/").status_code == 302
        assert self.run(page).state == "cancelled"

    def test_it_is_gone_after_three_days(self, filled: make.Scene, director: Client) -> None:
        page = self.start(director, filled)
        row = self.run(page)
        later = MOMENT + timedelta(days=3, minutes=5)
        assert services.clear(now=MOMENT + timedelta(days=2)) == 0
        assert services.clear(now=later) == 1
        assert not StoredFile.objects.filter(pk=row.result["file"]).exists()

    def test_a_job_of_another_kind_is_not_found(self, director: Client) -> None:
        assert director.get(f"/journal/archives/{uuid4()}/").status_code == 404


class TestASubjectsYear:
    @pytest.fixture
    def bolat_at_work(self, filled: make.Scene, client_for: ClientFor) -> Client:
        return client_for(Role.TEACHER, person_id=filled.teacher.pk)

    def test_the_teacher_saves_her_own(self, filled: make.Scene, bolat_at_work: Client) -> None:
        address = f"/journal/{filled.course.pk}/files/"
        assert bolat_at_work.get(address).status_code == 200
        paper = bolat_at_work.get(f"{address}journal.pdf?lang=ru")
        assert "Көпмүше" in text_of(paper.content)
        sheet = bolat_at_work.get(f"{address}journal.xlsx")
        assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).sheet_names
        told = AuditEntry.objects.filter(action="journal.exported")
        assert [one.details["as"] for one in told.order_by("id")] == ["pdf", "excel"]

    def test_a_journal_without_lessons_is_an_empty_one(
        self, filled: make.Scene, bolat_at_work: Client
    ) -> None:
        empty = make.course(filled.school_class, filled.teacher, "geometry", 2)
        for name in ("journal.pdf", "journal.xlsx"):
            assert bolat_at_work.get(f"/journal/{empty.pk}/files/{name}").status_code == 200

    def test_anothers_is_not_there(self, filled: make.Scene, client_for: ClientFor) -> None:
        other = client_for(Role.TEACHER, person_id=make.teacher("Басқа", "Мұғалім").pk)
        for name in ("", "journal.pdf", "journal.xlsx"):
            assert other.get(f"/journal/{filled.course.pk}/files/{name}").status_code == 404

    def test_a_file_wants_the_password_again_after_a_while(
        self, filled: make.Scene, bolat_at_work: Client
    ) -> None:
        with time_machine.travel(datetime(2026, 11, 25, 15, 0, tzinfo=ALMATY)):
            answer = bolat_at_work.get(f"/journal/{filled.course.pk}/files/journal.pdf")
        assert answer.headers.get("Content-Type") != "application/pdf"
