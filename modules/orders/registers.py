"""The three order books, declared: one list for each, so that a book, its views and its Excel have one right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, ExtractYear, TruncMonth
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from kernel import audit, clock
from kernel.access import Actor
from kernel.http import path_to
from kernel.names import KK_COLLATION, kazakh_order
from modules.orders import kinds, permissions, queries
from modules.orders.data import STATE_LABELS, WAITING, Register, State
from modules.orders.models import Language, Order
from registers.api import Column, Filter, Group, Total, place
from registers.api import Register as List
from ui.drawn import badge, under
from ui.markup import markup

TONES = {State.DRAFT: "info", State.SIGNED: "success", State.CANCELLED: "neutral"}
ALL_YEARS = "all"
TITLES = {
    Register.CONTINGENT: gettext_lazy("Orders on pupils"),
    Register.STAFF: gettext_lazy("Orders on staff"),
    Register.MAIN: gettext_lazy("Orders on the main activity"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """An order as the book shows it."""

    row: Any

    @property
    def number(self) -> str:
        return str(self.row.number_text or _("draft"))

    @property
    def title(self) -> str:
        return queries.info(self.row).title

    @property
    def kind(self) -> str:
        return _kind_name(self.row.kind)

    @property
    def state(self) -> str:
        return str(STATE_LABELS[self.row.state])


def _prepare(rows: Sequence[Order], _actor: Actor) -> list[_Line]:
    return [_Line(row) for row in rows]


def _number(line: _Line) -> Any:
    return markup('<a href="{}">{}</a>', path_to("orders:order", line.row.pk), line.number)


def _title(line: _Line) -> Any:
    way = markup('<a href="{}">{}</a>', path_to("orders:order", line.row.pk), line.title)
    return under(way, line.kind)


def _state(line: _Line) -> Any:
    waits = (
        markup(" {}", badge(_("waits for the director's signature"), "warning")) if _waits(line.row) else ""
    )
    return markup("{}{}", badge(line.state, TONES[State(line.row.state)]), waits)


def _waits(row: Order) -> bool:
    return row.state == State.DRAFT and row.submitted_at is not None


def _kind_name(code: str) -> str:
    kind = kinds.KINDS.get(code)
    return str(kind.title) if kind else code


def _kinds_of(book: Register) -> list[tuple[str, str]]:
    """Kinds of the book by their names, in Kazakh order."""
    known = [(kind.code, str(kind.title)) for kind in kinds.KINDS.values() if kind.register == book]
    return sorted(known, key=lambda pair: kazakh_order(pair[1]))


def _by_title(_rows: Any, _actor: Actor) -> list[Combinable]:
    own = "title_ru" if (get_language() or "kk").startswith("ru") else "title_kk"
    return [Collate(F(own), KK_COLLATION)]


def _by_kind(book: Register) -> dict[str, Combinable]:
    return {"by_place": place([code for code, _name in _kinds_of(book)], "kind"), "by_kind": F("kind")}


def _years(book: Register, actor: Actor) -> list[tuple[str, str]]:
    years = {clock.today().year, *queries.years(actor=actor, register=book)}
    return [*((str(year), str(year)) for year in sorted(years, reverse=True)), (ALL_YEARS, _("all years"))]


def _of_year(rows: Any, year: str, _actor: Actor) -> Any:
    return rows if year == ALL_YEARS else rows.filter(date__year=year)


def _of_state(rows: Any, state: str, _actor: Actor) -> Any:
    if state == WAITING:
        return rows.filter(state=State.DRAFT).exclude(submitted_at=None)
    return rows.filter(state=state)


def _counted(count: int) -> str:
    return ngettext("%(n)s order", "%(n)s orders", count) % {"n": count}


def _book(book: Register) -> List:
    return List(
        code=f"orders.{book}",
        title=TITLES[book],
        icon="gavel",
        url=f"orders:book_{book}",
        export_url=f"orders:excel_{book}",
        permission=permissions.VIEW[book],
        export_permission=permissions.VIEW[book],
        exported=audit.exports(action="orders.book.exported", object_type="register", object_id=book),
        rows=partial(queries.book, register=book),
        prepare=_prepare,
        counted=_counted,
        sort="-number",
        search=queries.naming,
        near=queries.nearly_naming,
        search_label=lambda actor: _("Number, contents, name"),
        empty_text=gettext_lazy("Every order stands here with its number, from January to December."),
        columns=(
            Column(
                code="number",
                label=gettext_lazy("Order No."),
                value=lambda line: line.number,
                show=_number,
                # Drafts have no number yet: they stand after those signed, and before them when it is turned.
                sort=(ExtractYear("date"), F("number").asc(nulls_last=True), "date"),
                main=True,
            ),
            Column(
                code="date",
                label=gettext_lazy("Date"),
                value=lambda line: line.row.date,
                kind="date",
                sort=("date",),
                quiet=True,
            ),
            Column(
                code="title",
                label=gettext_lazy("Contents"),
                value=lambda line: line.title,
                show=_title,
                sort=_by_title,
                quiet=True,
            ),
            Column(
                code="executor",
                label=gettext_lazy("Executor"),
                value=lambda line: line.row.executor,
                sort=("executor",),
            ),
            Column(
                code="state",
                label=gettext_lazy("State"),
                value=lambda line: line.state,
                show=_state,
                sort=("state",),
                quiet=True,
            ),
            Column(
                code="kind",
                label=gettext_lazy("Kind of order"),
                value=lambda line: line.kind,
                sort=lambda rows, actor: list(_by_kind(book).values()),
                shown=False,
            ),
            Column(
                code="people",
                label=gettext_lazy("In the order"),
                value=lambda line: line.row.people,
                kind="number",
                sort=("people",),
                shown=False,
            ),
            Column(
                code="ground",
                label=gettext_lazy("Ground"),
                value=lambda line: line.row.ground,
                sort=("ground",),
                shown=False,
            ),
            Column(
                code="language",
                label=gettext_lazy("Language of the paper"),
                value=lambda line: Language(line.row.language).label,
                sort=("language",),
                shown=False,
            ),
            Column(
                code="drafted_by",
                label=gettext_lazy("Drafted"),
                value=lambda line: line.row.drafted_by_name,
                sort=("drafted_by_name",),
                shown=False,
            ),
            Column(
                code="signed_by",
                label=gettext_lazy("Signed"),
                value=lambda line: line.row.signed_by_name,
                sort=("signed_by_name",),
                shown=False,
            ),
        ),
        filters=(
            Filter(
                code="year",
                label=gettext_lazy("Year"),
                choices=partial(_years, book),
                narrow=_of_year,
                default=lambda: str(clock.today().year),
            ),
            Filter(
                code="kind",
                label=gettext_lazy("Kind of order"),
                choices=lambda actor: _kinds_of(book),
                narrow=lambda rows, value, actor: rows.filter(kind=value),
            ),
            Filter(
                code="state",
                label=gettext_lazy("State"),
                choices=lambda actor: [
                    *((code, capfirst(label)) for code, label in STATE_LABELS.items()),
                    (WAITING, capfirst(_("waits for the director's signature"))),
                ],
                narrow=_of_state,
            ),
        ),
        groups=(
            Group(
                code="kind",
                label=pgettext_lazy("gather by", "kind of order"),
                by=partial(_by_kind, book),
                name=lambda _place, code: _kind_name(code),
            ),
            Group(
                code="month",
                label=pgettext_lazy("gather by", "month"),
                by={"by_month": TruncMonth("date")},
                name=lambda day: capfirst(date_format(day, "YEAR_MONTH_FORMAT")),
            ),
            Group(
                code="state",
                label=pgettext_lazy("gather by", "state"),
                by={"by_state": F("state")},
                name=lambda code: capfirst(STATE_LABELS[code]),
            ),
        ),
        totals=(
            Total(
                code="in_force",
                label=STATE_LABELS[State.SIGNED],
                value=Count("pk", filter=Q(state=State.SIGNED)),
            ),
            Total(
                code="drafts",
                label=pgettext_lazy("orders", "drafts"),
                value=Count("pk", filter=Q(state=State.DRAFT)),
            ),
        ),
    )


BOOKS = {book: _book(book) for book in Register}
