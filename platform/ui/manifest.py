"""What the front-end build made: names with hashes, read once per process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString

from ui.markup import markup

DIST = Path(__file__).parent / "static/ui/dist"


@dataclass(frozen=True)
class Built:
    script: str
    styles: tuple[str, ...]
    sprite: str
    icons: dict[str, SafeString]  # as they stand in most places: without a label, in the usual size
    fonts: dict[str, str]
    islands: dict[str, tuple[str, tuple[str, ...]]]


@cache
def built() -> Built:
    """The build's manifest. Fails with advice when nothing was built."""
    try:
        raw = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuntimeError("The front end is not built: run `npm ci && npm run build`.") from None
    sprite = url(raw["sprite"])
    return Built(
        script=url(raw["main"]["script"]),
        styles=tuple(url(name) for name in raw["main"]["styles"]),
        sprite=sprite,
        icons={name: drawn_icon(sprite, name) for name in raw["icons"]},
        fonts={subset: url(name) for subset, name in raw["fonts"].items()},
        islands={
            name: (url(island["script"]), tuple(url(style) for style in island["styles"]))
            for name, island in raw["islands"].items()
        },
    )


def drawn_icon(sprite: str, name: str, *, label: Any = "", size: str = "") -> SafeString:
    """An icon as HTML; with a label it speaks, without it is only seen."""
    kind = f"icon{' icon-filled' if name.endswith('-filled') else ''}{f' icon-{size}' if size else ''}"
    spoken = markup('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return markup(
        '<svg class="{}" width="20" height="20" {}><use href="{}#{}"></use></svg>', kind, spoken, sprite, name
    )


def url(name: str) -> str:
    return static(f"ui/dist/{name}")
