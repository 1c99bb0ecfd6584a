"""The one door to the ties between guardians and pupils: who may see a child, and who must not.

A lint keeps every other file of the product away from the tables: what asks here cannot forget a ban.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.contingent import permissions
from modules.contingent.data import BanInfo, GuardianInfo, NewGuardian
from modules.contingent.models import Guardian, Guardianship, Membership, SightBan
from modules.contingent.queries.charges import on_day

_RELATIONS = {code: place for place, code in enumerate(Guardianship.Relation.values)}


def seeing(on: date | None = None) -> QuerySet[Guardianship]:
    """Ties of guardians who may see the child on the day (today by default): whatever a family reads begins here."""
    return Guardianship.objects.exclude(_banned(on))


def seen_by(guardian_id: UUID) -> QuerySet[Guardianship]:
    """Ties to the children whom this guardian may see today."""
    return seeing().filter(guardian_id=guardian_id, pupil__removed_at=None)


def ties(*, pupil_ids: Iterable[UUID]) -> QuerySet[Guardianship]:
    """All ties of the pupils, of banned guardians too: for the school's own card and papers."""
    return Guardianship.objects.filter(pupil_id__in=list(pupil_ids)).select_related("guardian").order_by("id")


def tie(*, pupil_id: UUID, guardian_id: UUID) -> Guardianship | None:
    return ties(pupil_ids=[pupil_id]).filter(guardian_id=guardian_id).first()


def held_tie(*, pupil_id: UUID, guardian_id: UUID) -> Guardianship:
    """The tie, held until the transaction ends; raises NotFound."""
    row = Guardianship.objects.select_for_update().filter(pupil_id=pupil_id, guardian_id=guardian_id).first()
    if row is None:
        raise NotFound
    return row


def guardians_of_card(pupil_id: UUID) -> list[GuardianInfo]:
    """The pupil's guardians, mother first, each with the ban in force. Callers have checked the right to the card."""
    return guardians_of_cards([pupil_id])[pupil_id]


def guardians_of_cards(pupil_ids: Collection[UUID]) -> dict[UUID, list[GuardianInfo]]:
    """The same of many pupils, in two queries."""
    running = running_bans(pupil_ids)
    found: dict[UUID, list[GuardianInfo]] = {key: [] for key in pupil_ids}
    for row in ties(pupil_ids=pupil_ids):
        found[row.pupil_id].append(info_of_guardian(row, running.get((row.pupil_id, row.guardian_id))))
    return {key: sorted(of, key=lambda one: _RELATIONS[one.relation]) for key, of in found.items()}


def info_of_guardian(link: Guardianship, ban: SightBan | None) -> GuardianInfo:
    row = link.guardian
    return GuardianInfo(
        id=row.pk,
        surname=row.surname,
        name=row.name,
        patronymic=row.patronymic,
        phone=row.phone,
        language=row.language,
        relation=link.relation,
        pupil_id=link.pupil_id,
        second_phone=row.second_phone,
        email=row.email,
        work_place=row.work_place,
        post=row.post,
        lives_together=link.lives_together,
        may_collect=link.may_collect and ban is None,
        ban=info_of_ban(ban) if ban else None,
    )


def guardians_to_send(pupil_id: UUID, *, whole_iin: bool) -> tuple[NewGuardian, ...]:
    """The guardians as papers and other schools read them. Callers have checked the right to the card."""
    running = running_bans([pupil_id])
    return tuple(
        to_send(link, running.get((pupil_id, link.guardian_id)), whole_iin=whole_iin)
        for link in ties(pupil_ids=[pupil_id])
    )


def to_send(link: Guardianship, ban: SightBan | None, *, whole_iin: bool) -> NewGuardian:
    copied = ("surname", "name", "patronymic", "phone", "second_phone", "email", "work_place", "post")
    return NewGuardian(
        **{name: getattr(link.guardian, name) for name in copied},
        relation=link.relation,
        iin=link.guardian.iin if whole_iin else "",
        lives_together=link.lives_together,
        may_collect=link.may_collect,
        ban=info_of_ban(ban) if ban else None,
    )


def info_of_ban(row: SightBan) -> BanInfo:
    return BanInfo(since=row.since, until=row.until, ground=row.ground)


