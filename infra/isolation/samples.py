"""What the arguments of addresses mean: for each the kind of object it names, or the values that name no object.

The table is complete by proof: an argument that is not here is a deviation of the report.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.db import models

from infra.isolation import clone

# Argument: the model whose number it is; with the space of the route where one word means two things.
OBJECTS = {
    "absence_id": "schedule.Absence",
    "asking_id": "support.Asking",
    "act_id": "registers.BulkAct",
    "ban_id": "contingent.SightBan",
    "batch_id": "imports.ImportBatch",
    "breach_id": "breaches.Breach",
    "busy_id": "schedule.BusyTime",
    "card_id": "schedule.Card",
    "certificate_id": "records.Certificate",
    "charge_id": "contingent.Charge",
    "class_id": "contingent.SchoolClass",
    "course_id": "schedule.Course",
    "document_id": "documents.FrozenDocument",
    "employee_id": "staff.Employee",
    "file_id": "kernel.StoredFile",
    "guardian_id": "contingent.Guardian",
    "job_id": "kernel.Job",
    "lesson_id": "schedule.Lesson",
    "lesson_plan_id": "plans.LessonPlan",
    "orders:line_id": "orders.OrderLine",
    "plans:line_id": "plans.Line",
    "mentorship_id": "journal.Mentorship",
    "note_id": "notify.Notification",
    "opening_id": "journal.Opening",
    "order_id": "orders.Order",
    "passkey_id": "identity.Passkey",
    "period_id": "schedule.Period",
    "plan_id": "plans.Plan",
    "position_id": "staff.Position",
    "pupil_id": "contingent.Pupil",
    "question_id": "schedule.Question",
    "contingent:record_id": "contingent.PupilDocument",
    "staff:record_id": "staff.Education",
    "journal:remark_id": "journal.Remark",
    "plans:remark_id": "plans.Remark",
    "request_id": "identity.RoleRequest",
    "room_id": "schedule.Room",
    "session_id": "identity.Session",
    "set_id": "schedule.BellSet",
    "signature_id": "documents.Signature",
    "special_id": "schedule.SpecialDays",
    "status_id": "contingent.PupilStatus",
    "substitution_id": "schedule.Substitution",
    "support_id": "support.SupportRequest",
    "teacher_id": "staff.Employee",
    "team_id": "plans.Team",
    "template_id": "orders.OrderTemplate",
    "timetable_id": "schedule.Timetable",
    "token_id": "identity.ApiToken",
    "transfer_id": "transfers.Transfer",
    "user_id": "identity.User",
    "view_id": "registers.SavedView",
    "voice_id": "journal.Voice",
    "wish_id": "schedule.DayWish",
    "work_id": "journal.SummativeWork",
}
# Argument: a word that is the same in every school. The space of the route again where it matters.
WORDS = {
    "app": "contingent",
    "authority:code": "school-b",
    "contingent:section": "documents",
    "staff:section": "education",
    "identity:code": "teacher",
    "importer": "pupils",
    "imports:language": "kk",
    "journal:kind": "sor",
    "language": "kk",
    "orders:kind": "enrolment",
    "registers:code": "contingent.pupils",
    "room": "1",
    "schedule:code": "algebra",
    "school:code": "profile",
    "school_id": "00000000-0000-4000-8000-000000000000",
    "slug": "pupils",
    "subject_code": "algebra",
    "desk:code": "school-a",
    "token": "nothing",
    "what": "quality",
    "whose": "classes",
}

# Parameters without which a page understands nothing: words, or the model whose number is meant.
QUERIES = {
    "journal:history": {"lesson": "schedule.Lesson", "pupil": "contingent.Pupil", "kind": "=fo"},
    "journal:needed": {"pupil": "contingent.Pupil"},
    "/api/v1/classes/{}/timetable": {"day": "=2026-11-25"},
    "/api/v1/courses/{}/cells": {"period_id": "schedule.Period"},
    "/api/v1/facts": {"year": "=2026-27"},
    "/api/v1/facts/schools": {"year": "=2026-27"},
    "/api/v1/facts/nodes": {"year": "=2026-27"},
    "/api/v1/periods": {"year": "=2026-27"},
    "/api/v1/courses": {"year": "=2026-27"},
    "/api/v1/classes": {"year": "=2026-27"},
}
_CELL = {
    "id": "00000000-0000-4000-8000-000000000001",
    "lesson_id": "00000000-0000-4000-8000-000000000002",
    "pupil_id": "00000000-0000-4000-8000-000000000003",
    "kind": "fo",
    "field": "points",
    "old": None,
    "new": 9,
}
# Bodies without which an operation understands nothing.
BODIES = {"/api/v1/courses/{}/cells": json.dumps({"operations": [_CELL]}).encode()}
# Acts that say the same whether the object is there or not: doing them twice, or on nothing, does nothing. The report
# holds them to that: another school's object is answered as one that never was.
SAME_ANSWER = frozenset(
    {
        "identity:end_device",
        "identity:end_token",
        "identity:passkey_remove",
        "journal:report_mentor_end",
        "schedule:lesson_restore",
        "schedule:load_lay",
        "schedule:special_put_back",
        "schedule:timetable_pin",
    }
)
# What a colleague has made is open to whoever has this permission for the whole school, beside that of the route.
OPENED_BY = {
    "documents:frozen_file": "journal.sheets",
    "documents:signed": "journal.sheets",
    "plans:copy_lesson_plan": "plans.view",
    "plans:lines": "plans.view",  # and is answered that it is not the asker's to change
    "plans:paste": "plans.view",
    "plans:start_lesson_plan": "plans.view",
    "registers:change_view": "registers.share",
    "registers:first_view": "contingent.lists",
    "registers:remove_view": "registers.share",
}
# Pages that ask for one right more than their door: whoever sees a draft in the book works on it by this one.
FURTHER = {
    "orders:edit_line": "orders.draft",
    "orders:line": "orders.draft",
    "orders:people": "orders.draft",
}
# Where a permission is asked for behind a door that another opens: the method, the route, the words in its address, and
# the body. The whole run looks through all pages of a role besides; a quick one knows these.
WITHIN: dict[str, list[tuple[str, str, dict[str, str], bytes]]] = {
    "contingent.import": [("GET", "imports:upload", {"importer": "pupils"}, b"")],
    "staff.import": [("GET", "imports:upload", {"importer": "staff"}, b"")],
    "registers.share": [
        ("POST", "registers:save_view", {"code": code}, b"name=trial&shared=on")
        for code in ("contingent.pupils", "identity.accounts")
    ],
    "schedule.fill_lesson": [("POST", "schedule:lesson", {}, b"topic=trial&homework=")],
    "staff.view": [("GET", "contingent:classes", {}, b""), ("GET", "family:home", {}, b"")],
}


def model_of(space: str, argument: str) -> type[models.Model] | None:
    label = OBJECTS.get(f"{space}:{argument}") or OBJECTS.get(argument)
    return apps.get_model(label) if label else None


def word_of(space: str, argument: str) -> str | None:
    return WORDS.get(f"{space}:{argument}") or WORDS.get(argument)


def of_school(space: str, arguments: list[str]) -> dict[str, Any]:
    """Values of the served school for the arguments, standing together where one refers to another.

    A model of which there is no row has no value: the caller says so.
    """
    wanted = {name: model for name in arguments if (model := model_of(space, name)) is not None}
    found: dict[str, Any] = {}
    # The most dependent first: a child's guardian says which child.
    for name in sorted(wanted, key=lambda one: -_depth(wanted[one], wanted)):
        rows = wanted[name]._default_manager.order_by("pk")
        here = {f.attname: f for f in wanted[name]._meta.concrete_fields}
        known = {other: value for other, value in found.items() if other in here}
        row = rows.filter(**known).first() or rows.first()
        if row is None:
            continue
        found.setdefault(name, row.pk)
        for other in wanted:
            if getattr(row, other, None) is not None and other != name:
                found[other] = getattr(row, other)
    return found


def query_of(name: str, path: str) -> str:
    """The query string that the route wants, with numbers of the served school."""
    wanted = QUERIES.get(name) or QUERIES.get(path) or {}
    pairs = {}
    for key, what in wanted.items():
        row = None if what.startswith("=") else apps.get_model(what)._default_manager.order_by("pk").first()
        pairs[key] = what[1:] if what.startswith("=") else str(row.pk if row is not None else "")
    return f"?{urlencode(pairs)}" if pairs else ""


def _depth(model: type[models.Model], wanted: dict[str, type[models.Model]]) -> int:
    return sum(field.attname in wanted for field in model._meta.concrete_fields)


def elsewhere(value: Any) -> Any:
    """The same object's number in the school whose keys are its own."""
    return clone.shifted_uuid(value) if isinstance(value, UUID) else clone.shifted_number(int(value))
