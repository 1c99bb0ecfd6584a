"""A signature is taken only when everything about it holds; each fault has its own words. No database is needed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms as asn1

from documents.signing import cms, verifying
from documents.signing.data import (
    BadSignature,
    BadStamp,
    Expired,
    KeyForSignIn,
    NotVerifiedHere,
    NotYetValid,
    OtherContent,
    Revocation,
    Revoked,
    SignatureRefused,
    Stamp,
    Unreadable,
    Untrusted,
    Verified,
    WeakAlgorithm,
)
from tests import eds

pytestmark = pytest.mark.requirement("INT-05")
PAPER = b"%PDF-1.7 a sheet"
Trusting = Callable[..., None]


@pytest.fixture
def trusting(settings: pytest.FixtureRequest, tmp_path: Path) -> Trusting:
    """Trust the made-up authority; with its revocation lists or without."""

    def trust(*, lists: bool = True) -> None:
        settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path / "trust", lists=lists)

    trust()
    return trust


def verify(made: bytes, content: bytes = PAPER) -> Verified:
    return verifying.verify(made, content, at=eds.AT)


def signed(kind: str = "sign", **how: object) -> bytes:
    return eds.authority().sign(eds.key(kind), PAPER, at=eds.AT, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", [{}, {"attached": True}, {"digest": "sha512"}], ids=str)
def test_a_good_signature_says_who_and_when(trusting: Trusting, how: dict[str, object]) -> None:
    found = verify(signed(**how))
    assert (found.iin, found.subject, found.bin) == (eds.BOLAT.iin, "ЕРМЕКОВА БОЛАТ", "")
    assert found.serial == f"{eds.key().certificate.serial_number:x}"
    assert (found.revocation, found.stamp, found.stamped_at) == (Revocation.GOOD, Stamp.VERIFIED, eds.AT)
    assert found.algorithm == f"RSA-2048 {how.get('digest', 'sha256')}".upper()


def test_a_key_on_a_curve_is_taken_too(trusting: Trusting) -> None:
    assert verify(signed("curve")).algorithm == "ECDSA secp256r1 SHA256"


def test_a_signature_without_a_time_stamp_says_so(trusting: Trusting) -> None:
    found = verify(signed(stamp=False))
    assert (found.stamp, found.stamped_at) == (Stamp.ABSENT, None)


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("auth", KeyForSignIn),
        ("expired", Expired),
        ("early", NotYetValid),
        ("short", WeakAlgorithm),
        ("stranger", Untrusted),
    ],
)
def test_a_wrong_key_is_refused(trusting: Trusting, kind: str, refusal: type[SignatureRefused]) -> None:
    with pytest.raises(refusal):
        verify(signed(kind))


def test_an_expired_certificate_names_its_last_day(trusting: Trusting) -> None:
    with pytest.raises(Expired) as told:
        verify(signed("expired"))
    assert f"{eds.AT - timedelta(days=1):%d.%m.%Y}" in str(told.value)


@pytest.mark.parametrize("attached", [False, True])
def test_other_bytes_are_refused(trusting: Trusting, attached: bool) -> None:
    with pytest.raises(OtherContent):
        verify(signed(attached=attached), PAPER + b" ")


def test_an_attached_signature_is_judged_by_what_is_inside(trusting: Trusting) -> None:
    """The content inside is ours, the signature is of other bytes."""
    with pytest.raises(OtherContent):
        verify(signed(attached=True, signed=b"another sheet"))


def test_a_digest_that_is_known_to_break_is_refused(trusting: Trusting) -> None:
    with pytest.raises(WeakAlgorithm):
        verify(signed(digest="sha1"))


def test_a_signature_by_another_key_under_this_certificate_is_refused(trusting: Trusting) -> None:
    whole, other = (
        asn1.ContentInfo.load(signed(stamp=False)),
        asn1.ContentInfo.load(signed("aigul", stamp=False)),
    )
    whole["content"]["signer_infos"][0]["signature"] = other["content"]["signer_infos"][0]["signature"]
    with pytest.raises(BadSignature):
        verify(whole.dump(force=True))


def test_a_revoked_certificate_is_refused(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    ours = eds.authority()
    pair = ours.person(eds.BOLAT)
    made = ours.sign(pair, PAPER, at=eds.AT)
    ours.revoke(pair)
    try:
        settings.SIGNATURE_TRUST = ours.publish(tmp_path)
        with pytest.raises(Revoked):
            verify(made)
    finally:
        ours.revoked.clear()


class TestRevocationLists:
    def test_without_any_nothing_is_known(self, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
        settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path, lists=False)
        assert verify(signed()).revocation is Revocation.UNKNOWN

    def test_an_old_one_tells_nothing(self, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
        settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path, lists=False)
        for number, content in enumerate(eds.authority().lists(at=eds.AT - timedelta(days=30))):
            (tmp_path / f"{number}.crl").write_bytes(content)
        assert verify(signed()).revocation is Revocation.UNKNOWN

    def test_one_that_a_stranger_signed_tells_nothing(
        self, settings: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path, lists=False)
        for number, content in enumerate(eds.stranger().lists()):
            (tmp_path / f"{number}.crl").write_bytes(content)
        assert verify(signed()).revocation is Revocation.UNKNOWN


class TestTrust:
    def test_nobody_is_trusted_before_the_installation_says_whom(
        self, settings: pytest.FixtureRequest
    ) -> None:
        settings.SIGNATURE_TRUST = None
        with pytest.raises(Untrusted):
            verify(signed())

    def test_a_person_cannot_issue_certificates(
        self, settings: pytest.FixtureRequest, tmp_path: Path, trusting: Trusting
    ) -> None:
        """Bolat's own key signs a certificate in Aigul's name, and he sends his along as an intermediate."""
        ours = eds.authority()
        forged = object.__new__(type(ours))
        forged.__dict__.update(ours.__dict__, middle=eds.key())
        pair = forged.person(eds.AIGUL)
        with pytest.raises(Untrusted):
            verify(forged.sign(pair, PAPER, at=eds.AT, stamp=False))

    def test_a_root_cannot_sign_papers(self, trusting: Trusting) -> None:
        with pytest.raises(SignatureRefused):
            verify(eds.authority().sign(eds.authority().root, PAPER, at=eds.AT, stamp=False))


class TestTimeStamp:
    def test_of_another_signature_is_refused(self, trusting: Trusting) -> None:
        whole, other = asn1.ContentInfo.load(signed()), asn1.ContentInfo.load(signed(digest="sha512"))
        token = other["content"]["signer_infos"][0]["unsigned_attrs"]
        whole["content"]["signer_infos"][0]["unsigned_attrs"] = token
        with pytest.raises(BadStamp):
            verify(whole.dump(force=True))

    def test_of_an_authority_that_is_not_trusted_is_told_as_unverified(
        self, settings: pytest.FixtureRequest, trusting: Trusting
    ) -> None:
        ours = eds.authority()
        mixed = object.__new__(type(ours))
        mixed.__dict__.update(ours.__dict__, clock=eds.stranger().clock)
        found = verify(mixed.sign(eds.key(), PAPER, at=eds.AT))
        assert (found.stamp, found.stamped_at) == (Stamp.UNVERIFIED, eds.AT)


class TestReading:
    @pytest.mark.parametrize(
        "text", ["", "not base64 at all!", "-----BEGIN CMS-----\nqwe=rty\n-----END CMS-----"]
    )
    def test_what_is_no_base64_is_refused(self, text: str) -> None:
        with pytest.raises(Unreadable):
            cms.parse(cms.decode(text))

    def test_pem_and_plain_base64_are_the_same(self) -> None:
        made = signed()
        plain = base64.encodebytes(made).decode()
        assert cms.decode(plain) == cms.decode(f"-----BEGIN CMS-----\n{plain}-----END CMS-----\n") == made

    def test_no_prefix_of_a_signature_passes_and_none_breaks_the_program(self, trusting: Trusting) -> None:
        made = signed()
        for length in range(0, len(made), 97):
            with pytest.raises(Unreadable):
                verify(made[:length])

    def test_no_flipped_byte_passes_and_none_breaks_the_program(self, trusting: Trusting) -> None:
        """Of a detached signature without a stamp every byte is vouched for, but those that name things twice."""
        made, taken = signed(stamp=False), []
        for place in range(0, len(made), 31):
            spoiled = bytearray(made)
            spoiled[place] ^= 0x55
            try:
                taken.append((place, verify(bytes(spoiled)).serial))
            except SignatureRefused:
                continue
        assert {serial for __, serial in taken} <= {f"{eds.key().certificate.serial_number:x}"}

    def test_nobodys_signature_is_refused(self, trusting: Trusting) -> None:
        whole = asn1.ContentInfo.load(signed())
        whole["content"]["signer_infos"] = asn1.SignerInfos([])
        with pytest.raises(Unreadable):
            verify(whole.dump(force=True))

    def test_a_signature_without_its_certificate_is_refused(self, trusting: Trusting) -> None:
        whole = asn1.ContentInfo.load(signed())
        whole["content"]["certificates"] = asn1.CertificateSet([])
        with pytest.raises(Unreadable):
            verify(whole.dump(force=True))


def test_gost_is_refused_in_words_while_nobody_verifies_it(
    trusting: Trusting, settings: pytest.FixtureRequest
) -> None:
    settings.PORTS = {}
    with pytest.raises(NotVerifiedHere):
        verify(signed(as_gost=True))
