"""What a family and the pupil are told of the child's days and marks: one message a child and day, and only of that child.

Whoever may see the child is asked of the contingent at the moment of telling, so a guardian under a ban hears nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from identity import api as identity
from kernel import clock
from kernel.access import Actor
from modules.contingent import api as contingent
from modules.contingent.data import PupilInfo
from modules.family import permissions
from modules.journal import api as journal
from modules.journal.data import ABSENCE_LABELS, KIND_LABELS, YEAR_KINDS, mark_text, spoken_time
from modules.schedule import api as schedule
from modules.schedule.data import TimetableLine
from notify import api as notify
from tenants import reference

TOPIC = "family.days"
LESSONS, DAYS = "family.lessons_changed", "family.days_differ"


def _with_lessons(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The day, and each changed lesson with what became of it."""
    day = date.fromisoformat(str(params["day"]))
    told = [_line(one) for one in json.loads(str(params["lessons"]))]
    return {
        **params,
        "day": formats.date_format(day, "j E").lower(),
        "lessons": "; ".join(told) or _("All lessons are as usual again"),
    }


def _line(one: Mapping[str, Any]) -> str:
    subject = reference.subjects().get(one["subject"])
    what = schedule.words_of_fate(
        one["fate"],
        other=(date.fromisoformat(one["day"]), one["lesson"]) if one["day"] else None,
        teacher=one["teacher"],
        why=one["why"],
    )
    return _("{number}. {subject}: {what}").format(
        number=one["number"],
        subject=one["name"] or (subject.name if subject else one["subject"]),
        what=what,
    )


notify.topic(
    TOPIC,
    gettext_lazy("Changes of the child's day"),
    hint=gettext_lazy("Cancelled and moved lessons, another teacher; frost, quarantine, shortened days."),
    permission=permissions.VIEW_CHILD,
)
notify.message(
    LESSONS,
    topic=TOPIC,
    title=gettext_lazy("{name}, {day}: the lessons have changed"),
    body="{lessons}",
    icon="calendar-event",
    values=_with_lessons,
)
notify.message(
    DAYS,
    topic=TOPIC,
    title="{room}, {days}: {what}",
    icon="calendar-event",
    values=schedule.words_of_days,
)


# --- marks, when they have stood long enough (journal.settling)


MARKS_TOPIC, MARKS = "family.marks", "family.marks_told"
MOST_LINES = 12
MOST_LETTERS = 90  # of a comment, in a message


