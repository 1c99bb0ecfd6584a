"""Whom we trust: certificates and revocation lists in a folder that the installation names.

Self-signed certificates there are roots, the others help to build the way to them. What comes inside a signature is
never trusted by itself. The folder is read for each signature, so that a new list counts at once; it holds a few files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings

from documents.signing.data import Expired, KeyForSignIn, NotYetValid, Revocation, Revoked, Untrusted
from kernel.clock import ALMATY

LONGEST_WAY = 4
_CERTIFICATES = {".pem", ".crt", ".cer"}


@dataclass(frozen=True, slots=True)
class Trust:
    roots: tuple[x509.Certificate, ...] = ()
    helpers: tuple[x509.Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()


def configured() -> Trust:
    """What the folder of settings.SIGNATURE_TRUST holds; without one nobody is trusted."""
    folder: Path | None = settings.SIGNATURE_TRUST
    if folder is None or not folder.is_dir():
        return Trust()
    roots: list[x509.Certificate] = []
    helpers: list[x509.Certificate] = []
    lists: list[x509.CertificateRevocationList] = []
    for file in sorted(folder.iterdir()):
        if file.suffix in _CERTIFICATES:
            for one in _certificates(file.read_bytes()):
                (roots if one.issuer == one.subject else helpers).append(one)
        elif file.suffix == ".crl":
            content = file.read_bytes()
            is_text = content.startswith(b"-----")
            lists.append((x509.load_pem_x509_crl if is_text else x509.load_der_x509_crl)(content))
    return Trust(tuple(roots), tuple(helpers), tuple(lists))


def _certificates(content: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def chain_of(
    leaf: x509.Certificate, *, sent: Iterable[x509.Certificate], trust: Trust, at: datetime
) -> list[x509.Certificate]:
    """The way from the certificate to a trusted root, itself first. Raises Untrusted."""
    known = [*trust.roots, *trust.helpers, *(one for one in sent if one.issuer != one.subject)]
    chain = [leaf]
    while chain[-1] not in trust.roots:
        step = chain[-1]
        issuer = next(
            (one for one in known if one not in chain and _is_issuer(one, step, below=len(chain) - 1, at=at)),
            None,
        )
        if issuer is None or len(chain) >= LONGEST_WAY:
            raise Untrusted
        chain.append(issuer)
    if len(chain) == 1:
        raise Untrusted  # a root signs certificates, never documents
    return chain


def _is_issuer(issuer: x509.Certificate, issued: x509.Certificate, *, below: int, at: datetime) -> bool:
    if issuer.subject != issued.issuer or not issuer.not_valid_before_utc <= at <= issuer.not_valid_after_utc:
        return False
    try:
        limits = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        if not limits.ca or not usage.key_cert_sign:
            return False
        if limits.path_length is not None and limits.path_length < below:
            return False
        issued.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def require_in_force(leaf: x509.Certificate, *, at: datetime) -> None:
    """Raises NotYetValid or Expired."""
    if at < leaf.not_valid_before_utc:
        raise NotYetValid(day=f"{leaf.not_valid_before_utc.astimezone(ALMATY):%d.%m.%Y}")
    if at > leaf.not_valid_after_utc:
        raise Expired(day=f"{leaf.not_valid_after_utc.astimezone(ALMATY):%d.%m.%Y}")


def require_for_documents(leaf: x509.Certificate) -> None:
    """The key is for signing papers and not for signing in. Raises KeyForSignIn."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise KeyForSignIn from None
    if not (usage.digital_signature and usage.content_commitment):
        raise KeyForSignIn
    try:
        purposes = set(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return
    if ExtendedKeyUsageOID.CLIENT_AUTH in purposes and ExtendedKeyUsageOID.EMAIL_PROTECTION not in purposes:
        raise KeyForSignIn


def revocation_of(chain: list[x509.Certificate], *, trust: Trust, at: datetime) -> Revocation:
    """What the given lists say of each certificate of the way. Raises Revoked."""
    answers = []
    for issued, issuer in pairwise(chain):
        fresh = [one for one in trust.lists if _speaks_for(one, issuer, at=at)]
        for one in fresh:
            found = one.get_revoked_certificate_by_serial_number(issued.serial_number)
            if found is not None:
                raise Revoked
        answers.append(bool(fresh))
    return Revocation.GOOD if all(answers) else Revocation.UNKNOWN


def _speaks_for(given: x509.CertificateRevocationList, issuer: x509.Certificate, *, at: datetime) -> bool:
    if given.issuer != issuer.subject or given.last_update_utc > at:
        return False
    if given.next_update_utc is not None and given.next_update_utc < at:
        return False
    try:
        return given.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (UnsupportedAlgorithm, TypeError, ValueError):
        return False
