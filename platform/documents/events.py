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
