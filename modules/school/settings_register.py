"""Rules that a school may set for itself. Modules declare theirs in panels.py through modules.school.api:

    school.declare_setting("journal.half_year_fo", _("Share of FO in the mark of a half-year"), default=50, minimum=0,
                           maximum=100, section=_("Marks"), source=_("Order 125, paragraph 28"))

The type is that of the default. Days of the state (holidays, calendars) are reference data, not settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from modules.school.data import Setting, Value

REGISTER: dict[str, Setting] = {}


class UnknownSetting(LookupError):
    """A program asked for a setting that nobody has declared."""


class WrongValue(DomainError):
    message = _("Such a value is not allowed here.")
    code = "wrong_value"


def declare_setting(
    code: str,
    label: Any,
    *,
    default: Value,
    section: Any,
    source: Any = "",
    hint: Any = "",
    minimum: Decimal | int | None = None,
    maximum: Decimal | int | None = None,
    choices: Iterable[tuple[str, Any]] = (),
    unit: Any = "",
    order: int = 50,
) -> Setting:
    """Declare a setting once; a second declaration or a default outside its own bounds raises."""
    if code in REGISTER:
        raise ValueError(f"setting {code} is declared twice")
    declared = Setting(
        code, label, default, section, source, hint, minimum, maximum, tuple(choices), unit, order
    )
    clean(declared, default)
    REGISTER[code] = declared
    return declared


def get(code: str) -> Setting:
    try:
        return REGISTER[code]
    except KeyError:
        raise UnknownSetting(code) from None


def all_settings() -> list[Setting]:
    return sorted(REGISTER.values(), key=lambda one: (one.order, one.code))


def clean(setting: Setting, raw: object) -> Value:
    """The value in the setting's type, or WrongValue when it is no such thing or out of bounds."""
    value = _typed(setting, raw)
    if setting.choices and str(value) not in {code for code, _label in setting.choices}:
        raise WrongValue
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if setting.minimum is not None and value < setting.minimum:
            raise WrongValue(_("Not less than {minimum}."), minimum=setting.minimum)
        if setting.maximum is not None and value > setting.maximum:
            raise WrongValue(_("Not more than {maximum}."), maximum=setting.maximum)
    return value


def _typed(setting: Setting, raw: object) -> Value:
    text = str(raw).strip()
    match setting.default:
        case bool():
            return raw if isinstance(raw, bool) else text.lower() in ("1", "true", "on", "yes")
        case int():
            if not (text.isascii() and text.removeprefix("-").isdecimal()) or len(text) > 9:
                raise WrongValue(_("Type a whole number."))
            return int(text)
        case Decimal():
            try:
                value = Decimal(text.replace(",", "."))
            except InvalidOperation:
                raise WrongValue(_("Type a number.")) from None
            if not value.is_finite():
                raise WrongValue(_("Type a number."))
            return value
        case _:
            if len(text) > 200:
                raise WrongValue
            return text
