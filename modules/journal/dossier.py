"""What the journal puts into the dossier of a pupil who leaves: marks of the running year, period marks, absences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import Actor
from kernel.names import kazakh_order
from kernel.tenancy import current
from modules.journal import queries
from modules.journal.data import ABSENCE_LABELS, KIND_LABELS, AbsenceCode
from modules.journal.queries import BroughtPeriod, BroughtYear
from modules.transfers import api as transfers
from modules.transfers.data import Table
from tenants import reference


def collect(*, actor: Actor, pupil_id: UUID, on: date) -> Mapping[str, Any] | None:
    """The own school's results, after those that the pupil had brought this year: nothing of the year is lost."""
    own = queries.results_of_year(actor=actor, pupil_id=pupil_id, on=on)
    before = [
        one
        for arrival in reversed(
            transfers.brought(actor=actor, pupil_ids=[pupil_id], part=transfers.MARKS).get(pupil_id, [])
        )
        for one in arrival.content.get("schools", [])
    ]
    here = current()
    schools = [one for one in before if own and one.get("year") == own["year"]]
    if own:
        own.pop("version")
        schools.append({"school_kk": here.name_kk, "school_ru": here.name_ru, **own})
    return {"version": 1, "schools": schools} if schools else None


def show(content: Mapping[str, Any]) -> Iterator[Table]:
    """A table of marks and one of absences for each school."""
    for one in queries.schools_in(content):
        rows = [_row(name, period) for name, periods in _named(one) for period in periods]
        if rows:
            yield Table(
                _("Marks: {school}, {year}").format(school=one.school, year=one.year),
                (
                    _("Subject"),
                    _("Period"),
                    *(str(KIND_LABELS[kind]) for kind in ("fo", "sor", "soch")),
                    "%",
                    _("Mark"),
                ),
                tuple(rows),
                _("FO is out of 10; SOR and SOCH are points out of the greatest possible."),
            )
        if one.missed:
            yield Table(
                _("Lessons missed: {school}, {year}").format(school=one.school, year=one.year),
                (_("Period"), *(str(ABSENCE_LABELS[code.value]) for code in AbsenceCode)),
                tuple(
                    (
                        queries.period_label(quarter),
                        *(str(reasons.get(code.value, 0)) for code in AbsenceCode),
                    )
                    for quarter, reasons in sorted(one.missed.items())
                ),
            )


def _named(one: BroughtYear) -> list[tuple[str, tuple[BroughtPeriod, ...]]]:
    """Subjects by name, in the order of the reader's alphabet."""
    known = reference.subjects()
    found = [(known[code].name if code in known else code, periods) for code, periods in one.subjects]
    return sorted(found, key=lambda pair: kazakh_order(pair[0]))


def _row(name: str, one: BroughtPeriod) -> tuple[str, ...]:
    return (
        name,
        one.label,
        ", ".join(one.fo) or "–",
        ", ".join(one.sor) or "–",
        ", ".join(one.soch) or "–",
        one.percent or "–",
        one.final or "–",
    )


transfers.part(
    transfers.MARKS, gettext_lazy("Marks of the running year"), collect=collect, show=show, order=10
)
