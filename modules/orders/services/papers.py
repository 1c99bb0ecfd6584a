"""The text of an order: the template of its day, filled with its words, as a Word document and as blocks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from documents import api as documents
from documents import word
from documents.data import TextPaper
from identity import api as identity
from kernel import clock, files
from kernel.access import Actor, Role
from kernel.names import PersonName
from modules.orders import kinds, queries
from modules.orders.data import OrderInfo, Placeholder, Words
from modules.orders.kinds import OrderKind
from modules.orders.models import Order
from modules.school import api as school

PURPOSE = "orders"
_BLANK = "________"
_FRAMES = Path(__file__).parents[1] / "print" / "orders"
# What every template may name, whatever the order is about.
COMMON = (
    Placeholder("number", gettext_lazy("number of the order"), {"kk": "87-қ", "ru": "87-қ"}),
    Placeholder(
        "date", gettext_lazy("date of the order"), {"kk": "2026 жылғы 23 қараша", "ru": "23 ноября 2026 г."}
    ),
    Placeholder("title", gettext_lazy("about what the order is")),
    Placeholder("school.kk", gettext_lazy("full name of the school in Kazakh")),
    Placeholder("school.ru", gettext_lazy("full name of the school in Russian")),
    Placeholder("place", gettext_lazy("where the school is")),
    Placeholder(
        "ground",
        gettext_lazy("ground of the order"),
        {"kk": "ата-ананың өтініші", "ru": "заявление родителя"},
    ),
    Placeholder("executor", gettext_lazy("executor"), {"kk": "Ахметова Г. С.", "ru": "Ахметова Г. С."}),
    Placeholder("post", gettext_lazy("post of whoever signs")),
    Placeholder("director", gettext_lazy("name of whoever signs"), {"kk": "Б. Сейітов", "ru": "Б. Сейітов"}),
)
OF_LINE = (
    Placeholder("line.no", gettext_lazy("number of the line"), {"kk": "1", "ru": "1"}, of_line=True),
    Placeholder(
        "line.name",
        gettext_lazy("full name"),
        {"kk": "Ахметов Ерлан Болатұлы", "ru": "Ахметов Ерлан Болатулы"},
        of_line=True,
    ),
)


def placeholders(kind: OrderKind) -> tuple[Placeholder, ...]:
    """The words that a template of the kind may use."""
    of_line = OF_LINE if kind.subject else ()
    return (*COMMON, *(one for one in kind.placeholders if not one.of_line), *of_line, *(
        one for one in kind.placeholders if one.of_line
    ))  # fmt: skip


def given(kind: OrderKind, language: str) -> bytes:
    """The text that comes with the product, as a Word document."""
    return _given(kind.code, language)


@cache
def _given(code: str, language: str) -> bytes:
    """The same in every school, so a process makes it once."""
    kind = kinds.get(code)
    frame = (_FRAMES / f"frame.{language}.txt").read_text(encoding="utf-8")
    return word.compose(frame.replace("[[body]]", kind.given_text(language).strip("\n")))


def template(kind: OrderKind, language: str, *, on: Any) -> bytes:
    """The school's own text of that day, or the given one."""
    row = queries.template_row(kind=kind.code, language=language, on=on)
    if row is None or row.file_id is None:
        return given(kind, language)
    return files.read(file_id=row.file_id, purpose=PURPOSE)[1]


def filled(order: OrderInfo, *, actor: Actor) -> bytes:
    """The order's text as a Word document: a draft with blanks, with what the kind says now."""
    kind = kinds.get(order.kind)
    with translation.override(order.language):
        found = kind.words(order, language=order.language)
        values = {**common(order, actor=actor), **found.values}
        lines = [
            {"line.no": str(place), "line.name": line.subject, **said}
            for place, (line, said) in enumerate(_pairs(order, found), 1)
        ]
    return word.fill(template(kind, order.language, on=order.date), values, lines)


def blocks_of(order: OrderInfo, *, actor: Actor) -> list[word.Block]:
    """The order's text for the screen."""
    return word.read(filled(order, actor=actor))


