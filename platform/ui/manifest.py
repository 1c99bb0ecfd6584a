"""What the front-end build made: names with hashes, read once per process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.templatetags.static import static

DIST = Path(__file__).parent / "static/ui/dist"


@dataclass(frozen=True)
class Built:
    script: str
    styles: tuple[str, ...]
    sprite: str
    icons: frozenset[str]
    fonts: dict[str, str]
    islands: dict[str, tuple[str, tuple[str, ...]]]


@cache
def built() -> Built:
    """The build's manifest. Fails with advice when nothing was built."""
    try:
        raw = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuntimeError("The front end is not built: run `npm ci && npm run build`.") from None
    return Built(
        script=url(raw["main"]["script"]),
        styles=tuple(url(name) for name in raw["main"]["styles"]),
        sprite=url(raw["sprite"]),
        icons=frozenset(raw["icons"]),
        fonts={subset: url(name) for subset, name in raw["fonts"].items()},
        islands={
            name: (url(island["script"]), tuple(url(style) for style in island["styles"]))
            for name, island in raw["islands"].items()
        },
    )


def url(name: str) -> str:
    return static(f"ui/dist/{name}")
