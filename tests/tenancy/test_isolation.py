"""The report on isolation: shortened, as one test, and its instruments, each shown to see what it must see."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection
from typer.testing import CliRunner

from identity.models import User
from infra.isolation import attacks, canaries, cells, kin, mutations, paper, results, samples, verify
from infra.isolation.cells import Cell, Whose
from infra.isolation.commands import isolation_app
from infra.isolation.routes import Route, routes
from kernel import clock, tenancy
from kernel.access import REGISTER, Role
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Guardianship
from tests.factories import schedule

TOKEN = b"qzb0123456789abx"
STANDING = {"role: no right in another schema": "stands"}
CLEAN = {
    "cells": 30_000,
    "deviations": 0,
    "hostile_requests": 4_000,
    "aimed_at_existing": 3_800,
    "foreign_bytes": 0,
    "switches": 200_000,
    "wrong_rows": 0,
    "walls": {"role: no right in another schema": "green"},
    "injected": {"queries": 200, "foreign_rows": 0},
    "details": {"walls": STANDING, "injected": {"role_changes": 0, "own_rows": 12}},
}


@pytest.mark.requirement("TEN-01", "TEN-07", "SEC-04")
@pytest.mark.long
@pytest.mark.storm
def test_the_walls_hold(tenants_db: None) -> None:
    """What production does at night, shortened: nothing deviates, nothing leaves, and every removal is noticed."""
    told = CliRunner().invoke(
        isolation_app,
        ["verify", "--quick", "--json", "--seed", "make-test", "--template", settings.DB_ROLE_PREFIX],
    )
    answer = json.loads(told.stdout)
    details = answer["details"]
    assert details["deviations"] == []
    assert details["foreign"] == []
    assert details["storm_examples"] == []
    assert {name: words for name, words in details["walls"].items() if words != "stands"} == {}
    assert told.exit_code == 0, told.stderr
    # It did try: real pages were opened, rows that are there were aimed at, the hole is a hole, the storm blew.
    assert answer["cells"] > 3_000
    assert details["objects_opened"] > 120
    assert answer["hostile_requests"] >= 20_000
    assert answer["aimed_at_existing"] > 0.3 * answer["hostile_requests"]
    assert answer["injected"]["queries"] >= attacks.AT_LEAST
    assert details["injected"]["own_rows"] > 0
    assert answer["switches"] >= 200_000
    assert details["storm"]["reads"] >= 200_000
    assert details["storm"]["refused"] > 100
    assert details["storm"]["killed"] > 10
    assert len(answer["walls"]) >= 20
    lines = details["permission_lines"]
    assert lines["red"] == lines["removed"] > 400
    assert len(lines["red_in_rights_alone"]) < 10
    assert results.last().is_clean


@pytest.mark.requirement("TEN-01")
class TestScanner:
    @pytest.mark.parametrize(
        "content",
        [
            b"<td>" + TOKEN + b"</td>",
            TOKEN.upper(),
            gzip.compress(b"<td>" + TOKEN),
            TOKEN.hex().encode(),
            b"data:" + base64.b64encode(b"ab" + TOKEN + b"c"),
            base64.urlsafe_b64encode(b"a" + TOKEN.upper()),
            base64.b64encode(TOKEN).rstrip(b"="),
        ],
        ids=["plain", "capitals", "packed", "hex", "base64", "base64 of capitals", "base64 without its end"],
    )
    def test_finds_a_leak_in_any_dress(self, content: bytes) -> None:
        scanner = canaries.Scanner("a")
        scanner(content, "here")
        assert scanner.foreign_bytes == canaries.LENGTH

    def test_finds_a_leak_in_a_workbook_inside_an_archive(self) -> None:
        scanner = canaries.Scanner("a")
        scanner(zipped("archive/book.xlsx", zipped("xl/sharedStrings.xml", TOKEN)), "export")
        assert scanner.foreign_bytes
        assert scanner.examples == [f"export: {TOKEN.decode()}"]

    def test_keeps_silent_of_ones_own(self) -> None:
        scanner = canaries.Scanner("b")
        scanner(b"<td>" + TOKEN + b"</td>", "here")
        assert scanner.foreign_bytes == 0
        assert scanner.seen > 0


def zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


class TestCells:
    def test_every_argument_of_every_route_has_a_meaning(self) -> None:
        assert cells.undeclared() == []

    @pytest.mark.parametrize(
        ("whose", "role", "status", "is_right"),
        [
            (Whose.OWN, Role.DIRECTOR, 200, True),
            (Whose.OWN, Role.DIRECTOR, 403, False),
            (Whose.OWN, Role.DIRECTOR, 500, False),
            (Whose.OWN, Role.PUPIL, 200, False),
            (Whose.OWN, Role.PUPIL, 403, True),
            (Whose.OTHER, Role.DIRECTOR, 404, True),
            (Whose.OTHER, Role.DIRECTOR, 200, False),
            (Whose.OTHER, Role.DIRECTOR, 302, False),
            (Whose.OTHER, Role.PUPIL, 404, False),
            (Whose.ANOTHERS, Role.TEACHER, 404, True),
            (Whose.ANOTHERS, Role.TEACHER, 403, True),
            (Whose.ANOTHERS, Role.TEACHER, 200, False),
            (Whose.ANOTHERS, Role.TEACHER, 500, False),
            (Whose.BESIDE, Role.PARENT, 404, True),
            (Whose.BESIDE, Role.PARENT, 200, False),
            (Whose.NOBODY, "", 401, True),
            (Whose.NOBODY, "", 200, False),
            (Whose.BLOCKED, "blocked", 404, False),
        ],
    )
    def test_the_register_says_what_is_right(
        self, whose: Whose, role: str, status: int, is_right: bool
    ) -> None:
        assert (cells.fault(Cell(route(_address(whose)), "GET", role, whose, {}), status) == "") is is_right

    def test_what_colleagues_share_is_open_to_whom_the_register_opens_it(self) -> None:
        plan = Cell(route("plans:paste"), "GET", Role.TEACHER, Whose.ANOTHERS, {})
        card = Cell(route("registers:change_view"), "POST", Role.TEACHER, Whose.ANOTHERS, {})
        assert cells.fault(plan, 302) == ""
        assert cells.fault(card, 302) == "another's object answered 302"

    def test_a_page_may_ask_for_a_right_more_than_its_door(self) -> None:
        for role, is_right in ((Role.DEPUTY_FACILITIES, True), (Role.SECRETARY, False)):
            cell = Cell(route("orders:people"), "GET", role, Whose.OWN, {})
            assert (cells.fault(cell, 403) == "") is is_right
        assert all(code in REGISTER for code in samples.FURTHER.values())

    def test_every_line_of_the_register_is_among_the_mutations(self) -> None:
        every = mutations.lines()
        assert len(every) > 400
        assert len(set(every)) == len(every)


def _address(whose: Whose) -> str:
    return "contingent:pupil" if whose in (Whose.ANOTHERS, Whose.BESIDE) else "contingent:edit_pupil"


class TestKin:
    """Who is whose is counted rightly: of two families and two teachers each has its own, and all else is beside it."""

    @pytest.fixture
    def two(self, in_school: TenantRef) -> tuple[schedule.Scene, schedule.Scene]:
        return schedule.scene(pupil_count=2), schedule.scene(pupil_count=2, letter="Б")

    def user(self, kind: str, person_id: UUID) -> User:
        return User.objects.create(
            username=str(person_id), person_kind=kind, person_id=person_id, created_at=clock.now()
        )

    def test_of_a_parent(self, two: tuple[schedule.Scene, schedule.Scene]) -> None:
        mine, others = two
        mother = Guardian.objects.create(surname="Анасы", name="Гүл")
        Guardianship.objects.create(pupil=mine.pupils[0], guardian=mother, relation="mother")
        own = kin.of_user(self.user("guardian", mother.pk))
        assert own.own["pupil"] == {mine.pupils[0].pk}
        assert own.own["class"] == {mine.school_class.pk}
        for _turn in range(3):
            assert kin.beside(own, "contingent", ["pupil_id"])["pupil_id"] in {
                child.pk for child in (mine.pupils[1], *others.pupils)
            }
        assert kin.beside(own, "journal", ["course_id"]) == {"course_id": others.course.pk}
        assert kin.beside(own, "contingent", ["guardian_id"]) == {}, "there is no other parent"

    def test_of_a_teacher(self, two: tuple[schedule.Scene, schedule.Scene]) -> None:
        mine, others = two
        own = kin.of_user(self.user("staff", mine.teacher.pk))
        assert own.own["pupil"] == {child.pk for child in mine.pupils}
        assert own.own["lesson"] == {lesson.pk for lesson in mine.lessons}
        found = kin.beside(own, "schedule", ["course_id", "lesson_id"])
        assert found["course_id"] == others.course.pk
        assert found["lesson_id"] in {lesson.pk for lesson in others.lessons}
        assert kin.beside(own, "schedule", ["room"]) == {}

    def test_of_whom_nothing_hangs_on(self, two: tuple[schedule.Scene, schedule.Scene]) -> None:
        stranger = schedule.teacher("Бөтен", "Біреу")
        assert not kin.of_user(self.user("staff", stranger.pk)).is_somebody


def route(name: str) -> Route:
    return next(one for one in routes("school") if one.name == name)


def test_there_are_enough_attacks_and_no_two_alike() -> None:
    every = list(attacks.attacks(b="s_b", role="r_b", db="d"))
    assert len(set(every)) == len(every) >= attacks.AT_LEAST


@pytest.mark.parametrize(
    "changed",
    [
        {"deviations": 1},
        {"foreign_bytes": 16},
        {"wrong_rows": 1},
        {"walls": {"role: no right in another schema": "red"}},
        {"injected": {"queries": 200, "foreign_rows": 1}},
        {"aimed_at_existing": 1_000},
        {"details": {"walls": STANDING, "injected": {"role_changes": 0, "own_rows": 0}}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_deviates_makes_the_report_unclean(changed: dict[str, object]) -> None:
    assert verify.faults(CLEAN) == []
    assert len(verify.faults(CLEAN | changed)) == 1


@pytest.mark.requirement("TEN-04", "SEC-04")
def test_every_public_table_that_a_school_writes_is_held_to_its_role(school_a: TenantRef) -> None:
    """Row-level security is forced, and a restrictive policy on current_user stands for each command it may use."""
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, command FROM pg_class c,
              unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) command
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND has_table_privilege(%s, c.oid, command)
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
                  AND p.permissive = 'RESTRICTIVE' AND p.cmd IN (command, 'ALL')
                  AND coalesce(p.qual, '') || coalesce(p.with_check, '') ~ 'tenants_me|CURRENT_USER'))
            """,
            [tenancy.role_name(school_a.schema)],
        )
        assert cursor.fetchall() == []


