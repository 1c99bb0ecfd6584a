"""What may be wrong with a cell, and in what words a person hears of it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    """An error keeps the row out. A doubt lets it in: the value is read as the suggestion says, or left out."""

    ERROR = "error"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble of one cell. `suggestion` is a text that, put into the cell, ends the trouble."""

    code: str
    severity: Severity
    suggestion: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """A cell as it was understood: a value that fits JSON, None for nothing, and what is doubtful about it."""

    value: Any = None
    findings: tuple[Finding, ...] = ()

    @property
    def is_error(self) -> bool:
        return any(f.severity is Severity.ERROR for f in self.findings)


NOTHING = Read()


def error(code: str, /, suggestion: str = "", **values: str) -> Read:
    return Read(None, (Finding(code, Severity.ERROR, suggestion, values),))


def doubt(code: str, read: Any = None, /, suggestion: str = "", **values: str) -> Read:
    return Read(read, (Finding(code, Severity.DOUBT, suggestion, values),))


MESSAGES: dict[str, Any] = {
    # any cell
    "required": _("This must be filled in."),
    "formula": _("There is a formula in the cell. Formulas are not carried out: type the value itself."),
    "cell_error": _("The spreadsheet shows an error in the cell: {value}"),
    "too_long": _("The text is longer than {limit} signs."),
    "unknown_word": _("“{value}” is not known here. It will be left empty."),
    "not_number": _("“{value}” is not a number."),
    # ИИН
    "iin_missing": _("There is no IIN. The row is taken without it; add it to the card later."),
    "iin_length": _("An IIN has 12 digits, here are {count}."),
    "iin_letters": _("There are letters or signs in the IIN: {value}"),
    "iin_rounded": _(
        "The spreadsheet has rounded the IIN off: {value}. Make the column text and type it anew."
    ),
    "iin_zeros": _("The leading zeros of the IIN were lost; with them it is {suggestion}."),
    "iin_date": _("The first six digits of the IIN are not a date."),
    "iin_century": _("The seventh digit of the IIN cannot be."),
    "iin_checksum": _("The check digit of the IIN does not agree: one of the digits is wrong."),
    "iin_synthetic": _("This is a made-up IIN for tests. Only real people are kept here."),
    "iin_real": _("This may be the IIN of a living person. A demonstration keeps made-up people only."),
    "iin_birth_date": _("By the IIN the date of birth is {suggestion}, the row says {value}."),
    "iin_sex": _("By the IIN the sex is “{suggestion}”, the row says “{value}”."),
    "iin_twice": _("Row {row} has this IIN too: {name}."),
    "row_twice": _("Row {row} is the same person with the same data. This row is left out."),
    "name_twice": _("Row {row} has the same name and date of birth: {name}."),
    # dates
    "date_unread": _("“{value}” is not a date. Write it as 31.12.2015."),
    "date_impossible": _("There is no such day: {value}"),
    "date_month_first": _("Read with the month first: {suggestion}."),
    "date_two_digits": _("The year has two digits; read as {suggestion}."),
    "date_far": _("The date cannot be so early or so late: {value}"),
    "date_future": _("The day has not come yet: {value}"),
    # names
    "latin_lookalike": _(
        "There are Latin letters in the word; with Kazakh and Russian ones it is “{suggestion}”."
    ),
    "latin_word": _("The name is written in Latin letters: {value}"),
    "letter_case": _("Written in capitals or small letters only; read as “{suggestion}”."),
    "name_signs": _("There are digits or signs in the name: {value}"),
    "name_short": _("The full name has one word only: {value}"),
    # phones, mail
    "phone_unread": _("“{value}” is not a phone number of Kazakhstan. It will be left out."),
    "phone_several": _("There are several numbers in the cell; the first one is taken: {suggestion}."),
    "email_unread": _("“{value}” is not an e-mail address. It will be left out."),
    # words
    "sex_unread": _("“{value}” is not a sex. Write “м” or “ж”, “ер” or “әйел”."),
    "yes_no_unread": _("Write “yes” or leave it empty; “{value}” is taken as no."),
    "language_unread": _("“{value}” is not a language of teaching."),
    "shift_unread": _("“{value}” is not a shift: write 1, 2 or 3. It is left out."),
    # classes
    "class_unread": _("“{value}” is not a class. Write the grade and the letter: 7А."),
    "class_grade": _("There is no grade {value}: grades go from 0 to 12."),
    "class_letter": _("Read as the class “{suggestion}”."),
}


# Why a row of the file is no row of the list; by the codes of reading.lists.
LEFT_OUT: dict[str, Any] = {
    "heads_again": _("the names of columns once more"),
    "numbers": _("numbers of the columns"),
    "total": _("a total"),
    "title": _("a title of the rows below"),
    "note": _("a note or a signature"),
    "example": _("the example of the template"),
}


def say(code: str, values: Mapping[str, str], messages: Mapping[str, Any] | None = None) -> str:
    """The sentence in the language in force."""
    text = str({**MESSAGES, **(messages or {})}.get(code, code))
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def say_both(
    code: str, values: Mapping[str, str], messages: Mapping[str, Any] | None = None
) -> tuple[str, str]:
    """The sentence in Kazakh and in Russian."""
    with translation.override("kk"):
        kk = say(code, values, messages)
    with translation.override("ru"):
        return kk, say(code, values, messages)
