"""Two clusters on loopback: a school goes from one to the other while it is in use, and nothing of it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import DatabaseError, connection, transaction
from django.test import Client
from typer.testing import CliRunner

from kernel import audit, clock, tenancy
from kernel.access import Actor
from kernel.models import AuditEntry
from kernel.tenancy import Server, TenantRef
from modules.contingent.models import Pupil
from stack import postgres
from stack.homes import Home
from tenants import api, post, waves
from tenants.backups import restoring, taking
from tenants.cells import flows, moving, services
from tenants.cli import app
from tenants.lifecycle import services as life
from tenants.models import Backup, Cell, Envelope, RollupFact, SchemaState, Tenant
from tenants.moments import services as moments
from tenants.moments.services import content
from tests import world
from tests.factories import schedule as factory

pytestmark = pytest.mark.requirement("TEN-01", "TEN-05")


def actor() -> Actor:
    return Actor.system_actor("tests")


@pytest.fixture(scope="module")
def north(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A second server, taken in as the cell `north`."""
    home = Home.at(tmp_path_factory.mktemp("north"), "test")
    patch = pytest.MonkeyPatch()
    patch.delenv("DATABASE_URL", raising=False)
    with django_db_blocker.unblock():
        try:
            server = postgres.ensure(home.root, "test")
            postgres.create_database(server, "mektep")
            patch.setattr(configured, "CELL_OWNER_PASSWORDS", {"north": server.password})
            services.add(code="north", host=server.host, port=server.port, database="mektep", capacity=50)
            yield services.get("north").server
        finally:
            tenancy.forget()
            with tenancy.owner():
                Tenant.objects.filter(cell="north").update(cell=None)
                Cell.objects.filter(pk="north").delete()
            api.forget_host()
            postgres.stop(home.root, "test")
            home.remove()
            patch.undo()


@pytest.fixture
def school(north: Server, settings: Any, tmp_path: Path) -> Iterator[TenantRef]:
    settings.BACKUP_FOLDER, settings.FILES_ROOT = tmp_path / "backups", tmp_path / "files"
    ref = world.found_school()
    with tenancy.use(ref), transaction.atomic():
        factory.pupils(factory.school_class(), 12)
        audit.record(actor=actor(), action="tests.before")
    yield ref
    moving._drop(ref.schema, north)
    with tenancy.owner():
        Tenant.objects.filter(pk=ref.id).update(cell=None)
        Backup.objects.filter(tenant_id=ref.id).delete()
    api.forget_host()
    world.raze(ref)


def now(ref: TenantRef) -> TenantRef:
    found = api.by_code(ref.code)
    assert found is not None
    return found


def stands_at(schema: str, server: Server | None) -> bool:
    with tenancy.at(server), tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regnamespace(%s) IS NOT NULL OR EXISTS (SELECT FROM pg_roles WHERE rolname = %s)",
            [schema, tenancy.role_name(schema)],
        )
        return bool(cursor.fetchone()[0])


def write(ref: TenantRef, name: str) -> None:
    with tenancy.use(ref), transaction.atomic():
        Pupil.objects.filter(pk=Pupil.objects.order_by("pk")[0].pk).update(surname=name)


