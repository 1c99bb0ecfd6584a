"""The review of access on screen, in a workbook and on paper: one list, three shapes.

This module stands above both identity, which knows who holds what, and documents, which prints.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from documents import api as documents
from documents.data import Printed
from documents.excel import Column, Sheet
from identity import api as identity
from identity.data import Held, HeldFilter
from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError

MOST_ON_PAPER = 1000


class TooLong(DomainError):
    message = gettext_lazy("Not more than {most} lines are printed. Choose a role, or take the Excel file.")
    code = "too_long"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    person: str
    username: str
    role: str
    closed_data: bool
    since: str
    until: str
    given_by: str
    seen: str
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What the printed review holds."""

    lines: tuple[ReviewLine, ...]
    people: int
    never: int
    without_factor: int
    on: str
    by: str


def print_review(*, actor: Actor, wanted: HeldFilter, language: str = "") -> Printed:
    """The review as a paper for an inspector, in the names of its day; told to the security log."""
    spoken = language or get_language() or "kk"
    with override(spoken):
        held = identity.all_access(actor=actor, wanted=wanted)
        if len(held) > MOST_ON_PAPER:
            raise TooLong(most=MOST_ON_PAPER)
        lines = tuple(_line(one) for one in held)
    people = {one.user_id: one for one in held}.values()
    closed = {one.user_id for one in held if one.closed_data and not one.second_factor}
    data = Review(
        lines=lines,
        people=len(people),
        never=sum(one.signed_in_at is None for one in people),
        without_factor=len(closed),
        on=clock.today().strftime("%d.%m.%Y"),
        by=actor.name,
    )
    with transaction.atomic():
        audit.record(
            actor=actor, action="school.access.printed", object_type="user", details={"count": len(held)}
        )
    return documents.render("school.access_review", data, language=spoken, actor=actor)


def review_sheet(*, actor: Actor, wanted: HeldFilter) -> Sheet:
    """The review for a workbook; told to the security log."""
    held = identity.all_access(actor=actor, wanted=wanted)
    with transaction.atomic():
        audit.record(
            actor=actor, action="school.access.exported", object_type="user", details={"count": len(held)}
        )
    titles = (
        _("Full name"),
        _("Login"),
        _("Role"),
        _("Closed data"),
        _("From"),
        _("Until"),
        _("Given by"),
        _("Last sign-in"),
        _("Second factor"),
    )
    kinds = ("text", "text", "text", "text", "date", "date", "text", "moment", "text")
    rows = (
        (
            one.person,
            one.username,
            str(one.role),
            _said(one.closed_data),
            one.since,
            one.until,
            one.given_by,
            one.signed_in_at,
            _said(one.second_factor),
        )
        for one in held
    )
    columns = [Column(title, kind) for title, kind in zip(titles, kinds, strict=True)]  # type: ignore[arg-type]
    return Sheet(_("Access review"), columns, rows)


def _line(one: Held) -> ReviewLine:
    seen = one.signed_in_at.astimezone(clock.ALMATY) if one.signed_in_at else None
    return ReviewLine(
        person=one.person,
        username=one.username,
        role=str(one.role),
        closed_data=one.closed_data,
        since=one.since.strftime("%d.%m.%Y"),
        until=one.until.strftime("%d.%m.%Y") if one.until else "",
        given_by=one.given_by,
        seen=seen.strftime("%d.%m.%Y %H:%M") if seen else "",
        second_factor=one.second_factor,
    )


def _said(flag: bool) -> str:
    return _("yes") if flag else _("no")
