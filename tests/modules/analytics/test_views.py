"""The director's board and the authorities' pages, as people open them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.analytics import services
from modules.analytics.data import Cell, Choice, Marks, Row
from modules.analytics.queries import tables
from tests.modules.analytics.conftest import Journal

ClientFor = Callable[..., Client]
DASHBOARD = "/analytics/"


@pytest.fixture
def counted(journal: Journal, system: Actor) -> Journal:
    for number, subject, counts in (
        (0, "algebra", (6, 9, 8, 2)),
        (0, "physics", (1, 2, 3, 4)),
        (1, "algebra", (9, 9, 1, 0)),
    ):
        journal.set(number, subject, *counts)
    services.recount(actor=system)
    return journal


def page(client: Client, path: str, status: int = 200, **query: Any) -> str:
    response = client.get(path, query)
    assert response.status_code == status, response.content[-2000:]
    return response.content.decode()


@pytest.mark.requirement("ANL-00")
class TestSchoolBoard:
    def test_shows_classes_and_subjects_with_what_they_are_of(
        self, counted: Journal, client_for: ClientFor
    ) -> None:
        html = page(client_for(Role.DIRECTOR), DASHBOARD, period="q1")
        assert "7Ә" in html
        assert "54 ішінен 36" in html  # the whole school's quality, as the authority will read it
        assert "15/25" not in html  # 7А: both subjects together
        assert "18/35" in html
        assert "66,7 %" in html

    def test_says_how_many_classes_have_marks(self, counted: Journal, client_for: ClientFor) -> None:
        client = client_for(Role.DIRECTOR)
        assert "Бағасы бар сыныптар: 2 / 3" in page(client, DASHBOARD, period="q1")

    def test_sorts_by_a_figure_both_ways(self, counted: Journal, client_for: ClientFor) -> None:
        client = client_for(Role.DIRECTOR)
        for sort, first in (("journal.quality", "7А"), ("-journal.quality", "7Ә")):
            html = page(client, DASHBOARD, period="q1", sort=sort)
            rows = html[html.index("<tbody", html.index('id="by-class"')) :]
            assert rows.index(first) < rows.index("7Ә" if first == "7А" else "7А")

    def test_drills_to_a_class(self, counted: Journal, client_for: ClientFor) -> None:
        html = page(client_for(Role.DIRECTOR), f"/analytics/class/{counted.classes[0].id}/", period="q1")
        assert "15/25" in html
        assert "3/10" in html

    def test_a_class_that_is_not_there_is_404(self, counted: Journal, client_for: ClientFor) -> None:
        page(client_for(Role.DIRECTOR), f"/analytics/class/{uuid4()}/", 404)

    def test_an_empty_school_says_what_will_be_here(
        self, in_school: TenantRef, client_for: ClientFor
    ) -> None:
        html = page(client_for(Role.DIRECTOR), DASHBOARD)
        assert "nothing" in html
        assert "<table" not in html

    def test_speaks_russian(self, counted: Journal, client_for: ClientFor) -> None:
        html = page(client_for(Role.DIRECTOR, language="ru"), DASHBOARD, period="q1")
        assert "Качество знаний" in html
        assert "Классов с оценками: 2 из 3" in html

    def test_a_class_teacher_sees_her_class_alone(
        self, counted: Journal, system: Actor, client_for: ClientFor
    ) -> None:
        from modules.contingent import api as contingent

        dana = uuid4()
        contingent.appoint(
            actor=system, class_id=counted.classes[0].id, employee_id=dana, since=date(2026, 9, 1)
        )
        client = client_for(Role.CLASS_TEACHER, person_id=dana)
        html = page(client, DASHBOARD, period="q1")
        assert "18/35" in html
        assert "54 ішінен 36" not in html
        assert "7Ә" not in html
        page(client, f"/analytics/class/{counted.classes[1].id}/", 404)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.NURSE])
    def test_others_may_not(self, counted: Journal, client_for: ClientFor, role: Role) -> None:
        page(client_for(role, person_id=uuid4()), DASHBOARD, 403)

    def test_goes_to_excel_with_shares_as_shares(self, counted: Journal, client_for: ClientFor) -> None:
        response = client_for(Role.DIRECTOR).get("/analytics/figures.xlsx", {"period": "q1"})
        rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
        assert tuple(rows[1][:3]) == ("7А", pytest.approx(18 / 35), "18 / 35")

    def test_defines_every_figure(self, in_school: TenantRef, client_for: ClientFor) -> None:
        html = page(client_for(Role.DIRECTOR), "/analytics/definitions/")
        assert html.count("<section") >= 6


@pytest.mark.requirement("ANL-00", "TEN-04")
class TestAuthorities:
    def test_the_district_sees_its_schools(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        school_b: TenantRef,
        school_n: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        published(school_a, quality=(10, 20), subject={"algebra": (10, 20)}, grade={"7": (10, 20)})
        published(school_b, quality=(27, 30), subject={"algebra": (27, 30)}, grade={"7": (27, 30)})
        published(school_n, quality=(3, 33), subject={"algebra": (3, 33)}, grade={"7": (3, 33)})
        html = page(client_for(Role.AUTHORITY_HEAD, school=authority), "/", period="q1")
        assert "10/20" in html
        assert "27/30" in html
        assert "37/50" in html
        assert "74,0 %" in html
        assert "3/33" not in html
        assert school_n.name_kk not in html

    def test_fewer_than_five_are_said_to_be_there_and_not_shown(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        school_b: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        published(school_a, quality=(3, 4))
        published(school_b, quality=(27, 30))
        html = page(client_for(Role.AUTHORITY_HEAD, school=authority), "/", period="q1")
        assert "5-тен аз" in html
        assert "3/4" not in html
        assert "30/34" not in html

    def test_the_worklist_names_the_silent_school(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        school_b: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        published(school_a, quality=(10, 20))
        html = page(client_for(Role.AUTHORITY_ANALYST, school=authority, language="ru"), "/", period="q1")
        todo = html[html.index("todo") :]
        assert "У 1 школы нет оценок за этот период" in todo
        assert school_b.name_ru in todo[: todo.index("</ul>")]

    def test_the_region_sees_sums_of_districts_and_drills_to_sums(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        school_b: TenantRef,
        region: TenantRef,
        client_for: ClientFor,
    ) -> None:
        for school, quality in ((school_a, (10, 20)), (school_b, (27, 30))):
            published(school, quality=quality, subject={"algebra": quality}, grade={"7": quality})
        client = client_for(Role.AUTHORITY_HEAD, school=region)
        html = page(client, "/", period="q1")
        assert "37/50" in html
        assert "10/20" not in html
        html = page(client, "/of/authority/", period="q1")
        assert "37/50" in html
        assert "10/20" not in html

    def test_the_neighbour_opens_none_of_it(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        neighbour: TenantRef,
        client_for: ClientFor,
    ) -> None:
        published(school_a, quality=(10, 20))
        client = client_for(Role.AUTHORITY_HEAD, school=neighbour)
        assert "10/20" not in page(client, "/", period="q1")
        page(client, "/of/school-a/", 404)
        page(client, "/of/authority/", 404)

    def test_one_school_by_subject_with_closed_cells_said_so(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        grades = {"7": (10, 20), "8": (7, 9), "11": (2, 3)}
        published(school_a, quality=(19, 32), grade=grades)
        html = page(client_for(Role.AUTHORITY_HEAD, school=authority), "/of/school-a/", period="q1")
        assert "32 ішінен 19" in html
        assert "10/20" in html
        assert "2/3<" not in html
        assert "7/9" not in html  # it would give grade 11 away
        assert html.count("5-тен аз") >= 2

    def test_goes_to_excel(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        published(school_a, quality=(10, 20))
        response = client_for(Role.AUTHORITY_HEAD, school=authority).get("/figures.xlsx", {"period": "q1"})
        rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
        assert [school_a.name_kk, 0.5, "10 / 20"] in [row[:3] for row in rows]

    def test_school_and_district_show_the_same_figure(
        self, counted: Journal, client_for: ClientFor, authority: TenantRef
    ) -> None:
        """Both pages read public.tenants_rollupfact; the school's board has no other source of its total."""
        from tenants import rollups

        own = {f.metric: (f.numerator, f.denominator) for f in rollups.own(period="q1", dimension="all")}
        html = page(client_for(Role.DIRECTOR), DASHBOARD, period="q1")
        numerator, denominator = own["journal.quality"]
        assert f"{denominator} ішінен {numerator}" in html
        assert tenancy.current().code == "school-a"


