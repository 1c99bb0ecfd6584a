"""The policy of authentication as a paper: written from the same figures that the product obeys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from documents import engine
from documents.data import Letterhead
from documents.registry import form, letterhead_on
from kernel import clock


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PolicyPaper:
    profile: str
    parts: tuple[Part, ...]


class LineLike(Protocol):
    @property
    def label(self) -> Any: ...
    @property
    def value(self) -> str: ...


class SectionLike(Protocol):
    @property
    def title(self) -> Any: ...
    @property
    def lines(self) -> Iterable[LineLike]: ...


POLICY = form(
    "documents.policy",
    title=_("Rules of authentication and access"),
    version=1,
    since="2026-09-01",
    template="policy.typ",
    data=PolicyPaper,
    archived=False,
    texts={
        "heading": _("Rules of authentication and access"),
        "below": _("part of the documents on information security; profile {profile}"),
        "purpose_title": _("1. Purpose"),
        "purpose": _(
            "These rules say how people prove who they are before they work with the information system, how their passwords and sessions are protected, and how guessing is resisted. They hold for everybody who signs in: operators and support of the supplier, staff of schools and of education authorities, pupils and parents."
        ),
        "access_title": _("2. Access"),
        "access_1": _("Everybody has an account of one’s own. Nothing is allowed that a role does not allow; roles are given by the school itself within bounds that the system keeps."),
        "access_2": _("A first or new password is made by chance, is printed once, opens once and for a limited time. Nobody chooses or sees another’s password."),
        "access_3": _("Whoever reads closed data signs in with a second factor. Before a sensitive act the person shows once more who it is."),
        "access_4": _("With a blocked account, a dismissal or a lost role every session and right ends at once. Every sign-in, refusal and change of rights is written into a log that nobody can change unseen."),
        "figures_title": _("3. Figures"),
        "figures": _("The figures below are those by which the system works: the same file sets the system and writes this document."),
        "rule": _("What is ruled"),
        "figure": _("In figures"),
        "approve": _("Approved by"),
    },
)  # fmt: skip


def pdf(
    *, profile: str, sections: Iterable[SectionLike], language: str, letterhead: Letterhead, on: date
) -> bytes:
    """The rules with these figures, in the language."""
    with translation.override(language):
        parts = tuple(
            Part(str(one.title), tuple((str(line.label), line.value) for line in one.lines))
            for one in sections
        )
    paper = PolicyPaper(profile, parts)
    return engine.pdf(POLICY, paper, letterhead=letterhead, language=language, on=on)


class Printer:
    """The adapter of identity's port; the letterhead is the current organisation's."""

    def print(self, *, profile: str, sections: Iterable[SectionLike], language: str) -> bytes:
        today = clock.today()
        return pdf(
            profile=profile, sections=sections, language=language, letterhead=letterhead_on(today), on=today
        )
