"""Tags of the frame's own templates; pages use those of `ui`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ui import manifest

register = template.Library()


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString | str:
    """What the page put into a block, once more (the title as the heading); empty when it has none."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return mark_safe(block.nodelist.render(context).strip()) if block else ""  # noqa: S308 - rendered already


@register.simple_tag
def page_strings() -> SafeString:
    """Texts that the page's own script shows."""
    texts = {
        "offline": _("There is no connection. What you typed stays here."),
        "serverFailed": _("The server did not answer properly. Try again in a minute."),
        "signInAgain": _("Your session has ended. Sign in again; nothing is lost."),
        "signIn": _("Sign in"),
        "typedAgain": _("This was not saved. What you typed is here again: look it over and send it."),
        "typedAgainFiles": _(
            "This was not saved. What you typed is here again: choose the file anew, look it over and send it."
        ),
    }
    return json_script(texts, "ui-strings")


@register.simple_tag
def built_asset(kind: str) -> Any:
    """Addresses of the build for the base templates: script, styles, fonts.

    Fonts asked for at once spare the page a second layout when they arrive; Kazakh letters have a file of their own.
    """
    built = manifest.built()
    subsets = ("latin", "cyrillic", "cyrillic-ext") if get_language() == "kk" else ("latin", "cyrillic")
    fonts = [built.fonts[subset] for subset in subsets if subset in built.fonts]
    return {"script": built.script, "styles": built.styles, "fonts": fonts}[kind]


@register.simple_tag
def help_url(slug: str) -> str:
    app, _, name = slug.partition("/")
    return reverse("ui:help", args=[app, name])
