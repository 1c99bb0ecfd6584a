"""What the roles of a person add up to: rows of the tenant, clipped by the ceilings of the product."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language

from identity.models import RightsState, Role, RolePermission, User, UserRole
from kernel import access, clock, memo
from kernel.access import REGISTER, ROLE_LABELS, Actor, Permission, Scope
from kernel.errors import NotAllowed
from kernel.tenancy import current

Grants = Mapping[str, frozenset[Scope]]
_KEPT_SECONDS = 300


def in_force() -> Q:
    """The condition on UserRole that its term includes today."""
    today = clock.today()
    return Q(since__lte=today) & (Q(until=None) | Q(until__gte=today))


def with_rights(rows: QuerySet[Any], user: str) -> QuerySet[Any]:
    """Add to rows their user's roles in force ("code|base") and the tenant's stamp of rights, in the same query."""
    roles = UserRole.objects.filter(in_force(), user_id=OuterRef(user)).order_by("role__code")
    return rows.annotate(
        role_pairs=ArraySubquery(roles.annotate(pair=_pair()).values("pair")),
        rights_stamp=Subquery(RightsState.objects.filter(id=1).values("stamp")[:1]),
    )


def _pair() -> Concat:
    return Concat(F("role__code"), Value("|"), F("role__base"))


_OWN = frozenset({Scope.SELF, Scope.OWN_CHILD})


@dataclass(frozen=True, slots=True)
class Rights:
    """A person's roles, what they are based on, and what is granted."""

    codes: frozenset[str]
    bases: frozenset[str]
    grants: Grants

    @property
    def are_sensitive(self) -> bool:
        """Whether closed data of other people can be opened; one's own and one's child's do not count."""
        return any(REGISTER[code].sensitive and scopes - _OWN for code, scopes in self.grants.items())


# Shared by requests of one process: nobody changes them, and a changed role brings another stamp.
_known: memo.Memo[Rights] = memo.memo(size=5_000, seconds=_KEPT_SECONDS)


def rights_of(pairs: Iterable[str], stamp: str | None) -> Rights:
    """The rights of roles given as "code|base"; remembered until the stamp changes."""
    split = sorted(pair.partition("|")[::2] for pair in pairs)
    codes = frozenset(code for code, _ in split)
    bases = frozenset(base for _, base in split)
    if not codes:
        return Rights(codes, bases, {})
    if stamp is None:
        return Rights(codes, bases, grants_of(codes))
    return _known.get((stamp, codes, bases), lambda: Rights(codes, bases, grants_of(codes)))


def grants_of(codes: Iterable[str]) -> Grants:
    """What the tenant's roles grant together, by their codes; nothing above a ceiling counts."""
    rows = RolePermission.objects.filter(role__code__in=list(codes)).values_list(
        "role__base", "code", "scope"
    )
    return clipped(rows)


_FAMILY_REACH = {
    access.Role.PUPIL: frozenset({Scope.SELF}),
    access.Role.PARENT: frozenset({Scope.OWN_CHILD}),
    access.Role.GUARDIAN: frozenset({Scope.OWN_CHILD}),
}


def reach(declared: Permission, base: str) -> frozenset[Scope]:
    """How far the permission may ever reach for roles made from the base; empty above the ceiling.

    Staff may be given any reach that the permission knows for staff; pupils and parents never more than the
    product gives them, so that no school opens all children to a parent by one wrong tick.
    """
    if base not in declared.ceiling:
        return frozenset()
    role = access.Role(base)
    if role in _FAMILY_REACH:
        return declared.defaults.get(role, _FAMILY_REACH[role])
    known = {scope for r, scopes in declared.defaults.items() if r not in _FAMILY_REACH for scope in scopes}
    return frozenset(known) or frozenset({Scope.SCHOOL})


def clipped(rows: Iterable[tuple[str, str, str]]) -> Grants:
    """Grants from (base, permission, scope), without what the base may never have."""
    grants: dict[str, set[Scope]] = defaultdict(set)
    for base, code, scope in rows:
        declared = REGISTER.get(code)
        if declared is not None and Scope(scope) in reach(declared, base):
            grants[code].add(Scope(scope))
    return MappingProxyType({code: frozenset(scopes) for code, scopes in grants.items()})


def rights_of_user(user_id: int) -> Rights:
    pairs = UserRole.objects.filter(in_force(), user_id=user_id).annotate(pair=_pair())
    return rights_of(pairs.values_list("pair", flat=True), _stamp())


def _stamp() -> str | None:
    return RightsState.objects.filter(id=1).values_list("stamp", flat=True).first()


def changed() -> None:
    """Make every process forget remembered grants once the change is committed."""
    stamp = secrets.token_hex(8)
    if not RightsState.objects.filter(id=1).update(stamp=stamp):
        RightsState.objects.create(id=1, stamp=stamp)


def actor_from(user: User, rights: Rights, **more: Any) -> Actor:
    """The actor that the user is. `roles` names both the school's own roles and those they are made from."""
    return Actor(
        tenant=current(),
        user_id=user.pk,
        name=user.person_name.full,
        person_id=user.person_id,
        person_kind=user.person_kind,
        roles=rights.codes | rights.bases,
        grants=rights.grants,
        language=user.language,
        **more,
    )


def label_of(role: Role) -> Any:
    """The role's own name in the reader's language, or the product's for a given one."""
    russian = (get_language() or "kk").startswith("ru")
    own = (role.name_ru or role.name_kk) if russian else (role.name_kk or role.name_ru)
    if own:
        return own
    return ROLE_LABELS[access.Role(role.base)] if role.base in set(access.Role) else role.code


def own_id(actor: Actor) -> int:
    """The account that acts. The product itself has none and is refused."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def dangerous(grants: Mapping[str, frozenset[Scope]]) -> set[str]:
    """Grants with which one could raise oneself or read others' closed data."""
    return {
        code
        for code, scopes in grants.items()
        if code.startswith("identity.") or (REGISTER[code].sensitive and scopes - _OWN)
    }
