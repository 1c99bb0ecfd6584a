"""Codes of posts, education and subjects with their names, and the role that a post usually has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access import Role
from tenants import reference

# Files say only "higher": which level it was is seen from the diploma.
HIGHER = "higher"

ROLE_OF_POST: dict[str, Role] = {
    "director": Role.DIRECTOR,
    "deputy_academic": Role.DEPUTY_ACADEMIC,
    "deputy_scientific": Role.DEPUTY_ACADEMIC,
    "deputy_educational": Role.DEPUTY_UPBRINGING,
    "deputy_profile": Role.DEPUTY_PROFILE,
    "deputy_household": Role.DEPUTY_FACILITIES,
    "teacher_primary": Role.TEACHER,
    "teacher_subject": Role.TEACHER,
    "teacher_preschool": Role.TEACHER,
    "teacher_nvtp": Role.TEACHER,
    "teacher_pe": Role.TEACHER,
    "psychologist": Role.PSYCHOLOGIST,
    "social_pedagogue": Role.SOCIAL_PEDAGOGUE,
    "educator": Role.EDUCATOR,
    "counsellor": Role.MENTOR,
    "librarian": Role.LIBRARIAN,
    "nurse": Role.NURSE,
    "cook": Role.CANTEEN,
    "secretary": Role.SECRETARY,
    "laboratory_assistant": Role.LAB_ASSISTANT,
}


def roles_of(posts: Iterable[str]) -> list[str]:
    """The roles that usually go with the posts, each once."""
    return list(dict.fromkeys(str(ROLE_OF_POST[code]) for code in posts if code in ROLE_OF_POST))


def posts() -> list[tuple[str, Any]]:
    return [(code, term.name) for code, term in reference.terms("posts").items()]


def post_name(code: str) -> str:
    found = reference.terms("posts").get(code)
    return found.name if found else code


DEPARTMENTS: Mapping[str, Any] = {
    "leader": _("Administration"),
    "teacher": _("Teachers"),
    "support": _("Support of children"),
    "specialist": _("Specialists"),
    "service": _("Service staff"),
}


def department_of(post: str) -> str:
    """The department that the post belongs to, in the reader's language; empty for an unknown post."""
    found = reference.terms("posts").get(post)
    return str(DEPARTMENTS.get(found.extra["category"], "")) if found else ""


def subjects() -> list[tuple[str, Any]]:
    return sorted(((code, one.name) for code, one in reference.subjects().items()), key=lambda pair: pair[1])


def subject_name(code: str) -> str:
    found = reference.subjects().get(code)
    return found.name if found else code


def education() -> list[tuple[str, Any]]:
    return [
        (HIGHER, _("higher")),
        *((code, t.name) for code, t in reference.terms("education_levels").items()),
    ]


def education_name(code: str) -> str:
    return str(dict(education()).get(code, code))


def categories() -> list[tuple[str, Any]]:
    return [(code, term.name) for code, term in reference.terms("categories").items()]


def category_name(code: str) -> str:
    found = reference.terms("categories").get(code)
    return found.name if found else code