class TestPaper:
    @pytest.fixture
    def kept(self, tenants_db: None) -> None:
        results.keep(CLEAN, is_clean=True, is_quick=False, seconds=3600)

    @pytest.mark.requirement("TEN-07")
    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_a_page_is_written_and_signed(
        self, kept: None, school_a: TenantRef, tmp_path: Path, language: str
    ) -> None:
        target = tmp_path / "isolation.pdf"
        told = CliRunner().invoke(
            isolation_app, ["report", "--tenant", school_a.code, "--language", language, "-o", str(target)]
        )
        assert told.exit_code == 0, told.output
        content = target.read_bytes()
        assert content.startswith(b"%PDF-")
        assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page/") <= 1
        signed = json.loads((tmp_path / "isolation.pdf.sig.json").read_text())
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed["public_key"]))
        key.verify(bytes.fromhex(signed["signature"]), content)
        assert signed["fingerprint"] == paper.fingerprint(bytes.fromhex(signed["public_key"]))

    def test_who_is_no_school_gets_none(self, kept: None, authority: TenantRef, tmp_path: Path) -> None:
        told = CliRunner().invoke(
            isolation_app, ["report", "--tenant", authority.code, "-o", str(tmp_path / "x.pdf")]
        )
        assert told.exit_code == 1
        assert "no school" in told.output
        assert list(tmp_path.iterdir()) == []
