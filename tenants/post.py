"""Letters between tenants: sealed by the one, opened by the other, and readable to nobody on the way (decision 0015).

    post.send(to=school_id, kind="transfers.asked.v1", body={...}, actor=actor)      # in the sender's transaction

    @post.handles("transfers.asked.v1")                                              # in the receiver's handlers.py
    def asked(letter: Letter, *, actor: Actor) -> None: ...

The server never stands in two schools: the sender's transaction puts the envelope into the public schema, the queue
carries only the receiver's name, and the receiver takes the letter in as itself, in the transaction of what it does
with it. At least once, and a second one is harmless. A handler that fails leaves the letter for the next try.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from kernel import audit, cache, clock, crypto, events, ports, tenancy
from kernel.access import Actor
from kernel.crypto import PublicKeys
from kernel.errors import DomainError
from kernel.models import KeyPair, TakenLetter
from kernel.tenancy import TenantRef, current
from tenants import api
from tenants.models import Envelope, EnvelopeContent, PublicKey, Tenant

log = structlog.get_logger(__name__)

LASTS = timedelta(days=14)
LARGEST = 4 * 1024 * 1024
"""Bytes of a letter's text; its sealed form may have at most a quarter of that (a rule of the database)."""
_WRAPPED = "post.keys"


class NoSuchAddress(DomainError):
    message = _("This school has no letter box on the platform yet. Try again in a minute.")
    code = "no_such_address"


@dataclass(frozen=True, slots=True)
class Letter:
    """What came: from whom, of what kind, when it was written, and what it says."""

    id: UUID
    kind: str
    sender: TenantRef
    written_at: datetime
    body: Mapping[str, Any]


Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register `handler(letter, *, actor)` for the kind; there is one."""

    def decorate(handler: Handler) -> Handler:
        if kind in HANDLERS:
            raise ValueError(f"letters {kind} are handled twice")
        HANDLERS[kind] = handler
        return handler

    return decorate


def reads(kind: str, shape: type[BaseModel], do: Handler) -> None:
    """Have letters of the kind taken in by `do(letter, said, *, actor)`; `said` is the body, read by its shape.

    One of another shape is refused, and the log tells where it is faulty, never what stands there.
    """

    @functools.wraps(do)
    def take(letter: Letter, *, actor: Actor) -> None:
        try:
            said = shape.model_validate(dict(letter.body))
        except ValidationError as faults:
            places = sorted({".".join(map(str, one["loc"])) for one in faults.errors(include_input=False)})
            audit.record(
                actor=actor,
                action="tenants.letter.malformed",
                object_type="letter",
                object_id=letter.id,
                outcome="refused",
                details={"kind": letter.kind, "from": str(letter.sender.id), "places": places[:20]},
            )
            return
        do(letter, said, actor=actor)

    handles(kind)(take)


# --- keys


def ensure_keys() -> int:
    """The number of the current tenant's keys; they are made the first time."""
    number = KeyPair.objects.filter(retired_at=None).values_list("number", flat=True).first()
    return number or _new_keys(1)


@transaction.atomic
def renew_keys(*, actor: Actor) -> int:
    """Give the current tenant a new generation of keys. The old one still opens what is on its way, then it goes."""
    before = KeyPair.objects.select_for_update().filter(retired_at=None).first()
    if before is None:
        return _new_keys(1)
    before.retired_at = clock.now()
    before.save(update_fields=["retired_at"])
    number = _new_keys(before.number + 1)
    audit.record(actor=actor, action="tenants.keys.renewed", object_type="keys", object_id=number)
    return number


@transaction.atomic
def _new_keys(number: int) -> int:
    with connection.cursor() as cursor:  # two workers of one tenant make its first keys once
        cursor.execute("SELECT pg_advisory_xact_lock(7003, hashtext(%s))", [current().schema])
    private, public = crypto.new_keys()
    __, is_new = KeyPair.objects.get_or_create(
        number=number, defaults={"private": crypto.wrap(_WRAPPED, private), "made_at": clock.now()}
    )
    if is_new:
        PublicKey.objects.create(
            tenant_id=current().id, number=number, sealing=public.sealing, signing=public.signing
        )
    return number


def _private(number: int) -> bytes:
    row = KeyPair.objects.filter(number=number).first()
    if row is None:
        raise crypto.Unreadable
    return crypto.unwrap(_WRAPPED, bytes(row.private))


def _public(tenant_id: UUID, number: int | None = None) -> tuple[int, PublicKeys] | None:
    """The tenant's public keys of the generation, or its newest."""
    rows = PublicKey.objects.filter(tenant_id=tenant_id).order_by("-number")
    row = (rows if number is None else rows.filter(number=number)).first()
    return (row.number, PublicKeys(bytes(row.sealing), bytes(row.signing))) if row else None


# --- sending


def has_address(tenant_id: UUID) -> bool:
    """Whether letters can be sealed for the tenant from here."""
    return not ports.is_shut() and PublicKey.objects.filter(tenant_id=tenant_id).exists()