def common(order: OrderInfo, *, actor: Actor) -> Mapping[str, str]:
    """Words of every order, in the language that is switched on."""
    profile = school.profile(on=order.date)
    post, name = _signer(order, actor) if order.number else (_("Director"), profile.director or _BLANK)
    return {
        "number": order.number or _BLANK,
        "date": documents.in_words(order.date, order.language),
        "title": order.title_in(order.language),
        "school.kk": profile.name_kk,
        "school.ru": profile.name_ru if profile.name_ru != profile.name_kk else "",
        "place": profile.address.partition(",")[0],
        "ground": order.ground,
        "executor": order.executor,
        "post": post,
        "director": name,
    }


def freeze(row: Order, order: OrderInfo, document: bytes, *, actor: Actor) -> None:
    """Keep the text as it is signed: the Word document, its blocks, and the paper in the archive."""
    blocks = tuple(word.read(document))
    row.text = [asdict(one) for one in blocks]
    row.sha256 = hashlib.sha256(json.dumps(row.text, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    printed = documents.issue(
        actor=actor,
        form_code=f"orders.{row.register}",
        data=TextPaper(blocks),
        language=row.language,
        register=f"orders.{row.register}",
        subject_kind="order",
        subject_id=row.pk,
        subject=order.title_in(order.language)[:200],
        on=row.date,
        taken=(str(row.year), int(row.number or 0), row.number_text),
    )
    row.document_id = printed.id
    row.word_file_id = files.store(
        actor=actor,
        name=f"{row.number_text}.docx",
        content=document,
        content_type=word.MEDIA_TYPE,
        purpose=PURPOSE,
    ).pk


def preview(order: OrderInfo, *, actor: Actor) -> bytes:
    """A draft as PDF, to be looked at before it is signed."""
    return documents.render(
        f"orders.{order.register}",
        TextPaper(tuple(blocks_of(order, actor=actor))),
        language=order.language,
        actor=actor,
        on=order.date,
        number=order.number,
    ).content


def signed_pdf(row: Order) -> bytes:
    assert row.document_id is not None
    return documents.kept(row.document_id)


def signed_word(file_id: UUID) -> bytes:
    return files.read(file_id=file_id, purpose=PURPOSE)[1]


def sample(kind: OrderKind, content: bytes, *, language: str, actor: Actor) -> list[word.Block]:
    """A template filled with made-up words, three lines, to be seen before it is taken."""
    with translation.override(language):
        profile = school.profile()
        values = {one.code: one.sample.get(language, "") for one in placeholders(kind) if not one.of_line}
        values |= {
            "title": str(kind.heading),
            "school.kk": profile.name_kk,
            "school.ru": profile.name_ru,
            "place": profile.address.partition(",")[0],
            "post": _("Director"),
            "director": profile.director or values["director"],
            "date": documents.in_words(clock.today(), language),
        }
        of_line = {one.code: one.sample.get(language, "") for one in placeholders(kind) if one.of_line}
    lines = [{**of_line, "line.no": str(number)} for number in (1, 2, 3)] if kind.subject else []
    return word.read(word.fill(content, values, lines))


# ---


def _pairs(order: OrderInfo, found: Words) -> Any:
    said = list(found.lines) or [{} for _line in order.lines]
    return zip(order.lines, said, strict=True)


def _signer(order: OrderInfo, actor: Actor) -> tuple[str, str]:
    """The post and the name below the text: whoever has the director's role for a term is an acting director."""
    account = identity.accounts_of([actor.person_id]).get(actor.person_id) if actor.person_id else None
    held = [role for role in (account.roles if account else ()) if role.code == Role.DIRECTOR]
    acting = bool(held) and all(role.until is not None for role in held)
    post = pgettext("below an order", "Acting director") if acting else _("Director")
    return post, PersonName(*order.signed_by_name.split()[:3]).short if " " in order.signed_by_name else (
        order.signed_by_name
    )
