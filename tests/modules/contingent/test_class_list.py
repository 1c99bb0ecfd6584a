"""The list of classes: found, narrowed, gathered, counted, taken to Excel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil
from modules.staff.models import Employee
from tests.modules.contingent.people import new_class, new_pupil
from tests.platform.registers.listed import ClientFor, names, sheet_of, text_of

pytestmark = pytest.mark.requirement("SIS-17", screen="contingent:classes")
CLASSES = "/contingent/"


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


def employee(surname: str, name: str) -> Employee:
    return Employee.objects.create(surname=surname, name=name, patronymic="Серікқызы", sex="f")


@pytest.fixture
def classes(school_a: TenantRef) -> dict[str, Any]:
    with tenancy.use(school_a):
        first, second = employee("Өтебаева", "Нұргүл"), employee("Ахметова", "Айжан")
        made = {
            "10А": new_class(10, "А", direction="natural", room="214", class_teacher_id=first.pk),
            "2Ә": new_class(2, "Ә", capacity=1, room="21", shift=2, class_teacher_id=second.pk),
            "2А": new_class(2, "А", capacity=25),
            "2Б": new_class(2, "Б"),
        }
        new_class(7, "А", year="2025-26")
        for n in range(2):
            new_pupil(made["2Ә"], surname=f"Бекова{chr(1072 + n)}")
        new_pupil(made["2А"], surname="Ғалымов")
        gone = new_pupil(made["2А"], surname="Қате")
        Pupil.objects.filter(pk=gone.pk).update(removed_at="2026-11-01T00:00Z")
        return made


class TestList:
    def test_stands_by_grade_and_by_kazakh_letters(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        assert names(clerk.get(CLASSES)) == ["2А", "2Ә", "2Б", "10А"]
        assert names(clerk.get(CLASSES, {"sort": "-class"}))[0] == "10А"
        # Ахметова before Өтебаева, then those whom nobody leads.
        assert names(clerk.get(CLASSES, {"sort": "teacher"}))[:2] == ["2Ә", "10А"]
        assert names(clerk.get(CLASSES, {"sort": "-pupils"}))[:2] == ["2Ә", "2А"]

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("2ә", ["2Ә"]),
            ("2 «А»", ["2А"]),
            ("2", ["2А", "2Ә", "2Б", "10А"]),
            ("ә", ["2Ә"]),
            ("214", ["10А"]),
            ("нург", ["10А"]),
            ("айжан ахм", ["2Ә"]),
            ("отибаева", ["10А"]),
            ("жоқ мұндай", []),
        ],
    )
    def test_is_searched_by_class_room_and_teacher(
        self, client_for: ClientFor, classes: dict[str, Any], typed: str, found: list[str]
    ) -> None:
        assert names(client_for(Role.SECRETARY).get(CLASSES, {"q": typed})) == found

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"direction": "natural"}, ["10А"]),
            ({"shift": "2"}, ["2Ә"]),
            ({"wants": "teacher"}, ["2А", "2Б"]),
            ({"wants": "over"}, ["2Ә"]),
            ({"wants": "free"}, ["2А"]),
            ({"grade": "2", "wants": "teacher", "q": "2б"}, ["2Б"]),
        ],
    )
    def test_is_narrowed(
        self, client_for: ClientFor, classes: dict[str, Any], asked: dict[str, str], found: list[str]
    ) -> None:
        assert names(client_for(Role.SECRETARY).get(CLASSES, asked)) == found

    def test_counts_who_learns_there_in_each_group_and_in_all(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        shown = client_for(Role.SECRETARY).get(CLASSES, {"group": "grade"}).context["list"]
        assert [one.figures[1].rpartition(" ")[2] for one in shown.lines if one.is_group] == ["3", "0"]
        assert shown.totals[0].rpartition(" ")[2] == "3"

    def test_is_of_the_year_in_the_head_of_the_page(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        clerk.cookies["year"] = "2025-26"
        assert names(clerk.get(CLASSES)) == ["7А"]
        assert sheet_of(clerk.get("/contingent/classes/excel/"))[1][1] == "7А"

    def test_goes_to_excel_as_it_is_shown(
        self, client_for: ClientFor, school_a: TenantRef, classes: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        asked = {"grade": "2", "cols": "class,pupils,room,teacher", "sort": "-class"}
        sheet = sheet_of(clerk.get("/contingent/classes/excel/", asked))
        assert [row[1:] for row in sheet[1:]] == [
            ["2Б", 0, "", ""],
            ["2Ә", 2, "21", "Ахметова Айжан Серікқызы"],
            ["2А", 1, "", ""],
        ]
        with tenancy.use(school_a):
            assert AuditEntry.objects.get(action="contingent.classes.exported").details["count"] == 3

    def test_programs_learn_the_room_and_the_direction(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        told = {one["label"]: one for one in client_for(Role.DIRECTOR).get("/api/v1/classes").json()}
        assert (told["10А"]["direction"], told["10А"]["room"]) == ("natural", "214")
        assert (told["2Б"]["direction"], told["2Б"]["room"], told["2Б"]["kind"]) == ("", "", "general")

    def test_a_view_of_it_is_kept(self, client_for: ClientFor, classes: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        kept = clerk.post(
            "/lists/contingent.classes/views/", {"name": "Без руководителя", "query": "wants=teacher"}
        )
        assert names(clerk.get(kept.headers["Location"])) == ["2А", "2Б"]


class TestWho:
    def test_costs_few_queries_however_many_classes(
        self, client_for: ClientFor, school_a: TenantRef, classes: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            for grade in range(3, 10):
                new_class(grade, "А", class_teacher_id=employee(f"Серікова{grade}", "Айжан").pk)
        clerk = client_for(Role.SECRETARY)
        clerk.get(CLASSES)
        for asked in ({}, {"sort": "teacher"}, {"q": "айж", "group": "shift"}):
            with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
                assert clerk.get(CLASSES, asked).status_code == 200
            assert len(queries) <= 8, "\n".join(q["sql"][:150] for q in queries)

    def test_another_school_has_classes_of_its_own(
        self, client_for: ClientFor, school_b: TenantRef, classes: dict[str, Any]
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert names(zhanna.get(CLASSES)) == []
        assert zhanna.get(f"/contingent/classes/{classes['2А'].pk}/").status_code == 404

    def test_a_teacher_reads_it_and_does_not_take_it_away(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        teacher = client_for(Role.TEACHER)
        page = teacher.get(CLASSES)
        assert len(names(page)) == 4
        assert not page.context["list"].export_url
        assert "/contingent/classes/new/" not in text_of(page)
        assert teacher.get("/contingent/classes/excel/").status_code == 403

    @pytest.mark.parametrize("role", [Role.PARENT, Role.PUPIL])
    def test_is_closed_to_families(self, client_for: ClientFor, classes: dict[str, Any], role: Role) -> None:
        client = client_for(role)
        assert client.get(CLASSES).status_code == 403
        assert client.get("/contingent/classes/excel/").status_code == 403
