"""A list as the page shows it: chips, heads, rows as markup, groups with their figures."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, get_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registers.declaration import Column, Register
from registers.listing import Figures, Found, Listing
from registers.queries import Kept, ViewInfo
from registers.state import EVERYTHING, SIZES, State
from ui.figures import number
from ui.markup import escaped, markup
from ui.templatetags.ui import NONE


@dataclass(frozen=True)
class Chip:
    """A filter that narrows the list now, and the way without it."""

    label: Any
    words: Any
    without: str


@dataclass(frozen=True)
class Field:
    """A filter in the bar."""

    code: str
    label: Any
    choices: tuple[tuple[str, str], ...]
    value: str
    has_default: bool


@dataclass(frozen=True)
class Head:
    """The head of a column, with the way to sort by it."""

    label: Any
    look: str
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table, `label` being its name; or the head of a group with its figures."""

    html: str = ""
    label: Any = ""
    figures: Sequence[str] = ()
    is_group: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class ViewTab:
    """A saved view, one press away."""

    row: ViewInfo
    url: str
    is_active: bool
    is_changed: bool
    is_mine: bool
    opens_first: bool


class Shown:
    """A list as one person sees it. What is drawn around the rows is drawn once for the same figures and rights."""

    def __init__(self, listing: Listing, kept: Kept) -> None:
        """Ask for the page: a query for the figures, one for the rows, and what the module's cells need."""
        self.listing = listing
        self.kept = kept
        self.register, self.state = listing.register, listing.state
        self.found = listing.found()
        self.page = self.found.page
        self.is_near = listing.is_near
        self.columns = listing.columns()
        self.bulks = self.register.bulks_for(listing.actor)
        self.export_url = _export_url(listing)
        # Whether there is something to do with chosen rows.
        self.has_boxes = bool(self.register.act_url and (self.bulks or self.export_url))
        self.lines = list(_lines(listing, self.found, self.columns, has_boxes=self.has_boxes))

    @cached_property
    def key(self) -> Hashable:
        """All that what stands around the rows depends on."""
        actor, whole = self.listing.actor, self.found.whole
        filters = self.register.filters_for(actor)
        # As said in this language: words that are still to be translated change their hash with it.
        offered = tuple(
            [
                (
                    one.code,
                    one.usual,
                    tuple([(code, str(said)) for code, said in self.listing.choices(one.code)]),
                )
                for one in filters
            ]
        )
        figures = (whole.count, tuple(whole.totals.items()), self.page.number, self.is_near)
        return self.register.code, actor.rights, actor.system, self.kept, self.query, offered, figures

    @property
    def body(self) -> str:
        """The rows' markup in one piece, as the place of a page drawn once."""
        span = len(self.columns) + int(self.has_boxes)
        return "".join([_group_head(one, span) if one.is_group else one.html for one in self.lines])

    # --- what stands around the rows

    @cached_property
    def url(self) -> str:
        return reverse(self.register.url)

    @cached_property
    def act_url(self) -> str:
        return reverse(self.register.act_url) if self.register.act_url else ""

    @cached_property
    def settings_url(self) -> str:
        return reverse("registers:columns", args=[self.register.code])

    @cached_property
    def heading(self) -> str:
        return self.register.counted(self.found.whole.count)

    @cached_property
    def search_label(self) -> Any:
        return self.register.search_label(self.listing.actor)

    @cached_property
    def totals(self) -> list[str]:
        return totals_in_words(self.listing, self.found.whole)

    @cached_property
    def heads(self) -> list[Head]:
        return [_head(one, self.state, self.register) for one in self.columns]

    @cached_property
    def sorter(self) -> tuple[tuple[str, str, bool], ...]:
        return tuple(_sorter(self.listing, self.columns))

    @cached_property
    def fields(self) -> list[Field]:
        return list(_fields(self.listing))

    @cached_property
    def chips(self) -> list[Chip]:
        return list(_chips(self.listing))

    @cached_property
    def groups(self) -> Sequence[Any]:
        return self.register.groups_for(self.listing.actor)

    @cached_property
    def views(self) -> list[ViewTab]:
        return [_tab(one, self.listing, self.kept, self.columns) for one in self.kept.views]

    @property
    def active(self) -> ViewTab | None:
        return next((one for one in self.views if one.is_active), None)

    @property
    def sizes(self) -> list[tuple[int, str]]:
        return [(size, to(replace(self.state, size=size, page=""))) for size in SIZES]

    @property
    def query(self) -> str:
        return self.state.query()

    @property
    def has_own_columns(self) -> bool:
        return bool(self.kept.columns or self.state.columns)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips or self.state.text)

    @property
    def everything_url(self) -> str:
        """The list as it is, whatever view opens first; the order and the columns stay."""
        return to(replace(self.state, text="", chosen={}, page="", view=EVERYTHING))

    @property
    def plain_url(self) -> str:
        return to(State())


def to(state: State) -> str:
    """The link to the list in that state. An empty address would open the person's first view instead."""
    return f"?{state.query() or f'view={EVERYTHING}'}"


def view_query(listing: Listing) -> str:
    """What a view of the list as it stands now keeps: its columns too, so that it looks the same to everybody."""
    return replace(listing.state, columns=tuple(one.code for one in listing.columns())).kept()


def _export_url(listing: Listing) -> str:
    register = listing.register
    if not register.export_url or not register.may_export(listing.actor):
        return ""
    return f"{reverse(register.export_url)}?{listing.state.query()}"