class TestMoving:
    def test_takes_every_row_and_leaves_nothing(self, school: TenantRef, north: Server) -> None:
        before = content(school)
        told = moving.move(school, "north")
        there = now(school)
        assert there.server == north
        assert content(there) == before
        assert told.tables == len(before) > 100
        assert not stands_at(school.schema, None)
        with tenancy.use(there), transaction.atomic():
            audit.record(actor=actor(), action="tests.after")
            assert audit.broken_links() == []
            factory.school_class(9, "В")
            with pytest.raises(DatabaseError), transaction.atomic():
                AuditEntry.objects.update(action="forged")
        with tenancy.at(north), tenancy.owner():
            assert SchemaState.objects.filter(schema=school.schema).exists()

    def test_and_home_again(self, school: TenantRef) -> None:
        moving.move(school, "north")
        write(now(school), "Солтүстік")
        there = content(now(school))
        moving.move(now(school), moving.HOME)
        back = now(school)
        assert back.server is None
        assert content(back) == there
        write(back, "Үйде")

    def test_no_write_that_was_answered_is_lost(self, school: TenantRef) -> None:
        stop, written, refused = threading.Event(), [0] * 3, [0]

        def type_on(place: int) -> None:
            try:
                while not stop.is_set():
                    try:
                        with tenancy.use(now(school)), transaction.atomic():
                            audit.record(actor=actor(), action=f"tests.typed{place}")
                        written[place] += 1
                    except DatabaseError:
                        refused[0] += 1
                        tenancy.forget(school.schema)
                    time.sleep(0.002)
            finally:
                tenancy.forget()

        writers = [threading.Thread(target=type_on, args=[place]) for place in range(3)]  # noqa: TID251
        for one in writers:
            one.start()
        try:
            time.sleep(0.5)
            told = moving.move(school, "north")
            time.sleep(0.5)
            reached = sum(written)
        finally:
            stop.set()
            for one in writers:
                one.join()
        with tenancy.use(now(school)):
            found = [AuditEntry.objects.filter(action=f"tests.typed{n}").count() for n in range(3)]
            assert audit.broken_links() == []
        assert found == written
        assert sum(written) >= reached > 20
        assert told.freeze <= 2 * told.work

    def test_a_running_process_finds_it_without_a_restart(self, school: TenantRef) -> None:
        page = Client(headers={"host": school.host})
        assert page.get("/sign-in/").status_code == 200
        assert api.by_host(school.host).server is None  # type: ignore[union-attr]
        stale = api._by_host.copy()
        moving.move(school, "north")
        api._by_host.update(stale)  # another process has not heard of it
        assert page.get("/sign-in/").status_code == 200
        assert api.by_host(school.host).server is not None  # type: ignore[union-attr]

    def test_by_the_operators_command(self, school: TenantRef, north: Server) -> None:
        listed = CliRunner().invoke(app, ["cell", "list"])
        assert "north" in listed.stdout
        done = CliRunner().invoke(app, ["tenant", "move", school.code, "--to", "north", "--json"])
        assert done.exit_code == 0, done.output
        assert now(school).server == north
        with tenancy.use(now(school)):
            assert AuditEntry.objects.filter(action="tenants.tenant.moved").exists()
        assert CliRunner().invoke(app, ["cell", "sync", "--json"]).exit_code == 0


class TestTheFirstWall:
    def test_a_password_of_one_cell_opens_no_other(self, school: TenantRef, north: Server) -> None:
        role = tenancy.role_name(school.schema)
        assert tenancy.role_password(role) != tenancy.role_password(role, north)
        moving.move(school, "north")
        address = f"host={north.host} port={north.port} dbname={north.database} user={role}"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"{address} password={tenancy.role_password(role)}")
        psycopg.connect(f"{address} password={tenancy.role_password(role, north)}").close()

    def test_there_too_a_school_sees_itself_alone(self, school: TenantRef) -> None:
        other = world.found_school()
        try:
            moving.move(school, "north")
            moving.move(other, "north")
            with tenancy.use(now(school)), connection.cursor() as cursor, pytest.raises(DatabaseError):
                cursor.execute(f"SELECT * FROM {other.schema}.contingent_pupil")
        finally:
            moving.move(now(other), moving.HOME)
            world.raze(other)


