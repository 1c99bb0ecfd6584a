"""Help articles: Markdown files beside the screens they explain, cleaned before they are shown."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import nh3
from django.apps import apps
from markdown_it import MarkdownIt

from kernel.errors import NotFound

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\Z")
TAGS = {
    "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "kbd", "a", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def article(app: str, slug: str, language: str) -> str:
    """The article as clean HTML, in the reader's language or, failing that, in the other. Raises NotFound."""
    if not (NAME.match(app) and NAME.match(slug)):
        raise NotFound
    for wanted in dict.fromkeys((language, "kk", "ru")):
        for root in _roots(app):
            path = root / "help" / wanted / f"{slug}.md"
            if path.is_file():
                return as_html(path.read_text(encoding="utf-8"))
    raise NotFound


@cache
def _roots(app: str) -> tuple[Path, ...]:
    return tuple(Path(config.path) for config in apps.get_app_configs() if config.label == app)


def as_html(text: str) -> str:
    """Markdown without raw HTML, then only harmless tags; the title becomes the second level."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    rendered = re.sub(r"<(/?)h1>", r"<\1h2>", markdown.render(text))
    return nh3.clean(rendered, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto", "tel"})
