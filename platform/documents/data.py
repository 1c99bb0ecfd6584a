"""What goes into forms and what comes out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from documents.word.blocks import Block


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed form. `sha256` is of the bytes; the same data give the same bytes."""

    content: bytes
    name: str
    sha256: str
    form: str
    version: int
    language: str
    number: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is, as it was called on the day of the paper."""

    name_kk: str
    name_ru: str
    place_kk: str = ""
    place_ru: str = ""
    bin: str = ""
    director: str = ""
    post_kk: str = ""
    post_ru: str = ""
    seal: bool = True
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class LoginSlip:
    """What one person needs to sign in for the first time. `place` is the class or the post.

    `scan` is where the square leads, the school's address when empty; it never holds the password.
    """

    full_name: str
    place: str
    username: str
    password: str
    url: str
    language: str = "kk"
    valid_until: date | None = None
    scan: str = ""


@dataclass(frozen=True, slots=True)
class LoginSlips:
    """The body of the forms documents.login_slips and documents.login_cards."""

    slips: tuple[LoginSlip, ...]


@dataclass(frozen=True, slots=True)
class ListedPupil:
    full_name: str
    sex: str
    birth_date: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClassList:
    """The body of the form documents.class_list. `language` is the class's language of instruction, kk or ru."""

    school_class: str
    year: str
    language: str
    class_teacher: str
    on: date
    pupils: tuple[ListedPupil, ...]


@dataclass(frozen=True, slots=True)
class TextPaper:
    """A text of the school's own: blocks of documents.word, drawn as they stand."""

    blocks: tuple[Block, ...]
