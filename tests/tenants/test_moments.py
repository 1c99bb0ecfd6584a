"""A cell that hands its WAL over: one school put back to a moment while the other goes on, and the whole recovered on trial."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection, connections, transaction
from typer.testing import CliRunner

from kernel import audit, clock, ports, tenancy
from kernel.access import Actor
from kernel.models import AuditEntry
from kernel.tenancy import Kind, Server, TenantRef
from modules.contingent.models import Pupil
from stack import postgres
from stack.homes import Home
from tenants import doctor, provisioning
from tenants.backups import restoring
from tenants.backups.archive import BadArchive
from tenants.cli import app
from tenants.models import Backup
from tenants.moments import folder, programs, scratch, sealed, services
from tenants.moments.folder import Folder
from tests import world
from tests.factories import schedule as factory

pytestmark = [pytest.mark.requirement("TEN-05", "SUP-07"), pytest.mark.long]
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
HERE = ("HOST", "PORT", "NAME")


@pytest.fixture(scope="module")
def cell(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    """A server of its own with the world of the tests in it, whose WAL is archived."""
    try:
        programs.program("pg_basebackup")
    except programs.ToolFailed:
        pytest.skip("pg_basebackup is not installed here: a fetched PostgreSQL comes without it")
    home = Home.at(tmp_path_factory.mktemp("cell"), "cell")
    before = dict(connections.settings["default"]), configured.DB_OWNER_PASSWORD, configured.DB_ROLE_PREFIX
    keys_root, roots = configured.KEYS_ROOT, world.KEYS
    patch = pytest.MonkeyPatch()
    patch.setitem(postgres.SETTINGS, "cell", {**postgres.SETTINGS["cell"], **FAST})
    patch.delenv("DATABASE_URL", raising=False)
    with django_db_blocker.unblock():
        server = postgres.ensure(home.root, "cell")
        tenancy.forget()
        point(server.host, str(server.port), "postgres")
        configured.DB_OWNER_PASSWORD, world.KEYS = server.password, home.owned("keys")
        try:
            with world.database("cell", found=found):
                drop_the_template(server)
                yield home
        finally:
            tenancy.forget()
            point(*(before[0][name] for name in HERE))
            _settings, configured.DB_OWNER_PASSWORD, configured.DB_ROLE_PREFIX = before
            configured.KEYS_ROOT, world.KEYS = keys_root, roots
            postgres.stop(home.root, "cell")
            home.remove()
            patch.undo()


def found() -> None:
    """No more than these tests need: every schema more is copied, closed, laid out and recovered again and again."""
    for code, kind in (("authority", Kind.AUTHORITY), ("vendor", Kind.VENDOR)):
        provisioning.create_tenant(code=code, kind=kind, name_kk=code, name_ru=code, mode="test")


def drop_the_template(server: postgres.Server) -> None:
    """Every copy of the cell would hold the tests' world twice."""
    template = configured.DB_ROLE_PREFIX
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{template}" IS_TEMPLATE false')
        admin.execute(f'DROP DATABASE "{template}"')


def point(*address: str) -> None:
    for place in (
        configured.DATABASES["default"],
        connections.settings["default"],
        connections["default"].settings_dict,
    ):
        place.update(zip(HERE, address, strict=True))


@pytest.fixture(scope="module")
def store(cell: Home) -> Iterator[Folder]:
    """The folder of its archive, with one copy of the whole server in it."""
    place = cell.owned("archive")
    patch = pytest.MonkeyPatch()
    patch.setattr(
        configured, "ARCHIVE", {**configured.ARCHIVE, "folder": place, "scratch": cell.owned("scratch")}
    )
    patch.setattr(configured, "BACKUP_FOLDER", cell.owned("backups"))
    patch.setattr(configured, "FILES_ROOT", cell.owned("files"))
    patch.setitem(configured.PORTS, "tenants.archive", "tenants.moments.folder.Folder")
    assert services.configure() == []
    services.take()
    yield Folder()
    patch.undo()


