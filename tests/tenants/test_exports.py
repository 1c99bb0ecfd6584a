"""One school written out in open formats, checked without an installation, and put into an empty one: equal to the byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from typer.testing import CliRunner

from identity.models import Session, User
from kernel import audit, clock, files, iin, jobs, tenancy
from kernel.access import Actor, Role
from kernel.models import AuditEntry, Job, StoredFile
from kernel.tenancy import TenantRef
from modules.contingent.models import CardChange, Pupil
from tenants import api
from tenants.cli import app
from tenants.exports import loading, package, taking_along, verifying, writing
from tenants.exports.package import BadExport
from tenants.lifecycle import services as lifecycle
from tests import world
from tests.conftest import ClientFor
from tests.factories import schedule as factory

pytestmark = pytest.mark.requirement("TEN-05")
ROOT = Path(__file__).resolve().parents[2]
NUMBER, OTHER = iin.synthetic(date(2013, 5, 1), "m", 7), iin.synthetic(date(2013, 5, 1), "m", 8)
PAPER = b"%PDF-1.7 a paper of the school"
LETTER = "12-3 of 28.11.2026"


@pytest.fixture(scope="module")
def _made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TenantRef, Path]]:
    """A school that no test changes, and its export."""
    patch, folder = pytest.MonkeyPatch(), tmp_path_factory.mktemp("exports")
    patch.setattr(configured, "FILES_ROOT", folder / "stored")
    with django_db_blocker.unblock():
        ref = filled(world.found_school())
        with tenancy.owner(ref):
            writing.write(ref, folder / "export", letter=LETTER, place=writing.place_of(ref))
        yield ref, folder / "export"
        world.raze(ref)
    patch.undo()


@pytest.fixture
def school(_made: tuple[TenantRef, Path]) -> TenantRef:
    """For tests that only read it."""
    return _made[0]


@pytest.fixture
def own_school(_made: tuple[TenantRef, Path], committed_school: Callable[..., TenantRef]) -> TenantRef:
    """For tests that change it."""
    return filled(committed_school())


def filled(ref: TenantRef) -> TenantRef:
    """The school with pupils, numbers, a history of cards, a file, an account and a log."""
    with tenancy.use(ref), transaction.atomic():
        actor = Actor.system_actor("tests")
        factory.pupils(factory.school_class(), 12)
        one = Pupil.objects.order_by("pk")[0]
        one.iin = OTHER
        one.save()
        one.iin, one.birth_place = NUMBER, 'Қарқаралы "1"\nауыл'
        one.save()
        files.store(actor=actor, name="a.pdf", content=PAPER, content_type="application/pdf", purpose="tests")
        user = User.objects.create(
            username="aigul", password="pbkdf2$secret", phone="+77015554433", created_at=clock.now()
        )
        Session.objects.create(
            user=user, tenant_id=ref.id, key_hash="5" * 64, created_at=clock.now(), seen_at=clock.now(),
            expires_at=clock.now(),
        )  # fmt: skip
        audit.record(
            actor=actor,
            action="tests.done",
            details={"share": 0.5, "names": ["Ә|\n", None], "of": {"b": 1, "a": True}},
        )
    return ref


@pytest.fixture
def export(_made: tuple[TenantRef, Path], tmp_path: Path) -> Path:
    """The export of the school, to be spoilt at will."""
    return shutil.copytree(_made[1], tmp_path / "export")


@pytest.fixture(scope="module")
def untouched(django_db_setup: None, django_db_blocker: Any) -> Iterator[TenantRef]:
    """An empty school for tests of what changes nothing."""
    with django_db_blocker.unblock():
        ref = world.found_school()
        yield ref
        world.raze(ref)


@pytest.fixture
def empty(_made: tuple[TenantRef, Path], committed_school: Callable[..., TenantRef]) -> TenantRef:
    return committed_school()


def run(*words: object) -> Any:
    return CliRunner().invoke(app, ["tenant", *map(str, words)])


class TestWriting:
    def test_tables_are_lines_of_json_that_anybody_reads(self, export: Path) -> None:
        pupils = [
            json.loads(line) for line in (export / "tables/contingent_pupil.jsonl").open(encoding="utf-8")
        ]
        assert len(pupils) == 12
        [one] = [row for row in pupils if row["iin"] == NUMBER]
        assert one["birth_place"] == 'Қарқаралы "1"\nауыл'
        changes = (export / "tables/contingent_cardchange.jsonl").read_text(encoding="utf-8")
        assert f'["{OTHER}","{NUMBER}"]' in changes.replace(" ", "")

    def test_files_are_files(self, export: Path) -> None:
        [one] = package.read(export)[0].files
        assert (export / one.file).read_bytes() == PAPER
        assert one.file.endswith(".pdf")

    def test_secrets_stay(self, export: Path) -> None:
        everything = "".join(path.read_text(encoding="utf-8") for path in (export / "tables").iterdir())
        assert "pbkdf2$secret" not in everything
        assert "5" * 64 not in everything
        names = {path.stem for path in (export / "tables").iterdir()}
        assert not names & {"identity_session", "identity_passkey", "otp_totp_totpdevice", "kernel_keypair"}
        assert '"key"' not in (export / "tables/kernel_storedfile.jsonl").read_text(encoding="utf-8")

    def test_the_readme_names_every_table_and_column_in_three_languages(self, export: Path) -> None:
        text = (export / "README.md").read_text(encoding="utf-8")
        manifest = package.read(export)[0]
        assert len(manifest.tables) > 100
        kk, ru, en = text.split("\n---\n")
        for table in manifest.tables:
            for chapter in (kk, ru, en):
                assert f"`{table.name}`" in chapter
        assert "Оқушылар: `contingent_pupil`" in kk
        assert "| `surname` | character varying(80) | фамилия |" in ru
        assert "passwords" in en

    def test_a_folder_that_is_there_is_left_alone(self, school: TenantRef, export: Path) -> None:
        with tenancy.owner(school), pytest.raises(writing.FolderTaken):
            writing.write(school, export, letter=LETTER)


class TestVerifying:
    def test_needs_no_installation(self, export: Path) -> None:
        bare = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
        done = subprocess.run(
            [sys.executable, "-m", "tenants.cli", "tenant", "verify", str(export), "--json"],
            env=bare, capture_output=True, text=True, check=False, cwd=export,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer["faults"] == []
        assert answer["log_lines"] >= 1

    @pytest.mark.parametrize(
        ("name", "was", "becomes", "fault"),
        [
            ("tables/contingent_pupil.jsonl", NUMBER, OTHER, "other content"),
            ("README.md", "Оқушылар", "Басқалар", "other content"),
            ("tables/kernel_auditentry.jsonl", "tests.done", "tests.nots", "log is broken"),
            ("manifest.json", "contingent_pupil", "contingent_pupik", "not what was signed"),
        ],
    )
    def test_finds_what_was_altered(
        self, export: Path, name: str, was: str, becomes: str, fault: str
    ) -> None:
        path = export / name
        path.write_text(path.read_text(encoding="utf-8").replace(was, becomes, 1), encoding="utf-8")
        done = run("verify", export)
        assert done.exit_code == 1
        assert fault in " ".join(done.output.split())

    def test_finds_what_is_missing_or_too_much(self, export: Path) -> None:
        (export / "tables/staff_leave.jsonl").unlink()
        (export / "tables/more.jsonl").write_text("{}")
        faults = verifying.verify(export).faults
        assert "tables/staff_leave.jsonl is missing" in faults
        assert "tables/more.jsonl is not in the manifest" in faults

    def test_tells_another_key(self, export: Path) -> None:
        key = package.read(export)[1]
        assert run("verify", export, "--signed-by", key).exit_code == 0
        assert run("verify", export, "--signed-by", "00" * 32).exit_code == 1


class TestLoading:
    def test_gives_equal_content_sealed_with_other_keys(
        self, school: TenantRef, export: Path, empty: TenantRef
    ) -> None:
        manifest = loading.load(export, empty)
        with tenancy.owner(empty):
            found = writing.digests(empty)
        told = {one.name: one.sha256 for one in manifest.tables if one.name != package.LOG}
        assert {name: found[name] for name in told} == told
        with tenancy.use(empty), transaction.atomic():  # by its own role, with its own keys
            one = Pupil.objects.get(iin=NUMBER)
            assert CardChange.objects.filter(row_id=one.pk, part="pupil").exists()
            stored = StoredFile.objects.get(purpose="tests")
            assert files.read(file_id=stored.pk, purpose="tests")[1] == PAPER
            assert User.objects.get(phone="+77015554433").password == "!"
            factory.school_class(8, "Б")  # counters go on
            User.objects.create(username="later", created_at=clock.now())
        assert [self.sealed(ref) for ref in (school, empty)] != [self.sealed(school)] * 2

    @staticmethod
    def sealed(ref: TenantRef) -> list[str]:
        with tenancy.owner(ref), connection.cursor() as cursor:
            cursor.execute("SELECT iin FROM contingent_pupil WHERE iin <> ''")
            return [row[0] for row in cursor.fetchall()]

    def test_by_the_command_with_a_password_for_the_director(
        self, school: TenantRef, empty: TenantRef, tmp_path: Path
    ) -> None:
        target = tmp_path / "school.zip"
        done = run("export", school.code, "--to", target, "--letter", LETTER, "--json")
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["rows"] > 12
        done = run(
            "import", target, "--into", empty.code, "--letter", LETTER, "--director", "aigul", "--json"
        )
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["password"]
        with tenancy.use(empty):
            assert audit.broken_links() == []
            assert AuditEntry.objects.filter(action="tenants.tenant.imported", outcome="ok").exists()
            assert not AuditEntry.objects.filter(action="tests.done").exists()
            former = StoredFile.objects.get(purpose=loading.FORMER_LOG)
            assert b"tests.done" in files.read(file_id=former.pk, purpose=loading.FORMER_LOG)[1]
        # The password is the one difference, and it is named.
        done = run("verify", target, "--against", empty.code, "--json")
        assert json.loads(done.stdout)["faults"] == [f"identity_user has other content in {empty.code}"]

    def test_against_its_own_school_all_is_the_same_until_somebody_works(
        self, own_school: TenantRef, tmp_path: Path
    ) -> None:
        export = tmp_path / "export"
        with tenancy.owner(own_school):
            writing.write(own_school, export, letter=LETTER, place=writing.place_of(own_school))
        assert run("verify", export, "--against", own_school.code).exit_code == 0
        with tenancy.use(own_school), transaction.atomic():
            Pupil.objects.filter(iin=NUMBER).update(birth_place="")
        done = run("verify", export, "--against", own_school.code)
        assert done.exit_code == 1
        assert "contingent_pupil" in done.output

    def test_a_school_in_use_is_refused(self, export: Path, school: TenantRef) -> None:
        with pytest.raises(loading.NotEmpty):
            loading.load(export, school)

    def test_an_altered_export_changes_nothing(self, export: Path, untouched: TenantRef) -> None:
        path = export / "tables/contingent_pupil.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace(NUMBER, OTHER), encoding="utf-8")
        with pytest.raises(BadExport):
            loading.load(export, untouched)
        with tenancy.use(untouched):
            assert not Pupil.objects.exists()

    def test_other_tables_are_refused(
        self, export: Path, untouched: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writing, "place_of", lambda ref: (1, "another"))
        with pytest.raises(loading.OtherTables):
            loading.load(export, untouched)

    def test_a_dry_run_changes_nothing(self, export: Path, empty: TenantRef) -> None:
        assert run("import", export, "--into", empty.code, "--letter", LETTER, "--dry-run").exit_code == 0
        with tenancy.use(empty):
            assert not User.objects.exists()


class TestTakingAlong:
    def test_a_closed_school_makes_its_archive_itself(
        self, own_school: TenantRef, empty: TenantRef, client_for: ClientFor, tenants_db: None, tmp_path: Path
    ) -> None:
        director = client_for(Role.DIRECTOR, school=own_school, username="director")
        lifecycle.suspend(code=own_school.code, to="closed", letter=LETTER)
        page = director.get("/school/contract/")
        assert "/school/contract/archive/" in page.content.decode()
        jobs.Collected.clear()
        begun = director.post("/school/contract/archive/")
        assert begun.status_code == 302, begun.content.decode()[:500]
        [(tenant, job_id)] = jobs.Collected.jobs
        assert director.get(begun["Location"]).status_code == 200
        with tenancy.use(api.refreshed(tenant)):
            done = jobs.run(job_id)
            assert (done.state, done.message) == ("done", "")
            assert AuditEntry.objects.filter(action="tenants.export.asked").exists()
        answer = director.get(f"{begun['Location']}file/")
        assert answer["Content-Type"] == "application/zip"
        kept = tmp_path / "taken.zip"
        kept.write_bytes(answer.content)
        assert run("verify", kept).exit_code == 0
        assert run("import", kept, "--into", empty.code, "--letter", LETTER).exit_code == 0
        with tenancy.use(empty):
            assert Pupil.objects.filter(iin=NUMBER).exists()

    def test_nobody_else_may(self, own_school: TenantRef, client_for: ClientFor, tenants_db: None) -> None:
        deputy = client_for(Role.TEACHER, school=own_school, username="teacher")
        assert deputy.post("/school/contract/archive/").status_code == 403
        with tenancy.use(own_school):
            assert not Job.objects.filter(kind=taking_along.MAKE).exists()

    def test_an_archive_is_kept_for_a_day_and_for_whoever_asked(
        self, own_school: TenantRef, client_for: ClientFor, tenants_db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = client_for(Role.DIRECTOR, school=own_school, username="director")
        second = client_for(Role.DIRECTOR, school=own_school, username="second")
        jobs.Collected.clear()
        begun = first.post("/school/contract/archive/")
        with tenancy.use(own_school):
            jobs.run(jobs.Collected.jobs[0][1])
        assert first.get(f"{begun['Location']}file/").status_code == 200
        assert second.get(f"{begun['Location']}file/").status_code == 404
        later = clock.now() + taking_along.KEPT + timedelta(minutes=1)
        monkeypatch.setattr(taking_along.clock, "now", lambda: later)
        with tenancy.use(own_school), transaction.atomic():
            assert not taking_along.is_kept(Job.objects.get(kind=taking_along.MAKE))
            assert taking_along.clear() == 1

    def test_more_files_than_an_archive_takes_are_refused(
        self, own_school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(taking_along, "LARGEST", 1)
        with tenancy.use(own_school):
            with transaction.atomic():
                row = jobs.start(taking_along.MAKE, actor=Actor.system_actor("tests"))
            assert jobs.run(row.pk).result == {"code": "too_large"}
