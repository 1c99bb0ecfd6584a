"""Reads of orders; every one narrows to the books that the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.tenancy import current
from modules.orders import kinds, permissions
from modules.orders.data import BookLine, LineInfo, OrderInfo, Register, State, TemplateInfo
from modules.orders.models import Order, OrderLine, OrderTemplate


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


def book(
    *,
    actor: Actor,
    register: Register | str,
    year: int | None = None,
    kind: str = "",
    state: str = "",
    text: str = "",
    sort: str = "-number",
) -> QuerySet[Order]:
    """Orders of a book; drafts belong to the year of their date. A total order in every sort."""
    require(actor, permissions.VIEW[Register(register)])
    rows = Order.objects.filter(register=register)
    if year is not None:
        rows = rows.filter(date__year=year)
    if kind:
        rows = rows.filter(kind=kind)
    if state in set(State):
        rows = rows.filter(state=state)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(number_text__istartswith=word)
            | Q(title_kk__icontains=word)
            | Q(title_ru__icontains=word)
            | Q(executor__icontains=word)
            | Q(lines__subject__icontains=word)
        )
    if text:
        rows = rows.filter(pk__in=rows.values("pk")).distinct()
    back = "-" if sort.startswith("-") else ""
    fields = {"date": ("date", "number"), "title": ("title_kk",), "executor": ("executor",)}
    order = fields.get(sort.lstrip("-"), ("number",))
    return rows.order_by(*(f"{back}{field}" for field in order), f"{back}id")


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
    rows = book(actor=actor, register=register, year=year, sort="number").exclude(state=State.DRAFT)
    by = dict(
        Order.objects.filter(register=register, state=State.SIGNED)
        .exclude(cancels=None)
        .values_list("cancels_id", "number_text")
    )
    return tuple(
        BookLine(row.number_text, row.date, info(row).title, row.executor, by.get(row.pk, "")) for row in rows
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
