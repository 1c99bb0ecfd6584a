"""The security log leaves the cell: as the standards write it, to whom it is meant, and all of it."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection, transaction

from integrations.soc import adapter, rfc5424
from integrations.soc.simulator import Collector, frames
from kernel import audit, clock, feeds, tenancy
from kernel.access import Actor
from kernel.feeds import Line
from kernel.models import AuditEntry, FeedPosition
from kernel.tenancy import TenantRef

pytestmark = pytest.mark.requirement("SEC-02")
Certificates = Callable[[str], tuple[Path, Path]]


def line(**changed: Any) -> Line:
    values: dict[str, Any] = {
        "tenant": "school-a",
        "number": 7,
        "at": datetime(2026, 11, 28, 9, 30, 1, 250, tzinfo=UTC),
        "actor": "a1b2",
        "action": "identity.role.given",
        "outcome": "ok",
        "object_type": "account",
        "object_id": "12",
        "address": "10.0.0.1",
        "request_id": "r-1",
        "details": {"role": "teacher"},
        "hash": "ff",
    }
    return Line(**(values | changed))


class TestMessage:
    def test_is_written_as_the_standard_says(self) -> None:
        text = rfc5424.message(line(), host="mektep.kz", enterprise="32473").decode()
        assert text.startswith(
            "<110>1 2026-11-28T09:30:01.000250Z mektep.kz mektep school-a identity.role.given [mektep@32473 "
        )
        assert r'details="{\"role\": \"teacher\"\}"' not in text
        assert r'details="{\"role\": \"teacher\"}"' in text
        assert text.endswith("] \ufeffidentity.role.given ok")

    @pytest.mark.parametrize(
        ("outcome", "priority"), [("ok", 110), ("refused", 108), ("failed", 107), ("odd", 109)]
    )
    def test_tells_how_serious_it_is(self, outcome: str, priority: int) -> None:
        assert rfc5424.message(line(outcome=outcome), host="h", enterprise="1").startswith(
            f"<{priority}>1 ".encode()
        )

    def test_nobody_writes_a_second_line_into_it(self) -> None:
        evil = 'x" y="z] \\ \r\n<110>1 - - - - - forged'
        text = rfc5424.message(line(actor=evil, action="a b\nc"), host="h", enterprise="1").decode()
        assert "\n" not in text.partition("] \ufeff")[0]
        data = re.search(r'actor="((?:[^"\\\]]|\\["\\\]])*)"', text)
        assert data is not None
        assert re.sub(r'\\(["\\\]])', r"\1", data[1]) == evil.replace("\r", " ").replace("\n", " ")
        assert " a_b_c [mektep@1 " in text

    def test_frames_count_octets_and_not_letters(self) -> None:
        messages = ["Қарағанды".encode(), b"b"]
        assert frames(b"".join(rfc5424.framed(one) for one in messages)) == messages
        with pytest.raises(ValueError, match="cut"):
            frames(b"10 abc")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of two authorities: `ours` and `strangers`; the first of the pair of files is the certificate."""
    room = tmp_path_factory.mktemp("soc")
    start = datetime.now(tz=UTC) - timedelta(hours=1)

    def made(name: str, *, issuer: tuple[x509.Certificate, Any] | None) -> tuple[x509.Certificate, Any]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer[0].subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
            )
        )
        return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key

    for authority in ("ours", "strangers"):
        root = made(authority, issuer=None)
        for name, pair in ((authority, root), (f"{authority}-leaf", made(f"{authority}-leaf", issuer=root))):
            (room / f"{name}.crt").write_bytes(pair[0].public_bytes(serialization.Encoding.PEM))
            (room / f"{name}.key").write_bytes(
                pair[1].private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
    return lambda name: (room / f"{name}.crt", room / f"{name}.key")


@pytest.fixture
def centre(certificates: Certificates) -> Iterator[Collector]:
    certificate, key = certificates("ours-leaf")
    collector = Collector(certificate=certificate, key=key, authorities=certificates("ours")[0])
    with ThreadPoolExecutor(1) as pool:
        pool.submit(collector.serve)
        yield collector
        collector.close()


@pytest.fixture
def by_syslog(settings: Any, certificates: Certificates, centre: Collector) -> None:
    settings.SECURITY_FEEDS = {"syslog": "integrations.soc.adapter.Syslog"}
    settings.SOC_URL = f"tls://127.0.0.1:{centre.port}"
    settings.SOC_CERTIFICATE, settings.SOC_KEY = certificates("ours-leaf")
    settings.SOC_AUTHORITIES = certificates("ours")[0]


@pytest.fixture
def by_files(settings: Any, tmp_path: Path) -> Path:
    settings.SECURITY_FEEDS = {
        "lines": "integrations.soc.adapter.Lines",
        "anchors": "integrations.soc.adapter.Anchors",
    }
    settings.SECURITY_FOLDER = tmp_path / "security"
    return tmp_path / "security"


@pytest.fixture
def living(school_a: TenantRef) -> Iterator[TenantRef]:
    """A school as it is in a living installation; the tests' own are of test mode, from which nothing leaves."""
    with tenancy.use(replace(school_a, mode="live")) as ref:
        yield ref


def write_down(count: int, user_id: int | None = None) -> None:
    known = Actor.system_actor("tests")
    actor = known if user_id is None else Actor(tenant=known.tenant, user_id=user_id, name="Айгүл Серікқызы")
    for number in range(count):
        audit.record(actor=actor, action="tests.line", object_type="thing", object_id=number)


class TestForwarding:
    def test_sends_each_line_once_and_in_order(
        self, living: TenantRef, by_syslog: None, centre: Collector
    ) -> None:
        write_down(3, user_id=5)
        assert feeds.forward() == {"syslog": AuditEntry.objects.count()}
        assert feeds.forward() == {}
        write_down(2)
        assert feeds.forward() == {"syslog": 2}
        numbers = [int(re.search(rb' number="(\d+)"', one)[1]) for one in centre.messages]  # type: ignore[index]
        assert numbers == list(AuditEntry.objects.order_by("id").values_list("id", flat=True))

    def test_no_name_of_a_person_leaves_and_the_same_account_is_the_same(
        self, living: TenantRef, school_b: TenantRef, by_syslog: None, centre: Collector
    ) -> None:
        write_down(2, user_id=5)
        feeds.forward()
        with tenancy.use(replace(school_b, mode="live")):
            write_down(1, user_id=5)
            feeds.forward()
        sent = [one for one in centre.messages if b"tests.line" in one]
        assert not [one for one in sent if "Айгүл".encode() in one]
        actors = [re.search(rb' actor="(\w+)"', one)[1] for one in sent]  # type: ignore[index]
        assert actors[0] == actors[1] != actors[2]

    def test_a_centre_that_is_away_loses_nothing(
        self, living: TenantRef, by_syslog: None, centre: Collector, settings: Any
    ) -> None:
        where, settings.SOC_URL = settings.SOC_URL, "tls://127.0.0.1:9"
        write_down(2)
        assert feeds.forward() == {"syslog": 0}
        [(place, waiting)] = feeds.standing()
        assert (place.fault, waiting) == ("ConnectionRefusedError", AuditEntry.objects.count())
        assert place.failing_since is not None
        settings.SOC_URL = where
        feeds.forward()
        [(place, waiting)] = feeds.standing()
        assert (place.failing_since, place.fault, waiting) == (None, "", 0)
        assert len(centre.messages) == AuditEntry.objects.count()

    def test_without_certificates_nothing_is_sent(
        self, living: TenantRef, by_syslog: None, settings: Any
    ) -> None:
        settings.SOC_KEY = None
        write_down(1)
        assert feeds.forward() == {"syslog": 0}
        assert "MEKTEP_SOC" in FeedPosition.objects.get().fault

    @pytest.mark.parametrize("who", ["we", "they"])
    def test_only_who_is_trusted_on_both_sides(
        self,
        who: str,
        living: TenantRef,
        by_syslog: None,
        centre: Collector,
        certificates: Certificates,
        settings: Any,
    ) -> None:
        if who == "we":
            settings.SOC_CERTIFICATE, settings.SOC_KEY = certificates("strangers-leaf")
        else:
            settings.SOC_AUTHORITIES = certificates("strangers")[0]
        write_down(1)
        assert feeds.forward() == {"syslog": 0}
        assert centre.messages == []
        assert FeedPosition.objects.get().position == 0

    def test_a_test_tenant_keeps_its_log_inside(
        self, school_a: TenantRef, by_syslog: None, centre: Collector, by_files: Path, settings: Any
    ) -> None:
        settings.SECURITY_FEEDS |= {"syslog": "integrations.soc.adapter.Syslog"}
        assert school_a.mode == "test"
        with tenancy.use(school_a):
            write_down(1)
            assert set(feeds.forward()) == {"lines", "anchors"}
        assert centre.messages == []

    def test_plain_connections_are_refused(self, centre: Collector) -> None:
        with pytest.raises(ssl.SSLError):
            ssl.create_default_context().wrap_socket(
                socket.create_connection(("127.0.0.1", centre.port)),
                server_hostname="127.0.0.1",
            )


class TestFiles:
    def test_lines_stand_in_a_file_of_their_day(self, in_school: TenantRef, by_files: Path) -> None:
        write_down(2)
        feeds.forward()
        write_down(1)
        feeds.forward()
        rows = [json.loads(one) for one in (by_files / f"{clock.today()}.jsonl").read_text().splitlines()]
        assert [row["number"] for row in rows] == list(
            AuditEntry.objects.order_by("id").values_list("id", flat=True)
        )
        assert {row["tenant"] for row in rows} == {in_school.code}

    def test_a_full_disk_keeps_them_here(self, in_school: TenantRef, by_files: Path, settings: Any) -> None:
        by_files.parent.joinpath("blocked").write_text("a file where the folder should be")
        settings.SECURITY_FOLDER = by_files.parent / "blocked"
        write_down(1)
        assert feeds.forward() == {"lines": 0, "anchors": 0}


RECHAIN = """
DO $$ DECLARE r kernel_auditentry; before text := ''; BEGIN
  FOR r IN SELECT * FROM kernel_auditentry ORDER BY id LOOP
    r.previous_hash := before; before := kernel_audit_digest(r);
    UPDATE kernel_auditentry SET previous_hash = r.previous_hash, hash = before WHERE id = r.id;
  END LOOP;
END $$
"""


class TestAnchors:
    """What an administrator of the database with every right may do, and what is seen of it."""

    @pytest.fixture
    def anchored(self, in_school: TenantRef, by_files: Path) -> Path:
        for _batch in range(3):
            write_down(4)
            feeds.forward()
        return by_files / adapter.ANCHORS

    def broken(self, path: Path) -> list[feeds.Broken]:
        return list(feeds.broken(list(adapter.anchors_of(path))))

    def test_a_whole_log_is_whole(self, anchored: Path) -> None:
        assert self.broken(anchored) == []
        assert len(list(adapter.anchors_of(anchored))) == 3

    def test_of_another_tenant_are_left_alone(self, anchored: Path, school_b: TenantRef) -> None:
        with tenancy.use(school_b):
            assert self.broken(anchored) == []

    @pytest.mark.parametrize("forged", ["altered", "gone", "added"])
    def test_the_file_itself_is_chained(self, anchored: Path, forged: str) -> None:
        rows = anchored.read_text().splitlines(keepends=True)
        if forged == "altered":
            rows[1] = rows[1].replace('"number": ', '"number": 9')
        elif forged == "gone":
            del rows[1]
        else:
            rows.insert(1, rows[1])
        anchored.write_text("".join(rows))
        with pytest.raises(adapter.Forged):
            list(adapter.anchors_of(anchored))

    def test_every_change_by_whoever_has_every_right_is_found(
        self, committed_school: Callable[..., TenantRef], by_files: Path
    ) -> None:
        school = committed_school()
        with tenancy.use(school):
            for _batch in range(4):
                with transaction.atomic():
                    write_down(5, user_id=3)
                feeds.forward()
            kept = list(adapter.anchors_of(by_files / adapter.ANCHORS))
            assert list(feeds.broken(kept)) == []
        dice, missed = random.Random(28), []
        with tenancy.owner(school):
            for _turn in range(EDITS):
                with transaction.atomic():
                    done = edit(dice)
                    if not list(feeds.broken(kept)):
                        missed.append(done)
                    transaction.set_rollback(True)
            assert list(feeds.broken(kept)) == []
        assert missed == []


EDITS = int(os.environ.get("MEKTEP_LOG_EDITS", "150"))
COLUMNS = ("actor_name", "action", "outcome", "object_type", "object_id", "address", "request_id")


def edit(dice: random.Random) -> str:
    """Change the log somewhere as a superuser can, now and then with all hashes made right again."""
    rows = list(AuditEntry.objects.order_by("id"))
    one, other = dice.sample(rows, 2)
    kind = dice.choice(["word", "shift", "time", "actor", "details", "delete", "swap", "cut", "hash"])
    log = AuditEntry.objects.filter(pk=one.pk)
    if kind == "word":
        log.update(**{dice.choice(COLUMNS): f"x{dice.randrange(10**6)}"})
    elif kind == "shift":  # the same letters in a row, in other fields
        log.update(action=one.action[:-1], outcome=f"{one.action[-1]}|{one.outcome}")
    elif kind == "time":
        log.update(at=one.at + timedelta(microseconds=dice.choice([-1, 1, 60_000_000])))
    elif kind == "actor":
        log.update(actor_id=dice.choice([None, (one.actor_id or 0) + 1]))
    elif kind == "details":
        log.update(details={"n": dice.randrange(10**6)})
    elif kind == "delete":
        log.delete()
    elif kind == "swap":
        log.update(object_id=f"{other.object_id}.")
        AuditEntry.objects.filter(pk=other.pk).update(object_id=one.object_id)
    elif kind == "cut":
        AuditEntry.objects.filter(pk__gte=one.pk).delete()
    else:
        log.update(hash=f"{dice.getrandbits(256):064x}")
    if dice.random() < 0.5 and kind != "hash":
        with connection.cursor() as cursor:
            cursor.execute(RECHAIN)
        kind += ", hashes made right"
    return f"{kind} of {one.pk}"
