"""Kinds of documents that are signed: the module whose document it is says who may see it and how it stands now.

    documents.signed_kind("journal.sheet", _("Journal sheet"), may_see=…, require_signer=…, content=…, page=…, decided=…,
                          shown=…)

Declared in the module's panels.py, imported at start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from documents.signing.data import FrozenInfo, NoIinOfSigner
from kernel.access import Actor


class MaySee(Protocol):
    def __call__(self, *, actor: Actor, subject_id: UUID) -> bool: ...


class RequireSigner(Protocol):
    """Raises NotAllowed or NotFound for whoever may not sign it (any more)."""

    def __call__(self, *, actor: Actor, subject_id: UUID) -> None: ...


class Content(Protocol):
    """SHA-256 of the facts as they stand now."""

    def __call__(self, *, actor: Actor, subject_id: UUID) -> str: ...


class Decided(Protocol):
    """Told in the transaction of a signature or a refusal."""

    def __call__(self, *, actor: Actor, frozen: FrozenInfo) -> None: ...


class Shown(Protocol):
    """Told when the paper is opened, for the log of looks: it names people."""

    def __call__(self, *, actor: Actor, subject_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True)
class SignedKind:
    code: str
    title: Any
    may_see: MaySee
    require_signer: RequireSigner
    content: Content
    page: Callable[[UUID], str]
    decided: Decided
    shown: Shown


KINDS: dict[str, SignedKind] = {}
_NUMBERS: list[Callable[[UUID], str]] = []


def signed_kind(code: str, title: Any, **parts: Any) -> SignedKind:
    """Declare a kind; a second declaration raises."""
    if code in KINDS:
        raise ValueError(f"signed kind {code} is declared twice")
    KINDS[code] = SignedKind(code, title, **parts)
    return KINDS[code]


def iin_of_signers(provider: Callable[[UUID], str]) -> None:
    """Say who knows the ИИН of a person by the person's id. There is one provider."""
    if _NUMBERS:
        raise ValueError("the numbers of signers already have a provider")
    _NUMBERS.append(provider)


def iin_of(person_id: UUID) -> str:
    """The number with which a certificate is compared. Raises NoIinOfSigner."""
    found = _NUMBERS[0](person_id) if _NUMBERS else ""
    if not found:
        raise NoIinOfSigner
    return found
