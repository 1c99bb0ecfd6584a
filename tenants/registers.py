"""The vendor's list of tenants, declared: how each stands technically, nothing of what is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Collate, Concat
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from kernel import audit
from kernel.access import Actor
from kernel.names import KK_COLLATION, fold, folded
from kernel.tenancy import Kind
from registers.api import Column, Filter, Register
from tenants import permissions, register
from tenants.lifecycle import queries
from tenants.models import Contract, Tenant
from ui.drawn import badge

KINDS = {
    Kind.SCHOOL: gettext_lazy("school"),
    Kind.AUTHORITY: gettext_lazy("authority"),
    Kind.FAMILY: gettext_lazy("family service"),
    Kind.VENDOR: gettext_lazy("vendor"),
}
TONES = {"active": "success", "archived": "neutral", "destroyed": "neutral"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A tenant as the list shows it."""

    row: Any
    known: register.Overview | None
    rows: int

    @property
    def until(self) -> date | None:
        return self.row.until

    @property
    def schema(self) -> str:
        return f"{self.known.position}/{self.known.newest}" if self.known else ""


def _every(_actor: Actor) -> QuerySet[Tenant]:
    newest = Contract.objects.filter(tenant=OuterRef("pk")).order_by("-until").values("until")[:1]
    return Tenant.objects.select_related("parent").annotate(until=Subquery(newest))


def _prepare(rows: Sequence[Tenant], _actor: Actor) -> list[_Line]:
    known = {one.code: one for one in register.overview()}
    sizes = queries.rows_of([row.schema_name for row in rows])
    return [_Line(row, known.get(row.code), sizes.get(row.schema_name, 0)) for row in rows]


def _by_name(_rows: QuerySet[Tenant], _actor: Actor) -> Sequence[Any]:
    name = "name_ru" if (get_language() or "kk").startswith("ru") else "name_kk"
    return [Collate(F(name), KK_COLLATION), "code"]


def _matching(rows: QuerySet[Tenant], text: str, _actor: Actor) -> QuerySet[Tenant]:
    named = Concat(F("name_kk"), Value(" "), F("name_ru"), Value(" "), F("code"))
    rows = rows.annotate(folded=folded(named))
    for word in fold(text).split()[:6]:
        rows = rows.filter(folded__contains=word)
    return rows


def _shown(line: _Line) -> Any:
    host = line.known.host if line.known else ""
    return format_html('{}<br><small class="muted">{} · {}</small>', line.row.name, line.row.code, host)


def _state(line: _Line) -> Any:
    return badge(line.row.get_state_display(), TONES.get(line.row.state, "warning"))


def _counted(count: int) -> str:
    return ngettext("%(n)s organisation", "%(n)s organisations", count) % {"n": count}


TENANTS = Register(
    code="tenants.tenants",
    title=gettext_lazy("Tenants"),
    icon="building",
    url="ops:home",
    act_url="",
    export_url="ops:export",
    permission=permissions.SEE_TENANTS,
    export_permission=permissions.SEE_TENANTS,
    exported=audit.exports(action="tenants.list.exported", object_type="tenant"),
    rows=_every,
    prepare=_prepare,
    counted=_counted,
    search=_matching,
    search_label=lambda actor: _("Name or code"),
    columns=(
        Column(
            code="name",
            label=pgettext_lazy("of an organisation", "Name"),
            value=lambda line: line.row.name,
            show=_shown,
            sort=_by_name,
            main=True,
        ),
        Column(
            code="code",
            label=gettext_lazy("Code"),
            value=lambda line: line.row.code,
            sort=("code",),
            shown=False,
        ),
        Column(
            code="kind",
            label=gettext_lazy("Kind"),
            value=lambda line: str(KINDS[Kind(line.row.kind)]),
            sort=("kind",),
            quiet=True,
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=lambda line: line.row.get_state_display(),
            show=_state,
            sort=("state",),
            quiet=True,
        ),
        Column(
            code="mode",
            label=gettext_lazy("Mode"),
            value=lambda line: line.row.get_mode_display(),
            sort=("mode",),
            shown=False,
        ),
        Column(
            code="under",
            label=gettext_lazy("Under"),
            value=lambda line: line.row.parent.name if line.row.parent else "",
        ),
        Column(
            code="until",
            label=gettext_lazy("Contract until"),
            value=lambda line: line.until,
            kind="date",
            sort=("until",),
        ),
        Column(code="schema", label=gettext_lazy("Schema"), value=lambda line: line.schema),
        Column(code="rows", label=gettext_lazy("Rows"), value=lambda line: line.rows, kind="number"),
        Column(
            code="figures",
            label=gettext_lazy("Figures as of"),
            value=lambda line: line.known.refreshed_at if line.known else None,
            kind="moment",
            shown=False,
        ),
        Column(
            code="created",
            label=gettext_lazy("Made on"),
            value=lambda line: line.row.created_at,
            kind="moment",
            sort=("created_at",),
            shown=False,
        ),
    ),
    filters=(
        Filter(
            code="kind",
            label=gettext_lazy("Kind"),
            choices=lambda actor: [(kind.value, label) for kind, label in KINDS.items()],
            narrow=lambda rows, value, actor: rows.filter(kind=value),
        ),
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: Tenant.State.choices,
            narrow=lambda rows, value, actor: rows.filter(state=value),
        ),
        Filter(
            code="mode",
            label=gettext_lazy("Mode"),
            choices=lambda actor: Tenant.Mode.choices,
            narrow=lambda rows, value, actor: rows.filter(mode=value),
        ),
    ),
    empty_text=gettext_lazy("No organisation is like that."),
)
