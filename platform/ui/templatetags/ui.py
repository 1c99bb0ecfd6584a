"""The components of the product as tags; README.md lists them, /ui/ shows them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kernel.http import path_to
from ui import context as frame
from ui import drawn, figures, manifest, registry
from ui.charts import Chart
from ui.component import attributes, component, slot
from ui.components import Tab
from ui.drawn import TONES, icon, one_of
from ui.forms import InParts
from ui.markup import markup

register = template.Library()
register.tag("slot", slot)
register.filter("unbroken", figures.unbroken)
register.simple_tag(figures.number)
register.simple_tag(figures.percent)
register.simple_tag(drawn.icon)
for _draw in (drawn.button, drawn.badge, drawn.avatar, drawn.actions, drawn.action_menu, drawn.outside):
    component(register)(_draw)
for _wrap in (drawn.card, drawn.table):
    component(register, block=True)(_wrap)
component(register, takes_context=True)(drawn.confirm)

NONE = SafeString('<span class="none">–</span>')
CHART_SIZES = {200: "s", 280: "m", 380: "l"}
TONE_ICONS = {
    "neutral": "info-circle",
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}


@register.simple_tag
def tone_icon(kind: str) -> SafeString:
    """The icon that goes with a tone, so that colour never speaks alone."""
    return icon(TONE_ICONS[kind])


@component(register, takes_context=True)
def th(
    context: Context,
    label: Any,
    *,
    sort: str = "",
    numeric: bool = False,
    hidden: bool = False,
    anchor: str = "",
    look: str = "",
) -> SafeString:
    """The head of a column; with `sort` a link that sorts by it.

    `anchor` is the id to come back to after sorting, where the table is not at the top of its page.
    """
    classes = " ".join(filter(None, ("num" if numeric else "", look)))
    kind = markup(' class="{}"', classes) if classes else ""
    if not sort:
        return markup('<th scope="col"{}>{}</th>', kind, _heard(label) if hidden else label)
    request: HttpRequest | None = context.get("request")
    now = request.GET.get("sort", "") if request else ""
    direction, picture = {
        sort: ("ascending", "arrow-up"),
        f"-{sort}": ("descending", "arrow-down"),
    }.get(now, (None, "arrows-sort"))
    query = _query(
        request.GET if request else QueryDict(), sort=f"-{sort}" if now == sort else sort, page=None
    )
    return markup(
        '<th scope="col"{}{}><a class="sort-link" href="{}">{}{}</a></th>',
        kind,
        attributes({"aria_sort": direction}),
        f"{query}#{anchor}" if anchor else query,
        label,
        icon(picture),
    )


def _heard(text: Any) -> SafeString:
    """Said by readers of the screen, not seen."""
    return markup('<span class="visually-hidden">{}</span>', text)


@component(register, block=False)
def empty(
    title: Any,
    *,
    text: Any = "",
    icon: str = "mood-empty",
    action_url: str = "",
    action_label: Any = "",
    action_icon: str = "",
    level: int = 2,
) -> dict[str, Any]:
    return {
        "title": title,
        "text": text,
        "icon": icon,
        "action_url": action_url,
        "action_label": action_label,
        "action_icon": action_icon,
        "level": level,
    }


@component(register, takes_context=True)
def pager(context: Context, page: Page, *, target: str = "", query: str | None = None) -> dict[str, Any]:
    """The pages' numbers. Links keep `query`, else the query of the page's own address."""
    request: HttpRequest | None = context.get("request")
    given = QueryDict(query) if query is not None else request.GET if request else QueryDict()
    numbers = [
        {"number": number, "query": _query(given, page=number)} if isinstance(number, int) else {"gap": True}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "target": target,
        "before": _query(given, page=page.number - 1),
        "after": _query(given, page=page.number + 1),
    }


def _query(given: QueryDict, **changes: Any) -> str:
    """The query with some values changed; None takes a value out."""
    query = given.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@component(register, block=True, takes_context=True)
def filterbar(context: Context, *, target: str = "", action: str = "", **attrs: Any) -> dict[str, Any]:
    request: HttpRequest | None = context.get("request")
    sort = request.GET.get("sort", "") if request else ""
    return {
        "target": target,
        "action": action or (request.path if request else ""),
        "sort": sort,
        "attrs": attributes(attrs),
    }


@component(register)
def tabs(items: Sequence[Tab], *, label: Any = "") -> dict[str, Any]:
    return {"items": items, "label": label}


@component(register)
def steps(labels: Sequence[Any], current: int) -> dict[str, Any]:
    return {
        "steps": [
            {"label": label, "done": number < current, "current": number == current}
            for number, label in enumerate(labels, 1)
        ]
    }


@component(register, block=True)
def facts() -> dict[str, Any]:
    return {}


@component(register, block=True)
def fact(label: Any) -> dict[str, Any]:
    return {"label": label}


@component(register)
def stat(
    label: Any, value: Any, *, hint: Any = "", icon: str = "", href: str = "", trend: str = "", kind: str = ""
) -> dict[str, Any]:
    if trend:
        one_of(trend, {"up", "down", "same"}, "trend")
    if kind:
        one_of(kind, TONES, "stat kind")
    return {
        "label": label,
        "value": value,
        "hint": hint,
        "icon": icon,
        "href": href,
        "trend": trend,
        "kind": kind,
    }


@component(register, block=True)
def alert(
    text: Any = "", kind: str = "info", *, title: Any = "", icon: str = "", role: str = ""
) -> dict[str, Any]:
    one_of(kind, TONES, "alert kind")
    return {"text": text, "kind": kind, "title": title, "icon": icon or TONE_ICONS[kind], "role": role}


@component(register, block=True)
def modal(id: str, title: Any, *, size: str = "") -> dict[str, Any]:
    return {"id": id, "title": title, "size": size, "box": "modal"}


@component(register, block=True, template="ui/parts/modal.html")
def offcanvas(id: str, title: Any) -> dict[str, Any]:
    return {"id": id, "title": title, "box": "side"}


@component(register)
def form(
    form: BaseForm,
    *,
    action: str = "",
    submit: Any = "",
    cancel_url: str = "",
    multipart: bool | None = None,
    **attrs: Any,
) -> dict[str, Any]:
    return {
        "form": form,
        "parts": list(form.shown_parts()) if isinstance(form, InParts) else [],
        "action": action,
        "submit": submit,
        "cancel_url": cancel_url,
        "multipart": form.is_multipart() if multipart is None else multipart,
        "attrs": attributes(attrs),
    }


@component(register)
def field(field: BoundField, *, label: Any = "", hint: Any = "") -> dict[str, Any]:
    if label:
        field.label = label
    if hint:
        field.help_text = hint
    return {"field": field}


@component(register)
def form_errors(form: BaseForm) -> dict[str, Any]:
    shown = form.shown_fields() if isinstance(form, InParts) else form.visible_fields()
    return {"form": form, "faults": [f for f in shown if f.errors] if form.is_bound else []}


@component(register)
def form_actions(submit: Any = "", *, cancel_url: str = "", kind: str = "primary") -> dict[str, Any]:
    return {"submit": submit, "cancel_url": cancel_url, "kind": kind}


@component(register)
def progress(job: Any, url: str, *, done_url: str = "") -> dict[str, Any]:
    from ui.render import progress_context

    return progress_context(job, url=url, done_url=done_url)


@component(register)
def chart(chart: Chart, *, height: int = 280, id: str = "", table: bool = True) -> dict[str, Any]:
    """`table=False` where the page shows the same figures in a table of its own right below."""
    props = chart.props(get_language() or "kk")
    name = id or f"chart-{zlib.crc32(repr(props).encode()):08x}"
    size = one_of(CHART_SIZES.get(height, ""), CHART_SIZES.values(), "chart height (200, 280 or 380)")
    return {
        "chart": chart,
        "rows": chart.rows(),
        "props": props,
        "props_id": f"{name}-props",
        "id": name,
        "size": size,
        "table": table,
    }


@component(register, block=True)
def island(name: str, props: dict[str, Any], *, id: str = "") -> dict[str, Any]:
    return {"name": name, "props": props, "id": id or f"island-{name}", "props_id": f"{id or name}-props"}


@register.simple_tag
def island_props(id: str, props: dict[str, Any]) -> SafeString:
    """Only the json_script, for an element of one's own with data-props."""
    return json_script(props, id)