def _with_marks(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """One new thing is the title itself; of several the title says how many."""
    said = [_mark(one) for one in json.loads(str(params["lines"]))]
    if len(said) == 1:
        return {**params, "what": said[0], "lines": ""}
    what = ngettext("{n} new entry in the journal", "{n} new entries in the journal", len(said))
    more = len(said) - MOST_LINES
    shown = said[-MOST_LINES:] if more > 0 else said
    lines = "; ".join(shown)
    if more > 0:
        lines += " " + ngettext("and {n} more", "and {n} more", more).format(n=more)
    return {**params, "what": what.format(n=len(said)), "lines": lines}


def _mark(one: Mapping[str, Any]) -> str:
    known = reference.subjects().get(one["subject"])
    subject = one["name"] or (known.name if known else one["subject"])
    day = formats.date_format(date.fromisoformat(one["day"]), "j E").lower() if one["day"] else ""
    if one["kind"] == "absence":
        what = ABSENCE_LABELS[one["new"]] if one["new"] else _("was at the lesson")
        return _("{subject}, {day}: {what}").format(subject=subject, day=day, what=what)
    if one["kind"].startswith("comment-"):
        if not one["new"]:
            return _("{subject}, {day}: the comment was taken back").format(subject=subject, day=day)
        text = Truncator(one["new"]).chars(MOST_LETTERS)
        return _("{subject}, {day}: “{text}”").format(subject=subject, day=day, text=text)
    if one["kind"].startswith("voice-"):
        if not one["new"]:
            return _("{subject}, {day}: the recorded comment was taken back").format(subject=subject, day=day)
        return _("{subject}, {day}: a comment to listen to, {time}").format(
            subject=subject, day=day, time=spoken_time(one["new"])
        )
    if one["kind"] == "final":
        where, new, old = journal.period_label(one["period"]), mark_text(one["new"]), mark_text(one["old"])
    else:
        of = f"/{one['maximum']}" if one["maximum"] else ""
        what = "" if one["kind"] == "fo" else str({**KIND_LABELS, **YEAR_KINDS}[one["kind"]])
        where = ", ".join(filter(None, (what, day)))
        new, old = (f"{value}{of}" if value else "" for value in (one["new"], one["old"]))
    if not new:
        return _("{subject}, {where}: the mark {old} was taken off").format(
            subject=subject, where=where, old=old
        )
    if old:
        return _("{subject}, {where}: {new} (was {old})").format(
            subject=subject, where=where, new=new, old=old
        )
    return _("{subject}, {where}: {new}").format(subject=subject, where=where, new=new)


notify.topic(
    MARKS_TOPIC,
    gettext_lazy("Marks and absences of the child"),
    hint=gettext_lazy("One message for what was entered; it waits some minutes, so that a slip is not told."),
    permission=permissions.VIEW_CHILD,
)
notify.message(
    MARKS,
    topic=MARKS_TOPIC,
    title="{name} – {what}",
    body="{lines}",
    icon="notebook",
    values=_with_marks,
)


def _together(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was not read yet and what is new: of a cell told twice the last word, beside how it was at first."""
    cells = {one["cell"]: one for one in json.loads(str(old["lines"]))}
    for one in json.loads(str(new["lines"])):
        before = cells.pop(one["cell"], one)
        cells[one["cell"]] = {**one, "old": before["old"]}
    return {**new, "lines": json.dumps(list(cells.values()), ensure_ascii=False)}


def tell_of_marks(*, actor: Actor, pupil_id: UUID, lines: Iterable[Mapping[str, Any]]) -> int:
    """Tell the child's family and the pupil what stands now in the journals; what is unread grows instead of repeating."""
    pupil = contingent.pupil(actor=actor, pupil_id=pupil_id)
    room = contingent.class_of(actor=actor, pupil_id=pupil_id)
    if room is None:
        return 0
    watching = _watching(actor, room.id, [pupil])
    lines = list(lines)
    subjects = {key: _subject(actor, UUID(key)) for key in {one["course"] for one in lines}}
    told = [{**one, **subjects[one["course"]]} for one in lines]
    return notify.tell(
        watching.get(pupil_id, ()),
        MARKS_TOPIC,
        MARKS,
        {"name": pupil.name, "lines": json.dumps(told, ensure_ascii=False)},
        _path("family:child", pupil_id),
        actor=actor,
        group=f"{MARKS}:{pupil_id}",
        together=_together,
    )


def _subject(actor: Actor, course_id: UUID) -> dict[str, str]:
    course = schedule.course(actor=actor, course_id=course_id)
    known = reference.subjects().get(course.subject_code)
    return {"subject": course.subject_code, "name": "" if known else course.subject}


def tell_of_lessons(*, actor: Actor, class_id: UUID, course_ids: Collection[UUID], day: date) -> int:
    """Tell the families of the pupils whom the courses teach how the day is now; nothing of days gone by."""
    if day < clock.today():
        return 0
    lines = [
        one
        for one in schedule.day_of_class(actor=actor, class_id=class_id, day=day)
        if one.fate and not one.is_by_calendar
    ]
    members = {
        key: schedule.members_between(course_id=key, start=day, end=day)
        for key in {*course_ids, *(one.course_id for one in lines)}
    }

    def learns(pupil: PupilInfo, course_id: UUID) -> bool:
        of_course = members[course_id]
        return of_course is None or pupil.id in of_course

    pupils = contingent.pupils_of_class(actor=actor, class_id=class_id, on=day)
    concerned = [one for one in pupils if any(learns(one, key) for key in course_ids)]
    watching = _watching(actor, class_id, concerned)
    told = 0
    for pupil in concerned:
        hers = [_plain(one) for one in lines if learns(pupil, one.course_id)]
        told += notify.tell(
            watching.get(pupil.id, ()),
            TOPIC,
            LESSONS,
            {"name": pupil.name, "day": day.isoformat(), "lessons": json.dumps(hers, ensure_ascii=False)},
            f"{_path('family:child', pupil.id)}?day={day.isoformat()}",
            actor=actor,
            group=f"{LESSONS}:{pupil.id}:{day.isoformat()}",
        )
    return told


def tell_of_days(*, actor: Actor, special_id: UUID, class_ids: Iterable[UUID]) -> int:
    """Tell the families of the classes that days differ, or do not after all; nothing of days that are over."""
    told = 0
    for one in schedule.news_of_days(actor=actor, special_id=special_id, class_ids=class_ids):
        pupils = contingent.pupils_of_class(actor=actor, class_id=one.class_id)
        watching = _watching(actor, one.class_id, pupils)
        told += notify.tell(
            [user for users in watching.values() for user in users],
            TOPIC,
            DAYS,
            {**one.params, "room": one.class_label, "back": int(one.is_back)},
            f"{_path('family:home')}?room={one.class_id}&day={one.first.isoformat()}",
            actor=actor,
            group=f"{DAYS}:{special_id}:{one.class_id}",
        )
    return told


def _watching(actor: Actor, class_id: UUID, pupils: Collection[PupilInfo]) -> dict[UUID, list[int]]:
    """The accounts that are told of each of the class's pupils: of guardians who may see the child, and the child's own."""
    people: dict[UUID, list[UUID]] = {one.id: [one.id] for one in pupils}
    for guardian in contingent.all_guardians(actor=actor, class_id=class_id):
        if guardian.pupil_id in people:
            people[guardian.pupil_id].append(guardian.id)
    readers = identity.actors_of({person for some in people.values() for person in some})
    return {
        pupil_id: [
            reader.user_id
            for person in some
            if (reader := readers.get(person)) is not None
            and reader.user_id is not None
            and reader.may(permissions.VIEW_CHILD)
        ]
        for pupil_id, some in people.items()
    }


def _plain(one: TimetableLine) -> dict[str, Any]:
    """As much of a changed lesson as the message wants, in codes."""
    day, lesson = one.other or (None, 0)
    return {
        "number": one.number,
        "subject": one.subject_code,
        "name": one.name,
        "fate": one.fate,
        "day": day.isoformat() if day else "",
        "lesson": lesson,
        "teacher": one.teacher if one.is_substituted else "",
        "why": one.why,
    }


def _path(name: str, *ids: Any) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, args=ids, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
