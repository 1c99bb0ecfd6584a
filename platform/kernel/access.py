"""Who may do what: permissions declared once, checked at the door, tested as a table.

A permission names the roles that have it in a new school (with the scope each gets) and the ceiling: the roles
that may ever be given it. The school edits its roles inside the ceilings; nothing is allowed by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.errors import NotAllowed
from kernel.tenancy import Kind, TenantRef, current


class Role(StrEnum):
    """The roles that every new tenant starts with; a school adds its own, each with one of these as its base."""

    DIRECTOR = "director"
    DEPUTY_ACADEMIC = "deputy_academic"
    DEPUTY_UPBRINGING = "deputy_upbringing"
    DEPUTY_PROFILE = "deputy_profile"
    DEPUTY_FACILITIES = "deputy_facilities"
    PSYCHOLOGIST = "psychologist"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    EDUCATOR = "educator"
    MENTOR = "mentor"
    LIBRARIAN = "librarian"
    NURSE = "nurse"
    CANTEEN = "canteen"
    SECRETARY = "secretary"
    LAB_ASSISTANT = "lab_assistant"
    PUPIL = "pupil"
    PARENT = "parent"
    OBSERVER = "observer"
    # authorities
    AUTHORITY_HEAD = "authority_head"
    AUTHORITY_ANALYST = "authority_analyst"
    # family host
    GUARDIAN = "guardian"
    # vendor
    OPERATOR = "operator"
    SUPPORT = "support"


ROLE_LABELS: Mapping[Role, Any] = {
    Role.DIRECTOR: _("Director"),
    Role.DEPUTY_ACADEMIC: _("Deputy director for studies"),
    Role.DEPUTY_UPBRINGING: _("Deputy director for upbringing"),
    Role.DEPUTY_PROFILE: _("Deputy director for profile education"),
    Role.DEPUTY_FACILITIES: _("Deputy director for facilities"),
    Role.PSYCHOLOGIST: _("Psychologist"),
    Role.SOCIAL_PEDAGOGUE: _("Social pedagogue"),
    Role.TEACHER: _("Teacher"),
    Role.CLASS_TEACHER: _("Class teacher"),
    Role.EDUCATOR: _("Educator"),
    Role.MENTOR: _("Mentor"),
    Role.LIBRARIAN: _("Librarian"),
    Role.NURSE: _("Nurse"),
    Role.CANTEEN: _("Canteen worker"),
    Role.SECRETARY: _("Secretary"),
    Role.LAB_ASSISTANT: _("Laboratory assistant"),
    Role.PUPIL: _("Pupil"),
    Role.PARENT: _("Parent"),
    Role.OBSERVER: _("Observer"),
    Role.AUTHORITY_HEAD: _("Head of the education authority"),
    Role.AUTHORITY_ANALYST: _("Methodologist of the education authority"),
    Role.GUARDIAN: pgettext_lazy("family account", "Parent or guardian"),
    Role.OPERATOR: _("Operator"),
    Role.SUPPORT: _("Support"),
}

ROLES_OF_KIND: Mapping[Kind, frozenset[Role]] = {
    Kind.SCHOOL: frozenset(Role)
    - {Role.AUTHORITY_HEAD, Role.AUTHORITY_ANALYST, Role.GUARDIAN, Role.OPERATOR, Role.SUPPORT},
    Kind.AUTHORITY: frozenset({Role.AUTHORITY_HEAD, Role.AUTHORITY_ANALYST}),
    Kind.FAMILY: frozenset({Role.GUARDIAN}),
    Kind.VENDOR: frozenset({Role.OPERATOR, Role.SUPPORT}),
    Kind.PUBLIC: frozenset(),
}

LEADERS = frozenset(
    {Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE, Role.DEPUTY_FACILITIES}
)
STAFF = ROLES_OF_KIND[Kind.SCHOOL] - {Role.PUPIL, Role.PARENT}
EVERYBODY = frozenset(Role)


class Scope(StrEnum):
    """How far a permission reaches. Which rows are one's own is decided by the module's query."""

    SCHOOL = "school"
    OWN_CLASS = "own_class"
    OWN_LESSONS = "own_lessons"
    OWN_CHILD = "own_child"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Permission:
    code: str
    label: Any = field(compare=False)
    defaults: Mapping[Role, frozenset[Scope]] = field(compare=False)
    ceiling: frozenset[Role] = field(compare=False)
    sensitive: bool = field(default=False, compare=False)
    reading: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.code


REGISTER: dict[str, Permission] = {}


def permission(
    code: str,
    label: Any,
    *,
    roles: Mapping[Role, Scope | Iterable[Scope]] | Iterable[Role],
    ceiling: Iterable[Role] | None = None,
    sensitive: bool = False,
    reading: bool = False,
) -> Permission:
    """Declare a permission once, at import of the module's permissions.py. A second declaration raises.

    `roles` given as a set have it for the whole school. `ceiling` defaults to the same roles.
    `sensitive` marks rights over others' closed data: reading through them is logged and wants a second factor.
    `reading` marks rights that open pages and change nothing: these alone can be lent to a visitor (decision 0026).
    """
    if code in REGISTER:
        raise ValueError(f"permission {code} is declared twice")
    defaults: dict[Role, frozenset[Scope]] = {}
    if isinstance(roles, Mapping):
        for role, scopes in roles.items():
            defaults[role] = frozenset({scopes}) if isinstance(scopes, Scope) else frozenset(scopes)
    else:
        defaults = {role: frozenset({Scope.SCHOOL}) for role in roles}
    top = frozenset(ceiling) if ceiling is not None else frozenset(defaults)
    if not set(defaults) <= top:
        raise ValueError(f"permission {code}: a default role stands above the ceiling")
    declared = Permission(code, label, defaults, top, sensitive, reading)
    REGISTER[code] = declared
    return declared


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, and what the asker was given. Made at sign-in check; never outlives a request or a job."""

    tenant: TenantRef
    user_id: int | None = None
    name: str = ""
    person_id: UUID | None = None
    person_kind: str = ""
    roles: frozenset[str] = frozenset()
    grants: Mapping[str, frozenset[Scope]] = field(default_factory=dict)
    language: str = "kk"
    session_id: int | None = None
    token_id: int | None = None
    visit_id: int | None = None
    system: str = ""
    address: str = ""
    request_id: str = ""
    strong: bool = False

    @staticmethod
    def system_actor(name: str) -> Actor:
        """The product itself at work, in the current tenant; it may do what its code does and signs with its name."""
        return Actor(tenant=current(), name=name, system=name)

    def may(self, needed: Permission) -> bool:
        return bool(self.system) or bool(self.grants.get(needed.code))

    def scopes(self, needed: Permission) -> frozenset[Scope]:
        """How far the permission reaches for this actor; empty when not given."""
        if self.system:
            return frozenset({Scope.SCHOOL})
        return self.grants.get(needed.code, frozenset())

    @property
    def rights(self) -> frozenset[tuple[str, frozenset[Scope]]]:
        """All that was granted and how far, as a part of a key."""
        return frozenset(self.grants.items())

    def reaches_school(self, needed: Permission) -> bool:
        return Scope.SCHOOL in self.scopes(needed)

    def speaking(self, language: str) -> Actor:
        return replace(self, language=language)


