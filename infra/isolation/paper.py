"""The page for the inspector, and its signature by the key of this installation in a file beside it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from documents import engine
from documents.data import Letterhead
from infra.isolation import results
from kernel import clock, tenancy
from kernel.errors import DomainError
from kernel.tenancy import Kind
from tenants import api, isolation
from tenants.models import IsolationRun

_PURPOSE = b"mektep isolation report, signing key 1"


class NoSuchSchool(DomainError):
    message = "There is no school with the code {code}"
    code = "no_such_school"


class UnknownLanguage(DomainError):
    message = "The page is written in kk or ru, not in {language}"
    code = "unknown_language"


def write(*, code: str, language: str, target: Path) -> list[Path]:
    """The PDF, and a JSON file with its hash, the signature and the public key. Raises NeverVerified and its kin."""
    ref = api.by_code(code)
    if ref is None or ref.kind is not Kind.SCHOOL:
        raise NoSuchSchool(code=code)
    if language not in engine.LANGUAGES:
        raise UnknownLanguage(language=language)
    run = results.last()
    key = signing_key()
    print_of_key = fingerprint(key.public_key().public_bytes_raw())
    with tenancy.use(ref):
        content = engine.pdf(
            isolation.REPORT,
            _page(run, print_of_key),
            letterhead=Letterhead(ref.name_kk or ref.code, ref.name_ru or ref.code),
            language=language,
            on=clock.today(),
        )
    target.write_bytes(content)
    beside = target.with_name(f"{target.name}.sig.json")
    signed = {
        "file": target.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "algorithm": "Ed25519 over the file; a key of the installation, not an ЭЦП",
        "public_key": key.public_key().public_bytes_raw().hex(),
        "fingerprint": print_of_key,
        "signature": key.sign(content).hex(),
    }
    beside.write_text(json.dumps(signed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [target, beside]


def signing_key() -> Ed25519PrivateKey:
    """The key with which this installation signs its reports, derived from the cell's key."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(_PURPOSE + settings.CELL_KEY.encode()).digest()
    )


def fingerprint(public: bytes) -> str:
    """The public key as it is printed and compared by eye."""
    text = hashlib.sha256(public).hexdigest()[:32].upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _page(run: IsolationRun, print_of_key: str) -> isolation.Report:
    counts = run.counts
    return isolation.Report(
        day=run.at.astimezone(clock.ALMATY).date(),
        time=f"{run.at.astimezone(clock.ALMATY):%H:%M}",
        version=run.version or "—",
        is_clean=run.is_clean,
        is_quick=run.is_quick,
        cells=counts["cells"],
        deviations=counts["deviations"],
        requests=counts["hostile_requests"],
        aimed=counts["aimed_at_existing"],
        foreign_bytes=counts["foreign_bytes"],
        switches=counts["switches"],
        wrong_rows=counts["wrong_rows"],
        queries=counts["injected"]["queries"],
        foreign_rows=counts["injected"]["foreign_rows"],
        walls=len(counts["walls"]),
        walls_standing=sum(state == "green" for state in counts["walls"].values()),
        fingerprint=print_of_key,
    )
