"""A certification authority of our own that nobody can take for НУЦ: root, intermediate, people's keys, lists, time stamps.

Its keys are made at start and die with the folder. Certificates are built as НУЦ builds them
(state-and-external-systems.md §1.4), so that the product cannot tell the difference but by the root.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import algos, core, tsp
from asn1crypto import cms as asn1
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

TITLE = "DEMO CA – NOT НУЦ РК"
SIGN_POLICY, AUTH_POLICY = "1.2.398.3.3.2.3", "1.2.398.3.3.2.4"
INDIVIDUAL = "1.2.398.3.3.4.1.1"
TSA_POLICY = "1.2.398.3.3.2.6.1"
GOST_DIGEST, GOST_SIGNATURE = "1.2.398.3.10.1.3.3", "1.2.398.3.10.1.1.2.3.2"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Holder:
    """Whose key it is. Only made-up numbers."""

    iin: str
    surname: str
    name: str
    patronymic: str = ""
    bin: str = ""


@dataclass(frozen=True)
class KeyPair:
    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


class Authority:
    """Issues what is asked. `at` is the moment from which its own certificates reckon."""

    def __init__(self, *, at: datetime | None = None, title: str = TITLE) -> None:
        self.at = at or datetime.now(UTC)
        self.title = title
        self.root = self._ca(f"{title} ROOT", None)
        self.middle = self._ca(title, self.root)
        self.revoked: dict[int, datetime] = {}

    # --- certificates

    def _ca(self, name: str, issuer: KeyPair | None) -> KeyPair:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name(
            [x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
        )
        made = (
            self._begun(subject, key, issuer, since=self.at - YEAR, until=self.at + 5 * YEAR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        )
        return self._signed(made, key, issuer)

    def person(
        self,
        holder: Holder,
        *,
        purpose: str = "sign",
        curve: bool = False,
        key_size: int = 2048,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> KeyPair:
        """A person's key: for signing papers, or ("auth") for signing in."""
        key: Key = (
            ec.generate_private_key(ec.SECP256R1())
            if curve
            else rsa.generate_private_key(public_exponent=65537, key_size=key_size)
        )
        parts = [
            (NameOID.COMMON_NAME, f"{holder.surname} {holder.name}".upper()),
            (NameOID.SURNAME, holder.surname.upper()),
            (NameOID.SERIAL_NUMBER, f"IIN{holder.iin}"),
            (NameOID.COUNTRY_NAME, "KZ"),
        ]
        if holder.patronymic:
            parts.append((NameOID.GIVEN_NAME, holder.patronymic.upper()))
        if holder.bin:
            parts.append((NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{holder.bin}"))
        signs = purpose == "sign"
        subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
        made = (
            self._begun(
                subject, key, self.middle, since=since or self.at - YEAR / 12, until=until or self.at + YEAR
            )
            .add_extension(
                _usage(digital_signature=True, content_commitment=signs, key_encipherment=not signs),
                critical=True,
            )
            .add_extension(
                x509.ExtendedKeyUsage(
                    [
                        ExtendedKeyUsageOID.EMAIL_PROTECTION if signs else ExtendedKeyUsageOID.CLIENT_AUTH,
                        x509.ObjectIdentifier(INDIVIDUAL),
                    ]
                ),
                critical=False,
            )
            .add_extension(
                x509.CertificatePolicies(
                    [
                        x509.PolicyInformation(
                            x509.ObjectIdentifier(SIGN_POLICY if signs else AUTH_POLICY), None
                        )
                    ]
                ),
                critical=False,
            )
        )
        return self._signed(made, key, self.middle)

    @cached_property
    def clock(self) -> KeyPair:
        """The key of the time stamps."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{self.title} TSA")])
        made = (
            self._begun(subject, key, self.middle, since=self.at - YEAR, until=self.at + YEAR)
            .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        )
        return self._signed(made, key, self.middle)

    def _begun(
        self, subject: x509.Name, key: Key, issuer: KeyPair | None, *, since: datetime, until: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    def _signed(self, made: x509.CertificateBuilder, key: Key, issuer: KeyPair | None) -> KeyPair:
        return KeyPair(key, made.sign(issuer.key if issuer else key, hashes.SHA256()))

    # --- what the verifying side is given

    def revoke(self, pair: KeyPair, *, at: datetime | None = None) -> None:
        self.revoked[pair.certificate.serial_number] = at or self.at

    def lists(self, *, at: datetime | None = None, days: int = 7) -> list[bytes]:
        """Revocation lists of the root and of the intermediate, fresh from `at` on."""
        found = []
        for pair, revoked in ((self.root, {}), (self.middle, self.revoked)):
            made = (
                x509.CertificateRevocationListBuilder()
                .issuer_name(pair.certificate.subject)
                .last_update((at or self.at) - timedelta(minutes=5))
                .next_update((at or self.at) + timedelta(days=days))
            )
            for serial, moment in revoked.items():
                made = made.add_revoked_certificate(
                    x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
                )
            found.append(made.sign(pair.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))
        return found

    def publish(self, folder: Path, *, lists: bool = True, days: int = 7) -> Path:
        """Write the folder that settings.SIGNATURE_TRUST names."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, pair in (("root", self.root), ("middle", self.middle)):
            (folder / f"{name}.cer").write_bytes(pair.der)
        for name, content in zip(("root", "middle"), self.lists(days=days) if lists else (), strict=False):
            (folder / f"{name}.crl").write_bytes(content)
        return folder

    # --- signing

    def sign(
        self,
        pair: KeyPair,
        content: bytes,
        *,
        attached: bool = False,
        stamp: bool = True,
        at: datetime | None = None,
        signed: bytes | None = None,
        digest: str = "sha256",
        as_gost: bool = False,
    ) -> bytes:
        """A CMS as NCALayer makes it. `signed` signs other bytes than those it says; `as_gost` names GOST's algorithms
        and stands in for them with RSA, which only our NCANode can tell."""
        moment = at or datetime.now(UTC)
        reckoned = signed if signed is not None else content
        attributes = asn1.CMSAttributes(
            [
                _attribute("content_type", "data"),
                _attribute("signing_time", core.UTCTime(moment)),
                _attribute("message_digest", hashlib.new(digest, reckoned).digest()),
            ]
        )
        signature = _signature(pair.key, attributes.dump(), digest)
        signer: dict[str, Any] = {
            "version": "v1",
            "sid": _identifier(pair),
            "digest_algorithm": {"algorithm": GOST_DIGEST if as_gost else digest},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": GOST_SIGNATURE if as_gost else _algorithm(pair.key, digest)},
            "signature": signature,
        }
        if stamp:
            signer["unsigned_attrs"] = asn1.CMSAttributes(
                [_attribute("signature_time_stamp_token", self.stamp(signature, at=moment))]
            )
        inside: dict[str, Any] = {"content_type": "data"}
        if attached:
            inside["content"] = content
        return _enveloped(inside, signer, [pair, self.middle])

    def stamp(self, signature: bytes, *, at: datetime) -> asn1.ContentInfo:
        """A time stamp over the signature (RFC 3161)."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": TSA_POLICY,
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": hashlib.sha256(signature).digest(),
                },
                "serial_number": x509.random_serial_number(),
                "gen_time": core.GeneralizedTime(at.astimezone(UTC).replace(microsecond=0)),
            }
        )
        attributes = asn1.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(info.dump()).digest()),
            ]
        )
        signer = {
            "version": "v1",
            "sid": _identifier(self.clock),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": _signature(self.clock.key, attributes.dump(), "sha256"),
        }
        inside = {"content_type": "tst_info", "content": core.ParsableOctetString(info.dump())}
        return asn1.ContentInfo.load(_enveloped(inside, signer, [self.clock]))


def _usage(**named: bool) -> x509.KeyUsage:
    known = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    return x509.KeyUsage(**(known | named))


def _attribute(kind: str, value: Any) -> asn1.CMSAttribute:
    return asn1.CMSAttribute({"type": kind, "values": [value]})


def _identifier(pair: KeyPair) -> asn1.SignerIdentifier:
    known = asn1_x509.Certificate.load(pair.der)
    return asn1.SignerIdentifier(
        "issuer_and_serial_number", {"issuer": known.issuer, "serial_number": known.serial_number}
    )


def _algorithm(key: Key, digest: str) -> str:
    return f"{digest}_{'rsa' if isinstance(key, rsa.RSAPrivateKey) else 'ecdsa'}"


def _signature(key: Key, signed: bytes, digest: str) -> bytes:
    how = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[digest]  # noqa: S303
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), how)
    return key.sign(signed, ec.ECDSA(how))


def _enveloped(inside: dict[str, Any], signer: dict[str, Any], pairs: list[KeyPair]) -> bytes:
    data = asn1.SignedData(
        {
            "version": "v1" if inside["content_type"] == "data" else "v3",
            "digest_algorithms": [algos.DigestAlgorithm(signer["digest_algorithm"])],
            "encap_content_info": inside,
            "certificates": [asn1_x509.Certificate.load(one.der) for one in pairs],
            "signer_infos": [signer],
        }
    )
    content: bytes = asn1.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return content


def holders(path: Path) -> dict[str, Holder]:
    """The made-up people whose keys exist, by number; the demo writes the file."""
    if not path.exists():
        return {}
    return {one["iin"]: Holder(**one) for one in json.loads(path.read_text(encoding="utf-8"))}
