"""Cells of one row of pupils: what they leave out is taken from each other, and they are compared with each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from imports.api import Row
from kernel import clock, iin
from kernel.tenancy import current
from modules.contingent.importers.people import phones_behind

GUARDIANS = ("mother", "father", "guardian")
_SEX_WORD = {"m": ("ер", "м"), "f": ("әйел", "ж")}


def complete(row: Row) -> None:
    """The parts of the name, and what the ИИН tells; and whether it agrees with the rest."""
    _complete(row)
    _compare_with_iin(row)
    phones_behind(row, GUARDIANS)


def _complete(row: Row) -> None:
    """Take the parts of the name from the whole one, what is missing from the ИИН."""
    whole = row.values.pop("full_name", None)
    if whole:
        for part, value in zip(("surname", "name", "patronymic"), whole, strict=True):
            if value:
                row.values.setdefault(part, value)
    touched = {column for column, _found in row.findings}
    for part in ("surname", "name"):
        if not row.get(part) and not touched & {part, "full_name"}:
            row.error(part, "required")
    number = row.get("iin")
    if not number:
        if "iin" in touched:
            _suggest(row, "iin", _with_first_digit(row.shown.get("iin", ""), row.get("birth_date")))
        else:
            row.doubt("iin", "iin_missing")
        for column in ("sex", "birth_date"):
            if not row.get(column) and column not in touched:
                row.error(column, "required")
        return
    if row.get("birth_date") and row.get("sex"):
        return
    told = iin.parse(number)
    born = _birth_of(told)
    if not row.get("birth_date"):
        if "birth_date" in touched:
            _suggest(row, "birth_date", as_day(born) if born else "")
        elif born:
            row.values["birth_date"] = born.isoformat()
            row.doubt("birth_date", "birth_from_iin", as_day(born))
        else:
            row.error("birth_date", "required")
    if not row.get("sex"):
        word = sex_word(told.sex, row)
        if "sex" in touched:
            _suggest(row, "sex", word)
        elif told.sex:
            row.values["sex"] = told.sex
            row.doubt("sex", "sex_from_iin", word)
        else:
            row.error("sex", "required")


def _suggest(row: Row, column: str, suggestion: str) -> None:
    """Give the trouble of the column a way out."""
    if suggestion:
        row.findings = [
            (
                where,
                replace(found, suggestion=suggestion) if where == column and not found.suggestion else found,
            )
            for where, found in row.findings
        ]


def _with_first_digit(eleven: str, born: str | None) -> str:
    """The whole number, when the first digit alone was lost and the birth date tells which it was."""
    if len(eleven) != 11 or not eleven.isdigit() or not born:
        return ""
    whole = born[2] + eleven
    good = whole[:6] == date.fromisoformat(born).strftime("%y%m%d")
    return whole if good and not current().iin_problems(whole) else ""


def sex_word(code: str | None, row: Row) -> str:
    """The word for the sex in the language of the file."""
    if not code:
        return ""
    kk, ru = _SEX_WORD[code]
    return ru if row.shown.get("sex", "").strip().lower()[:1] in ("м", "ж") else kk


def _birth_of(told: iin.Iin) -> date | None:
    """The date the number tells; made-up people are children of this century or adults of the last."""
    if told.birth_date or not told.synthetic:
        return told.birth_date
    number = told.value
    year = 2000 + int(number[:2])
    if year > clock.today().year:
        year -= 100
    try:
        return date(year, int(number[2:4]), int(number[4:6]))
    except ValueError:
        return None


def as_day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _compare_with_iin(row: Row) -> None:
    number, born, sex = row.get("iin"), row.get("birth_date"), row.get("sex")
    if not number:
        return
    told = iin.parse(number)
    by_number = _birth_of(told)
    if born and by_number and date.fromisoformat(born) != by_number and not found_at(row, "birth_date"):
        row.doubt("birth_date", "iin_birth_date", as_day(by_number), value=as_day(date.fromisoformat(born)))
    if sex and told.sex and sex != told.sex and not found_at(row, "sex"):
        row.doubt("sex", "iin_sex", sex_word(told.sex, row), value=row.shown.get("sex", ""))


def found_at(row: Row, column: str) -> bool:
    return any(where == column for where, _finding in row.findings)
