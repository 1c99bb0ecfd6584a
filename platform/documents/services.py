"""Printing, numbering and issuing."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation

from documents import engine, registry
from documents.data import Printed
from documents.events import DocumentIssued
from documents.models import IssuedDocument, RegisterCounter
from kernel import clock, files
from kernel.access import Actor
from kernel.events import publish

# One statement takes the row's lock and the number: a second officer waits until the first commits or gives up.
NEXT_NUMBER = (
    "INSERT INTO documents_registercounter AS kept (register, year, last) VALUES (%s, %s, 1) "
    "ON CONFLICT (register, year) DO UPDATE SET last = kept.last + 1 RETURNING last"
)


def render(
    form_code: str, data: Any, *, language: str, actor: Actor, on: date | None = None, number: str = ""
) -> Printed:
    """Print a form. The caller has checked the right to the data; `on` picks the form's version and the letterhead."""
    day = on or clock.today()
    form = registry.get(form_code, day)
    content = engine.pdf(
        form, data, letterhead=registry.letterhead_on(day), language=language, on=day, number=number
    )
    with translation.override(language):
        name = f"{form.title}{f' № {number}' if number else ''}.pdf"
    return Printed(
        content=content,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        form=form.code,
        version=form.version,
        language=language,
        number=number,
    )


def to_png(
    form_code: str, data: Any, *, language: str, actor: Actor, on: date | None = None, ppi: int = 110
) -> list[bytes]:
    """The pages as pictures, for a preview on the screen."""
    day = on or clock.today()
    form = registry.get(form_code, day)
    return engine.pngs(form, data, letterhead=registry.letterhead_on(day), language=language, on=day, ppi=ppi)


def next_number(register: str, year: str, *, actor: Actor) -> int:
    """The next number of the register in the year. Only in a transaction: undone with it, so that no gap is left."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("next_number() outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [register, year])
        return int(cursor.fetchone()[0])


def begin_numbers(register: str, year: str, *, last: int, actor: Actor) -> None:
    """Let the register go on from numbers given on paper; the caller has made sure that none was given here."""
    RegisterCounter.objects.update_or_create(register=register, year=year, defaults={"last": last})


@transaction.atomic
def issue(
    *,
    actor: Actor,
    form_code: str,
    data: Any,
    language: str,
    register: str = "",
    subject_kind: str = "",
    subject_id: UUID | None = None,
    subject: str = "",
    on: date | None = None,
    taken: tuple[str, int, str] | None = None,
) -> Printed:
    """Print a form under the next number of its register and keep it as given out. `register` defaults to the form.

    `taken` is a number that the caller has taken already with next_number: the year, the number, and how it is written.
    """
    day = on or clock.today()
    if not registry.get(form_code, day).archived:
        raise ValueError(f"{form_code} is never kept")
    register = register or form_code
    if taken is None:
        year = clock.school_year_of(day)
        number = next_number(register, year, actor=actor)
        written = str(number)
    else:
        year, number, written = taken
    printed = render(form_code, data, language=language, actor=actor, on=day, number=written)
    kept = files.store(
        actor=actor,
        name=printed.name,
        content=printed.content,
        content_type="application/pdf",
        purpose="documents",
    )
    row = IssuedDocument.objects.create(
        form=form_code,
        version=printed.version,
        language=language,
        register=register,
        year=year,
        number=number,
        sha256=printed.sha256,
        file=kept,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject=subject,
        issued_at=clock.now(),
        issued_by_id=actor.user_id,
        issued_by_name=actor.system or actor.name,
    )
    publish(
        DocumentIssued(document_id=str(row.pk), form=form_code, register=register, year=year, number=number),
        actor=actor,
    )
    return Printed(
        content=printed.content,
        name=printed.name,
        sha256=printed.sha256,
        form=printed.form,
        version=printed.version,
        language=language,
        number=written,
        id=row.pk,
    )
