"""Components that draw their HTML themselves: they stand on a page by the dozen, and a template costs ten times as much."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.template import Context, TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ui import manifest
from ui.component import Slots, Wrap, attributes
from ui.components import Action
from ui.markup import escaped, markup

KINDS = {
    "primary": "btn-primary",
    "secondary": "btn-default",
    "danger": "btn-danger",
    "ghost": "btn-plain",
    "link": "btn-underlined",
}
TONES = {"neutral", "info", "success", "warning", "danger"}


def one_of(value: str, known: Iterable[str], what: str) -> str:
    if value not in known:
        raise TemplateSyntaxError(f"{what} {value!r} is none of {', '.join(sorted(known))}")
    return value


def icon(name: str, label: Any = "", size: str = "") -> SafeString:
    """An icon of the sprite; with a label it speaks, without it is only seen."""
    built = manifest.built()
    if name not in built.icons:
        raise TemplateSyntaxError(f"no icon {name!r} in the sprite: add it to static_src/icons.txt and build")
    if not label and not size:
        return built.icons[name]
    return manifest.drawn_icon(built.sprite, name, label=label, size=size)


_icon = icon  # for components that have an argument of this name


def button(
    label: Any,
    *,
    href: str = "",
    icon: str = "",
    kind: str = "secondary",
    size: str = "",
    type: str = "submit",
    name: str = "",
    value: Any = "",
    dialog: str = "",
    disabled: bool = False,
    icon_only: bool = False,
    **attrs: Any,
) -> SafeString:
    """A button, or with `href` a link that looks like one."""
    look = f"btn {KINDS[one_of(kind, KINDS, 'button kind')]}"
    look += f"{' btn-sm' if size == 'sm' else ''}{' btn-icon-only' if icon_only else ''}"
    inner = markup("{}{}", _icon(icon) if icon else "", "" if icon_only else label)
    spoken = {"aria_label": label, "title": label} if icon_only else {}
    if href:
        return markup('<a class="{}"{}>{}</a>', look, attributes({"href": href, **spoken, **attrs}), inner)
    own: dict[str, Any] = {"type": "button" if dialog else type}
    if name:
        own |= {"name": name, "value": value}
    if dialog:
        attrs |= {"data_dialog": dialog, "aria_haspopup": "dialog"}
    given = attributes({**own, "disabled": bool(disabled), **spoken, **attrs})
    return markup('<button class="{}"{}>{}</button>', look, given, inner)


def badge(label: Any, kind: str = "neutral", *, icon: str = "") -> SafeString:
    """A word in a coloured pill; the word carries the meaning."""
    tone = one_of(kind, TONES, "badge kind")
    return markup('<span class="pill tone-{}">{}{}</span>', tone, _icon(icon) if icon else "", label)


def under(text: Any, words: Any) -> SafeString:
    """What a cell holds, and small words below it."""
    return markup('{}<span class="under muted">{}</span>', text, words)


def avatar(name: str) -> SafeString:
    """Initials of a person, in a colour of their own."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    hue = zlib.crc32(str(name).encode()) % 6
    return markup('<span class="face face-{}" aria-hidden="true">{}</span>', hue, initials)


def card(
    title: Any = "",
    *,
    subtitle: Any = "",
    icon: str = "",
    href: str = "",
    flush: bool = False,
    id: str = "",
    **attrs: Any,
) -> Wrap:
    """A part of a page. Slots: actions, at the right of the title; footer."""
    parts = [
        f'<section class="card{" card-flush" if flush else ""}"{attributes({"id": id or None, **attrs})}>'
    ]

    def wrapped(content: SafeString, slots: Slots) -> SafeString:
        if title or slots["actions"]:
            said = markup('<a href="{}">{}</a>', href, title) if href else escaped(title)
            parts.append(f'<div class="card-top">{_icon(icon) if icon else ""}<div>')
            parts.append(f"<h2>{said}</h2>" if title else "")
            parts.append(f"<p>{escaped(subtitle)}</p>" if subtitle else "")
            parts.append("</div>")
            parts.append(f'<div class="card-slot">{slots["actions"]}</div>' if slots["actions"] else "")
            parts.append("</div>")
        parts.append(content if flush else f'<div class="card-body">{content}</div>')
        parts.append(f'<div class="card-foot">{slots["footer"]}</div>' if slots["footer"] else "")
        parts.append("</section>")
        return SafeString("".join(parts))

    return wrapped