@pytest.mark.requirement("ANL-00", "ANL-03")
class TestComparing:
    """What moved, which marks there are, and one subject or grade by itself."""

    def test_a_figure_says_how_it_moved_since_the_period_before(
        self, counted: Journal, system: Actor, client_for: ClientFor
    ) -> None:
        counted.set(0, "algebra", 12, 9, 4, 0, period=counted.periods[1])
        services.recount(actor=system)
        html = page(client_for(Role.DIRECTOR, language="ru"), DASHBOARD, period="q2")
        # 36 of 54 became 21 of 25: 66,7 % and 84,0 %.
        assert re.search(r"\+17,3.*?к\s1\sчетверти", html, re.DOTALL)
        # 7А: 18 of 35 was 51,4 %.
        assert "+32,6" in html

    def test_the_first_quarter_is_compared_with_the_last_of_the_year_before(self) -> None:
        assert Choice("2026-27", "q1").before == ("2025-26", "q4")
        assert Choice("2026-27", "h2").before == ("2026-27", "h1")

    def test_one_subject_is_shown_by_class(self, counted: Journal, client_for: ClientFor) -> None:
        client = client_for(Role.DIRECTOR)
        html = page(client, DASHBOARD, period="q1", of="subject:physics")
        table = html[html.index('id="by-class"') : html.index('id="by-subject"')]
        assert 'title="3/10"' in table
        assert "7Ә" not in table  # no physics there
        assert "10 ішінен 3" in html
        assert "of=subject:physics" in html  # periods and Excel keep what the page is narrowed to

    def test_an_unknown_part_is_everything(self, counted: Journal, client_for: ClientFor) -> None:
        client = client_for(Role.DIRECTOR)
        for of in ("subject:alchemy", "grade:7", "'; --"):
            assert "54 ішінен 36" in page(client, DASHBOARD, period="q1", of=of)

    def test_marks_are_told_apart_from_the_sums_that_levels_above_have(
        self, counted: Journal, client_for: ClientFor
    ) -> None:
        response = client_for(Role.DIRECTOR).get("/analytics/figures.xlsx", {"period": "q1"})
        rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
        # 7А: algebra 6 9 8 2 and physics 1 2 3 4.
        assert [int(n) for n in rows[1][-4:]] == [7, 11, 11, 6]

    def test_a_chart_tells_shares_of_marks(self) -> None:
        chart = tables.shares([("7А", Marks(6, 9, 8, 2)), ("7Ә", None)])
        assert chart is not None
        assert chart.categories == ["7А"]
        assert [one.values for one in chart.series] == [[24.0], [36.0], [32.0], [8.0]]

    def test_a_district_compares_its_schools_in_one_subject(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        school_b: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        published(school_a, quality=(10, 20), subject={"algebra": (7, 11), "physics": (3, 9)})
        published(school_b, quality=(27, 30), subject={"algebra": (2, 4), "physics": (25, 26)})
        html = page(client_for(Role.AUTHORITY_HEAD, school=authority), "/", period="q1", of="subject:algebra")
        assert 'title="7/11"' in html
        rows = html[html.index('id="rows"') : html.index('id="by-subject"')]
        assert "10/20" not in rows
        # Four pupils stand behind the other school's algebra: said, not shown.
        assert "2/4" not in html
        assert "5-тен аз" in rows

    def test_sorts_by_the_change(self) -> None:
        def row(name: str, now: int, before: float | None) -> Row:
            return Row(name, (Cell("percent", "", now, 100, 30, before=before),), order=name)

        rows = [row("а", 50, 60.0), row("б", 50, 40.0), row("в", 50, None)]
        assert [r.title for r in tables.sort(rows, "change")] == ["а", "б", "в"]
        assert [r.title for r in tables.sort(rows, "-change")] == ["б", "а", "в"]

    def test_a_great_fall_is_told_with_the_class(
        self, counted: Journal, system: Actor, client_for: ClientFor
    ) -> None:
        counted.set(1, "algebra", 2, 7, 10, 0, period=counted.periods[1])  # 18 of 19 became 9 of 19
        services.recount(actor=system)
        client = client_for(Role.DIRECTOR, language="ru")
        assert "Качество упало на 10 п. п. и больше: 7Ә (−47,3)." in page(client, DASHBOARD, period="q2")
        assert "Качество упало" not in page(client, DASHBOARD, period="q1")

    def test_a_great_fall_of_a_school_is_in_the_worklist(
        self,
        published: Callable[..., None],
        school_a: TenantRef,
        school_b: TenantRef,
        authority: TenantRef,
        client_for: ClientFor,
    ) -> None:
        for period, of_a, of_b in (("q1", (18, 20), (15, 30)), ("q2", (10, 20), (14, 30))):
            published(school_a, period=period, quality=of_a)
            published(school_b, period=period, quality=of_b)
        html = page(client_for(Role.AUTHORITY_HEAD, school=authority), "/", period="q2")
        todo = html[html.index("todo") : html.index("figures-choice")]
        assert school_a.name_kk in todo
        assert "−40,0" in todo
        assert school_b.name_kk not in todo
