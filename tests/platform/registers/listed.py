"""What a page of a list shows, for its tests."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import python_calamine
from django.test import Client

ClientFor = Callable[..., Client]
PUPILS = "/contingent/pupils/"
VIEWS = "/lists/contingent.pupils/views/"


def names(response: Any) -> list[str]:
    return [line.label.split()[0] for line in response.context["list"].lines if not line.is_group]


def heads(response: Any) -> list[str]:
    return [one.code for one in response.context["list"].columns]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def sheet_of(response: Any) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()


def toast_of(client: Client) -> str:
    """The undo's address in the toast that waits for the next page."""
    page = text_of(client.get(PUPILS))
    found = re.search(r'action="(/lists/undo/[^"]+)"', page)
    return found[1] if found else ""
