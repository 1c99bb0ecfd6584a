"""Tokens that no other text contains, in every text of a school; and the eye that finds them in whatever leaves."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import json
import re
import secrets
import string
import zipfile
import zlib
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from kernel import tenancy
from kernel.db import resealing
from kernel.db.sealed import Sealed, SealedBytesField, SealedJSONField
from kernel.tenancy import TenantRef

# "qz", the school's letter, twelve hexadecimal digits, "x": 16 characters that no language writes.
_TOKEN = re.compile(rb"qz([a-z])[0-9a-f]{12}x", re.IGNORECASE)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_HEX = re.compile(rb"(?:[0-9a-f]{2}){16,}", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{22,}")
LENGTH = 16
_DEEPEST = 3


def mark_of(ref: TenantRef) -> str:
    """The letter by which a token says whose it is."""
    return ref.code[-1]


def _token(mark: str, place: str) -> sql.Composed:
    """A token of its own for each row: random, so that no compression hides it."""
    return sql.SQL(
        "('qz' || {mark} || substr(md5({place} || ctid::text || random()::text), 1, 12) || 'x')"
    ).format(mark=sql.Literal(mark), place=sql.Literal(place))


@dataclass
class Planted:
    """How many columns carry tokens, and which cannot, with the reason."""

    columns: int = 0
    rows: int = 0
    cannot: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.columns} columns with tokens in {self.rows} rows, {len(self.cannot)} cannot carry one"


def plant(ref: TenantRef, *, closed: Container[str] = ()) -> Planted:
    """Write a token into every text of every row of the school's schema, and into its figures in the public one.

    `closed` columns, as table.column, hold what only the tenant's key opens: their tokens are sealed in them.
    """
    done = Planted()
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
            "  CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 0 END, a.attgenerated <> '',"
            "  EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY(k.conkey)),"
            "  EXISTS (SELECT FROM pg_constraint k WHERE k.confrelid = c.oid AND a.attnum = ANY(k.confkey))"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'django_migrations'"
            "  AND a.atttypid::regtype::text IN ('text', 'character varying', 'character', 'jsonb', 'text[]',"
            "  'character varying[]', 'ext.citext') ORDER BY 1, 2",
            [ref.schema],
        )
        columns = cursor.fetchall()
        sealed_there = _sealed_columns(ref)
        for table, column, kind, most, is_made, refers, is_referred in columns:
            place = f"{table}.{column}"
            if is_made:
                done.cannot[place] = "computed by the database from others"
            elif refers or is_referred:
                done.cannot[place] = "a reference"
            elif place in closed:
                done.columns += 1
            elif column.endswith("_hash"):
                done.cannot[place] = "a hash by which a row is found"
            elif 0 < most < LENGTH and "[]" not in kind:
                done.cannot[place] = f"holds {most} characters"
            elif sealed := sealed_there.get((table, column)):
                _sealed(done, ref, sealed)
            else:
                _column(done, ref, table, column, kind, most)
        # A figure of its own: in the others' places authorities expect numbers and codes.
        cursor.execute(
            sql.SQL(
                "INSERT INTO public.tenants_rollupfact (school_id, metric, version, year, period, dimension, value,"
                " numerator, denominator, people, is_open, as_of) SELECT %s, {token}, 1, '2026-27', 'year', 'all', {token},"
                " 1, 1, 1, false, now() FROM public.tenants_tenant WHERE id = %s"
            ).format(token=_token(mark_of(ref), "fact")),
            [ref.id, ref.id],
        )
    tenancy.forget(ref.schema)
    return done


def _column(done: Planted, ref: TenantRef, table: str, column: str, kind: str, most: int) -> None:
    here, token = sql.Identifier(column), _token(mark_of(ref), f"{table}.{column}")
    if kind == "jsonb":
        value = sql.SQL(
            "CASE jsonb_typeof({c}) WHEN 'object' THEN {c} || jsonb_build_object('canary', {t})"
            " WHEN 'array' THEN {c} || to_jsonb({t}) ELSE to_jsonb({t}) END"
        ).format(c=here, t=token)
    elif kind.endswith("[]"):
        value = sql.SQL("{c} || ARRAY[{t}]::text[]").format(c=here, t=token)
    elif most:
        value = sql.SQL("left({c}, {room}) || {t}").format(
            c=here, room=sql.Literal(max(0, most - LENGTH)), t=token
        )
    else:
        value = sql.SQL("{c} || {t}").format(c=here, t=token)
    target = sql.Identifier(ref.schema, table)
    # A rule may ask that an empty text stays empty.
    for where in (sql.SQL(""), sql.SQL(" WHERE {c}::text <> ''").format(c=here)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(target))
                cursor.execute(sql.SQL("UPDATE {} SET {} = {}{}").format(target, here, value, where))
                rows = cursor.rowcount
                cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(target))
        except DatabaseError as refusal:
            done.cannot[f"{table}.{column}"] = str(refusal).partition("\n")[0][:120]
        else:
            done.cannot.pop(f"{table}.{column}", None)
            done.columns += 1
            done.rows += rows
            return


def _sealed_columns(ref: TenantRef) -> dict[tuple[str, str], resealing.Column]:
    with tenancy.owner(ref):
        return {(one.table, one.column): one for one in resealing.columns()}


def _sealed(done: Planted, ref: TenantRef, one: resealing.Column) -> None:
    """A sealed text gets its token before it is sealed: what leaves is what was opened."""
    place, most = f"{one.table}.{one.column}", one.field.largest
    if most is not None and most < LENGTH:
        done.cannot[place] = f"holds {most} characters"
        return
    if isinstance(one.field, SealedBytesField) or one.column == "key":
        done.cannot[place] = "a signature or a key"
        return
    target, here = sql.Identifier(ref.schema, one.table), sql.Identifier(one.column)
    with tenancy.owner(ref), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(target))
        cursor.execute(
            sql.SQL("SELECT ctid::text, {} FROM {} WHERE {} IS NOT NULL").format(here, target, here)
        )
        rows = [
            (row, one.field.seal(_with_token(one.field, one.field.open(kept), mark_of(ref))))
            for row, kept in cursor.fetchall()
        ]
        cursor.execute(
            sql.SQL(
                "UPDATE {} AS t SET {} = found.sealed FROM unnest(%s::text[], %s::text[]) AS found (place, sealed)"
                " WHERE t.ctid = found.place::tid"
            ).format(target, here),
            [[row for row, _text in rows], [text for _row, text in rows]],
        )
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(target))
    done.columns += 1
    done.rows += len(rows)


def _with_token(field: Sealed, text: str, mark: str) -> str:
    token = f"qz{mark}{secrets.token_hex(6)}x"
    if isinstance(field, SealedJSONField):
        value = json.loads(text)
        if isinstance(value, dict):
            value["canary"] = token
        elif isinstance(value, list):
            value.append(token)
        else:
            value = token
        return json.dumps(value, ensure_ascii=False)
    return text[: max(0, field.largest - LENGTH)] + token if field.largest else text + token


class Scanner:
    """Looks for tokens of others in all that leaves towards one school: plain, packed, in hex and in base64."""

    def __init__(self, own: str) -> None:
        self.own = own.encode()
        self.seen = 0  # bytes
        self.found: Counter[str] = Counter()
        self.examples: list[str] = []

    def __call__(self, content: bytes, where: str) -> int:
        self.seen += len(content)
        strangers = [found for found in tokens(content) if found[2:3].lower() != self.own]
        if strangers:
            self.found[where] += len(strangers)
            if len(self.examples) < 20:
                self.examples.append(f"{where}: {strangers[0].decode()}")
        return len(strangers)

    @property
    def foreign_bytes(self) -> int:
        return LENGTH * sum(self.found.values())


def tokens(content: bytes, depth: int = 0) -> list[bytes]:
    """Every token in the content, and in what is packed inside it."""
    found = [match[0] for match in _TOKEN.finditer(content)]
    if depth >= _DEEPEST:
        return found
    for inner in _unpacked(content):
        found += tokens(inner, depth + 1)
    if depth == 0 and not found:
        found += [
            t for run in _HEX.findall(content) for t in _TOKEN.findall(bytes.fromhex(run.decode())) and [run]
        ]
        found += [run for run in _BASE64.findall(content) if _in_base64(run)]
    return found


def _heads() -> Iterator[bytes]:
    """How a token's first three signs look in base64, wherever they fall among its groups of three bytes."""
    for letters in itertools.product(b"qQ", b"zZ", string.ascii_letters.encode()):
        head = bytes(letters)
        yield base64.b64encode(head)
        yield base64.b64encode(b"\0" + head + b"\0\0")[2:5]
        yield base64.b64encode(b"\0\0" + head + b"\0")[3:6]


_HEAD = re.compile(b"|".join(sorted({re.escape(head) for head in _heads()})))


def _in_base64(run: bytes) -> bool:
    plain = run.replace(b"-", b"+").replace(b"_", b"/")
    if not _HEAD.search(plain):
        return False
    return any(
        _TOKEN.search(
            base64.b64decode(part + b"A" * (-len(part) % 4))
        )  # the tail of a run without its signs of end
        for part in (plain[skip:] for skip in range(4))
    )


def _unpacked(content: bytes) -> list[bytes]:
    try:
        if content[:2] == b"\x1f\x8b":
            return [gzip.decompress(content)]
        if content[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return [archive.read(name) for name in archive.namelist()]
        if content[:5] == b"%PDF-":
            return [part for raw in _STREAM.findall(content) if (part := _inflated(raw))]
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error):
        pass
    return []


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(raw)
    except zlib.error:
        return b""
