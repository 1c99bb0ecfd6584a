"""A list as a workbook: exactly the rows and columns that are shown, in their order, with their groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from registers import excel
from registers.listing import Figures, Listing
from registers.showing import totals_in_words

BATCH = 500


def workbook(listing: Listing, *, keys: Sequence[Any] | None = None) -> HttpResponse:
    """The list, or only the rows with these keys. The module tells the security log."""
    register = listing.register
    rows, whole, groups = listing.open()
    if keys is not None:
        rows, groups = listing.in_order(listing.rows().filter(pk__in=list(keys))), {}
    found = list(rows)
    columns = listing.columns()
    if register.exported:
        codes = [one.code for one in columns]
        register.exported(actor=listing.actor, count=len(found), columns=codes)
    heads = [excel.Column(_("No."), "number"), *(excel.Column(one.label, one.kind) for one in columns)]
    lines = _lines(listing, found, columns, groups, whole if keys is None else None)
    return excel.response(str(register.title), [excel.Sheet(register.title, heads, lines)])


def _lines(
    listing: Listing,
    rows: Sequence[Any],
    columns: Sequence[Any],
    groups: dict[tuple[Any, ...], Figures],
    whole: Figures | None,
) -> Iterator[tuple[Any, ...]]:
    blank = (None,) * (len(columns) - 1)
    ready = [
        one for start in range(0, len(rows), BATCH) for one in listing.prepared(rows[start : start + BATCH])
    ]
    last: tuple[Any, ...] | None = None
    for number, (row, one) in enumerate(zip(rows, ready, strict=True), 1):
        if groups and (gathered := listing.group_of(row)) != last:
            last = gathered
            name = listing.group.name(*gathered) if listing.group else ""
            yield None, _head(f"{name}", groups[gathered], listing), *blank
        yield number, *(column.value(one) for column in columns)
    if groups and whole:
        yield None, _head(_("Total"), whole, listing), *blank


def _head(name: str, figures: Figures, listing: Listing) -> str:
    return (
        f"{name}: {'; '.join([listing.register.counted(figures.count), *totals_in_words(listing, figures)])}"
    )
