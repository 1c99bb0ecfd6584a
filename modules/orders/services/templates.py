"""The school's own texts: looked through, shown with made-up words, in force from a day on."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from documents import word
from kernel import audit, clock, files, uploads
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.orders import kinds, permissions
from modules.orders.models import OrderTemplate
from modules.orders.services import papers

HELD = "orders.held"


def _look(content: bytes) -> uploads.Seen:
    word.refuse(content)
    return uploads.AsItCame(content, word.MEDIA_TYPE)


WORD = uploads.Kind("word", (".docx",), word.MAX_BYTES, _look, read_at_once=True)


class UnknownWords(DomainError):
    """The template names words that the kind does not know; `words` lists them as they were written."""

    message = _(
        "The template has words that this order does not know: {words}. Correct them and choose the file again."
    )
    code = "unknown_words"

    def __init__(self, words: list[str]) -> None:
        super().__init__(words=", ".join(f"{{{{{one}}}}}" for one in words))
        self.words = words


class NoWords(DomainError):
    message = _("The template has no word in double braces: every order would look the same.")
    code = "no_words"


class Back(DomainError):
    message = _("A text is in force from today or a later day: what was signed before keeps its own.")
    code = "back_in_time"


def examine(*, actor: Actor, kind: str, content: bytes) -> list[str]:
    """Refuse what is no safe document or names unknown words; answer which known words it leaves out.

    Raises documents.word.BadDocument, UnknownWords, NoWords.
    """
    require(actor, permissions.TEMPLATES)
    declared = kinds.get(kind)
    word.refuse(content)
    used = word.placeholders(content)
    known = [one.code for one in papers.placeholders(declared)]
    if unknown := sorted(used - set(known)):
        raise UnknownWords(unknown)
    if not used:
        raise NoWords
    return [code for code in known if code not in used]


def hold(*, actor: Actor, content: bytes, name: str) -> UUID:
    """Keep a document that has passed `examine` until the person has looked at it. Raises as uploads.admit does."""
    require(actor, permissions.TEMPLATES)
    return uploads.keep(
        actor=actor, name=name, upload=uploads.admit(WORD, content, actor=actor), purpose=HELD
    ).pk


@transaction.atomic
def take_held(*, actor: Actor, kind: str, language: str, held: UUID, since: date) -> OrderTemplate:
    """Let the document that was held be in force. Raises what `take` raises, and NotFound for another's."""
    require(actor, permissions.TEMPLATES)
    row, content = files.read(file_id=held, purpose=HELD)
    if row.user_id != actor.user_id:
        raise NotFound
    made = take(actor=actor, kind=kind, language=language, content=content, name=row.name, since=since)
    files.delete(file_id=held)
    return made


def content(*, actor: Actor, template_id: UUID) -> bytes:
    """The document of a version. Raises NotFound."""
    require(actor, permissions.TEMPLATES)
    row = OrderTemplate.objects.filter(pk=template_id).exclude(file_id=None).first()
    if row is None or row.file_id is None:
        raise NotFound
    return files.read(file_id=row.file_id, purpose=papers.PURPOSE)[1]


@transaction.atomic
def take(*, actor: Actor, kind: str, language: str, content: bytes, name: str, since: date) -> OrderTemplate:
    """Let the school's own text be in force from the day on. Raises what `examine` raises, and Back."""
    examine(actor=actor, kind=kind, content=content)
    if since < clock.today():
        raise Back
    kept = uploads.keep(
        actor=actor, name=name, upload=uploads.admit(WORD, content, actor=actor), purpose=papers.PURPOSE
    )
    return _add(
        OrderTemplate(
            kind=kind,
            language=language,
            since=since,
            name=kept.name,
            file_id=kept.pk,
            sha256=hashlib.sha256(content).hexdigest(),
        ),
        actor=actor,
    )


@transaction.atomic
def use_given(*, actor: Actor, kind: str, language: str) -> OrderTemplate:
    """Go back to the text that came with the product, from today on."""
    require(actor, permissions.TEMPLATES)
    kinds.get(kind)
    return _add(OrderTemplate(kind=kind, language=language, since=clock.today()), actor=actor)


def _add(row: OrderTemplate, *, actor: Actor) -> OrderTemplate:
    row.uploaded_at, row.uploaded_by_name = clock.now(), actor.system or actor.name
    row.save(force_insert=True)
    audit.record(
        actor=actor,
        action="orders.template.changed",
        object_type="order_template",
        object_id=row.pk,
        details={
            "kind": row.kind,
            "language": row.language,
            "since": row.since.isoformat(),
            "given": row.file_id is None,
        },
    )
    return row
