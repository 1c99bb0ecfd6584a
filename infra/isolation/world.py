"""The world of the trials: a school that asks, one with the same keys, one with keys of its own, and those above.

School A is filled by the demo's own code. School B is its copy, row by row: the same primary keys, logins and file
names. School N, of the neighbouring district, is a copy with other keys: every number of its own is there, and in
no other school.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from demo import fill
from demo.district import SMALL
from identity import api as identity
from identity.models import Session, User, UserRole
from identity.services import sessions
from infra.isolation import canaries, clone, filling, resealing
from kernel import clock, tenancy
from kernel.access import ROLES_OF_KIND, Actor, Role
from kernel.tenancy import Kind, TenantRef
from tenants import api, post, provisioning

# Code: kind, the authority above, names. The tests stand in the same world.
TENANTS = {
    "region": (Kind.AUTHORITY, "", "Қарағанды облысы", "Карагандинская область"),
    "authority": (Kind.AUTHORITY, "region", "Қарқаралы ауданы", "Каркаралинский район"),
    "neighbour": (Kind.AUTHORITY, "region", "Шет ауданы", "Шетский район"),
    "school-a": (Kind.SCHOOL, "authority", "А мектебі", "Школа А"),
    "school-b": (Kind.SCHOOL, "authority", "Б мектебі", "Школа Б"),
    "school-n": (Kind.SCHOOL, "neighbour", "Көрші мектеп", "Соседняя школа"),
    "family": (Kind.FAMILY, "", "Отбасы", "Семья"),
    "vendor": (Kind.VENDOR, "", "Жеткізуші", "Поставщик"),
}
BLOCKED = "blocked"
NEWCOMER = "newcomer "  # and a role: who has it since today, and no child, lesson or class
_HASH = "!"  # nobody signs in by password here


def found(mode: str = "demo") -> None:
    """Provision the tenants in a migrated database. Not for trials: letters and figures pass between them."""
    for code, (kind, parent, name_kk, name_ru) in TENANTS.items():
        provisioning.create_tenant(
            code=code, kind=kind, name_kk=name_kk, name_ru=name_ru, mode=mode, parent=parent, language="kk"
        )


@dataclass
class World:
    """The tenants by code, and the accounts by tenant and role: they are signed in by `keys`."""

    refs: dict[str, TenantRef]
    users: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # of the director's program, by school
    planted: dict[str, canaries.Planted] = field(default_factory=dict)

    def of(self, kind: Kind) -> TenantRef:
        """The tenant of the kind that asks."""
        code = {Kind.SCHOOL: "school-a", Kind.AUTHORITY: "authority"}.get(kind, kind.value)
        return self.refs[code]

    @property
    def a(self) -> TenantRef:
        return self.refs["school-a"]

    @property
    def b(self) -> TenantRef:
        return self.refs["school-b"]

    @property
    def n(self) -> TenantRef:
        return self.refs["school-n"]

    def sign_in(self) -> None:
        """New sessions for everybody, just proved and with a second factor."""
        for (code, role), user_id in self.users.items():
            with tenancy.use(self.refs[code]), transaction.atomic():
                user = User.objects.get(pk=user_id)
                key, begun = sessions.begin(user=user, methods="password+totp", device="isolation")
                # Seen ahead: what a request notes of its session is undone with it, and each would note it again.
                Session.objects.filter(pk=begun.pk).update(seen_at=clock.now() + timedelta(hours=2))
                if role == BLOCKED:
                    # The session is whole: it is the account that is closed.
                    User.objects.filter(pk=user_id).update(is_active=False)
                self.keys[code, role] = key


def build(say: Callable[[str], None]) -> World:
    """Fill and copy; the tenants stand already."""
    refs = {code: ref for code in TENANTS if (ref := api.by_code(code)) is not None}
    world = World(refs)
    random.seed(7)
    fill.one_school(world.a, SMALL, lambda line: None)
    for code in ("school-a", "authority", "neighbour", "family", "vendor"):
        _give_accounts(world, code)
    _issue_token(world)
    made, empty = filling.fill_empty_tables(world.a)
    say(f"school A: {made} rows where the demo has none, {len(empty)} tables stay empty")
    clone.copy(world.a, world.b)
    clone.copy(world.a, world.n, other_keys=True)
    resealing.reseal(world.a, world.b, other_keys=False)
    resealing.reseal(world.a, world.n, other_keys=True)
    for code in ("school-b", "school-n"):
        shift = clone.shifted_number if code == "school-n" else int
        for (of, role), user_id in list(world.users.items()):
            if of == "school-a":
                world.users[code, role] = shift(user_id)
    for ref in refs.values():
        with tenancy.use(ref):
            post.ensure_keys()
    clone.copy_facts(world.a, (world.b, world.n))
    for ref in (world.b, world.n):
        world.planted[ref.code] = canaries.plant(ref, closed=resealing.closed_columns(ref))
    say("; ".join(f"{code}: {planted}" for code, planted in world.planted.items()))
    world.sign_in()
    return world


def _issue_token(world: World) -> None:
    """A program of A's director has a token before A is copied, so the copies have its row."""
    with tenancy.use(world.a), transaction.atomic():
        actor = identity.actor_of_user(world.users["school-a", "director"])
        if actor is not None:
            world.tokens["school-a"], _ = identity.issue_token(actor=actor, label="isolation")


def _give_accounts(world: World, code: str) -> None:
    """One account for each role and no other: of the demo's people where one has that role alone, else a new one.

    In a school one more that is surely new, and owns nothing of what is there.
    """
    ref = world.refs[code]
    with tenancy.use(ref), transaction.atomic():
        actor = Actor.system_actor("isolation")
        alone: dict[str, int] = {}
        roles_of: dict[int, set[str]] = {}
        for user_id, role in UserRole.objects.filter(user__is_active=True).values_list(
            "user_id", "role__code"
        ):
            roles_of.setdefault(user_id, set()).add(role)
        for user_id, roles in sorted(roles_of.items()):
            if len(roles) == 1:
                alone.setdefault(next(iter(roles)), user_id)
        wanted = sorted(ROLES_OF_KIND[ref.kind])
        for role in [*wanted, BLOCKED]:
            known = alone.get(role)
            world.users[code, role] = known or _account(
                actor, role, ref, given=wanted[0] if role == BLOCKED else Role(role)
            )
        for role in wanted if ref.kind is Kind.SCHOOL else ():
            world.users[code, NEWCOMER + role] = _account(actor, NEWCOMER + role, ref, given=role)


def _account(actor: Actor, role: str, ref: TenantRef, *, given: Role) -> int:
    person_kind = {Role.PUPIL: "pupil", Role.PARENT: "guardian", Role.GUARDIAN: "guardian"}.get(given)
    [slip] = identity.create_accounts(
        actor=actor,
        accounts=[
            identity.NewAccount(
                person_kind=person_kind or ("staff" if ref.kind is Kind.SCHOOL else "official"),
                person_id=None,
                surname="Сыншы",
                name=role,
                language="kk",
                username=f"try-{role.replace('_', '-').replace(' ', '-')}",
                roles=(given,),
            )
        ],
        password="isolation-trial",
        password_hash=_HASH,
    )
    return slip.user_id
