"""clamd's wire: what is clean, what is not, and everything that is no answer."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client as Browser

from integrations.clamav.client import ClamdFailed, Client, found_in
from integrations.clamav.simulator import EICAR, LARGEST, SIGNATURE, Conversation, Daemon
from kernel import events, files, jobs, tenancy, uploads
from kernel.access import Actor, Role
from kernel.errors import NotFound, Quarantined
from kernel.models import AuditEntry, StoredFile
from kernel.tenancy import TenantRef
from notify.models import Notification
from tenants import doctor
from tests.factories import hostile
from tests.factories import schedule as make

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]
Verdict = StoredFile.Verdict
PICTURE = hostile.picture("PNG", hostile.random.Random(3))


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    with Daemon(("127.0.0.1", 0), Conversation) as running, ThreadPoolExecutor(1) as pool:
        pool.submit(running.serve_forever)
        monkeypatch.setattr(settings, "ANTIVIRUS", "sim")
        monkeypatch.setattr(settings, "CLAMD_URL", f"tcp://127.0.0.1:{running.server_address[1]}")
        monkeypatch.setitem(settings.PORTS, "kernel.antivirus", "integrations.clamav.adapter.Clamd")
        yield running
        running.shutdown()


class TestTheWire:
    def test_says_what_was_found(self, daemon: Daemon) -> None:
        assert Client().scan(b"harmless" * 100_000) == ""
        assert Client().scan(b"x" * 70_000 + EICAR) == SIGNATURE
        assert Client().scan(b"") == ""

    def test_the_protocol_is_clamds_own(self, daemon: Daemon) -> None:
        """Spoken here by hand, as clamd(8) writes it, so that client and simulator cannot agree on a mistake."""
        with socket.create_connection(daemon.server_address[:2], timeout=5) as to:  # type: ignore[arg-type]
            to.sendall(b"zINSTREAM\0" + struct.pack("!I", len(EICAR)) + EICAR + b"\0\0\0\0")
            assert to.recv(100) == b"stream: Eicar-Test-Signature FOUND\0"
        with socket.create_connection(daemon.server_address[:2], timeout=5) as to:  # type: ignore[arg-type]
            to.sendall(b"zPING\0")
            assert to.recv(100) == b"PONG\0"

    @pytest.mark.parametrize(
        "answer",
        [b"", b"INSTREAM size limit exceeded. ERROR", b"stream: OK ERROR", b"OKAY", b"stream: FOUNDER"],
    )
    def test_what_is_no_plain_yes_is_no_yes(self, answer: bytes) -> None:
        with pytest.raises(ClamdFailed):
            found_in(answer)

    def test_more_than_it_takes_is_no_yes(self, daemon: Daemon) -> None:
        with pytest.raises(ClamdFailed):
            Client().scan(bytes(LARGEST + 1))

    def test_silence_is_no_yes(self, daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
        daemon.silent = True
        with pytest.raises(ClamdFailed):
            Client().scan(b"x")

    @pytest.mark.parametrize(
        "url", ["", "tcp://127.0.0.1:9", "unix:///nowhere/clamd.ctl", "http://127.0.0.1:9"]
    )
    def test_nobody_there_is_no_yes(self, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setattr(settings, "CLAMD_URL", url)
        with pytest.raises(ClamdFailed):
            Client().scan(b"x")

    def test_by_a_socket_of_the_machine_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        place = tmp_path / "clamd.ctl"
        with socket.socket(socket.AF_UNIX) as near, ThreadPoolExecutor(1) as pool:
            near.bind(str(place))
            near.listen()
            pool.submit(lambda: _answer(near, b"stream: OK\0"))
            monkeypatch.setattr(settings, "CLAMD_URL", f"unix://{place}")
            assert Client().scan(b"x") == ""


def _answer(near: socket.socket, said: bytes) -> None:
    to, _address = near.accept()
    with to:
        heard = b""
        while not heard.endswith(b"\0\0\0\0"):
            heard += to.recv(1000)
        to.sendall(said)


@pytest.fixture
def clerk(in_school: TenantRef, actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.SECRETARY)


def send(clerk: Actor) -> StoredFile:
    with transaction.atomic():
        upload = uploads.admit(uploads.PHOTO, PICTURE, actor=clerk)
        return uploads.keep(actor=clerk, name="a.png", upload=upload, purpose="tests")


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")


class TestQuarantine:
    def test_a_clean_file_opens_at_once(self, daemon: Daemon, clerk: Actor) -> None:
        row = send(clerk)
        assert row.verdict == Verdict.CLEAN
        assert files.read(file_id=row.pk, purpose="tests")[0] == row

    def test_an_infected_one_is_not_kept(self, daemon: Daemon, clerk: Actor) -> None:
        with pytest.raises(uploads.Infected, match=SIGNATURE):
            uploads.admit(uploads.PHOTO, PICTURE + EICAR, actor=clerk)
        assert not StoredFile.objects.filter(purpose="tests").exists()

    def test_the_log_keeps_who_sent_a_virus_though_the_act_is_taken_back(
        self, daemon: Daemon, client_for: Callable[..., Browser], school_a: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            (pupil,) = make.pupils(make.school_class(7, "А"), 1)
        answer = client_for(Role.SECRETARY).post(
            f"/contingent/pupils/{pupil.pk}/photo/set/",
            {"photo": SimpleUploadedFile("x.png", PICTURE + EICAR)},
            follow=True,
        )
        assert SIGNATURE in answer.content.decode()
        with tenancy.use(school_a):
            entry = AuditEntry.objects.get(action="kernel.file.infected")
            assert not AuditEntry.objects.filter(action="contingent.photo.set").exists()
            assert not StoredFile.objects.exists()
        assert entry.outcome == "refused"
        assert entry.details == {"virus": SIGNATURE, "kind": "photo", "size": len(PICTURE + EICAR)}
        assert entry.actor_name
        assert entry.address

    def test_without_the_antivirus_it_waits_and_nobody_opens_it(
        self, daemon: Daemon, clerk: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = settings.CLAMD_URL
        away(monkeypatch)
        row = send(clerk)
        assert row.verdict == Verdict.WAITING
        with pytest.raises(Quarantined):
            files.read(file_id=row.pk, purpose="tests")
        jobs.beat()
        row.refresh_from_db()
        assert row.verdict == Verdict.WAITING
        monkeypatch.setattr(settings, "CLAMD_URL", there)
        jobs.beat()
        row.refresh_from_db()
        assert row.verdict == Verdict.CLEAN
        assert files.read(file_id=row.pk, purpose="tests")[1]
        entry = AuditEntry.objects.get(action="kernel.file.judged")
        assert (entry.outcome, entry.object_id) == ("ok", str(row.pk))

    def test_what_turns_out_infected_is_destroyed_and_its_sender_hears_of_it(
        self,
        daemon: Daemon,
        clerk: Actor,
        monkeypatch: pytest.MonkeyPatch,
        after_commit: Callable[[], int],
    ) -> None:
        there = settings.CLAMD_URL
        away(monkeypatch)
        row = send(clerk)
        events.deliver()
        assert [one.message for one in _told(clerk)] == ["files.waits"]
        monkeypatch.setattr(settings, "CLAMD_URL", there)
        monkeypatch.setattr("kernel.uploads.antivirus.scan", lambda _content: SIGNATURE)
        jobs.beat()
        events.deliver()
        after_commit()
        with pytest.raises(NotFound):
            files.read(file_id=row.pk, purpose="tests")
        with pytest.raises(NotFound):
            files.content_of(row)
        told = {one.message: one.params for one in _told(clerk)}
        assert set(told) == {"files.waits", "files.infected"}
        assert told["files.infected"]["virus"] == SIGNATURE
        assert AuditEntry.objects.get(action="kernel.file.judged").outcome == "refused"

    def test_what_would_be_read_at_once_is_not_taken(
        self, daemon: Daemon, clerk: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from imports.kinds import SHEET

        away(monkeypatch)
        with pytest.raises(uploads.AntivirusAway):
            uploads.admit(SHEET, hostile.workbook(), actor=clerk)

    def test_switched_off_it_is_said_of_the_file(self, clerk: Actor) -> None:
        assert settings.ANTIVIRUS == "off"
        assert send(clerk).verdict == Verdict.UNSCANNED


def _told(actor: Actor) -> list[Notification]:
    return list(Notification.objects.filter(user_id=actor.user_id))


class TestDoctor:
    def found(self) -> dict[str, str]:
        (line,) = doctor._CHECKS["antivirus"]()
        return line.told()

    def test_says_that_it_is_off_away_or_a_simulator(
        self, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.found()["found"] == "a simulator"
        monkeypatch.setattr(settings, "ANTIVIRUS", "live")
        assert self.found()["state"] == "ok"
        away(monkeypatch)
        assert self.found()["state"] == "fault"
        monkeypatch.setattr(settings, "ANTIVIRUS", "off")
        assert self.found()["state"] == "warning"