class TestAMoveThatIsEnded:
    @pytest.mark.parametrize("step", ["_copy", "_say_where", "_turn"])
    def test_before_its_turn_goes_back(
        self, school: TenantRef, north: Server, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        def power_cut(*_arguments: object) -> None:
            raise KeyboardInterrupt

        before = content(school)
        with monkeypatch.context() as patch:
            patch.setattr(moving, step, power_cut)
            with pytest.raises(KeyboardInterrupt):
                moving.move(school, "north")
        assert now(school).server is None
        assert content(school) == before
        write(school, "Жұмыста")  # in use at once
        moving.move(now(school), "north")
        assert now(school).server == north

    def test_after_its_turn_goes_on(
        self, school: TenantRef, north: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def power_cut(*_arguments: object) -> None:
            raise KeyboardInterrupt

        before = content(school)
        with monkeypatch.context() as patch:
            patch.setattr(moving, "_clear", power_cut)
            with pytest.raises(KeyboardInterrupt):
                moving.move(school, "north")
        assert now(school).server == north
        assert content(now(school)) == before
        assert stands_at(school.schema, None)
        moving.move(now(school), "north")
        assert not stands_at(school.schema, None)
        assert content(now(school)) == before

    def test_between_the_two_of_a_cell_lets_in_again(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def power_cut(*_arguments: object, **_more: object) -> None:
            raise KeyboardInterrupt

        moving.move(school, "north")
        there = now(school)
        with monkeypatch.context() as patch:
            patch.setattr(Tenant.objects, "filter", power_cut)
            with pytest.raises(KeyboardInterrupt):
                moving.move(there, moving.HOME)
        with pytest.raises(DatabaseError):
            write(there, "Күтеді")
        moving.move(there, moving.HOME)
        write(now(school), "Үйде")

    def test_a_copy_that_differs_is_not_taken(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(moving, "_hash", lambda *_arguments: "0" * 64)
        with pytest.raises(moving.CopyDiffers):
            moving.move(school, "north")
        assert now(school).server is None
        write(school, "Жұмыста")

    def test_whoever_writes_for_long_keeps_it_where_it_is(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(moving, "PATIENCE_MS", 300)
        role = tenancy.role_name(school.schema)
        here = configured.DATABASES["default"]
        with psycopg.connect(
            host=here["HOST"], port=int(here["PORT"]), dbname=here["NAME"], user=role,
            password=tenancy.role_password(role),
        ) as busy:  # fmt: skip
            busy.execute("UPDATE contingent_pupil SET surname = 'Ұзақ'")
            with pytest.raises(moving.InUse):
                moving.move(school, "north")
            busy.rollback()
        assert now(school).server is None
        write(school, "Жұмыста")


class TestRefusals:
    def test_a_full_cell_and_one_that_nobody_knows(self, school: TenantRef) -> None:
        services.close("north", full=True)
        try:
            with pytest.raises(moving.NoRoom):
                moving.move(school, "north")
        finally:
            services.close("north", full=False)
        with pytest.raises(services.UnknownCell):
            moving.move(school, "south")
        with pytest.raises(services.CellKnown):
            services.add(code="north", host="127.0.0.1", port=1, database="x", capacity=1)

    def test_a_cell_with_another_ledger(self, school: TenantRef, north: Server) -> None:
        def spell(sql: str) -> None:
            with tenancy.at(north), tenancy.owner(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE public.tenants_ledgerentry SET sql = {sql} WHERE kind = 'school'")

        spell("sql || ' --'")
        try:
            with pytest.raises(moving.Behind):
                moving.move(school, "north")
            assert now(school).server is None
        finally:
            spell("left(sql, -3)")


class TestWhatFlows:
    def test_the_register_down_and_the_state_with_its_rights(self, school: TenantRef, north: Server) -> None:
        moving.move(school, "north")
        life.suspend(code=school.code, to="read_only", letter="№ 3")
        try:
            there = now(school)
            assert not there.writes
            with pytest.raises(DatabaseError):
                write(replace(there, state="active"), "Болмайды")
            flows.down(north)
            with tenancy.at(north), tenancy.owner():
                assert Tenant.objects.get(pk=school.id).state == there.state
        finally:
            life.resume(code=school.code, letter="№ 4")
        write(now(school), "Болады")

    def test_figures_up_into_the_sums_of_the_authorities(self, school: TenantRef, north: Server) -> None:
        moving.move(school, "north")
        with tenancy.use(now(school)), transaction.atomic():
            RollupFact.objects.create(
                school_id=school.id, metric="tests.pupils", year="2026", period="year",
                numerator=12, denominator=1, people=12, as_of=clock.now(),
            )  # fmt: skip
        with tenancy.owner():
            assert not RollupFact.objects.filter(school_id=school.id, metric="tests.pupils").exists()
        assert flows.up(north) >= 1
        assert flows.up(north) == 0
        with tenancy.owner():
            fact = RollupFact.objects.get(school_id=school.id, metric="tests.pupils")
            assert (fact.numerator, fact.district_id is not None) == (12, True)

    def test_letters_to_where_their_reader_is(self, school: TenantRef, north: Server) -> None:
        other = world.found_school()
        try:
            for one in (school, other):
                with tenancy.use(one), transaction.atomic():
                    post.ensure_keys()
            moving.move(school, "north")
            there = now(school)
            with tenancy.use(there), transaction.atomic():
                out = post.send(to=other.id, kind="tests.hello.v1", body={"a": 1}, actor=actor())
            with tenancy.use(other), transaction.atomic():
                back = post.send(to=school.id, kind="tests.hello.v1", body={"a": 2}, actor=actor())
            assert flows.letters(north) == 2
            with tenancy.owner():
                assert list(Envelope.objects.filter(pk__in=[out, back]).values_list("pk", flat=True)) == [out]
            with tenancy.at(north), tenancy.owner():
                assert list(Envelope.objects.filter(pk__in=[out, back]).values_list("pk", flat=True)) == [
                    back
                ]
        finally:
            world.raze(other)

    def test_waves_reach_it_and_backups_are_of_it(self, school: TenantRef, north: Server) -> None:
        moving.move(school, "north")
        there = now(school)
        with tenancy.at(north):
            assert waves.migrate(workers=1).failed == []
        before = content(there)
        folder = taking.take(there)
        write(there, "Бұзылған")
        restoring.restore(there, folder)
        after = content(there)
        assert after["contingent_pupil"] == before["contingent_pupil"]
        with pytest.raises(moments.Elsewhere):
            moments.restore(there, clock.now())
        assert not stands_at(school.schema, None)
