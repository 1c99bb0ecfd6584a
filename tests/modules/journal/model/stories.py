"""Random stories, each from a number of its own, and the shortest one that still goes wrong."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.modules.journal.model.world import Act, Echo, Meet, Press, Send, Turn, Type

# Few cells and few values, so that people meet in them.
_PAGES, _PUPILS = (0, 1, 1, 2, 3, 3, 4), (0, 0, 0, 1, 2)
_USUAL = (0, 0, 1, 1, 2, 2, 3)  # numbers of values; the last ones are not legal
_FATES = ("arrives", "arrives", "arrives", "unanswered", "waits", "twice", "lost")
FINAL = 5  # the page of the period's marks


def story(number: int) -> list[Act]:
    dice = random.Random(number)
    return [act for _each in range(dice.randint(5, 30)) for act in _acts(dice)]


def _acts(dice: random.Random) -> list[Act]:
    """One thing that somebody does, or two who do the same at the same time."""
    device, fate = dice.choice((0, 0, 1, 2, 3, 3)), dice.choice(_FATES)
    match dice.choices(("type", "final", "send", "meet", "echo", "press", "turn"), (12, 2, 4, 4, 2, 4, 3))[0]:
        case "type":
            return [Type(device, _cells(dice), fate)]
        case "final":
            cell = (FINAL, dice.choice(_PUPILS), "period", "points", dice.choice(_USUAL))
            return [Type(dice.choice((0, 1, 3)), (cell,), fate)]
        case "send":
            return [Send(device, fate)]
        case "meet":
            other = dice.choice([one for one in range(4) if one != device])
            cells = _cells(dice)
            theirs = tuple((*cell[:4], dice.choice(_USUAL)) for cell in cells) + _cells(dice)
            meeting = Meet(device, other, dice.randrange(4))
            return [Type(device, cells, "waits"), Type(other, theirs, "waits"), meeting]
        case "echo":
            return [Echo(device, dice.randrange(10))]
        case "press":
            return [Press(device, dice.choice(("undo", "undo", "mine", "theirs", "reload")))]
    return [Turn(dice.choice(("period", "opening", "substitute", "substitute", "lesson")))]


def _cells(dice: random.Random) -> tuple[tuple[int, int, str, str, int], ...]:
    return tuple(_cell(dice) for _each in range(dice.randint(1, 4)))


def _cell(dice: random.Random) -> tuple[int, int, str, str, int]:
    page, field = dice.choice(_PAGES), dice.choice(("points", "points", "absence", "comment"))
    kind = "sor" if page == 1 and field != "absence" and dice.random() < 0.5 else "fo"
    value = dice.randrange(5) if kind == "sor" and field == "points" else dice.choice(_USUAL)
    return page, dice.choice(_PUPILS), kind, field, value


def shortest(acts: list[Act], goes_wrong: Callable[[list[Act]], bool]) -> list[Act]:
    """Leave out acts, many at once and then fewer, for as long as it still goes wrong."""
    size = len(acts) // 2
    while size:
        at = 0
        while at < len(acts):
            without = acts[:at] + acts[at + size :]
            if goes_wrong(without):
                acts = without
            else:
                at += size
        size //= 2
    return acts
