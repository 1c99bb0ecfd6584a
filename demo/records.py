"""The books of a school as they follow from its data, and a dozen certificates of study of this autumn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from demo.order_books import on_day
from identity import api as identity
from identity.models import User
from kernel import clock
from kernel.access import REGISTER, Actor, Role
from kernel.tenancy import TenantRef
from modules.contingent import api as contingent
from modules.records import api as records
from modules.records.api import Wanted

# How many days ago, for which place, in which language.
ISSUED = (
    (76, "on_demand", "kk"), (73, "social_protection", "kk"), (70, "transport", "ru"), (61, "work_of_parent", "kk"),
    (55, "sport", "kk"), (48, "clinic", "ru"), (40, "on_demand", "kk"), (27, "bank", "ru"), (20, "tax", "kk"),
    (12, "embassy", "ru"), (6, "on_demand", "kk"), (1, "social_protection", "kk"),
)  # fmt: skip


def keep(ref: TenantRef, *, many: int) -> tuple[int, int]:
    """Write everybody into the alphabetical book, give out certificates; answer how many of both.

    The caller stands in the school. The oldest certificate is withdrawn, and a family or two wait for theirs.
    """
    written = records.write_in(actor=Actor.system_actor("demo"))
    account = next(iter(identity.users_with_role(Role.SECRETARY)), None)
    name = account.full_name if account else "Хатшы"
    office = _actor(ref, Role.SECRETARY, user_id=account.id if account else None, name=name)
    today = clock.today()
    pupils = _pupils(office, today)
    made = []
    for days, destination, language in ISSUED[-many:]:
        pupil_id = next(pupils, None)
        if pupil_id is not None:
            with on_day(max(today - timedelta(days=days), date(int(clock.school_year_of(today)[:4]), 9, 2))):
                wanted = Wanted(language=language, destination=destination)
                made += records.issue(actor=office, pupil_ids=[pupil_id], wanted=wanted)
    if made:
        records.withdraw(actor=office, certificate_id=made[0].pk, reason="Тегінде қате бар")
    asked: set[UUID] = set()
    for parent in _parents(ref):
        child = next(iter(contingent.children_of(actor=parent, guardian_id=parent.person_id)), None)  # type: ignore[arg-type]
        if child is not None and child.class_id is not None and child.id not in asked:
            asked.add(child.id)
            records.order(actor=parent, pupil_id=child.id, wanted=Wanted(language="kk", destination="bank"))
    return written, len(made)


def _pupils(office: Actor, today: date) -> Iterator[UUID]:
    """One of every other class, of those who were there since the beginning of the year."""
    for one in contingent.classes(actor=office)[::2]:
        found = contingent.pupils_of_class(actor=office, class_id=one.id, on=today)
        for pupil in found[2:3]:
            if pupil.since and pupil.since.month == 9:
                yield pupil.id


def _parents(ref: TenantRef) -> list[Actor]:
    rows = User.objects.filter(person_kind="guardian").exclude(person_id=None).order_by("pk")[2:5]
    return [
        _actor(ref, Role.PARENT, user_id=one.pk, name=one.person_name.full, person_id=one.person_id)
        for one in rows
    ]


def _actor(ref: TenantRef, role: Role, **who: object) -> Actor:
    grants = {p.code: scopes for p in REGISTER.values() if (scopes := p.defaults.get(role))}
    return Actor(tenant=ref, roles=frozenset({str(role)}), grants=grants, language=ref.language, **who)  # type: ignore[arg-type]
