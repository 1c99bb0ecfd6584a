"""Reads of orders; every one narrows to the books that the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from kernel import search
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import folded
from kernel.tenancy import current
from modules.orders import kinds, permissions
from modules.orders.data import BookLine, LineInfo, OrderInfo, Register, State, TemplateInfo
from modules.orders.models import Order, OrderLine, OrderTemplate

Orders = QuerySet[Order, Any]


def info(row: Order, lines: Iterable[OrderLine] = ()) -> OrderInfo:
    return OrderInfo(
        id=row.pk,
        register=row.register,
        kind=row.kind,
        state=row.state,
        number=row.number_text,
        date=row.date,
        title_kk=row.title_kk,
        title_ru=row.title_ru,
        language=row.language,
        ground=row.ground,
        executor=row.executor,
        values=row.values,
        lines=tuple(LineInfo(one.pk, one.subject_id, one.subject, one.values) for one in lines),
        cancels_id=row.cancels_id,
        submitted_at=row.submitted_at,
        signed_at=row.signed_at,
        signed_by_name=row.signed_by_name,
        drafted_by_id=row.drafted_by_id,
        drafted_by_name=row.drafted_by_name,
        changed_at=row.changed_at,
    )


def with_lines(row: Order) -> OrderInfo:
    return info(row, OrderLine.objects.filter(order=row).order_by("position", "id"))


def books(*, actor: Actor) -> list[Register]:
    """The books that the actor may open."""
    return [book for book in Register if actor.may(permissions.VIEW[book])]


def may_see(row: Order, *, actor: Actor) -> bool:
    """Whoever may open the book, or drafts such orders."""
    return actor.may(permissions.VIEW[Register(row.register)]) or actor.may(kinds.get(row.kind).permission)


def get_row(*, actor: Actor, order_id: UUID) -> Order:
    row = Order.objects.filter(pk=order_id).first()
    if row is None or actor.tenant != current() or not may_see(row, actor=actor):
        raise NotFound
    return row


def get_order(*, actor: Actor, order_id: UUID) -> OrderInfo:
    """The order with its lines; raises NotFound for those whose book is closed to the actor."""
    return with_lines(get_row(actor=actor, order_id=order_id))


def book(actor: Actor, *, register: Register | str) -> Orders:
    """Orders and drafts of a book, with how many `people` (or things) each is about."""
    require(actor, permissions.VIEW[Register(register)])
    about = OrderLine.objects.filter(order_id=OuterRef("pk")).order_by().values("order_id")
    counted = Coalesce(Subquery(about.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField())
    # The frozen text of a signed order is a page long, and no list shows it.
    return Order.objects.filter(register=register).defer("text").annotate(people=counted)


def naming(rows: Orders, text: str, _actor: Actor) -> Orders:
    """Every word of the text begins the number, or some word of the contents, the executor, or who is in the order."""
    about = Concat("title_kk", Value(" "), "title_ru", Value(" "), "executor")
    rows = rows.annotate(about=folded(about))
    for word in text.split()[: search.MOST_WORDS]:
        called = _lines().filter(search.begins(word), order_id=OuterRef("pk"))
        rows = rows.filter(
            Q(number_text__istartswith=word) | search.begins(word, field="about") | Q(Exists(called))
        )
    return rows


def nearly_naming(rows: Orders, text: str, _actor: Actor) -> list[UUID]:
    """Orders on people whose names are nearly so."""
    lines = _lines().filter(order__in=rows.order_by().values("pk"))
    keys = search.alike(lines, text)
    of = dict(lines.filter(pk__in=keys).values_list("pk", "order_id"))
    return list(dict.fromkeys(of[key] for key in keys))


def _lines() -> QuerySet[OrderLine]:
    return OrderLine.objects.annotate(folded=folded(F("subject")))


def years(*, actor: Actor, register: Register | str) -> list[int]:
    """Calendar years with orders in the book, the newest first."""
    require(actor, permissions.VIEW[Register(register)])
    rows = Order.objects.filter(register=register).order_by()
    return sorted(set(rows.values_list("date__year", flat=True)), reverse=True)


def waiting(*, actor: Actor) -> dict[str, int]:
    """How many drafts wait for a signature, by book. For those who sign."""
    require(actor, permissions.SIGN)
    rows = Order.objects.filter(state=State.DRAFT, register__in=books(actor=actor)).exclude(submitted_at=None)
    return dict(rows.values_list("register").annotate(n=Count("id")).order_by("register"))


def find(*, actor: Actor, text: str, limit: int) -> list[OrderInfo]:
    """Signed orders whose number begins so or whose contents have the words, for the search of the whole product."""
    rows = Order.objects.filter(register__in=books(actor=actor)).exclude(state=State.DRAFT)
    wanted = Q(number_text__istartswith=text) | Q(title_kk__icontains=text) | Q(title_ru__icontains=text)
    return [info(row) for row in rows.filter(wanted).order_by("-date", "-number", "-id")[:limit]]


def orders_of(*, actor: Actor, subject_id: UUID) -> list[OrderInfo]:
    """Signed orders that name the subject, the newest first, as far as the actor may see their books."""
    rows = (
        Order.objects.filter(lines__subject_id=subject_id, register__in=books(actor=actor))
        .exclude(state=State.DRAFT)
        .order_by("-date", "-number", "-id")
    )
    return [info(row) for row in rows]


def references(ids: Iterable[UUID]) -> dict[UUID, OrderInfo]:
    """Numbers and dates of orders, without lines: for modules whose own rows link to them."""
    return {row.pk: info(row) for row in Order.objects.filter(pk__in=set(ids))}


def labels(ids: Iterable[str]) -> dict[str, str]:
    """Numbers and titles of orders by id as text, for the security log."""
    rows = Order.objects.filter(pk__in=list(ids))
    return {str(row.pk): f"{row.number_text} {info(row).title}".strip() for row in rows}


def cancelling(order_id: UUID) -> OrderInfo | None:
    """The order that has cancelled this one, or the draft that would."""
    row = Order.objects.filter(cancels_id=order_id).order_by("-signed_at", "-id").first()
    return info(row) if row else None


def book_lines(*, actor: Actor, register: Register | str, year: int) -> tuple[BookLine, ...]:
    """Signed orders of the year by number, for the printed book."""
    rows = book(actor, register=register).filter(date__year=year).exclude(state=State.DRAFT)
    by = dict(
        Order.objects.filter(register=register, state=State.SIGNED)
        .exclude(cancels=None)
        .values_list("cancels_id", "number_text")
    )
    return tuple(
        BookLine(row.number_text, row.date, info(row).title, row.executor, by.get(row.pk, ""))
        for row in rows.order_by("number", "id")
    )


def last_number(register: Register | str, year: int) -> int:
    """The last number given here in the year; 0 when none was."""
    rows = Order.objects.filter(register=register, year=year).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0


# --- texts


def template_row(*, kind: str, language: str, on: date) -> OrderTemplate | None:
    """The school's own text in force on the day; one without a file says that the given one is."""
    return (
        OrderTemplate.objects.filter(kind=kind, language=language, since__lte=on)
        .order_by("-since", "-uploaded_at")
        .first()
    )


def templates(*, actor: Actor, on: date) -> dict[tuple[str, str], TemplateInfo]:
    """The school's own texts in force on the day, by kind and language."""
    require(actor, permissions.TEMPLATES)
    rows = (
        OrderTemplate.objects.filter(since__lte=on)
        .order_by("kind", "language", "-since", "-uploaded_at")
        .distinct("kind", "language")
    )
    return {(row.kind, row.language): template_info(row) for row in rows if row.file_id}


def template_history(*, actor: Actor, kind: str, language: str) -> list[TemplateInfo]:
    """Every text the school ever had for the kind, the newest first."""
    require(actor, permissions.TEMPLATES)
    rows = OrderTemplate.objects.filter(kind=kind, language=language).order_by("-since", "-uploaded_at")
    return [template_info(row) for row in rows]


def template_info(row: OrderTemplate) -> TemplateInfo:
    return TemplateInfo(
        kind=row.kind,
        language=row.language,
        since=row.since,
        name=row.name,
        uploaded_by=row.uploaded_by_name,
        id=row.pk if row.file_id else None,
    )
