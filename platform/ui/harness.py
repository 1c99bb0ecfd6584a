"""A journal of invented pupils for the grid island, with a server that can be told to misbehave.

It lives in this process's memory: nothing here is anybody's mark. Closed on live hosts.
"""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from ui import grid, render

ROWS, COLUMNS = 30, 60
MODES = ("ok", "slow", "down", "conflict", "refuse", "signed-out")
SURNAMES = [
    "Ахметова",
    "Әбдірахманов",
    "Божко",
    "Досмағамбетова",
    "Ермек",
    "Жұмабай",
    "Исина",
    "Қасымбекұлы",
    "Нұрланова",
    "Ұзақбай",
]
NAMES = ["Әлия", "Ғалымжан", "Ирина", "Жансая", "Нұрсұлтан", "Айгерім"]

_cells: dict[tuple[str, str, str], tuple[Any, int]] = {}
_seen: dict[str, dict[str, Any]] = {}


def columns() -> list[dict[str, Any]]:
    """Sixty lessons: current marks, a summative work every tenth, the last one closed."""
    start = date(2026, 9, 1)
    found = []
    for index in range(COLUMNS):
        kind = "soch" if index == COLUMNS - 2 else "sor" if index % 10 == 9 else "fo"
        day = start + timedelta(days=2 * index)
        found.append(
            {
                "lesson": f"lesson-{index}",
                "kind": kind,
                "max": {"fo": 10, "sor": 20, "soch": 30}[kind],
                "min": 1 if kind == "fo" else 0,
                "locked": _("The lesson is signed.") if index == 0 else "",
                "day": day.isoformat(),
                "label": f"{day:%d.%m}",
            }
        )
    return found


def pupils() -> list[dict[str, str]]:
    return [
        {"id": f"pupil-{index}", "name": f"{SURNAMES[index % 10]} {NAMES[index % 6]}"}
        for index in range(ROWS)
    ]


def absence() -> list[dict[str, str]]:
    kk = (get_language() or "kk") == "kk"
    return [
        {"code": "unexcused", "letter": "ж" if kk else "н", "label": _("absent without a reason")},
        {"code": "excused", "letter": "д" if kk else "п", "label": _("absent with a reason")},
        {"code": "ill", "letter": "а" if kk else "б", "label": _("ill")},
        {"code": "late", "letter": "к" if kk else "о", "label": _("late")},
    ]


def show(request: HttpRequest) -> HttpResponse:
    """The page."""
    chosen = request.GET.get("mode", "ok")
    mode = chosen if chosen in MODES else "ok"
    heads, people, letters = columns(), pupils(), absence()
    letter_of = {one["code"]: one["letter"] for one in letters}
    chance = random.Random(7)  # noqa: S311 - invented marks
    rows = []
    for number, pupil in enumerate(people, 1):
        cells = []
        for head in heads:
            text, version, absent_version = "", 0, 0
            if chance.random() < 0.35 and head["day"] < "2026-11-20":
                text, version = str(chance.randint(4, head["max"])), 1
            points = _cells.get((head["lesson"], pupil["id"], "points"))
            gone = _cells.get((head["lesson"], pupil["id"], "absence"))
            if points:
                text, version = "" if points[0] is None else str(points[0]), points[1]
            else:
                _cells[head["lesson"], pupil["id"], "points"] = (int(text) if text else None, version)
            if gone:
                absent_version = gone[1]
                text = f"{text} {letter_of.get(gone[0], '')}".strip()
            cells.append((text, version, absent_version))
        rows.append({"number": number, "pupil": pupil, "cells": cells})
    props = {
        "course": "harness",
        "owner": "gallery",
        "saveUrl": f"{reverse('ui:journal_save')}?mode={mode}",
        "historyUrl": reverse("ui:journal_history"),
        "signInUrl": reverse("ui:journal_harness"),
        "language": get_language(),
        "today": clock.today().isoformat(),
        "absence": letters,
        "strings": grid.texts(),
    }
    context = {"columns": heads, "rows": rows, "props": props, "modes": MODES, "mode": mode}
    return render.page(request, "ui/journal_harness.html", context)


def save(request: HttpRequest) -> HttpResponse:
    """Compare and set, as the journal's own service does, or the fault that was asked for."""
    mode = request.GET.get("mode", "ok")
    if mode == "down":
        return HttpResponse(status=503)
    if mode == "signed-out":
        return JsonResponse({"code": "sign_in"}, status=401)
    known = {column["lesson"] for column in columns()}
    operations = [one for one in json.loads(request.body)["operations"] if one["lesson"] in known]
    return JsonResponse({"results": [_answer(one, mode) for one in operations]})


def _answer(one: dict[str, Any], mode: str) -> dict[str, Any]:
    if one["id"] in _seen:
        return _seen[one["id"]]
    key = (one["lesson"], one["pupil"], one["field"])
    value, version = _cells.get(key, (None, 0))
    stranger = {"by": "Ермек А.", "at": clock.now().isoformat()}
    if mode == "conflict" and one["field"] == "points" and one["version"] == version:
        value, version = 4, version + 1
        _cells[key] = (value, version)
    if mode == "refuse":
        message = _("The quarter is closed.")
        return {"id": one["id"], "status": "refused", "value": value, "version": version, "message": message}
    if one["version"] != version:
        return {"id": one["id"], "status": "conflict", "value": value, "version": version, **stranger}
    _cells[key] = (one["new"], version + 1)
    answer = {"id": one["id"], "status": "ok", "value": one["new"], "version": version + 1}
    if len(_seen) < 10_000:
        _seen[one["id"]] = answer
    return {**answer, "summary": {"percent": "78", "recommended": "4"}}


def history(request: HttpRequest) -> HttpResponse:
    key = (request.GET.get("lesson", ""), request.GET.get("pupil", ""), "points")
    value, version = _cells.get(key, (None, 0))
    items = [
        {"at": clock.now().isoformat(), "by": "Ермек А.", "field": "points", "old": "", "new": str(value)}
    ]
    return JsonResponse({"items": items if version else []})
