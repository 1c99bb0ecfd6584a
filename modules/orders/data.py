"""What crosses the door of the module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Register(StrEnum):
    """The three order books of a school; each counts its own numbers from January to December."""

    CONTINGENT = "contingent"
    STAFF = "staff"
    MAIN = "main"


class State(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    CANCELLED = "cancelled"


REGISTER_LABELS: dict[str, Any] = {
    Register.CONTINGENT: _("On pupils"),
    Register.STAFF: _("On staff"),
    Register.MAIN: _("On the main activity"),
}
WAITING = "waiting"  # a draft laid before whoever signs: a choice of lists, no state of its own
STATE_LABELS: dict[str, Any] = {
    State.DRAFT: _("draft"),
    State.SIGNED: _("in force"),
    State.CANCELLED: _("cancelled by an order"),
}


@dataclass(frozen=True, slots=True)
class LineInfo:
    """One person (or thing) of an order. `values` are what the kind's line form cleaned, as JSON keeps it."""

    id: UUID
    subject_id: UUID | None
    subject: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInfo:
    """An order as kinds and other modules see it. A draft has no number; `number` is the printed one ("87-қ")."""

    id: UUID
    register: str
    kind: str
    state: str
    number: str
    date: date
    title_kk: str
    title_ru: str
    language: str
    ground: str
    executor: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[LineInfo, ...] = ()
    cancels_id: UUID | None = None
    submitted_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by_name: str = ""
    drafted_by_id: int | None = None
    drafted_by_name: str = ""
    changed_at: datetime | None = None

    @property
    def title(self) -> str:
        """In the reader's language."""
        own, other = (
            (self.title_ru, self.title_kk)
            if (get_language() or "kk").startswith("ru")
            else (self.title_kk, self.title_ru)
        )
        return own or other

    def title_in(self, language: str) -> str:
        return (self.title_ru if language == "ru" else self.title_kk) or self.title

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def in_force(self) -> bool:
        return self.state == State.SIGNED


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be added to a draft. A subject that does not exist yet (a pupil to be enrolled) gets its id here."""

    subject_id: UUID | None
    subject: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an order cannot be signed, or cancelled. `line_id` names the line, None stands for the whole order."""

    message: str
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word in braces that a template may use: {{code}}. `of_line`: its paragraph or table row repeats for each line.

    `sample` is the value shown in the preview of a template, by language.
    """

    code: str
    label: Any
    sample: Mapping[str, str] = field(default_factory=dict)
    of_line: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What fills a template: values of the whole order, and of each line in order (codes with the prefix "line.")."""

    values: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may be added to a draft: `note` is what tells namesakes apart, such as the class."""

    id: UUID
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BookLine:
    """An order in the printed book."""

    number: str
    date: date
    title: str
    executor: str
    cancelled_by: str = ""


@dataclass(frozen=True, slots=True)
class BookPage:
    """The body of the form orders.book: signed orders of a book in a year."""

    register: str
    year: int
    lines: tuple[BookLine, ...]


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """The text in force for a kind in a language: the given one, or the school's own since a day."""

    kind: str
    language: str
    since: date | None = None
    name: str = ""
    uploaded_by: str = ""
    id: UUID | None = None

    @property
    def is_given(self) -> bool:
        return self.id is None
