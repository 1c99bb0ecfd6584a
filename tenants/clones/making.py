"""A tenant copied into a new one for trials: row by row in one snapshot, so that nothing real is ever written there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

from django.db import connection, transaction
from PIL import Image, ImageDraw

from kernel import files, tenancy
from kernel.errors import DomainError
from kernel.tenancy import TenantRef
from tenants import provisioning
from tenants.clones.pseudonyms import Pseudonyms
from tenants.contents import filling, reading, register
from tenants.contents.reading import Column, Row, Shape

Report = Callable[[int, int, str], None]
PHOTOS = ".photo"  # how the purposes of photos end
_ACCOUNTS, _FILES = "identity_user", "kernel_storedfile"
_OF_PEOPLE = frozenset({"surname", "name", "patronymic"})


class OtherShape(DomainError):
    message = "{source} and the new tenant have other tables: {tables}. Migrate first."
    code = "other_shape"


@dataclass(frozen=True, slots=True)
class Copied:
    """How much was copied."""

    rows: int
    tables: int
    photos: int


def copy(
    source: TenantRef,
    target: TenantRef,
    pseudonyms: Pseudonyms | None,
    *,
    report: Report = lambda _done, _all, _what: None,
) -> Copied:
    """Fill the new tenant with the source's rows; with `pseudonyms` none of its people is among them.

    Left out in any case: histories, logs, what was on its way, ways in, documents and recordings (register of
    contents). Raises OtherShape and filling.LooseEnds.
    """
    with tenancy.owner(target), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        shapes, theirs = reading.shapes(target.schema), reading.shapes(source.schema)
        odd = sorted(name for name in shapes.keys() | theirs.keys() if shapes.get(name) != theirs.get(name))
        if odd:
            raise OtherShape(source=source.code, tables=", ".join(odd))
        known = register.tables()
        wanted = [shape for name, shape in shapes.items() if known[name].copied]
        if pseudonyms is not None:
            _meet(source, wanted, pseudonyms)
        rows, photos = 0, _Photos(source, exact=pseudonyms is None)
        with filling.emptied(target.schema, shapes):
            for number, shape in enumerate(wanted, 1):
                report(number, len(wanted), shape.table)
                rows += filling.fill(target.schema, shape, _told(source, shape, pseudonyms, photos))
            filling.count_on(target.schema)
    with tenancy.owner(target), transaction.atomic():
        provisioning.seed(target)
    return Copied(rows, len(wanted), photos.count)


def _meet(source: TenantRef, shapes: list[Shape], pseudonyms: Pseudonyms) -> None:
    """Everybody's names first; tables that know the sex before those that do not."""
    of_people = [
        shape.without(register.tables()[shape.table].hidden)
        for shape in shapes
        if set(register.tables()[shape.table].columns.values()) >= _OF_PEOPLE
    ]
    of_people.sort(key=lambda shape: "sex" not in shape.names)
    for learn in (pseudonyms.meet, pseudonyms.acquaint):
        for shape in of_people:
            for row in reading.rows(source.schema, shape):
                learn(row)


def _told(source: TenantRef, shape: Shape, pseudonyms: Pseudonyms | None, photos: _Photos) -> Iterator[Row]:
    table = register.tables()[shape.table]
    blank = {
        column.name: _blank(column)
        for column in shape.columns
        if table.columns.get(column.name) == register.EMPTIED
    }
    treatments = {
        column: kind
        for column, kind in table.columns.items()
        if kind not in (register.KEPT, register.EMPTIED)
    }
    for row in reading.rows(source.schema, shape):
        if shape.table == _FILES:
            if not row["purpose"].endswith(PHOTOS):
                continue
            row = photos.put(row)
        told = {**row, **blank}
        if pseudonyms is not None:
            told = pseudonyms.told(told, treatments)
        if shape.table == _ACCOUNTS:
            told["password"] = "!"  # noqa: S105 - nobody has one
        yield told


def _blank(column: Column) -> object:
    if not column.is_required:
        return None
    if column.type.endswith("[]"):
        return []
    return {} if column.type == "jsonb" else ""


class _Photos:
    """Pictures of people: a placeholder for each, or the pictures themselves in an exact copy."""

    def __init__(self, source: TenantRef, *, exact: bool) -> None:
        self.source, self.exact, self.count = source, exact, 0

    def put(self, row: Row) -> Row:
        content, kind = placeholder(), "image/png"
        if self.exact:
            real = files.opened(schema=self.source.schema, path=row["path"], key=row["key"])
            content, kind = (real, row["content_type"]) if real is not None else (content, kind)
        self.count += 1
        return {
            **row,
            "key": files.put_anew(row["path"], content),
            "content_type": kind,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }


@cache
def placeholder() -> bytes:
    """A head and shoulders of nobody."""
    picture = Image.new("RGB", (300, 400), "#dfe5ea")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((90, 80, 210, 220), fill="#9fb0bd")
    draw.ellipse((40, 240, 260, 520), fill="#9fb0bd")
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def of_source(source: TenantRef, name_kk: str = "", name_ru: str = "") -> TenantRef:
    """How the copy is called: with a word before it that nobody overlooks."""
    return replace(
        source,
        name_kk=name_kk or f"Сынақ: {source.name_kk}"[:250],
        name_ru=name_ru or f"Тест: {source.name_ru}"[:250],
    )
