"""Lines of a plan: what is typed into the table, acts on a line, and a table pasted from Excel or Word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kernel.access import requires
from kernel.errors import Conflict, DomainError, NotFound, WrongValue
from kernel.http import Request
from modules.plans import forms, permissions, queries, services
from modules.plans.data import KIND_LABELS, LENGTHS, QUARTERS, NewLine
from modules.plans.models import Plan
from modules.plans.registers import title_of
from modules.plans.rules import reading
from modules.plans.views.parts import frame, refused, to_plan, uuid_of
from modules.plans.views.plans import table_context
from ui import render

FIELDS = ("kind", "section", "topic", "objectives", "hours", "note")


@require_POST
@requires(permissions.WRITE)
def write(request: Request, plan_id: UUID) -> HttpResponse:
    """Write what was typed, then do the act that was pressed: add, copy, up, down, delete, undo, redo.

    The script sends the fields that were changed, with what stood there before, and gets the table anew after an act.
    Without it the whole form comes, and is refused when somebody changed the plan since it was shown.
    """
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    by_script = "changes" in request.POST
    try:
        changes = _told(request.POST["changes"]) if by_script else _typed(request, plan)
        clashes = (
            services.change_lines(actor=request.actor, plan_id=plan.pk, changes=changes) if changes else []
        )
        here = _act(request, plan)
    except NotFound:
        raise
    except DomainError as refusal:
        if by_script:
            raise
        return refused(request, plan, refusal)
    if not by_script:
        return to_plan(plan, **({"line": str(here)} if here else {}))
    return _answer(request, plan, clashes, here)


def _told(text: str) -> list[services.LineChange]:
    """What the script says was changed. Raises WrongValue."""
    try:
        return [
            services.LineChange(UUID(one["line"]), str(one["field"]), str(one["old"]), str(one["new"]))
            for one in json.loads(text)[:2000]
        ]
    except (ValueError, KeyError, TypeError) as fault:
        raise WrongValue from fault


def _typed(request: Request, plan: Plan) -> list[services.LineChange]:
    """What differs in the whole form from the plan as it was shown. Raises Conflict when it was changed since."""
    if request.POST.get("seen") != str(plan.revision):
        raise Conflict
    found = []
    for line in queries.lines_of(plan.pk):
        for field in FIELDS:
            now, new = str(getattr(line, field)), request.POST.get(f"{field}-{line.pk}")
            if new is not None and new != now:
                found.append(services.LineChange(line.pk, field, now, new))
    return found


def _act(request: Request, plan: Plan) -> UUID | None:
    name, __, quarter = request.POST.get("act", "").partition("-")
    line_id = uuid_of(request.POST.get("line", ""))
    if name == "undo":
        services.undo(actor=request.actor, plan_id=plan.pk)
    elif name == "redo":
        services.redo(actor=request.actor, plan_id=plan.pk)
    elif name:
        return services.act(
            actor=request.actor,
            plan_id=plan.pk,
            name=name,
            line_id=None if quarter else line_id,
            quarter=int(quarter) if quarter.isdecimal() else 0,
        )
    return line_id


def _answer(
    request: Request, plan: Plan, clashes: Sequence[services.Conflict], here: UUID | None
) -> JsonResponse:
    plan = queries.get_plan(actor=request.actor, plan_id=plan.pk)
    context = frame(request, plan, "plan")
    answer: dict[str, Any] = {
        "hours": render_to_string("plans/_hours.html", {"hours": context["hours"]}, request),
        "conflicts": [
            {"line": str(one.line_id), "field": one.field, "theirs": one.theirs, "yours": one.yours}
            for one in clashes
        ],
        "here": str(here or ""),
    }
    if request.POST.get("act"):
        context |= table_context(plan, edits=context["edits"], here=here or "")
        answer["table"] = render_to_string("plans/_table.html", context, request)
    return JsonResponse(answer)


# --- pasting


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.WRITE)
def paste(request: Request, plan_id: UUID) -> HttpResponse:
    """A table from Excel or Word: read, shown with the meaning of each column, corrected, and only then written."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    if not queries.may_edit(request.actor, plan):
        return refused(request, plan, services.Frozen())
    form = forms.Paste(request.POST or None)
    context: dict[str, Any] = {"form": form, "plan": plan, "title": title_of(plan)}
    status = 200
    if request.method == "POST" and form.is_valid():
        rows = reading.cells(form.cleaned_data["text"])
        if rows and max(len(row) for row in rows) > 1:
            preview = _preview(request, rows)
            if request.POST.get("step") == "add" and (chosen := _chosen(request, preview["found"])):
                return _added(request, plan, chosen)
            context |= preview
        else:
            form.add_error(
                "text", _("This is no table: mark its cells in Excel or Word and copy them once more.")
            )
    if form.errors:
        status = 422
    return render.page(request, "plans/paste.html", context, help="plans/paste", status=status)


