"""The load sheet on paper: every teacher with subjects, classes and hours, against the rate.

No form of the tarification list is set by the orders we have read; the columns are those that schools print.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from documents.registry import form
from kernel.access import Actor
from modules.schedule import permissions
from modules.schedule.load import queries, rules
from modules.schedule.load.data import Joined
from tenants import reference


@dataclass(frozen=True)
class SubjectRow:
    subject: str
    classes: str
    hours: str


@dataclass(frozen=True)
class TeacherRow:
    name: str
    rate: str
    rows: tuple[SubjectRow, ...]
    hours: str
    rates: str
    difference: str


@dataclass(frozen=True)
class LoadSheet:
    year: str
    day: str
    norm: str
    law: str
    teachers: tuple[TeacherRow, ...]
    vacancies: tuple[SubjectRow, ...]
    total: str
    total_vacant: str
    kinds: str = ""


def _plain(value: Decimal, digits: int = 1) -> str:
    text = f"{round(value, digits).normalize():f}"
    return text.replace(".", ",")


def _said(one: Joined) -> str:
    group = one.first.group
    part = " " + now_("gr. {number}").format(number=group) if 0 < group < rules.OWN_CIRCLE else ""
    return f"{one.classes}{part} – {_plain(one.hours)}"


def _rows(found: list[tuple[str, list[Joined]]]) -> tuple[SubjectRow, ...]:
    return tuple(
        SubjectRow(
            subject, "; ".join(_said(one) for one in rows), _plain(sum((r.hours for r in rows), Decimal(0)))
        )
        for subject, rows in found
    )


def load_sheet(*, actor: Actor, year: str, on: date) -> LoadSheet:
    """The sheet of the day; the caller speaks the language of the paper."""
    found = queries.lines(actor=actor, year=year, on=on)
    rate = reference.hours_of_rate(year)
    rows = [
        one for one in queries.sheet(actor=actor, year=year, on=on, found=found) if one.joined or one.rate
    ]
    vacant = queries.vacancies(found)
    open_: dict[str, list[Joined]] = {}
    for one in vacant:
        open_.setdefault(one.first.said, []).append(one)
    return LoadSheet(
        year=year,
        day=f"{on:%d.%m.%Y}",
        norm=str(rate.hours),
        law=rate.law,
        teachers=tuple(
            TeacherRow(
                name=one.name,
                rate=_plain(one.rate, 2),
                rows=_rows(one.by_subject()),
                hours=_plain(one.hours),
                rates=_plain(one.hours / rate.hours, 2),
                difference=("+" if one.difference > 0 else "") + _plain(one.difference).replace("-", "−"),
            )
            for one in rows
        ),
        vacancies=_rows(list(open_.items())),
        total=_plain(sum((one.hours for one in rows), Decimal(0))),
        total_vacant=_plain(sum((one.hours for one in vacant), Decimal(0))),
        kinds="; ".join(f"{label}: {_plain(hours)}" for label, hours in queries.hours_by_kind(found)),
    )


form(
    "schedule.load_sheet",
    _("Load sheet"),
    version=1,
    since="2020-08-01",
    template="load-sheet.typ",
    data=LoadSheet,
    permission=permissions.SET_LOAD,
    texts={
        "heading": _("Load sheet of the teachers"),
        "below": _("{year} school year, as of {day}"),
        "no": _("No."),
        "teacher": _("Teacher"),
        "rate": _("Rate"),
        "subject": _("Subject"),
        "classes": _("Classes, groups and hours"),
        "hours": _("Hours"),
        "total": _("Hours in all"),
        "rates": _("Rates"),
        "difference": _("Over (+), under (−)"),
        "vacancies": _("Vacancies"),
        "nobody": _("There are no vacancies."),
        "sum": _("Hours given: {given}. Vacant: {vacant}. One rate is {norm} hours ({law})."),
        "kinds": _("Of all the hours beside the classes’ curricula: {kinds}."),
        "deputy": _("Deputy director"),
    },
)
