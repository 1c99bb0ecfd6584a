"""By which way in the data were reached, and what the list says of one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(StrEnum):
    """What is known to have been in the wrong hands."""

    ACCOUNT = "account"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a word
    EVERYTHING = "all"


WAYS: Mapping[str, Any] = {
    Way.ACCOUNT: _("an account"),
    Way.SESSION: _("one sign-in on a device"),
    Way.TOKEN: _("an API token"),
    Way.EVERYTHING: _("the whole school"),
}
SUBJECTS: Mapping[str, Any] = {
    "pupil": pgettext_lazy("of the security log", "pupil"),
    "employee": _("employee"),
    "guardian": _("parent or guardian"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One person concerned: how to reach them, what was seen and changed, when first and last."""

    subject: str
    id: UUID
    name: str
    place: str
    iin: str
    phones: tuple[str, ...]
    looks: int
    changes: int
    what: tuple[Any, ...]
    first_at: datetime
    last_at: datetime

    @property
    def calls(self) -> tuple[tuple[str, str], ...]:
        """Numbers with whose they are."""
        return tuple((one.partition(" ")[0], one.partition(" ")[2]) for one in self.phones)

    @property
    def kind(self) -> Any:
        return SUBJECTS.get(self.subject, self.subject)
