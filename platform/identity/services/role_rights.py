"""Roles themselves: what each may do, inside the ceilings of the product."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity import permissions, rights
from identity.models import Role, RolePermission, UserRole
from identity.services.roles import POWER, RaisesYourself, RoleAboveYours
from kernel import access, audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotAllowed
from kernel.tenancy import Kind, current


class RoleInUse(DomainError):
    message = _("People still have this role. Take it from them first.")
    code = "role_in_use"


class GivenRoleStays(DomainError):
    message = _("This role belongs to the product; it can be changed but not removed.")
    code = "given_role_stays"


class KeysStayWithTheHead(DomainError):
    message = _("The head's role keeps the rights over accounts and roles, or nobody could give them back.")
    code = "keys_stay_with_the_head"


class PowerNeedsTwo(NotAllowed):
    message = _(
        "People have this role, and power over roles is given by two. Copy the role, add the right to the copy "
        "and give that: a second person approves it."
    )
    code = "power_needs_two"


class AboveTheCeiling(NotAllowed):
    message = _("Such a role may never have this right: {right}")
    code = "above_the_ceiling"


_HEADS = {access.Role.DIRECTOR, access.Role.AUTHORITY_HEAD, access.Role.OPERATOR}
Grant = tuple[str, str]


@transaction.atomic
def edit_role(*, actor: Actor, role: str, grants: Iterable[Grant]) -> None:
    """Let the role have exactly these (permission, scope) pairs.

    Refuses what stands above the ceiling, more rights for a role that the editor has, and power over accounts
    that the editor has not.
    """
    require(actor, permissions.EDIT_ROLES)
    row = Role.objects.select_for_update().get(code=role)
    wanted = set(grants)
    had = set(RolePermission.objects.filter(role=row).values_list("code", "scope"))
    for code, scope in wanted:
        declared = access.REGISTER.get(code)
        if declared is None or scope not in rights.reach(declared, row.base):
            raise AboveTheCeiling(right=declared.label if declared else code)
    added, removed = wanted - had, had - wanted
    removed = {pair for pair in removed if pair[0] in access.REGISTER}
    if added and not actor.system:
        if _is_mine(actor, row):
            raise RaisesYourself
        if {code for code, _scope in added if code.startswith("identity.")} - set(actor.grants):
            raise RoleAboveYours
        if current().kind is Kind.SCHOOL and POWER & {code for code, _scope in added} and _is_held(row):
            raise PowerNeedsTwo
    if row.is_given and row.base in _HEADS and any(code.startswith("identity.") for code, _scope in removed):
        raise KeysStayWithTheHead
    if not added and not removed:
        return
    for code, scope in removed:
        RolePermission.objects.filter(role=row, code=code, scope=scope).delete()
    RolePermission.objects.bulk_create(
        RolePermission(role=row, code=code, scope=scope) for code, scope in sorted(added)
    )
    rights.changed()
    audit.record(
        actor=actor,
        action="identity.role.edited",
        object_type="role",
        object_id=role,
        details={"added": sorted(map(":".join, added)), "removed": sorted(map(":".join, removed))},
    )


def _is_mine(actor: Actor, row: Role) -> bool:
    return UserRole.objects.filter(rights.in_force(), user_id=actor.user_id or 0, role=row).exists()


def _is_held(row: Role) -> bool:
    """Whether somebody has the role now or will have it."""
    return UserRole.objects.filter(Q(until=None) | Q(until__gte=clock.today()), role=row).exists()


@transaction.atomic
def copy_role(*, actor: Actor, role: str, name_kk: str, name_ru: str) -> str:
    """Make the school's own role from another one, with the same rights; answer its code."""
    require(actor, permissions.EDIT_ROLES)
    row = Role.objects.get(code=role)
    grants = list(RolePermission.objects.filter(role=row).values_list("code", "scope"))
    if not actor.system and {c for c, _scope in grants if c.startswith("identity.")} - set(actor.grants):
        raise RoleAboveYours
    taken = set(Role.objects.values_list("code", flat=True))
    code = next(c for n in range(1, 1000) if (c := f"{row.base[:32]}-{n}") not in taken)
    own = Role.objects.create(code=code, base=row.base, name_kk=name_kk.strip(), name_ru=name_ru.strip())
    RolePermission.objects.bulk_create(RolePermission(role=own, code=c, scope=scope) for c, scope in grants)
    audit.record(
        actor=actor, action="identity.role.copied", object_type="role", object_id=code, details={"from": role}
    )
    return code


@transaction.atomic
def rename_role(*, actor: Actor, role: str, name_kk: str, name_ru: str) -> None:
    """Give the role the school's own name in both languages; empty ones bring the product's back."""
    require(actor, permissions.EDIT_ROLES)
    row = Role.objects.select_for_update().get(code=role)
    row.name_kk, row.name_ru = name_kk.strip(), name_ru.strip()
    row.save(update_fields=["name_kk", "name_ru"])
    audit.record(actor=actor, action="identity.role.renamed", object_type="role", object_id=role)


@transaction.atomic
def remove_role(*, actor: Actor, role: str) -> None:
    """Remove one of the school's own roles that nobody ever had."""
    require(actor, permissions.EDIT_ROLES)
    row = Role.objects.select_for_update().get(code=role)
    if row.is_given:
        raise GivenRoleStays
    if UserRole.objects.filter(role=row).exists():
        raise RoleInUse
    row.delete()
    rights.changed()
    audit.record(actor=actor, action="identity.role.removed", object_type="role", object_id=role)