@register.simple_tag
def island_assets(name: str) -> SafeString:
    """Load an island's style and script with the page's head, where waiting for main.js would be seen."""
    script, styles = manifest.built().islands[name]
    links = [markup('<link rel="stylesheet" href="{}">', style) for style in styles]
    return mark_safe("".join([*links, markup('<link rel="modulepreload" href="{}">', script)]))  # noqa: S308


@register.simple_tag
def path(name: str, *ids: Any) -> str:
    """{% url %} for routes whose arguments are UUIDs, and faster (kernel.http.path_to)."""
    return path_to(name, *ids)


@register.simple_tag
def once(template: str, **known: Any) -> SafeString:
    """A template that looks the same for many; it gets the named values only (ui.context.once)."""
    return frame.once(template, **known)


@register.simple_tag(takes_context=True)
def today_cards(context: Context) -> SafeString:
    actor = getattr(context.get("request"), "actor", None)
    cards = registry.today_for(actor) if actor else []
    engine = context.template.engine  # type: ignore[union-attr]
    return engine.get_template("ui/parts/today_cards.html").render(context.new({"cards": cards}))


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str, **subject: Any) -> SafeString:
    """What modules show in the slot. A panel with a form is drawn with `ui.context.TOKEN` in its token's place."""
    actor = getattr(context.get("request"), "actor", None)
    drawn = "".join(registry.panels_for(slot, actor, **subject)) if actor else ""
    signed = drawn.replace(frame.TOKEN, str(context.get("csrf_token", "")))
    return mark_safe(signed)  # noqa: S308 - what the modules' own templates have drawn


@register.filter
def dash(value: Any) -> Any:
    """The value, or a quiet dash where there is none; on a phone a cell with only the dash is left out."""
    return value if value not in (None, "", [], ()) else NONE


@register.filter
def telephone(value: Any) -> Any:
    """A number in groups, to be pressed and called."""
    return markup('<a href="tel:{}">{}</a>', value, figures.telephone(str(value))) if value else NONE