@pytest.fixture(scope="module")
def _school(store: Folder) -> Iterator[tuple[TenantRef, set[str]]]:
    """One for all tests: what is made and dropped again is WAL that each recovery goes through."""
    ref = world.found_school()
    yield ref, world.filled(ref)
    world.raze(ref)


@pytest.fixture
def school(_school: tuple[TenantRef, set[str]]) -> Iterator[TenantRef]:
    ref, kept = _school
    with tenancy.use(ref), transaction.atomic():
        factory.pupils(factory.school_class(), 12)
    yield ref
    with tenancy.owner():
        Backup.objects.filter(tenant_id=ref.id).delete()
    world.sweep(ref, kept=kept)


def moment() -> datetime:
    at = clock.now()
    time.sleep(0.02)
    return at


def spoil(ref: TenantRef) -> None:
    with tenancy.use(ref), transaction.atomic():
        Pupil.objects.update(surname="Бұзылған")
        audit.record(actor=Actor.system_actor("tests"), action="tests.spoiled")


def told_by_the_doctor() -> dict[str, doctor.Finding]:
    return {one.check: one for one in doctor._archive()}


def scratch_is_empty() -> bool:
    return not any(Path(configured.ARCHIVE["scratch"]).iterdir())


class TestOneSchoolToAMoment:
    def test_is_as_it_stood_then_and_the_other_goes_on(self, school: TenantRef) -> None:
        other = world.found_school()
        try:
            with tenancy.use(school), transaction.atomic():  # before the moment: it stays
                Pupil.objects.filter(pk=Pupil.objects.order_by("pk")[0].pk).update(surname="Түзетілген")
            before, at = services.content(school), moment()
            spoil(school)
            with tenancy.use(other), transaction.atomic():
                factory.pupils(factory.school_class(), 3)
            others = services.content(other)
            asked = ["tenant", "restore", school.code, "--letter", "№ 7", "--at", at.isoformat(), "--json"]
            dry = CliRunner().invoke(app, [*asked, "--dry-run"])
            assert dry.exit_code == 0, dry.output
            with tenancy.use(school):
                assert Pupil.objects.filter(surname="Бұзылған").count() == 12
            done = CliRunner().invoke(app, asked)
            assert done.exit_code == 0, done.output
            kept = {*restoring.KEPT, *restoring.EMPTIED}
            after = services.content(school)
            assert {n: v for n, v in after.items() if n not in kept} == {
                n: v for n, v in before.items() if n not in kept
            }
            assert services.content(other) == others
            with tenancy.use(school), transaction.atomic():
                assert Pupil.objects.filter(surname="Түзетілген").count() == 1
                assert AuditEntry.objects.filter(
                    action="tests.spoiled"
                ).exists()  # the log is never turned back
                [line] = AuditEntry.objects.filter(action="tenants.backup.restored")
                assert (line.details["letter"], line.details["moment"]) == ("№ 7", at.isoformat())
                assert audit.broken_links() == []
                factory.school_class(9, "В")  # by its own role, with its rights
            assert scratch_is_empty()
        finally:
            world.raze(other)

    def test_a_moment_before_every_copy_or_to_come_is_refused(self, school: TenantRef) -> None:
        before = services.content(school)
        with pytest.raises(folder.NoBase):
            services.restore(school, clock.now() - timedelta(days=400))
        with pytest.raises(services.NotYet):
            services.restore(school, clock.now() + timedelta(minutes=1))
        assert services.content(school) == before

    def test_a_school_that_was_not_there_yet_is_refused(self, store: Folder) -> None:
        at = moment()
        young = world.found_school()
        try:
            with pytest.raises(services.NotThere):
                services.restore(young, at)
            assert scratch_is_empty()
        finally:
            with tenancy.owner():
                Backup.objects.filter(tenant_id=young.id).delete()
            world.raze(young)