def _tab(row: ViewInfo, listing: Listing, kept: Kept, columns: Sequence[Column]) -> ViewTab:
    is_active = listing.state.view == str(row.id)
    now = replace(listing.state, columns=tuple(one.code for one in columns)).kept()
    return ViewTab(
        row,
        f"?{row.query}&view={row.id}",
        is_active=is_active,
        is_changed=is_active and now != row.query,
        is_mine=row.is_mine,
        opens_first=row.id == kept.first_view,
    )


def _sorter(listing: Listing, columns: Sequence[Column]) -> Iterator[tuple[str, str, bool]]:
    """Columns as the drawer lists them: those shown in their order, then the others; the main one is not chosen."""
    codes = {one.code for one in columns}
    rest = [one for one in listing.register.columns_for(listing.actor) if one.code not in codes]
    for one in (*columns, *rest):
        if not one.main:
            yield one.code, str(one.label), one.code in codes


def _fields(listing: Listing) -> Iterator[Field]:
    for one in listing.register.filters_for(listing.actor):
        choices = tuple((code, str(words)) for code, words in listing.choices(one.code))
        if one.named and not choices:
            continue
        usual = one.usual
        value = listing.state.chosen.get(one.code, "") or usual
        yield Field(one.code, str(one.label), choices, value, bool(usual))


def _chips(listing: Listing) -> Iterator[Chip]:
    state = listing.state
    if state.text:
        yield Chip(_("Search"), state.text, to(replace(state, text="", page="")))
    for one, _value, words in listing.chosen():
        yield Chip(one.label, words, to(state.choosing(one.code, "")))


def _head(column: Column, state: State, register: Register) -> Head:
    look = _look(column)
    if not column.sort:
        return Head(column.label, look)
    now = state.sort or register.sort
    direction = {column.code: "ascending", f"-{column.code}": "descending"}.get(now, "")
    wanted = f"-{column.code}" if direction == "ascending" else column.code
    sort = "" if wanted == register.sort else wanted
    return Head(column.label, look, to(replace(state, sort=sort, page="")), direction)


def _look(column: Column) -> str:
    return "num" if column.kind in ("number", "percent") else ""


def totals_in_words(listing: Listing, figures: Figures) -> list[str]:
    return [
        f"{one.label}: {number(figures.totals[one.code] or 0, one.digits)}"
        for one in listing.register.totals_for(listing.actor)
    ]


def _lines(listing: Listing, found: Found, columns: Sequence[Column], *, has_boxes: bool) -> Iterator[Line]:
    ready = listing.prepared(found.rows)
    cells = [_Cell(one) for one in columns]
    main, shows, key = cells[0], [one.show for one in cells], listing.register.key
    # One pattern for a whole row: a page has hundreds of cells.
    pattern = f"<tr>{_BOX if has_boxes else ''}{''.join([one.pattern for one in cells])}</tr>"
    last = listing.group_of(found.before) if found.before is not None else None
    goes_on = last is not None
    for row, one in zip(found.rows, ready, strict=True):
        if listing.group:
            gathered = listing.group_of(row)
            if gathered != last or goes_on:
                figures = found.groups.get(gathered, Figures(0, {}))
                label = listing.group.name(*gathered)
                said = [listing.register.counted(figures.count), *totals_in_words(listing, figures)]
                yield Line(label=label, figures=said, is_group=True, goes_on=goes_on and gathered == last)
                last, goes_on = gathered, False
        name = main.text(one)
        values = [NONE if (shown := show(one)) in _NOTHING else escaped(shown) for show in shows]
        box = (escaped(str(key(row))), escaped(name)) if has_boxes else ()
        yield Line(pattern % (*box, *values), name)


def _group_head(line: Line, span: int) -> str:
    goes_on = markup(" <small>{}</small>", _("(continued)")) if line.goes_on else ""
    return markup(
        '<tr class="gathered"><th scope="rowgroup" colspan="{}"><span>{}{}</span> <small>{}</small></th></tr>',
        span,
        line.label,
        goes_on,
        "; ".join(line.figures),
    )


_BOX = '<td class="pick"><input class="form-check-input" type="checkbox" name="one" value="%s" aria-label="%s"></td>'
_NOTHING = ("", None)


class _Cell:
    """How one column's cells are drawn: a pattern, and what is shown of a row."""

    def __init__(self, column: Column) -> None:
        look = _look(column)
        self.column = column
        self.show = column.show or self.text
        self.is_plain = get_format("SHORT_DATE_FORMAT") == "d.m.Y"
        if column.main:
            self.pattern = '<th scope="row">%s</th>'
            return
        label = "" if column.quiet else markup(' data-label="{}"', column.label)
        kind = markup(' class="{}"', look) if look else ""
        self.pattern = f"<td{f'{kind}{label}'.replace('%', '%%')}>%s</td>"

    def text(self, row: Any) -> Any:
        value = self.column.value(row)
        if type(value) is str:
            return value
        if isinstance(value, datetime):
            return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(value, date):
            # Django's own way from one format to its letters is a long one for hundreds of cells.
            return f"{value:%d.%m.%Y}" if self.is_plain else date_format(value, "SHORT_DATE_FORMAT")
        if self.column.kind == "number" and value not in (None, ""):
            return number(value, 2 if value % 1 else 0)
        return value
