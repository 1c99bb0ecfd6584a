"""Events are promises: names are unique and well formed, and a released payload never changes."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path

from kernel.events import EVENTS, HANDLERS

SNAPSHOT = Path(__file__).with_name("events.json")
NAME = re.compile(r"^[a-z]+(\.[a-z_]+){2,3}\.v\d+$")
PRIMITIVES = re.compile(r"^((str|int|bool|float|None|tuple|list|dict|\.\.\.)|[\[\], |])+$")


def ours() -> dict[str, dict[str, str]]:
    """Events of the product (tests declare their own), with their fields and types."""
    return {
        name: {field.name: _written(field.type) for field in dataclasses.fields(event)}
        for name, event in sorted(EVENTS.items())
        if name and not event.__module__.startswith("tests")
    }


def _written(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def test_names_say_module_thing_and_past_verb() -> None:
    assert [name for name in ours() if not NAME.match(name)] == []
    wrong = [
        name
        for name, event in EVENTS.items()
        if name in ours() and event.__module__.split(".")[-2] != name.split(".")[0]
    ]
    assert wrong == []


def test_payloads_are_primitives() -> None:
    wrong = [
        f"{name}.{field}: {kind}"
        for name, fields in ours().items()
        for field, kind in fields.items()
        if not PRIMITIVES.match(kind)
    ]
    assert wrong == []


def test_released_payloads_stand() -> None:
    """UPDATE_EVENTS=1 takes new events in; a change of a known one wants a v2 beside it."""
    known: dict[str, dict[str, str]] = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else {}
    now = ours()
    if os.environ.get("UPDATE_EVENTS"):
        SNAPSHOT.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")
        known = now
    assert {name: now.get(name) for name in known} == known
    assert sorted(set(now) - set(known)) == [], "take new events in with UPDATE_EVENTS=1"


def test_handlers_hear_events_that_exist() -> None:
    assert set(HANDLERS) <= set(EVENTS)
