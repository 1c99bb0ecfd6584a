"""GOST by NCANode: its answers are believed only where they prove something."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from asn1crypto import cms as asn1

from documents.signing import verifying
from documents.signing.data import (
    BadSignature,
    Expired,
    KeyForSignIn,
    OtherContent,
    Revocation,
    Revoked,
    Stamp,
    Unreadable,
    Untrusted,
    Verified,
    VerifierSilent,
)
from integrations.eds_simulator import ncanode
from integrations.ncanode import adapter
from tests import eds

pytestmark = pytest.mark.requirement("INT-05")
PAPER = b"%PDF-1.7 a sheet"


@pytest.fixture
def service(settings: pytest.FixtureRequest) -> Iterator[ncanode.Server]:
    """NCANode is there, and the product is told so."""
    server = ncanode.Server(eds.authority())
    pool = ThreadPoolExecutor(1)
    pool.submit(server.serve_forever)
    settings.NCANODE_URL = server.url
    settings.PORTS = {
        **settings.PORTS,
        "documents.signature_verifier": "integrations.ncanode.adapter.Verifier",
    }
    yield server
    server.shutdown()
    server.server_close()
    pool.shutdown()


def signed(kind: str = "sign", **how: object) -> bytes:
    return eds.authority().sign(eds.key(kind), PAPER, at=eds.AT, as_gost=True, **how)  # type: ignore[arg-type]


def verify(made: bytes, content: bytes = PAPER) -> Verified:
    return verifying.verify(made, content, at=eds.AT)


def test_a_gost_signature_is_verified_by_the_service(service: ncanode.Server) -> None:
    found = verify(signed())
    assert (found.iin, found.by, found.algorithm) == (eds.BOLAT.iin, "ncanode", "ECGOST3410-2015-512")
    assert (found.revocation, found.stamp, found.stamped_at) == (Revocation.GOOD, Stamp.VERIFIED, eds.AT)


@pytest.mark.parametrize(
    ("kind", "refusal"), [("auth", KeyForSignIn), ("expired", Expired), ("stranger", Untrusted)]
)
def test_a_wrong_key_is_refused_in_the_same_words(
    service: ncanode.Server, kind: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        verify(signed(kind))


def test_a_signature_of_other_bytes_is_refused(service: ncanode.Server) -> None:
    with pytest.raises(BadSignature):
        verify(signed(signed=b"another sheet"))


def test_an_attached_signature_of_another_document_is_refused_before_the_service_is_asked(
    service: ncanode.Server,
) -> None:
    """The service looks only at the content inside and would call it valid."""
    made = eds.authority().sign(eds.key(), b"another sheet", at=eds.AT, as_gost=True, attached=True)
    assert ncanode.verify(eds.authority(), _asked(made), silent=set())["valid"] is True
    with pytest.raises(OtherContent):
        verify(made)


def test_a_revoked_certificate_is_refused(service: ncanode.Server) -> None:
    pair = service.authority.person(eds.BOLAT)
    made = service.authority.sign(pair, PAPER, at=eds.AT, as_gost=True)
    service.authority.revoke(pair)
    try:
        with pytest.raises(Revoked):
            verify(made)
    finally:
        service.authority.revoked.clear()


@pytest.mark.parametrize("trouble", ["ocsp", "all", "nonsense"])
def test_a_service_that_does_not_know_is_told_as_silent(service: ncanode.Server, trouble: str) -> None:
    service.silent.add(trouble)
    with pytest.raises(VerifierSilent):
        verify(signed())


def test_a_service_that_is_not_there_is_told_as_silent(
    service: ncanode.Server, settings: pytest.FixtureRequest
) -> None:
    settings.NCANODE_URL = "http://127.0.0.1:9"
    with pytest.raises(VerifierSilent):
        verify(signed())


@pytest.mark.parametrize("lacking", ["signer_infos", "certificates"])
def test_valid_of_nobody_is_not_believed(lacking: str) -> None:
    """NCANode says valid of a CMS that nobody signed, and of one without the signer's certificate."""
    whole = asn1.ContentInfo.load(signed())
    empty = asn1.SignerInfos([]) if lacking == "signer_infos" else asn1.CertificateSet([])
    whole["content"][lacking] = empty
    answer = ncanode.verify(eds.authority(), _asked(whole.dump(force=True)), silent=set())
    assert answer["valid"] is True
    with pytest.raises(Unreadable):
        adapter._verified(answer, at=eds.AT)


def _asked(made: bytes) -> dict[str, str]:
    import base64

    return {"cms": base64.b64encode(made).decode(), "data": base64.b64encode(PAPER).decode()}
