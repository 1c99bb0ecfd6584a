"""CMS as it comes from a signing program: reading it, and verifying it where the algorithm is RSA or ECDSA.

GOST is not verified here: Python has no Kazakh GOST (state-and-external-systems.md §1.5), so such a signature goes to
the port. Whatever is malformed ends as Unreadable, never as a fault of the program.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms as asn1
from asn1crypto import tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from documents.signing import trust as trusted
from documents.signing.data import (
    BadSignature,
    BadStamp,
    OtherContent,
    SignatureRefused,
    Stamp,
    Unreadable,
    Untrusted,
    Verified,
    WeakAlgorithm,
)

LARGEST = 4 * 1024 * 1024  # an attached signature holds the document too
GOST = "1.2.398.3.10."
SMALLEST_RSA = 2048
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, StopIteration)
_ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END [A-Z0-9 ]+-----", re.DOTALL)
_NUMBER = {kind: re.compile(rf"^{kind}(\d{{12}})$") for kind in ("IIN", "BIN")}


def decode(text: str) -> bytes:
    """The bytes of a signature that came as PEM or as plain base64. Raises Unreadable."""
    raw = text.encode("ascii", "ignore")
    if len(raw) > 2 * LARGEST:
        raise Unreadable
    armoured = _ARMOUR.search(raw)
    body = b"".join((armoured.group(1) if armoured else raw).split())
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise Unreadable from None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A CMS with exactly one signer, whose certificate is inside."""

    signer: asn1.SignerInfo
    leaf: x509.Certificate
    others: tuple[x509.Certificate, ...]
    content: bytes | None
    content_type: str
    is_gost: bool


def parse(der: bytes) -> Parsed:
    """Raises Unreadable: also when nobody signed, when several did, and when the signer's certificate is not inside."""
    if not der or len(der) > LARGEST:
        raise Unreadable
    try:
        outer = asn1.ContentInfo.load(der, strict=True)
        if outer["content_type"].native != "signed_data":
            raise Unreadable
        return _parsed(outer["content"])
    except _MALFORMED:
        raise Unreadable from None


def _parsed(data: asn1.SignedData) -> Parsed:
    [signer] = data["signer_infos"]
    inside = data["encap_content_info"]
    found = [
        x509.load_der_x509_certificate(one.chosen.dump())
        for one in data["certificates"]
        if one.name == "certificate"
    ]
    wanted = signer["sid"]
    if wanted.name == "issuer_and_serial_number":
        issuer, serial = wanted.chosen["issuer"].dump(), wanted.chosen["serial_number"].native
        leaf = next(
            one for one in found if one.serial_number == serial and one.issuer.public_bytes() == issuer
        )
    else:
        leaf = next(one for one in found if _key_id(one) == wanted.chosen.native)
    names = (
        signer["digest_algorithm"]["algorithm"].dotted,
        signer["signature_algorithm"]["algorithm"].dotted,
    )
    return Parsed(
        signer=signer,
        leaf=leaf,
        others=tuple(one for one in found if one != leaf),
        content=inside["content"].native,
        content_type=inside["content_type"].native,
        is_gost=any(name.startswith(GOST) for name in names),
    )


def _key_id(one: x509.Certificate) -> bytes:
    try:
        return one.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return b""


def verify(parsed: Parsed, content: bytes, *, trust: trusted.Trust, at: datetime) -> Verified:
    """Whose signature under exactly these bytes it is. Raises a SignatureRefused that says what is wrong."""
    try:
        return _verify(parsed, content, trust=trust, at=at)
    except _MALFORMED:
        raise Unreadable from None


def _verify(parsed: Parsed, content: bytes, *, trust: trusted.Trust, at: datetime) -> Verified:
    if parsed.content is not None and parsed.content != content:
        raise OtherContent
    algorithm = _check_signer(parsed.signer, parsed.leaf, content, content_type=parsed.content_type)
    trusted.require_for_documents(parsed.leaf)
    trusted.require_in_force(parsed.leaf, at=at)
    chain = trusted.chain_of(parsed.leaf, sent=parsed.others, trust=trust, at=at)
    revocation = trusted.revocation_of(chain, trust=trust, at=at)
    stamp, stamped_at = _stamp(parsed.signer, trust=trust, at=at)
    return Verified(
        iin=number(parsed.leaf, "IIN"),
        bin=number(parsed.leaf, "BIN"),
        subject=_name(parsed.leaf.subject),
        issuer=_name(parsed.leaf.issuer),
        serial=f"{parsed.leaf.serial_number:x}",
        algorithm=algorithm,
        valid_until=parsed.leaf.not_valid_after_utc.date(),
        revocation=revocation,
        stamp=stamp,
        stamped_at=stamped_at,
    )


