"""A list as one person asked for it: rows found, ordered, gathered and counted. What is shown, saved and acted on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Value, When
from django.db.models.expressions import Combinable, OrderBy
from django.utils.translation import get_language

from kernel import audit, clock, memo
from kernel.access import Actor
from kernel.db.rows import NotSteady, Statement
from registers.declaration import Choices, Column, Filter, Group, Order, Register, Rows, Total
from registers.state import State

ALL = "_rows"
_statements: memo.Memo[Statement | None] = memo.memo(size=2_000, seconds=600)


@dataclass(frozen=True)
class Figures:
    """How many rows, and the list's totals, of a group or of everything."""

    count: int
    totals: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One page of a list: its rows, the row before them where rows are gathered, and the figures."""

    page: Page
    rows: Sequence[Any]
    before: Any
    whole: Figures
    groups: Mapping[tuple[Any, ...], Figures]


@dataclass
class Listing:
    """One list, for one actor, in one state. `own_columns` are those the person keeps for herself.

    `around` is what the page sets: `Register.around`.
    """

    register: Register
    actor: Actor
    state: State
    own_columns: Sequence[str] = ()
    around: Mapping[str, Any] = field(default_factory=dict)
    is_near: bool = field(default=False, init=False)
    _choices: dict[str, Choices] = field(default_factory=dict, init=False)

    # --- what is asked for

    def choices(self, code: str) -> Choices:
        """The choices of a filter, asked for once."""
        if code not in self._choices:
            one = next(one for one in self.register.filters if one.code == code)
            self._choices[code] = self._named(one) if one.named else one.choices(self.actor)
        return self._choices[code]

    def _named(self, one: Filter) -> Choices:
        """What a link has set, as the only choice."""
        value = self.state.chosen.get(one.code, "")
        words = one.named(self.actor, value) if value and one.named else None
        return () if words is None else ((value, words),)

    def chosen(self) -> Iterator[tuple[Any, str, Any]]:
        """Filters that narrow the list now: the filter, the value and its words. Unknown values narrow nothing."""
        for one in self.register.filters_for(self.actor):
            value = self.state.chosen.get(one.code, "")
            if value and (words := dict(self.choices(one.code)).get(value)) is not None:
                yield one, value, words

    @cached_property
    def group(self) -> Group | None:
        """What the rows are gathered by."""
        return next((g for g in self.register.groups_for(self.actor) if g.code == self.state.group), None)

    @cached_property
    def _group_names(self) -> tuple[str, ...]:
        return tuple(self.group.expressions()) if self.group else ()

    def columns(self) -> list[Column]:
        """The columns in the order shown: of the address, else one's own, else the given ones. The main one leads."""
        open_ones = {one.code: one for one in self.register.columns_for(self.actor)}
        wanted = [code for code in self.state.columns or self.own_columns if code in open_ones]
        if not wanted:
            wanted = [code for code, one in open_ones.items() if one.shown]
        main = self.register.columns[0]
        return [main, *(open_ones[code] for code in dict.fromkeys(wanted) if code != main.code)]

    # --- rows

    def rows(self) -> Rows:
        """What the actor may see at all."""
        return self.register.rows(self.actor, **self.around)

    def _narrowed(self) -> Rows:
        rows = self.rows()
        chosen = {one.code: value for one, value, _words in self.chosen()}
        for one in self.register.filters_for(self.actor):
            if value := chosen.get(one.code, one.usual):
                rows = one.narrow(rows, value, self.actor)
        return rows

    def found(self) -> Found:
        """The page asked for, in two queries."""
        rows: Rows | None = None
        figures = self._kept("figures", lambda: self._figures(self._narrowed()))
        if figures:
            whole, groups = self._summed(figures.all())
        else:
            rows, whole, groups = self.open()
        page = self._page(whole.count)
        start = (page.number - 1) * self.state.size
        # The row before tells whether the first group goes on.
        extra = int(bool(self.group and start))
        cut = slice(start - extra, start + self.state.size)
        asked = (
            self._kept(("rows", cut.start), lambda: self.in_order(self._narrowed())[cut]) if figures else None
        )
        if asked:
            lines = asked.all()
        else:
            lines = list((self.in_order(self._narrowed()) if rows is None else rows)[cut])
        return Found(page, lines[extra:], lines[0] if extra and lines else None, whole, groups)

    def _kept(self, what: Hashable, make: Callable[[], Rows]) -> Statement | None:
        """The list's SQL as it was put together before for whoever has these rights; None where it is made anew."""
        if not self.register.steady or self.state.text:
            return None
        actor = self.actor
        around = tuple(self.around.items())
        known = (self.register.code, around, actor.user_id, actor.person_id, actor.system, actor.rights)
        chosen = tuple(
            (one.code, value) for one, value, _words in self.chosen()
        )  # asks for the choices first
        key = (
            *known,
            clock.today(),
            get_language(),
            chosen,
            self.state.group,
            self.state.sort,
            self.state.size,
            what,
        )
        return _statements.get(key, lambda: _statement(make))

    def open(self) -> tuple[Rows, Figures, dict[tuple[Any, ...], Figures]]:
        """The rows in order, the figures of all of them, and those of each group."""
        narrowed, register, text = self._narrowed(), self.register, self.state.text
        searching = bool(text and register.search)
        rows = register.search(narrowed, text, self.actor) if searching and register.search else narrowed
        whole, groups = self._summed(self._figures(rows))
        near: Sequence[Any] = ()
        if searching and not whole.count and register.near:
            near = register.near(narrowed, text, self.actor)
            if near:
                self.is_near = True
                rows = narrowed.filter(pk__in=near)
                whole, groups = self._summed(self._figures(rows))
        return self.in_order(rows, near), whole, groups

    def in_order(self, rows: Rows, near: Sequence[Any] = ()) -> Rows:
        """The rows by the group, then as they are sorted; those nearly found by their nearness."""
        order: list[Any] = []
        if group := self.group:
            by = group.expressions()
            rows = rows.annotate(**by)
            order += [F(name).asc(nulls_last=True) for name in by]
        sort = self.state.sort
        if near and not sort:
            places = [When(pk=key, then=Value(place)) for place, key in enumerate(near)]
            order.append(Case(*places, output_field=IntegerField()))
        columns = {one.code: one for one in self.register.columns_for(self.actor)}
        if sort.removeprefix("-") not in columns:
            sort = self.register.sort  # the order of a hidden column would tell of it
        column = columns[sort.removeprefix("-")]
        order += _turned(self._order_of(column, rows), back=sort.startswith("-"))
        if not column.main:
            order += self._order_of(self.register.columns[0], rows)
        return rows.order_by(*order, "pk")

    def _order_of(self, column: Column, rows: Rows) -> Order:
        return column.sort(rows, self.actor) if callable(column.sort) else column.sort

    def _figures(self, rows: Rows) -> Rows:
        """Counts and totals in one query: a line a group, or one line."""
        # Names of their own: a total may be called as a column of the rows is.
        wanted = {f"_total_{one.code}": one.value for one in self._totals}
        by: Mapping[str, Combinable] = self.group.expressions() if self.group else {"_whole": Value(1)}
        rows = rows.order_by().annotate(**by).values(*by)
        return rows.annotate(**{ALL: Count("pk")}, **wanted)

    def _summed(self, lines: Iterable[dict[str, Any]]) -> tuple[Figures, dict[tuple[Any, ...], Figures]]:
        """The figures of all rows, and those of each group."""
        groups = {}
        for line in lines:
            line.pop("_whole", None)
            groups[tuple(line.pop(name) for name in self._group_names)] = _figures_of(line)
        if self.group is None:
            return groups.get((), Figures(0, {one.code: 0 for one in self._totals})), {}
        whole = Figures(
            sum(one.count for one in groups.values()),
            {
                one.code: sum(figures.totals[one.code] or 0 for figures in groups.values())
                for one in self._totals
            },
        )
        return whole, groups

    @cached_property
    def _totals(self) -> Sequence[Total]:
        return self.register.totals_for(self.actor)

    def _page(self, count: int) -> Page:
        paginator = _Counted((), self.state.size)
        paginator.count = count
        return paginator.get_page(self.state.page or 1)

    def keys(self) -> list[Any]:
        """The keys of every row found, in the order shown."""
        return list(self.open()[0].values_list("pk", flat=True))

    def kept(self, keys: Sequence[Any]) -> list[Any]:
        """Those of the keys that the actor may see at all."""
        rows = self.rows().filter(pk__in=list(keys))
        return list(rows.order_by(*self._order_of(self.register.columns[0], rows), "pk"))

    def prepared(self, rows: Sequence[Any]) -> Sequence[Any]:
        """What the cells need; whose rows these are is told to the log of who looked at whom, for page and file alike."""
        if (persons := self.register.of) is not None and rows:
            audit.viewed(
                actor=self.actor,
                subject=persons.subject,
                subject_ids=[persons.id(row) for row in rows],
                purpose="registers.list",
                leafing=True,
            )
        return self.register.prepare(rows, self.actor) if self.register.prepare else rows

    def group_of(self, row: Any) -> tuple[Any, ...]:
        """The values by which the row is gathered; rows come from `open`."""
        return tuple(getattr(row, name) for name in self._group_names)


def _statement(make: Callable[[], Rows]) -> Statement | None:
    try:
        return Statement(make)
    except (EmptyResultSet, NotSteady):
        return None  # a condition that nothing can meet, or one that is looked up first


def _figures_of(line: dict[str, Any]) -> Figures:
    return Figures(line.pop(ALL), {name.removeprefix("_total_"): value for name, value in line.items()})


class _Counted(Paginator):
    """A paginator that was told how many there are."""

    count = 0


def _turned(order: Order, *, back: bool) -> list[str | Combinable]:
    if not back:
        return list(order)
    turned: list[str | Combinable] = []
    for one in order:
        if isinstance(one, str):
            turned.append(one.removeprefix("-") if one.startswith("-") else f"-{one}")
        elif isinstance(one, OrderBy):
            copied = one.copy()
            copied.reverse_ordering()
            turned.append(copied)
        else:
            turned.append(one.desc())  # type: ignore[attr-defined]
    return turned