def _preview(request: Request, rows: list[list[str]]) -> dict[str, Any]:
    """The table with the meanings of its columns: as they were known, or as the teacher corrected them."""
    start, meanings = reading.head_of(rows)
    known = [
        said if (said := request.POST.get(f"column-{n}", usual)) in reading.MEANINGS else usual
        for n, usual in enumerate(meanings)
    ]
    first = request.POST.get("quarter", "1")
    found = reading.read(rows, known, start=start, quarter=int(first) if first in ("1", "2", "3", "4") else 1)
    labels = {
        "number": _("Number"), "section": _("Unit"), "topic": _("Topic of the lesson"), "objectives": _("Learning objectives"),
        "hours": _("Hours"), "dates": _("Dates"), "note": _("Note"), "kind": _("Kind"), "quarter": _("Quarter"),
        "": _("is left out"),
    }  # fmt: skip
    troubles = {
        "quarter": _("a quarter begins"), "total": _("a total"), "no_topic": _("without a topic"),
        "cut": _("the topic is too long and is cut"),
    }  # fmt: skip
    lines = [one for one in found if one.line is not None]
    return {
        "found": found,
        "columns": [
            {"place": n, "head": rows[start - 1][n] if start else "", "meaning": one,
             "sample": next((row[n] for row in rows[start:] if row[n]), "")}
            for n, one in enumerate(known)
        ],
        "meanings": [(code, labels[code]) for code in reading.MEANINGS],
        "kinds": [(code, str(label)) for code, label in KIND_LABELS.items()],
        "quarters": QUARTERS,
        "first_quarter": first,
        "lines": [(one, troubles.get(one.trouble, "")) for one in lines],
        "left_out": [(one, troubles.get(one.trouble, "")) for one in found if one.line is None],
        "count": len(lines),
        "hours": sum(one.line.hours for one in lines if one.line),
        "lacks_topic": "topic" not in known,
        "lengths": LENGTHS,
    }  # fmt: skip


def _chosen(request: Request, found: Sequence[reading.Found]) -> list[NewLine]:
    """The lines that were left ticked, with what was corrected in them."""
    chosen = []
    for one in found:
        if one.line is None or request.POST.get(f"take-{one.row}") != "1":
            continue
        said = {
            name: request.POST.get(f"{name}-{one.row}", "") for name in ("quarter", "kind", "topic", "hours")
        }
        line = one.line
        chosen.append(
            NewLine(
                quarter=int(said["quarter"]) if said["quarter"] in ("1", "2", "3", "4") else line.quarter,
                kind=said["kind"] if said["kind"] in KIND_LABELS else line.kind,
                topic=said["topic"].strip()[: LENGTHS["topic"]] or line.topic,
                hours=int(said["hours"])
                if said["hours"].isdecimal() and 0 < int(said["hours"]) <= 40
                else line.hours,
                section=line.section,
                objectives=line.objectives,
                note=line.note,
            )
        )
    return chosen


def _added(request: Request, plan: Plan, chosen: list[NewLine]) -> HttpResponse:
    try:
        made = services.add_lines(actor=request.actor, plan_id=plan.pk, new=chosen)
    except NotFound:
        raise
    except DomainError as refusal:
        return refused(request, plan, refusal)
    text = ngettext(
        "{n} line is added. It can be undone.", "{n} lines are added. It can be undone.", len(made)
    )
    return render.toast(request, to_plan(plan), text.format(n=len(made)))
