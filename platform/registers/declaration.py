"""How a list is declared: its columns, filters, groups, totals and what is done to many rows at once.

A module writes one `Register` in its registers.py and three views of a line each; everything else (search, sorting,
paging, chips, saved views, columns of one's own, Excel, bulk acts with undo) is the same in every list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.forms import Form
from django.http import HttpResponse

from kernel.access import Actor, Permission
from kernel.http import Request
from registers.excel import Kind

Rows = QuerySet[Any]
Choices = Sequence[tuple[str, Any]]
Order = Sequence[str | Combinable]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `value` is what it holds, for the workbook and, as text, for the screen; `show` draws it otherwise.

    `sort` names what the head sorts by; a callable gets the rows and answers the expressions (reckoned columns).
    The `main` column is the row's name: it is always shown, first.
    """

    code: str
    label: Any
    value: Callable[[Any], Any]
    show: Callable[[Any], Any] | None = None
    kind: Kind = "text"
    sort: Order | Callable[[Rows, Actor], Order] = ()
    shown: bool = True
    main: bool = False
    quiet: bool = False  # a phone shows it in the row's line without its label
    permission: Permission | None = None


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One choice of a list. `narrow` gets the rows, the chosen code and who asks.

    A filter with `named` offers no choice of its own: a link sets it (a pupil among thousands), and `named(actor, value)`
    answers the words of the value, or None when there is no such thing for the actor; then nothing is narrowed.
    With a `default` the list is narrowed before anybody chooses; then everything is a choice of its own. A callable
    answers the default of today.
    """

    code: str
    label: Any
    choices: Callable[[Actor], Choices] = lambda _actor: ()
    narrow: Callable[[Rows, str, Actor], Rows]
    named: Callable[[Actor, str], Any] | None = None
    default: str | Callable[[], str] = ""
    permission: Permission | None = None

    @property
    def usual(self) -> str:
        """What the list is narrowed by before anybody chooses."""
        return self.default() if callable(self.default) else self.default


@dataclass(frozen=True, kw_only=True)
class Group:
    """What the rows may be gathered by: expressions by name, in their order, and the words for their values.

    A callable makes the expressions anew for each list: for an order that depends on the reader's language.
    """

    code: str
    label: Any
    by: Mapping[str, Combinable] | Callable[[], Mapping[str, Combinable]]
    name: Callable[..., Any]
    permission: Permission | None = None

    def expressions(self) -> Mapping[str, Combinable]:
        return self.by() if callable(self.by) else self.by


@dataclass(frozen=True, kw_only=True)
class Total:
    """A figure of every group and of the list: a count or a sum, so that the list's is the sum of its groups'."""

    code: str
    label: Any
    value: Count | Sum
    digits: int = 0
    permission: Permission | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an act on many rows did. `undo` is what takes it back, in plain values; `then` is where to go."""

    text: Any
    count: int = 0
    undo: Mapping[str, Any] | None = None
    then: str = ""
    response: HttpResponse | None = None
    kind: Literal["success", "info", "warning"] = "success"


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """An act on the chosen rows. With a `form` or a `question` a page asks before it is done.

    `run(actor=, keys=, given=)` answers Done; `undo(actor=, undo=)` takes back what Done kept.
    """

    code: str
    label: Any
    icon: str
    permission: Permission
    run: Callable[..., Done]
    undo: Callable[..., object] | None = None
    form: Callable[[Any, Actor], Form] | None = None
    question: Any = ""
    danger: bool = False
    most: int = 2000
    answers_file: bool = False


@dataclass(frozen=True)
class Persons:
    """Of which kind the people of a list are, and whose row it is."""

    subject: str
    id: Callable[[Any], UUID] = field(default=lambda row: row.pk)


@dataclass(frozen=True, kw_only=True)
class Register:
    """A list of the product. `url` and `act_url` are names of routes; `rows` narrows to what the actor may see.

    `around` says what the page around the list sets for all lists, as the school year in its head: `rows` gets it by name.
    `search(rows, text, actor)` answers the rows that match; `near(rows, text, actor)` keys of those nearly so.
    The SQL of a `steady` list is put together once: its rows, filters, groups and orders are made of nothing but the
    actor, the day, the language and what is chosen, never of the hour. What looks something up first is made anew.
    `prepare(rows, actor)` brings what the cells of one page need, in a few queries; it may answer other objects.
    `of` says whose data a row shows: who is shown the list, or saves it as a file, is in the log of who looked at whom.
    """

    code: str
    title: Any
    icon: str
    url: str
    permission: Permission
    rows: Callable[..., Rows]
    columns: Sequence[Column]
    counted: Callable[[int], str]
    sort: str = "name"
    steady: bool = False
    around: Callable[[Request], Mapping[str, Any]] | None = None
    search: Callable[[Rows, str, Actor], Rows] | None = None
    near: Callable[[Rows, str, Actor], Sequence[Any]] | None = None
    search_label: Callable[[Actor], Any] = lambda _actor: ""
    prepare: Callable[[Sequence[Any], Actor], Sequence[Any]] | None = None
    key: Callable[[Any], Any] = field(default=lambda row: row.pk)
    parse_key: Callable[[str], Any] = UUID
    filters: Sequence[Filter] = ()
    groups: Sequence[Group] = ()
    totals: Sequence[Total] = ()
    bulks: Sequence[Bulk] = ()
    act_url: str = ""
    export_url: str = ""
    export_permission: Permission | None = None
    exported: Callable[..., object] | None = None  # (actor=, count=, columns=): tells the security log
    of: Persons | None = None
    empty_text: Any = ""

    def __post_init__(self) -> None:
        if self.code in REGISTERS:
            raise ValueError(f"the list {self.code} is declared twice")
        if len([one for one in self.columns if one.main]) != 1 or not self.columns[0].main:
            raise ValueError(f"{self.code}: one column is the main one, and it is the first")
        REGISTERS[self.code] = self

    def columns_for(self, actor: Actor) -> list[Column]:
        return [one for one in self.columns if _open(one, actor)]

    def filters_for(self, actor: Actor) -> list[Filter]:
        return [one for one in self.filters if _open(one, actor)]

    def groups_for(self, actor: Actor) -> list[Group]:
        return [one for one in self.groups if _open(one, actor)]

    def totals_for(self, actor: Actor) -> list[Total]:
        return [one for one in self.totals if _open(one, actor)]

    def bulks_for(self, actor: Actor) -> list[Bulk]:
        return [one for one in self.bulks if _open(one, actor)]

    def may_export(self, actor: Actor) -> bool:
        return bool(self.export_permission) and actor.may(self.export_permission)  # type: ignore[arg-type]


def _open(one: Column | Filter | Group | Total | Bulk, actor: Actor) -> bool:
    return one.permission is None or actor.may(one.permission)


REGISTERS: dict[str, Register] = {}
