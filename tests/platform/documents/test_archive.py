"""Registers without gaps, and an archive that gives back exactly what was given out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from documents import api, queries, services, views
from documents.data import ClassList
from documents.models import IssuedDocument
from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef

PAPER = ClassList("7А", "2026/2027", "kk", "", date(2026, 11, 23), ())


@pytest.fixture(autouse=True)
def _files(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def secretary(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.SECRETARY, name="Сәуле Маратқызы")


def issue(actor: Actor, subject: str = "7А") -> IssuedDocument:
    printed = api.issue(
        actor=actor,
        form_code="documents.class_list",
        data=PAPER,
        language="kk",
        subject=subject,
        on=date(2026, 11, 23),
    )
    return IssuedDocument.objects.get(pk=printed.id)


class TestNumbers:
    def test_count_by_register_and_year(self, in_school: TenantRef, secretary: Actor) -> None:
        given = [
            api.next_number(register, year, actor=secretary)
            for register, year in (("a", "2026-27"), ("a", "2026-27"), ("b", "2026-27"), ("a", "2027-28"))
        ]
        assert given == [1, 2, 1, 1]

    def test_schools_count_apart(self, school_a: TenantRef, school_b: TenantRef, secretary: Actor) -> None:
        for school in (school_a, school_b):
            with tenancy.use(school):
                assert api.next_number("a", "2026-27", actor=secretary) == 1

    def test_a_number_comes_back_when_its_paper_does_not_come_to_be(
        self, in_school: TenantRef, secretary: Actor
    ) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            api.next_number("a", "2026-27", actor=secretary)
            raise ZeroDivisionError
        assert api.next_number("a", "2026-27", actor=secretary) == 1


@pytest.fixture
def two_officers(school_n: TenantRef) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """Two connections of the same school, each in a transaction of its own that really commits."""
    known = settings.DATABASES["default"]
    role = tenancy.role_name(school_n.schema)
    opened = [
        psycopg.connect(
            host=known["HOST"],
            port=known["PORT"],
            dbname=known["NAME"],
            user=role,
            password=tenancy.role_password(role),
        )
        for _ in range(2)
    ]
    yield opened[0], opened[1]
    for connection in opened:
        connection.rollback()
    with opened[0] as cleaner:
        cleaner.execute("DELETE FROM documents_registercounter")
    opened[1].close()


class TestTwoOfficersAtOnce:
    def take(self, connection: psycopg.Connection) -> int:
        [number] = connection.execute(services.NEXT_NUMBER, ["orders", "2026-27"]).fetchone() or [0]
        return number

    def test_the_second_waits_for_the_first(
        self, two_officers: tuple[psycopg.Connection, psycopg.Connection]
    ) -> None:
        first, second = two_officers
        assert self.take(first) == 1
        second.execute("SET lock_timeout = '150ms'")
        second.commit()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            self.take(second)
        second.rollback()
        first.commit()
        assert self.take(second) == 2

    def test_no_gap_is_left_when_the_first_gives_up(
        self, two_officers: tuple[psycopg.Connection, psycopg.Connection]
    ) -> None:
        first, second = two_officers
        self.take(first)
        first.commit()
        assert self.take(first) == 2
        first.rollback()
        assert self.take(second) == 2


class TestIssuing:
    def test_keeps_the_bytes_under_the_next_number_and_tells_the_others(
        self, in_school: TenantRef, secretary: Actor
    ) -> None:
        first, second = issue(secretary), issue(secretary)
        assert (first.number, second.number) == (1, 2)
        assert (first.year, first.issued_by_name) == ("2026-27", "Сәуле Маратқызы")
        row, content = queries.content(actor=secretary, document_id=second.pk)
        assert hashlib.sha256(content).hexdigest() == row.sha256 == row.file.sha256
        assert OutboxEvent.objects.filter(name="documents.document.issued.v1").count() == 2

    def test_opening_is_logged(self, in_school: TenantRef, secretary: Actor) -> None:
        row = issue(secretary)
        queries.content(actor=secretary, document_id=row.pk)
        assert [e.object_id for e in audit.entries() if e.action == "documents.document.opened"] == [
            str(row.pk)
        ]

    def test_another_school_has_none_of_it(
        self, in_school: TenantRef, school_b: TenantRef, secretary: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        row = issue(secretary)
        with tenancy.use(school_b):
            zhanna = actor_of(Role.DIRECTOR, school=school_b)
            assert list(queries.issued(actor=zhanna)) == []
            with pytest.raises(IssuedDocument.DoesNotExist):
                queries.content(actor=zhanna, document_id=row.pk)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL])
    def test_refuses_everybody_else(
        self, in_school: TenantRef, secretary: Actor, actor_of: Callable[..., Actor], role: Role
    ) -> None:
        row = issue(secretary)
        with pytest.raises(NotAllowed):
            queries.content(actor=actor_of(role), document_id=row.pk)


class TestThePage:
    def test_lists_the_newest_first_and_finds_by_number_or_name(
        self, in_school: TenantRef, secretary: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        def page(**query: str) -> str:
            return ask(views.issued, secretary, data=query).content.decode()

        issue(secretary, "7А сыныбы")
        issue(secretary, "Ерлан Өмірзақов")
        whole = page()
        assert whole.index("Ерлан Өмірзақов") < whole.index("7А сыныбы")
        assert "7А сыныбы" not in page(q="Ерлан")
        assert "Ерлан" not in page(q="1")
        assert "Ештеңе табылмады" in page(q="жоқ нәрсе")

    def test_says_what_will_be_here_when_it_is_empty(
        self, in_school: TenantRef, secretary: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        assert "Әзірге бірде-бір құжат берілмеген" in ask(views.issued, secretary).content.decode()

    def test_gives_the_list_as_a_workbook(
        self, in_school: TenantRef, secretary: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        issue(secretary, "=7А")
        answer = ask(views.issued, secretary, data={"as": "excel"})
        [_, row] = (
            CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        )
        assert row[:4] == [1, "2026-27", "Сынып тізімі", "=7А"]

    def test_gives_the_paper_itself(
        self, in_school: TenantRef, secretary: Actor, ask: Callable[..., HttpResponse]
    ) -> None:
        row = issue(secretary)
        answer = ask(views.document, secretary, document_id=row.pk)
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