def actions(items: Iterable[Action]) -> SafeString:
    """What one often does with the whole page, as a row of buttons; the rest, and all on a phone, is in `action_menu`."""
    drawn = (button(one.label, href=one.href, icon=one.icon) for one in items if not one.is_small)
    return markup('<div class="gap-line not-phone">{}</div>', SafeString("".join(drawn)))


def action_menu(items: Iterable[Action]) -> SafeString:
    """One button that opens a list: of what `actions` leaves out, on a phone of everything."""
    known = list(items)
    lines = "".join(
        markup(
            '<a class="{}" href="{}">{}{}</a>',
            "menu-item" if one.is_small else "menu-item only-phone",
            one.href,
            _icon(one.icon),
            one.label,
        )
        for one in known
    )
    return markup(
        '<details class="{}"><summary class="btn btn-default btn-icon-only">{}</summary>'
        '<div class="menu-body">{}</div></details>',
        "menu" if any(one.is_small for one in known) else "menu on-phone",
        _icon("dots", label=gettext("More")),
        SafeString(lines),
    )


def table(
    caption: Any,
    *,
    show_caption: bool = False,
    sticky: bool = False,
    compact: bool = False,
    stack: bool = False,
    look: str = "",
    id: str = "",
    **attrs: Any,
) -> Wrap:
    """The caller writes thead and tbody. The wrapper scrolls, so the keyboard must reach it.

    `stack` turns rows into small cards on phones; cells then carry data-label. `look` is a class of the page's own.
    """
    given = (("table-compact", compact), ("table-stack", stack), (look, look))
    wrapper = attributes({"aria_label": caption, "id": id or None})
    top = markup(
        '<div class="table-wrap{}" tabindex="0" role="region"{}><table class="{}"{}><caption{}>{}</caption>',
        " table-sticky" if sticky else "",
        wrapper,
        " ".join(["table", *(name for name, on in given if on)]),
        attributes(attrs),
        "" if show_caption else SafeString(' class="visually-hidden"'),
        caption,
    )
    return lambda content, _slots: markup("{}{}</table></div>", top, content)


def confirm(
    context: Context,
    id: str,
    title: Any,
    text: Any,
    action: str,
    label: Any,
    *,
    kind: str = "danger",
    **attrs: Any,
) -> SafeString:
    """A question before something that matters; a plain POST form inside."""
    return markup(
        '<dialog class="modal-box" id="{id}" aria-labelledby="{id}-title">'
        '<form method="post" action="{action}" data-no-draft{attrs}>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        '<div class="dialog-head"><h2 id="{id}-title">{title}</h2></div>'
        '<div class="dialog-body">{text}</div>'
        '<div class="dialog-foot">'
        '<button class="btn btn-default" type="button" data-close autofocus>{cancel}</button>{go}'
        "</div></form></dialog>",
        id=id,
        action=action,
        attrs=attributes(attrs),
        token=context.get("csrf_token", ""),
        title=title,
        text=text,
        cancel=gettext("Cancel"),
        go=button(label, kind=kind),
    )


def outside(address: str, id: str) -> SafeString:
    """A link to an address that a person typed: first it says whither it leads, and one may stay."""
    host = urlsplit(address).hostname or address
    return markup(
        '<a class="long-word" href="{address}" data-dialog="{id}" rel="{rel}">{address}</a>'
        '<dialog class="modal-box" id="{id}" aria-labelledby="{id}-title">'
        '<div class="dialog-head"><h2 id="{id}-title">{title}</h2></div>'
        '<div class="dialog-body">{text}</div>'
        '<div class="dialog-foot"><button class="btn btn-default" type="button" data-close autofocus>{stay}</button>'
        '<a class="btn btn-primary" href="{address}" target="_blank" rel="{rel}" data-close>{go}</a></div></dialog>',
        address=address,
        id=id,
        rel="noopener noreferrer nofollow",
        title=gettext("To another site: {host}").format(host=host),
        text=gettext(
            "It is not part of this system, and nobody here answers for it. Never type the password of this system there."
        ),
        stay=gettext("Stay here"),
        go=gettext("Go to the site"),
    )
