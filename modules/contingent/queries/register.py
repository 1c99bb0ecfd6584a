"""The list of pupils: who is in it, and what it is narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils.translation import gettext as _

from kernel import clock, search
from kernel.access import Actor, Permission, Scope, require
from modules.contingent import permissions
from modules.contingent.data import PupilInfo
from modules.contingent.models import Membership, Pupil, PupilStatus
from modules.contingent.queries import custody
from modules.contingent.queries.charges import on_day
from modules.contingent.queries.people import (
    ORDER,
    classes_of_year,
    current_year,
    info_of_pupil,
    visible,
)

Pupils = QuerySet[Pupil, Any]

# Numbers are sealed, so no order of theirs is known: who has none comes first.
WITHOUT_IIN = (ExpressionWrapper(Q(iin=""), output_field=BooleanField()).desc(),)


def register_rows(actor: Actor) -> Pupils:
    """Every pupil whom the actor may see, with the class of today (`class_id`, `grade`, `letter`, `language`, `shift`).

    `now` leads to the membership of today, if there is one. The stamps, which no list shows, are left in the database.
    """
    today = clock.today()
    of_today = Q(memberships__since__lte=today) & (
        Q(memberships__until=None) | Q(memberships__until__gte=today)
    )
    rows = Pupil.objects.filter(visible(actor=actor)).defer(
        "folded", "removed_at", "created_at", "changed_at"
    )
    return rows.annotate(
        now=FilteredRelation("memberships", condition=of_today),
        class_id=F("now__school_class_id"),
        grade=F("now__school_class__grade"),
        letter=F("now__school_class__letter"),
        language=F("now__school_class__language"),
        shift=F("now__school_class__shift"),
    )


def class_labels_of_year(*, actor: Actor) -> list[tuple[str, str]]:
    """Ids and labels of the year's classes that the actor sees, in their order, for a choice."""
    if Scope.SCHOOL not in require(actor, permissions.VIEW):
        return [(str(one.pk), one.label) for one in classes_of_year(actor=actor)]
    with connection.cursor() as cursor:
        cursor.execute(_CLASSES, [current_year()])
        return [(str(key), f"{grade}{letter}") for key, grade, letter in cursor.fetchall()]


# Every list offers them, and the ORM takes longer to ask than the server to answer.
_CLASSES = "SELECT id, grade, letter FROM contingent_schoolclass WHERE year = %s ORDER BY grade, length(letter), letter, id"


def of_state(rows: Pupils, state: str) -> Pupils:
    """`here` learn now, `left` have left, `gone` have left or will on a known day; anything else is everybody."""
    today = clock.today()
    if state == "here":
        return rows.filter(Q(left_date=None) | Q(left_date__gte=today))
    if state == "left":
        return rows.filter(left_date__lt=today)
    return rows.exclude(left_date=None) if state == "gone" else rows


def in_class(rows: Pupils, class_id: UUID) -> Pupils:
    """Who is in the class today."""
    members = Membership.objects.filter(
        on_day(clock.today()), pupil_id=OuterRef("pk"), school_class_id=class_id
    )
    return rows.filter(Exists(members))


def with_status(rows: Pupils, code: str, actor: Actor) -> Pupils:
    """Who has the status today, among those whose cards are open to the actor: a status stands on the card."""
    given = PupilStatus.objects.filter(on_day(clock.today()), pupil_id=OuterRef("pk"), code=code)
    return rows.filter(visible(actor=actor, through=permissions.CARD), Exists(given))


def named(rows: Pupils, text: str, actor: Actor) -> Pupils:
    """Whose name begins so; twelve digits find the ИИН, for who may see it."""
    digits = text.replace(" ", "")
    if len(digits) == 12 and digits.isdigit() and actor.may(permissions.REVEAL_IIN):
        return rows.filter(iin=digits)
    return rows.filter(search.begins(text))


def nearly_named(rows: Pupils, text: str, _actor: Actor) -> list[UUID]:
    return search.alike(rows, text)


def register(*, actor: Actor, text: str = "", class_id: UUID | None = None, state: str = "here") -> Pupils:
    """Pupils for a choice, in Kazakh order."""
    rows = named(register_rows(actor), text, actor)
    rows = in_class(rows, class_id) if class_id is not None else of_state(rows, state)
    return rows.order_by(*ORDER)


def find(*, actor: Actor, text: str, limit: int) -> list[PupilInfo]:
    """The first pupils whose name begins so, or nearly so, with their class: for the search of the whole product."""
    known = ("surname", "name", "patronymic", "sex", "birth_date")
    rows = of_state(register_rows(actor), "here").defer(None).only(*known).order_by(*ORDER)
    digits = text.replace(" ", "")
    found = (
        list(named(rows, text, actor)[:limit]) if digits.isdigit() else search.first(rows, text, limit=limit)
    )
    return [
        replace(
            info_of_pupil(row),
            class_id=row.class_id,
            class_label=f"{row.grade}{row.letter}" if row.class_id else "",
        )
        for row in found
    ]


def open_cards(pupil_ids: Iterable[UUID], *, actor: Actor) -> set[UUID]:
    """Those whose cards the actor may read: guardians, statuses, papers."""
    return _opened(list(pupil_ids), actor, permissions.CARD)


def doors(pupil_ids: Iterable[UUID], *, actor: Actor) -> set[UUID]:
    """Those of whose cards some part is open to the actor; the nurse opens the health alone."""
    ids = list(pupil_ids)
    return _opened(ids, actor, permissions.CARD) | _opened(ids, actor, permissions.HEALTH)


def _opened(ids: list[UUID], actor: Actor, right: Permission) -> set[UUID]:
    if not actor.may(right):
        return set()
    if Scope.SCHOOL in actor.scopes(right):
        return set(ids)
    rows = Pupil.objects.filter(visible(actor=actor, through=right), pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def statuses_of_many(pupil_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Codes of the statuses of today. Callers have checked the right to the cards."""
    rows = PupilStatus.objects.filter(on_day(clock.today()), pupil_id__in=list(pupil_ids)).order_by("code")
    found: dict[UUID, list[str]] = {}
    for pupil_id, code in rows.values_list("pupil_id", "code"):
        found.setdefault(pupil_id, []).append(code)
    return found


def guardians_of_many(pupil_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Names and phones of the guardians, with a word at those whom a decision keeps away. Callers have checked the right to the cards."""
    ids = list(pupil_ids)
    banned = custody.running_bans(ids)
    found: dict[UUID, list[str]] = {}
    for link in custody.ties(pupil_ids=ids):
        one = link.guardian
        said = " ".join(filter(None, (one.person_name.full, one.phone)))
        if (link.pupil_id, one.pk) in banned:
            said = _("{name} – may not see the child").format(name=said)
        found.setdefault(link.pupil_id, []).append(said)
    return found