class TestTheArchive:
    def test_tells_nothing_to_who_has_its_disk(self, school: TenantRef, store: Folder) -> None:
        with tenancy.use(school), transaction.atomic():
            Pupil.objects.update(surname="Жасырынбекова")
        services.hand_over(store)
        secret = "Жасырынбекова".encode()
        assert not any(store.spool.iterdir())
        files = [path for path in store.root.rglob("*") if path.is_file()]
        assert len(files) > 4
        assert not any(secret in path.read_bytes() for path in files)
        newest = max(store._segments())
        assert secret in b"".join(
            b"".join(sealed.opened(store.wal, one)) for one in store._segments() if one <= newest
        )

    def test_a_changed_byte_in_the_copy_stops_the_restore(self, school: TenantRef, store: Folder) -> None:
        place = store.bases / store.held()[0].label / "base.tar"
        content = place.read_bytes()
        at, before = moment(), services.content(school)
        try:
            place.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
            with pytest.raises(BadArchive):
                services.restore(school, at)
        finally:
            place.write_bytes(content)
        assert services.content(school) == before
        assert scratch_is_empty()

    def test_a_gap_in_the_wal_stops_the_restore(self, school: TenantRef, store: Folder) -> None:
        services.hand_over(store)
        newest = max(store._segments())
        aside = store.root / "aside"
        aside.mkdir()
        at = moment()
        services.hand_over(store)
        for name in (newest, f"{newest}.json"):
            (store.wal / name).rename(aside / name)
        try:
            with pytest.raises(programs.ToolFailed, match="recovery"):
                services.restore(school, at)
        finally:
            for path in aside.iterdir():
                path.rename(store.wal / path.name)
            aside.rmdir()
        assert scratch_is_empty()

    def test_wal_handed_over_twice_is_kept_once_and_another_of_its_name_refused(
        self, school: TenantRef, store: Folder
    ) -> None:
        services.hand_over(store)
        name = max(store._segments())
        content = b"".join(sealed.opened(store.wal, name))
        (store.spool / name).write_bytes(content)
        assert store.collect() == 0
        (store.spool / name).write_bytes(content[:-1] + b"!")
        with pytest.raises(folder.OtherWal):
            store.collect()
        (store.spool / name).unlink()

    def test_old_copies_go_and_the_newest_of_them_stays_with_its_wal(
        self, school: TenantRef, store: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = moment()
        services.take()
        assert len(store.held()) >= 2
        later = clock.now() + timedelta(days=folder.DAYS + 1)
        with monkeypatch.context() as patch:
            patch.setattr(folder.clock, "now", lambda: later)
            store._thin_out(lambda _line: None)
        [kept] = store.held()
        assert kept.ended_at > at
        spoilt_at = moment()
        spoil(school)
        services.restore(school, spoilt_at)
        with tenancy.use(school):
            assert not Pupil.objects.filter(surname="Бұзылған").exists()

    def test_a_server_that_hands_nothing_over_is_told_of(
        self, school: TenantRef, store: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services.hand_over(store)
        assert told_by_the_doctor()["archive"].state == doctor.OK
        assert told_by_the_doctor()["cell backup"].state == doctor.OK
        monkeypatch.setattr(services, "PATIENCE", 0.5)
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET archive_command = '/bin/false'")
            cursor.execute("SELECT pg_reload_conf()")
        try:
            time.sleep(0.3)
            with pytest.raises(services.NotArchived):
                services.restore(school, moment())
            assert told_by_the_doctor()["archive"].state == doctor.FAULT
        finally:
            services.configure()


@pytest.mark.requirement("SEC-04")
class TestTheDrill:
    def test_recovers_the_cell_and_compares_schools_row_by_row(self, school: TenantRef) -> None:
        told = services.drill(50)
        assert school.code in told["schools"]
        with tenancy.owner():
            lines = Backup.objects.filter(act=Backup.Act.DRILLED, outcome="ok")
            assert lines.filter(tenant_id=school.id).count() == 1
            assert lines.filter(tenant_id=tenancy.PUBLIC.id).exists()
        assert scratch_is_empty()

    def test_other_content_is_a_failed_drill(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        truth = services.content

        @contextmanager
        def here_again(*_arguments: object) -> Iterator[Server]:
            address = configured.DATABASES["default"]
            yield Server(address["HOST"], int(address["PORT"]), address["NAME"])

        def spoilt(ref: TenantRef) -> dict[str, str]:
            found = truth(ref)
            return found | {"contingent_pupil": "0" * 64} if ref.server else found

        monkeypatch.setattr(services.scratch, "instance", here_again)
        monkeypatch.setattr(services, "content", spoilt)
        with pytest.raises(services.OtherContent, match="contingent_pupil"):
            services.drill(50)
        with tenancy.owner():
            assert Backup.objects.filter(tenant_id=school.id, act="drilled", fault="OtherContent").exists()

    def test_a_school_that_never_stands_still_proves_nothing(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "content", lambda _ref: {"a": str(time.perf_counter())})
        with pytest.raises(services.NeverStill):
            services.drill(1)


class TestTheServerForAnHour:
    def test_opens_to_the_owner_alone(self, school: TenantRef, store: Folder) -> None:
        at = moment()
        services.hand_over(store)
        with scratch.instance(store, at) as server:
            there = replace(school, server=server)
            with tenancy.owner(there):
                assert Pupil.objects.count() == 12
            with pytest.raises(OperationalError, match="pg_hba"), tenancy.use(there):
                Pupil.objects.count()
        assert scratch_is_empty()
        with tenancy.use(school):
            assert Pupil.objects.count() == 12


class TestTheWholeCellByCommand:
    def run(self, *arguments: str) -> Any:
        done = CliRunner().invoke(app, ["cell", *arguments, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def test_copied_listed_and_laid_out(self, school: TenantRef, store: Folder, cell: Home) -> None:
        copy = self.run("backup")["copy"]
        assert self.run("backups")[0]["copy"] == copy
        assert self.run("collect")["files"] >= 0
        at = moment()
        services.hand_over(store)
        room = cell.owned("anew")
        data = room / "data"
        data.mkdir(mode=0o700)
        if (owner := programs.account()) is not None:
            os.chown(data, owner.uid, owner.gid)
        told = self.run("restore", "--at", at.isoformat(), "--into", str(data))
        assert any("recovery_target_time" in line for line in told["start_it_with"])
        assert (data / "PG_VERSION").exists()
        shutil.rmtree(room)
        refused = CliRunner().invoke(app, ["cell", "restore", "--at", "noon", "--into", str(store.spool)])
        assert refused.exit_code == 1


class TestPgBackRest:
    pytestmark = pytest.mark.skipif(shutil.which("pgbackrest") is None, reason="pgbackrest is not installed")

    def test_a_school_goes_back_to_a_moment_from_its_repository(
        self, school: TenantRef, cell: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from infra.pgbackrest import configuration

        place = cell.owned("pgbackrest")
        here = connections.settings["default"]
        repositories = [place / "one", place / "two"]
        wanted = configuration.Repositories(
            data=cell.servers / "postgres" / "data", port=int(here["PORT"]), user=configured.DB_OWNER_USER,
            folders=repositories, log=place / "log", spool=place / "spool", lock=place / "lock",
        )  # fmt: skip
        written = configuration.write(place, wanted)
        for path in (*repositories, place / "log", place / "spool", place / "lock", written):
            path.mkdir(exist_ok=True) if path != written else None
            if (owner := programs.account()) is not None:
                os.chown(path, owner.uid, owner.gid)
        monkeypatch.setattr(configured, "ARCHIVE", {**configured.ARCHIVE, "config": written})
        monkeypatch.setitem(configured.PORTS, "tenants.archive", "integrations.pgbackrest.adapter.Repository")
        assert ports.adapter("tenants.archive")
        try:
            services.configure()
            base = services.take()
            assert services.archive().held()[0] == base
            before, at = services.content(school), moment()
            spoil(school)
            services.restore(school, at)
            after = services.content(school)
            assert after["contingent_pupil"] == before["contingent_pupil"]
            assert "Бұзылған".encode() not in b"".join(
                path.read_bytes() for path in repositories[1].rglob("*") if path.is_file()
            )
        finally:
            monkeypatch.undo()
            services.configure()
            services.take()
