"""A list as the page shows it: chips, heads, rows as markup, groups with their figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils.formats import date_format, get_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registers.declaration import Column, Register
from registers.listing import Figures, Listing
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


@dataclass(frozen=True)
class Shown:
    """All that the templates of a list need."""

    register: Register
    state: State
    url: str
    act_url: str
    settings_url: str
    page: Page
    heading: str
    search_label: Any
    totals: Sequence[str]
    lines: Sequence[Line]
    heads: Sequence[Head]
    columns: Sequence[Column]
    sorter: tuple[tuple[str, str, bool], ...]
    fields: Sequence[Field]
    chips: Sequence[Chip]
    groups: Sequence[Any]
    bulks: Sequence[Any]
    views: Sequence[ViewTab]
    active: ViewTab | None
    sizes: Sequence[tuple[int, str]]
    export_url: str
    is_near: bool
    query: str
    has_own_columns: bool

    @property
    def body(self) -> SafeString:
        """The rows' markup in one piece: a template would walk through it slowly."""
        span = len(self.heads) + int(self.has_boxes)
        return SafeString("".join(_group_head(one, span) if one.is_group else one.html for one in self.lines))

    @property
    def has_boxes(self) -> bool:
        """Whether there is something to do with chosen rows."""
        return bool(self.act_url and (self.bulks or self.export_url))

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


def shown(listing: Listing, kept: Kept) -> Shown:
    """The page of the list: one query for the figures, one for the rows, and what the module's cells need."""
    register, actor, state = listing.register, listing.actor, listing.state
    rows, whole, groups = listing.open()
    page = listing.page(rows, whole.count)
    columns = listing.columns()
    bulks = register.bulks_for(actor)
    views = [_tab(one, listing, kept, columns) for one in kept.views]
    return Shown(
        register=register,
        state=state,
        url=reverse(register.url),
        act_url=reverse(register.act_url) if register.act_url else "",
        settings_url=reverse("registers:columns", args=[register.code]),
        page=page,
        search_label=register.search_label(actor),
        heading=register.counted(whole.count),
        totals=totals_in_words(listing, whole),
        lines=list(
            _lines(
                listing,
                page,
                columns,
                groups,
                has_boxes=bool(register.act_url and (bulks or _export_url(listing))),
            )
        ),
        heads=[_head(one, state, register) for one in columns],
        columns=columns,
        sorter=tuple(_sorter(listing, columns)),
        fields=list(_fields(listing)),
        chips=list(_chips(listing)),
        groups=register.groups_for(actor),
        bulks=bulks,
        views=views,
        active=next((one for one in views if one.is_active), None),
        sizes=[(size, to(replace(state, size=size, page=""))) for size in SIZES],
        export_url=_export_url(listing),
        is_near=listing.is_near,
        query=state.query(),
        has_own_columns=bool(kept.columns or state.columns),
    )


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


def _lines(
    listing: Listing,
    page: Page,
    columns: Sequence[Column],
    groups: Mapping[tuple[Any, ...], Figures],
    *,
    has_boxes: bool,
) -> Iterator[Line]:
    rows = list(page.object_list)
    ready = listing.prepared(rows)
    cells = [_Cell(one) for one in columns]
    last: tuple[Any, ...] | None = None
    for place, (row, one) in enumerate(zip(rows, ready, strict=True)):
        if listing.group:
            gathered = listing.group_of(row)
            if gathered != last:
                goes_on = place == 0 and page.number > 1 and _begins_before(listing, page, gathered)
                figures = groups.get(gathered, Figures(0, {}))
                label = listing.group.name(*gathered)
                said = [listing.register.counted(figures.count), *totals_in_words(listing, figures)]
                yield Line(label=label, figures=said, is_group=True, goes_on=goes_on)
                last = gathered
        name = cells[0].text(one)
        box = _box(listing.register, row, name) if has_boxes else ""
        yield Line(f"<tr>{box}{''.join([cell(one) for cell in cells])}</tr>", name)


def _group_head(line: Line, span: int) -> str:
    goes_on = markup(" <small>{}</small>", _("(continued)")) if line.goes_on else ""
    return markup(
        '<tr class="gathered"><th scope="rowgroup" colspan="{}"><span>{}{}</span> <small>{}</small></th></tr>',
        span,
        line.label,
        goes_on,
        "; ".join(line.figures),
    )


def _begins_before(listing: Listing, page: Page, gathered: tuple[Any, ...]) -> bool:
    """Whether the first group of a page began on the page before."""
    last = page.start_index() - 2
    return any(listing.group_of(row) == gathered for row in page.paginator.object_list[last : last + 1])


def _box(register: Register, row: Any, name: Any) -> str:
    return (
        '<td class="pick"><input class="form-check-input" type="checkbox" name="one" '
        f'value="{escaped(register.key(row))}" aria-label="{escaped(name)}"></td>'
    )


class _Cell:
    """Draws one column's cells, fast: a page has hundreds."""

    def __init__(self, column: Column) -> None:
        look = _look(column)
        self.column = column
        self.is_plain = get_format("SHORT_DATE_FORMAT") == "d.m.Y"
        if column.main:
            self.before, self.after = '<th scope="row">', "</th>"
            return
        label = "" if column.quiet else markup(' data-label="{}"', column.label)
        kind = markup(' class="{}"', look) if look else ""
        self.before, self.after = f"<td{kind}{label}>", "</td>"

    def __call__(self, row: Any) -> str:
        shown = self.column.show(row) if self.column.show else self.text(row)
        return f"{self.before}{NONE if shown in ('', None) else escaped(shown)}{self.after}"

    def text(self, row: Any) -> Any:
        value = self.column.value(row)
        if isinstance(value, str):
            return value
        if isinstance(value, datetime):
            return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(value, date):
            # Django's own way from one format to its letters is a long one for hundreds of cells.
            return f"{value:%d.%m.%Y}" if self.is_plain else date_format(value, "SHORT_DATE_FORMAT")
        if self.column.kind == "number" and value not in (None, ""):
            return number(value, 2 if value % 1 else 0)
        return value
