"""Nothing hostile is kept as clean: thousands of made-up files against the whole gate, with an antivirus on the wire."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from imports.kinds import SHEET
from integrations.clamav.simulator import Conversation, Daemon
from kernel import contents, uploads
from kernel.access import Actor, Role
from kernel.errors import DomainError, Unsafe
from kernel.models import AuditEntry, StoredFile
from kernel.tenancy import TenantRef
from modules.contingent.services.scans import SCANNED
from modules.journal.voices.services import VOICE
from modules.orders.services.templates import WORD
from modules.schedule.wishes.services import CALENDAR
from modules.school.services import LOGO_FILE
from tests.factories import hostile

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]

KINDS = {one.code: one for one in (uploads.PHOTO, SCANNED, LOGO_FILE, VOICE, SHEET, WORD, CALENDAR)}
MOST_MEMORY = 512 * 1024


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    with Daemon(("127.0.0.1", 0), Conversation) as running, ThreadPoolExecutor(1) as pool:
        pool.submit(running.serve_forever)
        yield running
        running.shutdown()


@pytest.fixture
def watched(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ANTIVIRUS", "sim")
    monkeypatch.setattr(settings, "CLAMD_URL", f"tcp://127.0.0.1:{daemon.server_address[1]}")
    monkeypatch.setitem(settings.PORTS, "kernel.antivirus", "integrations.clamav.adapter.Clamd")


@pytest.fixture
def clerk(in_school: TenantRef, actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.SECRETARY)


def test_nothing_of_thousands_is_kept_as_it_came(watched: None, clerk: Actor) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome: Counter[str] = Counter()
    kept = []
    for one in hostile.variants(seed=20261129):
        outcome["all"] += 1
        try:
            admitted = uploads.admit(KINDS[one.kind], one.content, actor=clerk)
        except DomainError as refusal:
            outcome[refusal.code] += 1
            continue
        # A picture drawn anew has nothing left of what stood beside it.
        outcome["drawn anew"] += 1
        if one.mark in admitted.content or admitted.content == one.content:
            kept.append((one.kind, one.idea))
    assert kept == []
    assert outcome["all"] > 3_000
    assert outcome["infected"] > 100
    assert AuditEntry.objects.filter(action="kernel.file.infected").count() == outcome["infected"]
    assert outcome["unsafe_file"] > 1_000
    assert outcome["drawn anew"] > 500
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_harmless_passes(watched: None, clerk: Actor, kind: str) -> None:
    """The gate is no wall: a corpus that refuses everything would prove nothing."""
    dice = hostile.random.Random(1)
    harmless = {
        "photo": hostile.picture("JPEG", dice),
        "logo": hostile.picture("PNG", dice),
        "scan": hostile.pdf(b"5 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\n"),
        "voice": hostile.voice(),
        "sheet": hostile.workbook(),
        "word": hostile.document(),
        "calendar": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    }
    assert uploads.admit(KINDS[kind], harmless[kind], actor=clerk).verdict == StoredFile.Verdict.CLEAN


def test_a_paper_with_packed_objects_passes() -> None:
    inner = b"<< /Type /Page /Contents 4 0 R >>"
    contents.refuse_lively_pdf(hostile.pdf(hostile._object_stream(inner, hostile.random.Random(2))))
    with pytest.raises(Unsafe):
        contents.refuse_lively_pdf(
            hostile.pdf(hostile._object_stream(b"<< /S /Launch >>", hostile.random.Random(2)))
        )
