"""Weeks are taken out and compared through HTTP; each role sees what it may, another school's week is not found."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest
import python_calamine as calamine
from django.test import Client

from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.schedule.exchange import comparing, fet_writing, papers
from modules.schedule.exchange import queries as weeks
from modules.schedule.exchange.comparing import Kind
from modules.schedule.exchange.queries import Week
from modules.schedule.models import Card, Course, Slot, Timetable
from modules.schedule.solver import fet
from modules.schedule.timetabling import services
from modules.schedule.timetabling.grid import Grid, Piece
from tests.factories import schedule as make

PAGES = "/schedule/timetables/"
BELLS = {(1, n): (time(7 + n, 0), time(7 + n, 45)) for n in range(1, 8)}


@pytest.fixture
def variant(scene: make.Scene) -> Timetable:
    """Algebra on Monday 1 and Tuesday 2 now; in the variant it is moved, has another room, and physics is new."""
    for weekday, number in ((1, 1), (2, 2)):
        slot = make.slot(scene.course, weekday, number)
        Slot.objects.filter(pk=slot.pk).update(room="25")
    make.course(scene.school_class, make.teacher("Әлиева", "Дана"), "physics", 1)
    made = services.make(actor=Actor.system_actor("test"), year=make.YEAR, name="Екінші")
    algebra = list(Card.objects.filter(timetable=made, course=scene.course).order_by("ordinal"))
    Card.objects.filter(pk=algebra[0].pk).update(weekday=3, number=1)
    Card.objects.filter(pk=algebra[1].pk).update(room="26")
    Card.objects.filter(timetable=made, course__subject_code="physics").update(weekday=5, number=1)
    return made


@pytest.fixture
def deputy(variant: Timetable, client_for: Callable[..., Client]) -> Client:
    client = client_for(Role.DEPUTY_ACADEMIC)
    client.cookies["lang"] = "ru"
    return client


@pytest.mark.requirement("SIS-15", screen="schedule:timetable_compare")
def test_a_variant_is_compared_with_the_week_in_force(deputy: Client, variant: Timetable) -> None:
    page = deputy.get(f"{PAGES}compare/", {"one": "now", "other": str(variant.pk)}).content.decode()
    for words in ("перенесён", "другой кабинет", "только во втором", "Действующая неделя", "Окна учителей"):
        assert words in page, words
    assert "Пн 1" in page
    assert "Ср 1" in page
    assert page.count('class="is-other"') == 4


def test_differences_are_narrowed_and_taken_out(
    deputy: Client, variant: Timetable, scene: make.Scene
) -> None:
    asked = {"one": "now", "other": str(variant.pk), "kind": "room"}
    rows = deputy.get(f"{PAGES}compare/", asked, headers={"HX-Request": "true"}).content.decode()
    assert "каб. 26" in rows
    assert "Ср 1" not in rows.partition("cmp-table")[0]
    other = deputy.get(f"{PAGES}compare/", {**asked, "kind": "", "of": f"teacher:{scene.teacher.pk}"})
    assert "Физика" not in other.content.decode().partition("cmp-table")[0].partition('id="differences"')[2]
    book = deputy.get(f"{PAGES}compare/", {**asked, "as": "excel"}).content
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 2
    assert sheet[1][0] == "7А"


def test_a_week_that_is_not_of_the_school_is_not_found(deputy: Client, variant: Timetable) -> None:
    for code in (uuid4(), "what"):
        assert deputy.get(f"{PAGES}out/{code}/").status_code == 404
        assert deputy.get(f"{PAGES}compare/", {"one": str(code)}).status_code == 404
    assert deputy.get(f"{PAGES}out/now/pupils.pdf").status_code == 404


def test_a_variant_of_another_school_is_not_found(
    variant: Timetable, school_b: TenantRef, client_for: Callable[..., Client]
) -> None:
    other = client_for(Role.DEPUTY_ACADEMIC, school=school_b)
    assert other.get(f"{PAGES}out/now/").status_code == 200
    for path in (f"out/{variant.pk}/", f"out/{variant.pk}/wall.pdf", f"compare/?one={variant.pk}"):
        assert other.get(f"{PAGES}{path}").status_code == 404, path


@pytest.mark.requirement("SIS-15", screen="schedule:week_out")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_papers_and_files_of_a_week(deputy: Client, variant: Timetable, language: str) -> None:
    for code in ("now", str(variant.pk)):
        assert deputy.get(f"{PAGES}out/{code}/").status_code == 200
        for paper in ("classes", "teachers", "rooms", "wall"):
            answer = deputy.get(f"{PAGES}out/{code}/{paper}.pdf", {"lang": language})
            assert answer.content.startswith(b"%PDF"), paper
        book = deputy.get(f"{PAGES}out/{code}/timetable.xlsx").content
        names = calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names
        assert names == ["Классы", "Учителя", "Кабинеты"]
        assert b"<fet" in deputy.get(f"{PAGES}out/{code}/timetable.fet").content


def test_a_teacher_takes_out_the_week_in_force_but_no_variant(
    variant: Timetable, client_for: Callable[..., Client]
) -> None:
    teacher = client_for(Role.TEACHER)
    assert teacher.get(f"{PAGES}out/now/").status_code == 200
    assert teacher.get(f"{PAGES}out/now/wall.pdf").status_code == 200
    for path in (f"out/{variant.pk}/", f"out/{variant.pk}/wall.pdf", "out/now/timetable.fet", "compare/"):
        assert teacher.get(f"{PAGES}{path}").status_code == 403, path


def test_the_pages_cost_few_queries(
    deputy: Client, variant: Timetable, django_assert_max_num_queries: Any
) -> None:
    deputy.get(f"{PAGES}compare/")
    with django_assert_max_num_queries(36):
        deputy.get(f"{PAGES}compare/", {"other": str(variant.pk)})
    with django_assert_max_num_queries(24):
        deputy.get(f"{PAGES}out/now/classes.pdf")


# --- without tables


def key(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def piece(course: str, place: tuple[int, int] | None = None, **more: Any) -> Piece:
    known: dict[str, Any] = {
        "id": uuid4(),
        "course_id": key(course),
        "class_id": "c",
        "class_label": "7А",
        "subject_code": "algebra",
        "subject": "Алгебра",
        "short": "Алг.",
        "teacher_id": "t",
        "teacher": "Ермекова Б.",
        "group": 0,
        "shift": 1,
        "set_code": "",
        "place": place,
        "room": "",
        "pin": "",
    }
    known |= more
    return Piece(**known | {name: key(known[name]) for name in ("class_id", "teacher_id")})


def test_lessons_are_paired_so_that_few_differ() -> None:
    one = [piece("a", (1, 1)), piece("a", (2, 1)), piece("a", (3, 1), room="5"), piece("b", (1, 2))]
    other = [
        piece("a", (2, 1)),
        piece("a", (3, 1), room="6"),
        piece("a", (4, 1)),
        piece("b", (1, 2), teacher_id="u"),
        piece("d", (1, 3)),
    ]
    found = comparing.differences(one, other)
    assert [(each.kind, each.one and each.one.place, each.other and each.other.place) for each in found] == [
        (Kind.MOVED, (1, 1), (4, 1)),
        (Kind.ROOM, (3, 1), (3, 1)),
        (Kind.TEACHER, (1, 2), (1, 2)),
        (Kind.ONLY_OTHER, None, (1, 3)),
    ]
    assert comparing.differences(one, one) == []


def test_a_lesson_that_waits_is_told_so() -> None:
    [found] = comparing.differences([piece("a", (1, 1))], [piece("a", None)])
    assert found.kind is Kind.ONLY_ONE
    assert found.other_text not in ("", found.one_text)


def test_gaps_of_classes_and_teachers_are_counted_by_shift() -> None:
    grid = Grid(
        [
            piece("a", (1, 1)),
            piece("a", (1, 3)),
            piece("b", (1, 2), class_id="d", class_label="7Б"),
            piece("e", (2, 1), class_id="d", teacher_id="u"),
            piece("e", (2, 4), class_id="d", teacher_id="u"),
        ],
        BELLS,
        5,
    )
    found = comparing.quality(grid)
    assert (found.class_gaps, found.teacher_gaps, found.placed, found.waiting) == (1 + 2, 2, 5, 0)
    better = {line.label: line.better for line in comparing.figures(found, replace(found, teacher_gaps=0))}
    assert sorted(better.values()) == [0, 0, 0, 0, 0, 0, 2]


FET = "/usr/bin/fet-cl"


def file_for_fet() -> bytes:
    """A school's week with places, pins, rooms and rules, as FET reads it."""
    pieces = [
        *(piece("a", (day, 1), pin="жиын" if day == 1 else "") for day in (1, 2, 3)),
        *(piece("b", (day, 2), subject="Физика", subject_code="physics", teacher_id="u", teacher="Әлиева Д.") for day in (1, 2)),
        *(piece(f"g{n}", None, subject="Информатика", group=n, teacher_id=f"v{n}", teacher=f"Ким {n}", room=f"1{n}") for n in (1, 2)),
    ]  # fmt: skip
    return fet_writing.write(Week("x", "Екінші", None, Grid(pieces, BELLS, 5)), name="Мектеп")


