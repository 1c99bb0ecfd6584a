"""The roles of a new tenant and what they may do; after a release, what the release added and nothing else."""

from __future__ import annotations

from identity import rights
from identity.models import RightsState, Role, RolePermission
from kernel.access import REGISTER, ROLES_OF_KIND
from kernel.tenancy import TenantRef


def seed(ref: TenantRef) -> None:
    """Give the tenant its kind's roles with their defaults.

    Which defaults were ever given out is remembered, so that a second run gives only new ones and never returns
    what the school has taken away.
    """
    kinds_roles = ROLES_OF_KIND[ref.kind]
    Role.objects.bulk_create(
        [Role(code=role, base=role, is_given=True) for role in sorted(kinds_roles)], ignore_conflicts=True
    )
    state, __ = RightsState.objects.select_for_update().get_or_create(id=1, defaults={"stamp": "new"})
    known = set(state.seeded)
    ids = dict(Role.objects.filter(is_given=True).values_list("code", "id"))
    rows, given = [], []
    for declared in REGISTER.values():
        for role, scopes in declared.defaults.items():
            mark = f"{role}:{declared.code}"
            if role in kinds_roles and mark not in known:
                given.append(mark)
                rows += [RolePermission(role_id=ids[role], code=declared.code, scope=s) for s in scopes]
    if given:
        RolePermission.objects.bulk_create(rows, ignore_conflicts=True)
        RightsState.objects.filter(id=1).update(seeded=sorted(known | set(given)))
        rights.changed()