def send(*, to: UUID, kind: str, body: Mapping[str, Any], actor: Actor) -> UUID:
    """Seal a letter and put it in the post, in the caller's transaction: fact and letter stand or fall together.

    The caller has checked the right to what the letter says. Raises NoSuchAddress, and ports.OnlyForTrials where either
    side is a tenant for trials.
    """
    if ports.is_shut():
        raise ports.OnlyForTrials
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("post.send() outside a transaction")
    receiver = (
        Tenant.objects.filter(pk=to, state__in=api.WRITING).exclude(mode__in=tenancy.SHUT_MODES).first()
    )
    keys = _public(to)
    if receiver is None or keys is None:
        raise NoSuchAddress
    text = json.dumps(
        {"kind": kind, "at": clock.now(), "body": body}, cls=DjangoJSONEncoder, ensure_ascii=False
    ).encode()
    if len(text) > LARGEST:
        raise ValueError(f"a letter of {len(text)} bytes")
    number = ensure_keys()
    cover = Envelope(
        id=uuid4(),
        sender_id=current().id,
        receiver_id=to,
        sender_key=number,
        receiver_key=keys[0],
        expires_on=clock.today() + LASTS,
    )
    sealed = crypto.seal(zlib.compress(text, 9), cover=_bytes_of(cover), to=keys[1], by=_private(number))
    cover.save(force_insert=True)
    EnvelopeContent(envelope_id=cover.pk, sealed=sealed).save(force_insert=True)
    audit.record(
        actor=actor,
        action="tenants.letter.sent",
        object_type="letter",
        object_id=cover.pk,
        details={"kind": kind, "to": str(to)},
    )
    events.deliver_after_commit(receiver.ref())
    return cover.pk


def take_back(letter_id: UUID) -> bool:
    """Remove an own letter that the receiver has not taken in; false when it is too late."""
    return bool(Envelope.objects.filter(pk=letter_id, sender_id=current().id).delete()[0])


def on_the_way(letter_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the own letters that wait to be taken in."""
    rows = Envelope.objects.filter(pk__in=list(letter_ids), sender_id=current().id)
    return set(rows.values_list("pk", flat=True))


# --- receiving


def collect(*, limit: int = 100) -> int:
    """Take in the letters that wait for the current tenant, in the order they were written; answer how many.

    Two workers never take the same one. Whatever cannot be read is removed and told to the security log.
    """
    ensure_keys()
    _tidy()
    mine = Envelope.objects.filter(receiver_id=current().id, expires_on__gte=clock.today())
    waiting = list(mine.order_by("id")[:limit])
    letters = []
    for cover in waiting:
        letter = _opened(cover)
        if letter is not None:
            letters.append(letter)
    return sum(_take(letter) for letter in sorted(letters, key=lambda one: (one.written_at, one.id)))


def _opened(cover: Envelope) -> Letter | None:
    try:
        content = EnvelopeContent.objects.filter(pk=cover.pk).first()
        keys = _public(cover.sender_id, cover.sender_key)
        sender = Tenant.objects.filter(pk=cover.sender_id).first()
        if content is None:  # another worker was quicker
            return None
        if keys is None or sender is None:
            raise crypto.Unreadable
        packed = crypto.unseal(
            bytes(content.sealed), cover=_bytes_of(cover), to=_private(cover.receiver_key), by=keys[1]
        )
        told = json.loads(_unpacked(packed))
        return Letter(
            id=cover.pk,
            kind=str(told["kind"]),
            sender=sender.ref(),
            written_at=datetime.fromisoformat(told["at"]),
            body=dict(told["body"]),
        )
    except (crypto.Unreadable, zlib.error, ValueError, KeyError, TypeError):
        log.error("post.unreadable", letter=str(cover.pk))
        with transaction.atomic():
            gone, __ = Envelope.objects.filter(pk=cover.pk).delete()
            if gone:
                _tell_refused(cover.pk, cover.sender_id, "unreadable")
        return None


def _unpacked(packed: bytes) -> bytes:
    """The text of the letter; never more than a letter may have, whatever the packing says."""
    opener = zlib.decompressobj()
    text = opener.decompress(packed, LARGEST)
    if not opener.eof:
        raise crypto.Unreadable
    return text


def _take(letter: Letter) -> int:
    handler = HANDLERS.get(letter.kind)
    if handler is None:  # a newer release of the sender; it waits for ours
        log.warning("post.unknown_kind", kind=letter.kind, letter=str(letter.id))
        return 0
    try:
        with transaction.atomic():
            gone, __ = Envelope.objects.filter(pk=letter.id).delete()
            if not gone:  # another worker was quicker
                return 0
            if TakenLetter.objects.filter(pk=letter.id).exists():
                _tell_refused(letter.id, letter.sender.id, "replayed")
                return 0
            TakenLetter.objects.create(letter_id=letter.id, sender_id=letter.sender.id, at=clock.now())
            handler(letter, actor=Actor.system_actor(f"{handler.__module__}.{handler.__name__}"))
    except Exception:  # whatever a handler raises, the letter waits for the next try
        log.exception("post.failed", kind=letter.kind, letter=str(letter.id))
        return 0
    return 1


def _tell_refused(letter_id: UUID, sender_id: UUID, why: str) -> None:
    audit.record(
        actor=Actor.system_actor("tenants.post"),
        action="tenants.letter.refused",
        object_type="letter",
        object_id=letter_id,
        outcome=why,
        details={"from": str(sender_id)},
    )


def _tidy() -> None:
    """Once an hour: remove what nobody took in time, and what can concern no letter on its way any more."""
    if not cache.add("post.tidied", 1, 3600):
        return
    Envelope.objects.filter(expires_on__lt=clock.today()).delete()
    gone = clock.now() - LASTS - timedelta(days=1)
    KeyPair.objects.filter(retired_at__lt=gone).delete()
    TakenLetter.objects.filter(at__lt=gone).delete()


def _bytes_of(cover: Envelope) -> bytes:
    """What is signed of the cover: a letter under another number, to another reader or of another day is refused."""
    expires: date = cover.expires_on
    return "|".join(
        map(
            str,
            (
                cover.pk,
                cover.sender_id,
                cover.receiver_id,
                cover.sender_key,
                cover.receiver_key,
                expires.isoformat(),
            ),
        )
    ).encode()