def number(leaf: x509.Certificate, kind: str) -> str:
    """The ИИН or БИН that the certificate names: НУЦ writes it into SERIALNUMBER or OU with its letters before it."""
    for attribute in leaf.subject:
        if attribute.oid in (NameOID.SERIAL_NUMBER, NameOID.ORGANIZATIONAL_UNIT_NAME):
            found = _NUMBER[kind].match(str(attribute.value))
            if found:
                return found.group(1)
    return ""


def _name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value)[:200] if found else ""


def _check_signer(
    signer: asn1.SignerInfo, leaf: x509.Certificate, content: bytes, *, content_type: str
) -> str:
    """That the signer's key signed the content; names the algorithm."""
    digest = signer["digest_algorithm"]["algorithm"].native
    if digest not in HASHES:
        raise WeakAlgorithm
    attributes = signer["signed_attrs"]
    if attributes.native:
        said = {one["type"].native: one["values"] for one in attributes}
        if said["content_type"][0].native != content_type:
            raise OtherContent
        if said["message_digest"][0].native != _hash(digest, content):
            raise OtherContent
        if "signing_certificate_v2" in said:
            named = said["signing_certificate_v2"][0]["certs"][0]
            how = named["hash_algorithm"]["algorithm"].native
            if how not in HASHES or named["cert_hash"].native != leaf.fingerprint(HASHES[how]):
                raise BadSignature
        signed = attributes.untag().dump()
    else:
        signed = content
    return _check_key(leaf, signer["signature"].native, signed, digest)


def _check_key(leaf: x509.Certificate, signature: bytes, signed: bytes, digest: str) -> str:
    try:
        key: Any = leaf.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size < SMALLEST_RSA:
                raise WeakAlgorithm
            key.verify(signature, signed, padding.PKCS1v15(), HASHES[digest])
            return f"RSA-{key.key_size} {digest.upper()}"
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(HASHES[digest]))
            return f"ECDSA {key.curve.name} {digest.upper()}"
    except (InvalidSignature, UnsupportedAlgorithm):
        raise BadSignature from None
    raise WeakAlgorithm


def _hash(name: str, content: bytes) -> bytes:
    digest = hashes.Hash(HASHES[name])
    digest.update(content)
    return digest.finalize()


def _stamp(signer: asn1.SignerInfo, *, trust: trusted.Trust, at: datetime) -> tuple[Stamp, datetime | None]:
    """The time stamp over the signature. One of another signature is refused; of a stranger it is told as unverified."""
    tokens = [
        value
        for one in signer["unsigned_attrs"]
        if one["type"].native == "signature_time_stamp_token"
        for value in one["values"]
    ]
    if not tokens:
        return Stamp.ABSENT, None
    info: tsp.TSTInfo = tokens[0]["content"]["encap_content_info"]["content"].parsed
    moment: datetime = info["gen_time"].native
    imprint = info["message_imprint"]
    how = imprint["hash_algorithm"]["algorithm"].native
    if how not in HASHES:
        return Stamp.UNVERIFIED, moment  # by GOST, which is not reckoned here
    if imprint["hashed_message"].native != _hash(how, signer["signature"].native):
        raise BadStamp
    try:
        token = _parsed(tokens[0]["content"])
        _check_signer(token.signer, token.leaf, info.dump(), content_type="tst_info")
        purposes = token.leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if ExtendedKeyUsageOID.TIME_STAMPING not in purposes:
            raise Untrusted
        trusted.require_in_force(token.leaf, at=moment)
        trusted.chain_of(token.leaf, sent=token.others, trust=trust, at=at)
    except (Untrusted, WeakAlgorithm, x509.ExtensionNotFound):
        return Stamp.UNVERIFIED, moment
    except SignatureRefused:
        raise BadStamp from None
    return Stamp.VERIFIED, moment
