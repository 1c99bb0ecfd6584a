"""Secret addresses at which a person's own calendar reads the lessons.

The address is shown once and kept as a digest. Whoever reads by it reads with the rights that its owner has at that
moment: a blocked account, a parent who may no longer see the child, an employee who left get nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from identity import api as identity
from kernel import audit, clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.data import WeekDay
from modules.schedule.lessons import queries
from modules.schedule.models import Feed

BEHIND, AHEAD = timedelta(days=14), timedelta(days=60)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(*, actor: Actor, pupil_id: UUID | None = None) -> Feed | None:
    """The address in force that the actor has, for himself or for a child. Raises NotFound for a child of somebody else."""
    _check(actor, pupil_id)
    return _running(actor, pupil_id).first()


@transaction.atomic
def make_feed(*, actor: Actor, pupil_id: UUID | None = None) -> str:
    """The secret of a new address; the one before stops working. Raises NotFound for a child of somebody else."""
    _check(actor, pupil_id)
    if actor.user_id is None:
        raise NotFound
    _revoke(actor, pupil_id)
    token = secrets.token_urlsafe(32)
    row = Feed.objects.create(
        user_id=actor.user_id,
        pupil_id=pupil_id,
        digest=_digest(token),
        language=actor.language,
        made_at=clock.now(),
    )
    audit.record(actor=actor, action="schedule.feed.made", object_type="feed", object_id=row.pk)
    return token


@transaction.atomic
def revoke_feed(*, actor: Actor, pupil_id: UUID | None = None) -> None:
    """Make the address stop working. Doing it twice is once. Raises NotFound for a child of somebody else."""
    _check(actor, pupil_id)
    if _revoke(actor, pupil_id):
        audit.record(actor=actor, action="schedule.feed.revoked", object_type="feed")


def _check(actor: Actor, pupil_id: UUID | None) -> None:
    """An address is for oneself and for one's own child: whoever sees a child by office has none of the child's."""
    scopes = require(actor, permissions.FEED)
    if pupil_id is None:
        return
    if not scopes & {Scope.OWN_CHILD, Scope.SELF}:
        raise NotFound
    contingent.pupil(actor=actor, pupil_id=pupil_id)


def _revoke(actor: Actor, pupil_id: UUID | None) -> int:
    return _running(actor, pupil_id).update(revoked_at=clock.now())


def _running(actor: Actor, pupil_id: UUID | None) -> QuerySet[Feed]:
    if actor.user_id is None:
        return Feed.objects.none()
    return Feed.objects.filter(user_id=actor.user_id, pupil_id=pupil_id, revoked_at=None)


def read_feed(*, token: str) -> tuple[str, bool, list[WeekDay]]:
    """Language, whether it is a teacher's, and the days around today; raises NotFound for a secret not in force."""
    row = Feed.objects.filter(digest=_digest(token), revoked_at=None).first()
    if row is None:
        raise NotFound
    actor = identity.actor_of_user(row.user_id)
    if not actor.may(permissions.FEED):
        raise NotFound
    today = clock.today()
    with translation.override(row.language):
        pupil_id = row.pupil_id or (actor.person_id if actor.person_kind == "pupil" else None)
        if pupil_id is not None:
            room = contingent.class_of(actor=actor, pupil_id=pupil_id, on=today)
            if room is None:
                return row.language, False, []
            days = queries.days_of_class(
                actor=actor, class_id=room.id, start=today - BEHIND, end=today + AHEAD, with_teachers=False
            )
            return row.language, False, days
        if actor.person_id is None:
            raise NotFound
        days = queries.days_of_teacher(
            actor=actor, teacher_id=actor.person_id, start=today - BEHIND, end=today + AHEAD
        )
        return row.language, True, days