@pytest.mark.requirement("SIS-15")
def test_the_file_for_fet_is_read_back_whole() -> None:
    content = file_for_fet()
    read = fet.read_bytes(content)
    assert len(read.problem.activities) == 7
    assert read.problem.unknown_rules == {}
    assert "жиын".encode() in content


@pytest.mark.requirement("SIS-15")
@pytest.mark.skipif(not Path(FET).exists(), reason="FET is a program of its own (Debian's package fet)")
def test_fet_itself_takes_the_file_and_keeps_what_is_locked(tmp_path: Path) -> None:
    content = file_for_fet()
    source = tmp_path / "school.fet"
    source.write_bytes(content)
    done = subprocess.run(
        [FET, f"--inputfile={source}", f"--outputdir={tmp_path}", "--timelimitseconds=20"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    solved = tmp_path / "timetables" / "school" / "school_data_and_timetable.fet"
    assert solved.exists(), done.stdout[-1000:]


def test_a_wall_sheet_shares_classes_out_evenly_and_keeps_the_same_lines() -> None:
    from types import SimpleNamespace

    classes = [SimpleNamespace(id=key(f"c{n}"), label=f"{n}А") for n in range(1, 11)]
    pieces = [piece(f"k{n}", (1, 1 + n % 3), class_id=f"c{n}", class_label=f"{n}А") for n in range(1, 11)]
    wall = papers.wall(Week("now", "", date(2026, 9, 1), Grid(pieces, BELLS, 5)), classes, term="")  # type: ignore[arg-type]
    assert [len(sheet.classes) for sheet in wall.sheets] == [5, 5]
    assert {tuple(len(day.lines) for day in sheet.days) for sheet in wall.sheets} == {(3,)}


def test_the_week_in_force_names_whoever_has_the_course_on_the_day(
    scene: make.Scene, variant: Timetable
) -> None:
    actor = Actor.system_actor("test")
    Course.objects.filter(subject_code="physics").delete()
    found = weeks.week_in_force(actor=actor, year=make.YEAR, day=date(2026, 11, 23))
    assert {one.teacher_id for one in found.grid.pieces.values()} == {scene.teacher.pk}
    assert len(found.lessons) == 2
    slot = Slot.objects.first()
    assert slot is not None
    Slot.objects.filter(pk=slot.pk).update(weeks="odd")
    found = weeks.week_in_force(actor=actor, year=make.YEAR, day=date(2026, 11, 23))
    assert sorted(bool(words) for _one, words in found.lessons) == [False, True]