def running_bans(pupil_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], SightBan]:
    """Bans in force today, by pupil and guardian."""
    rows = SightBan.objects.filter(on_day(clock.today()), pupil_id__in=list(pupil_ids)).order_by(
        "since", "id"
    )
    return {(row.pupil_id, row.guardian_id): row for row in rows}


def unended_ban(*, pupil_id: UUID, guardian_id: UUID) -> SightBan | None:
    """The ban that is in force or will be, and whose last day has not come."""
    rows = SightBan.objects.filter(
        Q(until=None) | Q(until__gte=clock.today()), pupil_id=pupil_id, guardian_id=guardian_id
    )
    return rows.order_by("since", "id").first()


def unended_bans(pupil_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Pupil and guardian wherever a ban is in force or will be."""
    rows = SightBan.objects.filter(Q(until=None) | Q(until__gte=clock.today()), pupil_id__in=list(pupil_ids))
    return set(rows.values_list("pupil_id", "guardian_id"))


def bans_of(pupil_id: UUID) -> list[SightBan]:
    """All bans of the card with their guardians, the newest first. Callers have checked the right to the card."""
    rows = SightBan.objects.filter(pupil_id=pupil_id).select_related("guardian")
    return list(rows.order_by("-since", "-id"))


def watchers(*, actor: Actor, class_id: UUID | None = None) -> list[GuardianInfo]:
    """Guardians who may see the pupils now in the class (or in any), for notices and the issue of accounts."""
    require(actor, permissions.EDIT)
    places = Membership.objects.filter(on_day(clock.today()))
    if class_id is not None:
        places = places.filter(school_class_id=class_id)
    rows = seeing().filter(pupil_id__in=places.values("pupil_id"), pupil__removed_at=None)
    order = [f"guardian__{part}" for part in ("surname", "name", "patronymic", "id")]
    return [info_of_guardian(row, None) for row in rows.select_related("guardian").order_by(*order, "id")]


def children_by_guardian(guardian_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The children whom each of the guardians may see today."""
    found: dict[UUID, list[UUID]] = {}
    rows = seeing().filter(guardian_id__in=guardian_ids).order_by("id")
    for guardian_id, pupil_id in rows.values_list("guardian_id", "pupil_id"):
        found.setdefault(guardian_id, []).append(pupil_id)
    return found


def is_tied() -> Exists:
    """Of a pupil, as a condition: whether there is any guardian."""
    return Exists(Guardianship.objects.filter(pupil=OuterRef("pk")))


def banned_guardians(pupil_ids: Iterable[UUID]) -> dict[UUID, list[Guardian]]:
    """Who was or is banned to see the pupils, tied to them or not: a list that names him again means this very row."""
    found: dict[UUID, list[Guardian]] = {}
    rows = SightBan.objects.filter(pupil_id__in=list(pupil_ids)).select_related("guardian")
    for one in rows.order_by("guardian_id", "id"):
        known = found.setdefault(one.pupil_id, [])
        if one.guardian not in known:
            known.append(one.guardian)
    return found


def siblings(pupil_id: UUID) -> list[UUID]:
    """Other children of the same guardians, whoever of them may see whom."""
    parents = Guardianship.objects.filter(pupil_id=pupil_id).values("guardian_id")
    rows = Guardianship.objects.filter(guardian_id__in=parents).exclude(pupil_id=pupil_id)
    return list(rows.values_list("pupil_id", flat=True).distinct())


def guardians_tied_to(pupil_ids: Iterable[UUID]) -> set[UUID]:
    """Whoever is tied to the pupils, banned or not: for the closing of accounts."""
    return set(
        Guardianship.objects.filter(pupil_id__in=list(pupil_ids)).values_list("guardian_id", flat=True)
    )


def known_by_name(*, pupil_id: UUID, surname: str, name: str, patronymic: str) -> Guardian | None:
    """One of the child's own, or one who was and is banned, known by no number."""
    return (
        Guardian.objects.filter(
            Exists(Guardianship.objects.filter(pupil_id=pupil_id, guardian_id=OuterRef("pk")))
            | Exists(SightBan.objects.filter(pupil_id=pupil_id, guardian_id=OuterRef("pk"))),
            surname=surname,
            name=name,
            patronymic=patronymic,
        )
        .order_by("id")
        .first()
    )


def _banned(on: date | None) -> Any:
    return Exists(
        SightBan.objects.filter(
            on_day(on or clock.today()), pupil_id=OuterRef("pupil_id"), guardian_id=OuterRef("guardian_id")
        )
    )
