"""The list of class teachers and educators: found, narrowed, sorted in Kazakh order, taken to Excel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.staff.models import Employee
from tests.factories.schedule import lead
from tests.modules.contingent.people import new_class
from tests.platform.registers.listed import ClientFor, names, sheet_of, text_of

pytestmark = pytest.mark.requirement("SIS-12", "SIS-13", screen="contingent:charges")
LIST, EXCEL = "/contingent/charges/", "/contingent/charges/excel/"


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


def employee(surname: str, name: str) -> Employee:
    return Employee.objects.create(surname=surname, name=name, sex="f")


@pytest.fixture
def classes(school_a: TenantRef) -> dict[str, Any]:
    with tenancy.use(school_a):
        made = {
            label: new_class(int(label[:-1]), label[-1]) for label in ("10А", "2Ә", "2А", "2Б", "2В", "3А")
        }
        new_class(7, "А", year="2025-26")
        leaders = {
            "10А": ("Яковлева", "Айжан", date(2026, 11, 2)),
            "2Ә": ("Өтебаева", "Нұргүл", date(2026, 9, 1)),
            "2А": ("Ағыбаева", "Дана", date(2026, 10, 1)),
            "2Б": ("Әбдіқалықова", "Гүлнар", date(2026, 9, 15)),
        }
        for label, (surname, name, since) in leaders.items():
            lead(made[label], employee(surname, name).pk, since=since)
        bota = employee("Қасымова", "Бота")
        lead(made["2А"], bota.pk, "educator", group="1-топ")
        lead(made["3А"], bota.pk, "educator")
        return made


class TestList:
    def test_sorts_classes_and_names_in_kazakh_order(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        assert names(clerk.get(LIST)) == ["2А", "2Ә", "2Б", "2В", "3А", "10А"]
        # Ағыбаева, Әбдіқалықова, Өтебаева, Яковлева, then classes that nobody leads.
        assert names(clerk.get(LIST, {"sort": "teacher"})) == ["2А", "2Б", "2Ә", "10А", "2В", "3А"]
        assert names(clerk.get(LIST, {"sort": "since"}))[:4] == ["2Ә", "2Б", "2А", "10А"]

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("2ә", ["2Ә"]),
            ("абдикал", ["2Б"]),
            ("касым", ["2А", "3А"]),
            ("касымава", ["2А", "3А"]),
            ("жоқ", []),
        ],
    )
    def test_is_searched_by_class_by_teacher_and_by_educator(
        self, client_for: ClientFor, classes: dict[str, Any], typed: str, found: list[str]
    ) -> None:
        assert names(client_for(Role.SECRETARY).get(LIST, {"q": typed})) == found

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"led": "nobody"}, ["2В", "3А"]),
            ({"led": "educators"}, ["2А", "3А"]),
            ({"grade": "2", "led": "educators"}, ["2А"]),
        ],
    )
    def test_is_narrowed(
        self, client_for: ClientFor, classes: dict[str, Any], asked: dict[str, str], found: list[str]
    ) -> None:
        assert names(client_for(Role.SECRETARY).get(LIST, asked)) == found

    def test_counts_classes_that_nobody_leads(self, client_for: ClientFor, classes: dict[str, Any]) -> None:
        shown = client_for(Role.SECRETARY).get(LIST, {"group": "grade"}).context["list"]
        assert [one.figures[1].rpartition(" ")[2] for one in shown.lines if one.is_group] == ["1", "1", "0"]
        assert shown.totals[0].rpartition(" ")[2] == "2"

    def test_goes_to_excel_as_it_is_shown(
        self, client_for: ClientFor, school_a: TenantRef, classes: dict[str, Any]
    ) -> None:
        asked = {"grade": "2", "led": "educators", "cols": "class,teacher,since,educators"}
        [_head, line] = sheet_of(client_for(Role.SECRETARY).get(EXCEL, asked))
        assert line[1:] == ["2А", "Ағыбаева Дана", date(2026, 10, 1), "Қасымова Бота (1-топ)"]
        with tenancy.use(school_a):
            assert AuditEntry.objects.get(action="contingent.charges.exported").details["count"] == 1

    def test_is_of_the_year_in_the_head_of_the_page(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        clerk.cookies["year"] = "2025-26"
        assert names(clerk.get(LIST)) == ["7А"]


class TestWho:
    def test_costs_few_queries_however_many_classes(
        self, client_for: ClientFor, school_a: TenantRef, classes: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            for grade in range(4, 10):
                lead(new_class(grade, "А"), employee(f"Серікова{grade}", "Айжан").pk)
        clerk = client_for(Role.SECRETARY)
        clerk.get(LIST)
        for asked in ({}, {"sort": "teacher"}, {"q": "айж", "group": "shift"}):
            with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
                assert clerk.get(LIST, asked).status_code == 200
            assert len(queries) <= 8, "\n".join(q["sql"][:150] for q in queries)

    def test_whoever_may_appoint_does_it_from_the_line(
        self, client_for: ClientFor, classes: dict[str, Any]
    ) -> None:
        way = f"/contingent/classes/{classes['2В'].pk}/charges/new/"
        assert way in text_of(client_for(Role.SECRETARY).get(LIST))
        teacher = client_for(Role.TEACHER)
        page = teacher.get(LIST)
        assert "Ағыбаева" in text_of(page)
        assert way not in text_of(page)
        assert not page.context["list"].export_url
        assert teacher.get(EXCEL).status_code == 403

    def test_another_school_has_classes_of_its_own(
        self, client_for: ClientFor, school_b: TenantRef, classes: dict[str, Any]
    ) -> None:
        assert names(client_for(Role.DIRECTOR, school=school_b).get(LIST)) == []

    @pytest.mark.parametrize("role", [Role.PARENT, Role.PUPIL])
    def test_is_closed_to_families(self, client_for: ClientFor, classes: dict[str, Any], role: Role) -> None:
        client = client_for(role)
        assert client.get(LIST).status_code == 403
        assert client.get(EXCEL).status_code == 403
