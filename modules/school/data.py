"""What crosses the door of the module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.access import Permission

LOGO = "school.logo"  # the purpose of the logo's stored file
Value = bool | int | str | Decimal


class Ownership(StrEnum):
    STATE = "state"
    PRIVATE = "private"


class SchoolKind(StrEnum):
    """Kinds of general education schools by the ministry's nomenclature, as far as they differ in the product."""

    GENERAL = "general"
    LYCEUM = "lyceum"
    GYMNASIUM = "gymnasium"
    SMALL = "small"
    BASIC = "basic"
    PRIMARY = "primary"
    BOARDING = "boarding"
    EVENING = "evening"
    SPECIAL = "special"


OWNERSHIP_LABELS: dict[str, Any] = {
    Ownership.STATE: pgettext_lazy("ownership of a school", "State"),
    Ownership.PRIVATE: pgettext_lazy("ownership of a school", "Private"),
}
KIND_LABELS: dict[str, Any] = {
    SchoolKind.GENERAL: _("General secondary school"),
    SchoolKind.LYCEUM: _("School-lyceum"),
    SchoolKind.GYMNASIUM: _("School-gymnasium"),
    SchoolKind.SMALL: _("Small school with joined classes"),
    SchoolKind.BASIC: _("Basic secondary school"),
    SchoolKind.PRIMARY: _("Primary school"),
    SchoolKind.BOARDING: _("Boarding school"),
    SchoolKind.EVENING: _("Evening school"),
    SchoolKind.SPECIAL: _("Special school"),
}
LANGUAGE_LABELS: dict[str, Any] = {
    "kk": pgettext_lazy("language of instruction", "Kazakh"),
    "ru": pgettext_lazy("language of instruction", "Russian"),
    "ug": pgettext_lazy("language of instruction", "Uyghur"),
    "uz": pgettext_lazy("language of instruction", "Uzbek"),
    "tg": pgettext_lazy("language of instruction", "Tajik"),
    "en": pgettext_lazy("language of instruction", "English"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The school as it was on a day. `since` is None while nobody has filled the profile."""

    name_kk: str
    name_ru: str
    short_kk: str = ""
    short_ru: str = ""
    bin: str = ""
    kato: str = ""
    address_kk: str = ""
    address_ru: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    kind: str = SchoolKind.GENERAL.value
    ownership: str = Ownership.STATE.value
    languages: tuple[str, ...] = ()
    shifts: int = 1
    capacity: int | None = None
    director: str = ""
    post_kk: str = ""
    post_ru: str = ""
    seal: bool = True
    iik: str = ""
    bank: str = ""
    bik: str = ""
    kbe: str = ""
    logo_id: UUID | None = None
    since: date | None = None
    id: UUID | None = None

    @property
    def name(self) -> str:
        return self.name_ru if _reads_russian() else self.name_kk

    @property
    def short(self) -> str:
        return (self.short_ru if _reads_russian() else self.short_kk) or self.name

    @property
    def address(self) -> str:
        return (
            (self.address_ru if _reads_russian() else self.address_kk) or self.address_kk or self.address_ru
        )


def _reads_russian() -> bool:
    return (get_language() or "kk").startswith("ru")


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule that a school may change inside bounds, and where the rule comes from."""

    code: str
    label: Any
    default: Value
    section: Any
    source: Any = ""
    hint: Any = ""
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    choices: tuple[tuple[str, Any], ...] = ()
    unit: Any = ""
    order: int = 50

    def in_words(self, value: Value) -> str:
        """The value as a person reads it."""
        if isinstance(value, bool):
            return str(_YES if value else _NO)
        said = str(dict(self.choices).get(str(value), value))
        if isinstance(value, Decimal):
            said = number_format(value)
        return f"{said}\u00a0{self.unit}" if self.unit else said


_YES = pgettext_lazy("setting", "yes")
_NO = pgettext_lazy("setting", "no")


@dataclass(frozen=True, slots=True)
class SettingState:
    """A setting as it stands in this school."""

    setting: Setting
    value: Value
    changed_by: str = ""
    changed_on: date | None = None

    @property
    def is_changed(self) -> bool:
        return self.value != self.setting.default

    @property
    def shown(self) -> str:
        return self.setting.in_words(self.value)

    @property
    def shown_default(self) -> str:
        return self.setting.in_words(self.setting.default)


@dataclass(frozen=True, slots=True)
class Look:
    """How far a step of the start has come, as the data tells: done or not, and in words what is there or lacks."""

    done: bool
    said: Any = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the start of a new school. `look(actor=…)` answers from the step's own module.

    `importer` is the code of what can be loaded from a spreadsheet for it; `permission` is who does it; with the
    `goal` reached the start is over.
    """

    code: str
    label: Any
    url_name: str
    look: Callable[..., Look] = field(compare=False)
    hint: Any = ""
    order: int = 50
    importer: str = ""
    permission: Permission | None = None
    may_skip: bool = True
    goal: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A step that the school does not need, and why."""

    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class StepState:
    """A step as it stands in this school, with the ways to do it that are open to the person."""

    step: Step
    done: bool
    said: Any = ""
    url: str = ""
    importer: str = ""
    skipped: Skipped | None = None
    may: bool = True
    fault: str = ""  # what was wrong with the reason just typed

    @property
    def settled(self) -> bool:
        return self.done or self.skipped is not None
