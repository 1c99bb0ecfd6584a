"""One school backed up and put back, while the other stays as it is."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import DatabaseError, connection, transaction
from typer.testing import CliRunner

from identity import policy
from identity.models import Session, User
from kernel import audit, clock, files, iin, tenancy
from kernel.access import Actor
from kernel.models import AuditEntry, StoredFile
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil
from tenants.backups import archive, keys, restoring, taking
from tenants.backups.archive import BadArchive
from tenants.backups.pace import NICE, PIECE, Pace, in_background
from tenants.cli import app
from tenants.models import Backup, LedgerEntry, SchemaState
from tests.factories import schedule as factory

pytestmark = pytest.mark.requirement("SUP-07")
NUMBER = iin.synthetic(date(2013, 5, 1), "m", 7)
PAPER = b"%PDF-1.7 a paper of the school"


Three = tuple[TenantRef, TenantRef, TenantRef]


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_FOLDER, settings.FILES_ROOT = tmp_path / "backups", tmp_path / "files"


@pytest.fixture
def school(three_schools: Three, folders: None) -> Iterator[TenantRef]:
    with filled(three_schools[0]) as ref:
        yield ref


@pytest.fixture
def own_school(committed_school: Callable[..., TenantRef], folders: None) -> Iterator[TenantRef]:
    """For a test after which its tables are others."""
    with filled(committed_school()) as ref:
        yield ref


@contextmanager
def filled(ref: TenantRef) -> Iterator[TenantRef]:
    with tenancy.use(ref), transaction.atomic():
        actor = Actor.system_actor("tests")
        factory.pupils(factory.school_class(), 12)
        one = Pupil.objects.order_by("pk")[0]
        one.iin = NUMBER
        one.save()
        files.store(actor=actor, name="a.pdf", content=PAPER, content_type="application/pdf", purpose="tests")
        audit.record(actor=actor, action="tests.before")
    yield ref
    with tenancy.owner():
        Backup.objects.filter(tenant_id=ref.id).delete()


def digest(ref: TenantRef) -> dict[str, str]:
    """Of every table of the school as it stands."""
    found = {}
    with tenancy.owner(ref), transaction.atomic():
        for name, columns in taking.shape_of(ref.schema).tables.items():
            rows = sorted(bytes(row) for row in taking.copied(ref.schema, name, columns))
            found[name] = hashlib.sha256(b"".join(rows)).hexdigest()
    return found


def but(found: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in found.items() if name not in names}


class TestRestoring:
    def test_brings_back_every_row_and_only_of_this_school(
        self, school: TenantRef, three_schools: Three
    ) -> None:
        other = three_schools[1]
        before, others = digest(school), digest(other)
        folder = taking.take(school)
        with tenancy.use(school), transaction.atomic():
            Membership.objects.all().delete()
            Pupil.objects.order_by("pk")[0].delete()
            Pupil.objects.update(surname="Бұзылған")
            factory.school_class(8, "Б")
        assert digest(school) != before
        answer = restoring.restore(school, folder, gently=True)
        assert answer["rows"] == archive.read_manifest(folder).rows > 12
        assert but(digest(school), *restoring.KEPT) == but(before, *restoring.KEPT)
        assert digest(other) == others
        with tenancy.use(school):  # by the school's own role, with its rights and its keys
            assert NUMBER in Pupil.objects.values_list("iin", flat=True)
            with transaction.atomic():
                factory.school_class(9, "В")
            with pytest.raises(DatabaseError), transaction.atomic():
                AuditEntry.objects.update(action="forged")

    def test_the_log_is_never_turned_back_and_its_chain_holds(self, school: TenantRef) -> None:
        folder = taking.take(school)
        with tenancy.use(school), transaction.atomic():
            audit.record(actor=Actor.system_actor("tests"), action="tests.after")
        restoring.restore(school, folder)
        with tenancy.use(school), transaction.atomic():
            audit.record(actor=Actor.system_actor("tests"), action="tests.later")
            actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
            assert actions[-3:] == ["tests.before", "tests.after", "tests.later"]
            assert audit.broken_links() == []

    def test_whoever_was_signed_in_signs_in_anew(self, school: TenantRef) -> None:
        with tenancy.use(school), transaction.atomic():
            user = User.objects.create(username="aigul", created_at=clock.now())
            Session.objects.create(
                user=user, tenant_id=school.id, key_hash="0" * 64, created_at=clock.now(), seen_at=clock.now(),
                expires_at=clock.now() + timedelta(hours=1),
            )  # fmt: skip
        restoring.restore(school, taking.take(school))
        with tenancy.use(school):
            assert User.objects.filter(username="aigul").exists()
            assert not Session.objects.exists()

    def test_files_that_were_lost_since_are_put_back(self, school: TenantRef) -> None:
        folder = taking.take(school)
        with tenancy.use(school), transaction.atomic():
            one = StoredFile.objects.get(purpose="tests")
            files.delete(file_id=one.pk)
        assert files.closed_bytes(school.schema, one.path) is None
        assert restoring.restore(school, folder)["files_put_back"] == 1
        with tenancy.use(school):
            assert files.read(file_id=one.pk, purpose="tests")[1] == PAPER

    def test_a_migration_since_is_applied(self, own_school: TenantRef) -> None:
        folder = taking.take(own_school)
        top = archive.read_manifest(folder).position
        entry = LedgerEntry(
            kind="school", position=top + 1, app="*", name="a later wave", at=clock.now(),
            sql="ALTER TABLE contingent_pupil ADD COLUMN later int DEFAULT 7;",
        )  # fmt: skip
        try:
            with tenancy.owner():
                entry.save()
            restoring.restore(own_school, folder)
            with tenancy.owner(own_school), connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT later FROM contingent_pupil")
                assert cursor.fetchall() == [(7,)]
                assert SchemaState.objects.get(schema=own_school.schema).position == top + 1
        finally:
            with tenancy.owner():
                entry.delete()

    def test_nobody_writes_into_what_is_replaced(self, school: TenantRef) -> None:
        with restoring._nobody_in(school.schema), pytest.raises(DatabaseError), tenancy.use(school):
            Pupil.objects.count()
        with tenancy.use(school):
            assert Pupil.objects.count() == 12


class TestRefusals:
    def refused(self, school: TenantRef, folder: Path, why: str) -> None:
        before = digest(school)
        with pytest.raises(BadArchive, match=why):
            restoring.restore(school, folder)
        assert digest(school) == before
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^[ro]_'")
            assert cursor.fetchone()[0] == 0
            assert Backup.objects.filter(tenant_id=school.id, act="restored", outcome="failed").exists()

    @pytest.mark.parametrize("where", [0, 100, -1])
    def test_a_changed_byte(self, school: TenantRef, where: int) -> None:
        folder = taking.take(school)
        place = folder / "contingent_pupil"
        content = bytearray(place.read_bytes())
        content[where] ^= 1
        place.write_bytes(content)
        self.refused(school, folder, "contingent_pupil")

    def test_a_table_in_the_place_of_another(self, school: TenantRef) -> None:
        folder = taking.take(school)
        (folder / "contingent_pupil").write_bytes((folder / "contingent_guardian").read_bytes())
        self.refused(school, folder, "contingent_pupil does not open")

    def test_a_table_of_an_older_backup(self, school: TenantRef) -> None:
        old, new = taking.take(school), taking.take(school)
        (new / "contingent_pupil").write_bytes((old / "contingent_pupil").read_bytes())
        self.refused(school, new, "contingent_pupil does not open")

    def test_an_altered_manifest(self, school: TenantRef) -> None:
        folder = taking.take(school)
        place = folder / "manifest.json"
        place.write_text(place.read_text().replace('"rows": 12', '"rows": 13'))
        self.refused(school, folder, "not signed")

    def test_one_that_was_never_finished(self, school: TenantRef) -> None:
        folder = taking.take(school)
        (folder / "manifest.json").unlink()
        self.refused(school, folder, "not whole")
        assert taking.whole(school) == []

    def test_of_another_school(self, school: TenantRef, three_schools: Three) -> None:
        other = three_schools[1]
        with pytest.raises(restoring.NotOfThisTenant):
            restoring.restore(other, taking.take(school))
        with tenancy.owner():
            Backup.objects.filter(tenant_id=other.id).delete()

    def test_without_the_private_key(
        self, school: TenantRef, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        private, settings.BACKUP_READER = keys.new_pair()
        folder = taking.take(school)
        with pytest.raises(keys.NotTheReader):
            restoring.restore(school, folder)
        monkeypatch.setenv("MEKTEP_BACKUP_PRIVATE_KEY", keys.new_pair()[0])
        with pytest.raises(keys.NotTheReader):
            restoring.restore(school, folder)
        monkeypatch.setenv("MEKTEP_BACKUP_PRIVATE_KEY", private)
        restoring.restore(school, folder)

    def test_a_living_installation_without_a_reader_takes_none(
        self, school: TenantRef, settings: Any
    ) -> None:
        settings.MODE = "live"
        with pytest.raises(keys.NoReader):
            taking.take(school)


class TestWhatStandsInABackup:
    def test_nothing_can_be_read_in_it(self, school: TenantRef) -> None:
        with tenancy.use(school), transaction.atomic():
            Pupil.objects.update(surname="Құпиятегі")
        folder = taking.take(school)
        content = b"".join(path.read_bytes() for path in folder.parent.rglob("*") if path.is_file())
        assert "Құпиятегі".encode() not in content
        assert PAPER not in content

    def test_without_the_schools_ring_its_sealed_columns_stay_sealed(self, school: TenantRef) -> None:
        folder = taking.take(school)
        manifest = archive.read_manifest(folder)
        table = next(one for one in manifest.tables if one.name == "contingent_pupil")
        text = b"".join(archive.load(folder, table, archive.key_of(manifest)))
        assert NUMBER.encode() not in text
        assert len(text.splitlines()) == 12

    def test_of_one_moment(self, school: TenantRef, monkeypatch: pytest.MonkeyPatch) -> None:
        """Somebody adds a class between two tables: the backup has neither the class nor the pupil."""
        real = taking.copied

        def and_meanwhile(schema: str, name: str, columns: list[str]) -> Iterator[Any]:
            if name == "contingent_pupil":
                with aside() as other:
                    other.execute(
                        f"SET search_path = {schema}; UPDATE contingent_pupil SET surname = 'Кейінгі'"
                    )
            yield from real(schema, name, columns)

        monkeypatch.setattr(taking, "copied", and_meanwhile)
        folder = taking.take(school)
        manifest = archive.read_manifest(folder)
        table = next(one for one in manifest.tables if one.name == "contingent_pupil")
        assert "Кейінгі".encode() not in b"".join(archive.load(folder, table, archive.key_of(manifest)))


@contextmanager
def aside() -> Iterator[psycopg.Connection]:
    """A connection of its own, as another process has."""
    here = connection.settings_dict
    with psycopg.connect(
        host=here["HOST"], port=here["PORT"], dbname=here["NAME"], user=configured.DB_OWNER_USER,
        password=configured.DB_OWNER_PASSWORD, autocommit=True,
    ) as other:  # fmt: skip
        yield other


class TestKeeping:
    def names(self, school: TenantRef, days: list[int]) -> list[str]:
        made = []
        for ago in days:
            path = taking.folder_of(school) / f"{clock.now() - timedelta(days=ago):%Y%m%dT%H%M%S%f}"
            path.mkdir(parents=True, exist_ok=True)
            (path / "manifest.json").write_text("{}")
            made.append(path.name)
        return made

    def test_days_then_months_then_years(self, school: TenantRef) -> None:
        made = self.names(school, list(range(1500)))
        gone = taking.thin_out(school)
        kept, terms = [one.name for one in taking.whole(school)], policy.terms()
        assert kept[: terms.backup_days] == made[: terms.backup_days]
        assert set(gone) == set(made) - set(kept)
        assert len({one[:6] for one in kept}) >= terms.backup_months
        assert len({one[:4] for one in kept}) == terms.backup_years
        assert len(kept) <= terms.backup_days + 1 + terms.backup_months + terms.backup_years

    def test_the_newest_stays_however_old(self, school: TenantRef) -> None:
        made = self.names(school, [5000])
        taking.thin_out(school)
        assert [one.name for one in taking.whole(school)] == made

    def test_one_under_way_stays_and_one_given_up_goes(self, school: TenantRef) -> None:
        young, old = self.names(school, [0, 3])
        for name in (young, old):
            (taking.folder_of(school) / name / "manifest.json").unlink()
        assert taking.thin_out(school) == [old]


def test_the_register_of_backups_has_counts_and_faults(
    school: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = taking.take(school)
    restoring.drill(school, folder)
    monkeypatch.setattr(archive, "store", lambda *_a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taking.take(school)
    with tenancy.owner():
        lines = list(Backup.objects.filter(tenant_id=school.id).order_by("at"))
    assert [(one.act, one.outcome, one.fault) for one in lines] == [
        ("taken", "ok", ""),
        ("drilled", "ok", ""),
        ("taken", "failed", "ZeroDivisionError"),
    ]
    assert lines[0].rows == lines[1].rows == archive.read_manifest(folder).rows


class TestCommands:
    def run(self, *arguments: str) -> tuple[int, Any, str]:
        done = CliRunner().invoke(app, [*arguments, "--json"])
        return done.exit_code, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr

    def test_backs_up_lists_and_restores(self, school: TenantRef) -> None:
        status, answer, __ = self.run("tenant", "backup", school.code)
        assert (status, answer["code"]) == (0, school.code)
        assert answer["rows"] > 12
        with tenancy.use(school), transaction.atomic():
            Pupil.objects.update(surname="Бұзылған")
        __, [line], ___ = self.run("tenant", "backups", school.code)
        assert line["backup"] == answer["backup"]
        status, told, __ = self.run("tenant", "restore", school.code, "--letter", "№ 5", "--dry-run")
        assert (status, told["would"]) == (0, "restore")
        with tenancy.use(school):
            assert Pupil.objects.filter(surname="Бұзылған").count() == 12
        status, told, __ = self.run("tenant", "restore", school.code, "--letter", "№ 5")
        assert (status, told["rows"]) == (0, answer["rows"])
        with tenancy.use(school):
            assert not Pupil.objects.filter(surname="Бұзылған").exists()
            assert AuditEntry.objects.filter(action="tenants.backup.restored").exists()

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (("restore", "CODE", "--letter", " "), "Name the letter"),
            (("restore", "CODE", "--letter", "1"), "has no backup"),
            (("restore", "nosuch", "--letter", "1"), "There is no tenant nosuch"),
        ],
    )
    def test_says_why_not(self, school: TenantRef, arguments: tuple[str, ...], reason: str) -> None:
        asked = [school.code if one == "CODE" else one for one in arguments]
        status, __, told = self.run("tenant", *asked)
        assert status == 1
        assert reason in told


class TestPace:
    def test_hands_on_every_byte_in_small_pieces_and_rests_by_its_rate(self) -> None:
        rests: list[float] = []
        text = bytes(range(256)) * 8_000
        pieces = list(Pace(1_000_000, sleep=rests.append).pieces(text))
        assert b"".join(pieces) == text
        assert max(map(len, pieces)) == PIECE
        assert len(rests) == len(text) // PIECE
        assert sum(rests) == pytest.approx(len(text) / 1_000_000, abs=PIECE / 1_000_000)

    def test_small_rows_share_a_rest(self) -> None:
        rests: list[float] = []
        pace = Pace(1_000_000, sleep=rests.append)
        for _row in range(10_000):
            pace.passed(100)
        assert len(rests) <= 1_000_000 // PIECE
        assert sum(rests) == pytest.approx(1.0, abs=PIECE / 1_000_000)

    def test_without_a_rate_nothing_rests(self) -> None:
        pace = Pace(None, sleep=lambda seconds: pytest.fail("rested"))
        assert list(pace.pieces(b"whole")) == [b"whole"]
        pace.passed(10**9)

    def test_the_thread_steps_back_and_forward_again(self) -> None:
        here = threading.get_native_id()
        before = os.getpriority(os.PRIO_PROCESS, here)
        with in_background(False):
            assert os.getpriority(os.PRIO_PROCESS, here) == before
        with in_background(True):
            assert os.getpriority(os.PRIO_PROCESS, here) == max(before, NICE)
        if os.geteuid() == 0:
            assert os.getpriority(os.PRIO_PROCESS, here) == before
