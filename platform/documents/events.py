from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentIssued(Event):
    """A paper was given out under a number."""

    name = "documents.document.issued.v1"
    document_id: str
    form: str
    register: str
    year: str
    number: int


@dataclass(frozen=True, kw_only=True)
class DocumentSigned(Event):
    """Somebody signed a frozen document with ЭЦП; others may still be asked."""

    name = "documents.document.signed.v1"
    document_id: str
    kind: str
    subject_id: str


@dataclass(frozen=True, kw_only=True)
class SigningRefused(Event):
    """Somebody said that they do not sign a frozen document."""

    name = "documents.document.refused.v1"
    document_id: str
    kind: str
    subject_id: str
