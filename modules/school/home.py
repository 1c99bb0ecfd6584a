"""What the first page says: a greeting by the clock, the ways a person goes most."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.access import Actor, Role
from ui import registry
from ui.registry import Line

_NIGHT, _MORNING, _NOON, _EVENING = time(4), time(11), time(18), time(23)
MOST_SHORTCUTS = 6
# Fewer actions than this make no block of their own: then the person's menu says where the work is.
FEWEST_ACTIONS = 3
_LEFT_OUT = {"today", "settings"}
FAMILY = {Role.PARENT.value, Role.PUPIL.value}


def greeting() -> Any:
    """Good morning from four, good day from eleven, good evening from six."""
    now = clock.now().astimezone(clock.ALMATY).time()
    if _NIGHT <= now < _MORNING:
        return _("Good morning, {name}!")
    if _MORNING <= now < _NOON:
        return _("Good afternoon, {name}!")
    return _("Good evening, {name}!")


def first_names(full_name: str) -> str:
    """How a person is spoken to at a school: the name and the patronymic, without the surname."""
    parts = full_name.split()
    return " ".join(parts[1:]) if len(parts) > 1 else full_name


def shortcuts(actor: Actor) -> list[Line]:
    """What the person does again and again; for those with hardly any such action, the first lines of the menu."""
    actions = registry.actions_for(actor)
    if len(actions) >= FEWEST_ACTIONS:
        return actions[:MOST_SHORTCUTS]
    lines = [
        line
        for section in registry.menu_for(actor)
        if section.code not in _LEFT_OUT
        for line in section.lines
    ]
    return lines[:MOST_SHORTCUTS]


def is_family(actor: Actor) -> bool:
    """True for parents and pupils who have no other role here."""
    return bool(actor.roles & FAMILY) and not actor.roles - FAMILY