def require(actor: Actor, needed: Permission) -> frozenset[Scope]:
    """Refuse with NotAllowed unless the actor has the permission here; answer how far it reaches."""
    if actor.tenant != current():
        raise NotAllowed
    scopes = actor.scopes(needed)
    if not scopes:
        raise NotAllowed
    return scopes


View = TypeVar("View", bound=Callable[..., object])


def requires(*needed: Permission) -> Callable[[View], View]:
    """Guard a view: any one of the permissions opens it. Publishes them for menus, REST docs and tests."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                raise SignInNeeded
            if not any(actor.may(p) for p in needed):
                raise NotAllowed
            return view(request, *args, **kwargs)

        guarded.permissions = needed  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def signed_in(view: View) -> View:
    """Guard a view that every signed-in person may open (own settings, own notifications)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
        if getattr(request, "actor", None) is None:
            raise SignInNeeded
        return view(request, *args, **kwargs)

    guarded.permissions = ()  # type: ignore[attr-defined]
    guarded.signed_in = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def public_view(view: View) -> View:
    """Say aloud that anybody may open the view. The list of such views is kept short by a test."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
        return view(request, *args, **kwargs)

    opened.permissions = ()  # type: ignore[attr-defined]
    opened.is_public = True  # type: ignore[attr-defined]
    return cast(View, opened)


class SignInNeeded(Exception):
    """Nobody is signed in; the middleware leads to the sign-in page and back."""
