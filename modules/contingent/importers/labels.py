"""Classes as rows name them."""

from __future__ import annotations

Label = tuple[int, str]


def text_of(label: Label) -> str:
    return f"{label[0]}{label[1]}"
