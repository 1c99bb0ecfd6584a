"""Columns that every list of people has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from registers.declaration import Column


def parts_of_name(of: Callable[[Any], Any]) -> tuple[Column, ...]:
    """Surname, first name and patronymic apart, for a spreadsheet; they wait in the drawer. `of` gives a line's person."""
    return (
        Column(
            code="surname",
            label=_("Surname"),
            value=lambda line: of(line).surname,
            sort=("surname",),
            shown=False,
        ),
        Column(
            code="first_name",
            label=_("First name"),
            value=lambda line: of(line).name,
            sort=("name",),
            shown=False,
        ),
        Column(
            code="patronymic",
            label=_("Patronymic"),
            value=lambda line: of(line).patronymic,
            sort=("patronymic",),
            shown=False,
        ),
    )
