"""The page on the separation of schools, as a director hands it to an inspector: what was tried and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from documents.registry import form


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of one run; nothing in it says whose rows were used."""

    day: date
    time: str
    version: str
    is_clean: bool
    is_quick: bool
    cells: int
    deviations: int
    requests: int
    aimed: int
    foreign_bytes: int
    switches: int
    wrong_rows: int
    queries: int
    foreign_rows: int
    walls: int
    walls_standing: int
    fingerprint: str


REPORT = form(
    "tenants.isolation",
    title=_("Separation of the school's data: results of verification"),
    version=1,
    since="2026-09-01",
    template="isolation.typ",
    data=Report,
    archived=False,
    texts={
        "heading": _("Separation of the school's data"),
        "below": _("results of verification"),
        "clean": _("Nothing of another school could be read or changed, and nothing of this school left to another."),
        "broken": _("The verification found faults. Until they are removed this page is no proof of separation."),
        "how": _(
            "The trials ran on {day} at {time} on the same programs that serve the school, in a database made for them: made-up schools with equal numbers, logins and file names. The data of real schools were not used."
        ),
        "quick": _("This was a shortened run; the full one is made at night."),
        "tried": _("What was tried"),
        "count": _("How many"),
        "found": _("Faults"),
        "cells": _("Pages and operations opened by each role: what is its own, what belongs to another school, without signing in, from a blocked account"),
        "requests": _("Hostile requests with numbers, addresses and keys of another school; of them at records that are there: {aimed}"),
        "switches": _("Switches between schools while connections were cut and statements cancelled"),
        "queries": _("Attacks on the database through a hole that was made on purpose"),
        "walls": _("Walls removed one by one: each removal must be noticed"),
        "explained": _(
            "Each school has a part of the database of its own and a login of its own to it. The login that serves one school has no right to the data of another: such a request is refused by the database itself, even when the program errs."
        ),
        "version": _("Version of the program"),
        "signed": _("This file is signed by the key of the installation; the signature lies in a file beside it and is not an ЭЦП of a person. Fingerprint of the key:"),
    },
)  # fmt: skip
