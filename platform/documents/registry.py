"""The forms that the product can print. Apps declare theirs in printing.py, imported at start.

    documents.form("documents.class_list", _("Class list"), version=1, since="2020-08-01",
                   template="class-list.typ", data=ClassList, texts={"pupil": _("Pupil")})

The part of the code before the dot is the label of the app; its template lies in that app's print/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from documents.data import Letterhead
from kernel.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form, in force from `since`. `texts` are the fixed words of the paper, by key.

    `permission`, when there is one, is asked of whoever opens such a paper in the archive. `tagged` papers tell screen
    readers what is a table and what a heading; of thousands of cells these tags would weigh more than the paper.
    """

    code: str
    title: Any
    version: int
    since: date
    template: str
    data: type
    texts: Mapping[str, Any] = field(default_factory=dict)
    archived: bool = True
    permission: Permission | None = None
    tagged: bool = True

    @property
    def path(self) -> Path:
        from django.apps import apps

        return Path(apps.get_app_config(self.code.partition(".")[0]).path) / "print" / self.template


class UnknownForm(LookupError):
    """No version of such a form is declared for the day: a fault of the program, not of the reader."""


FORMS: dict[str, list[Form]] = {}
LETTERHEADS: list[Callable[[date], Letterhead]] = []


def form(
    code: str,
    title: Any,
    *,
    version: int,
    since: str,
    template: str,
    data: type,
    texts: Mapping[str, Any] | None = None,
    archived: bool = True,
    permission: Permission | None = None,
    tagged: bool = True,
) -> Form:
    """Declare a version of a form. `archived=False` for papers that must not be kept, such as one-time passwords."""
    versions = FORMS.setdefault(code, [])
    declared = Form(
        code,
        title,
        version,
        date.fromisoformat(since),
        template,
        data,
        dict(texts or {}),
        archived,
        permission,
        tagged,
    )
    if any(one.version == version or one.since == declared.since for one in versions):
        raise ValueError(f"form {code} version {version} is declared twice")
    versions.append(declared)
    versions.sort(key=lambda one: one.since)
    return declared


def get(code: str, on: date) -> Form:
    """The version in force on the day: an old paper is printed again in its old form."""
    known = [one for one in FORMS.get(code, []) if one.since <= on]
    if not known:
        raise UnknownForm(f"{code} on {on}")
    return known[-1]


def title_of(code: str, version: int) -> Any:
    return next((one.title for one in FORMS.get(code, []) if one.version == version), code)


def closed_to(actor: Actor) -> list[str]:
    """Codes of forms whose papers the actor may not open in the archive."""
    return [
        code
        for code, versions in FORMS.items()
        if any(one.permission is not None and not actor.may(one.permission) for one in versions)
    ]


def letterhead(provider: Callable[[date], Letterhead]) -> None:
    """Say who gives the head of the paper: a school's details on a day. There is one provider."""
    if LETTERHEADS:
        raise ValueError("the letterhead already has a provider")
    LETTERHEADS.append(provider)


def letterhead_on(day: date) -> Letterhead:
    """The head of the current tenant's paper; only its registered names when nobody knows more."""
    from kernel.tenancy import Kind, current

    here = current()
    if LETTERHEADS and here.kind is Kind.SCHOOL:
        return LETTERHEADS[0](day)
    return Letterhead(name_kk=here.name_kk, name_ru=here.name_ru)
