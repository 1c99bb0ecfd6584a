"""Text columns closed with the tenant's data key: a dump of the database, or a copy of its disk, says nothing of them.

A sealed value is `<generation>.<digest>.<ending>.<body>`: the body is AES-256-GCM with the schema, table and column
bound to it, so in another tenant or column it does not open. Fields that are looked up by their whole value have a
keyed digest in it, those looked up by their last four digits a short one of these; others leave both places empty.
An empty text stays empty. Rows are read as str everywhere: by the ORM, `values()`, and kernel.db.rows (decision 0023).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import EmptyResultSet, FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, models
from django.db.models import Func, Lookup, TextField

from kernel import keys
from kernel.crypto import Unreadable
from kernel.tenancy import current

_NONCE = 12
_DIGEST, _ENDING = 16, 6
ENDING_LENGTH = 4


class Sealed(models.Field):
    """What sealed fields share: the way from the plain text to the column and back."""

    findable = False
    by_ending = False
    largest: int | None = None  # characters of the plain text; the column itself has no limit

    @cached_property
    def _place(self) -> str:
        return f"{self.model._meta.db_table}|{self.column}"

    def seal(self, text: str) -> str:
        """The text as it stands in the column. Raises DataError when it is longer than the field allows."""
        if not text:
            return text
        if self.largest is not None and len(text) > self.largest:
            raise DataError(f"value too long for {self._place}: {len(text)} > {self.largest} characters")
        schema = current().schema
        number, cipher = keys.cipher(schema)
        nonce = os.urandom(_NONCE)
        body = cipher.encrypt(nonce, text.encode(), self._bound(schema))
        whole = self.digest(text) if self.findable else ""
        ending = self.ending(text) if self.by_ending else ""
        return f"{number}.{whole}.{ending}.{base64.urlsafe_b64encode(nonce + body).decode()}"

    def open(self, sealed: str) -> str:
        """What was sealed. Raises crypto.Unreadable when it was sealed elsewhere or altered, keys.KeyUnavailable."""
        if not sealed:
            return sealed
        schema = current().schema
        try:
            number, _digest, _ending, body = sealed.split(".")
            content = base64.urlsafe_b64decode(body)
            cipher: AESGCM = keys.cipher(schema, int(number))[1]
            return cipher.decrypt(content[:_NONCE], content[_NONCE:], self._bound(schema)).decode()
        except (InvalidTag, ValueError):
            raise Unreadable(f"{schema}: a value of {self._place} does not open here") from None

    def digest(self, text: str) -> str:
        """The keyed hash of the whole text; one column's says nothing in another."""
        return self._hash("digest", text, _DIGEST)

    def ending(self, text: str) -> str:
        return self._hash("ending", text[-ENDING_LENGTH:], _ENDING)

    def _hash(self, kind: str, text: str, length: int) -> str:
        key = keys.derived(current().schema, f"{kind}:{self._place}")
        return _text_of(hmac.digest(key, text.encode(), hashlib.sha256)[:length])

    def _bound(self, schema: str) -> bytes:
        return f"{schema}|{self._place}".encode()

    def get_internal_type(self) -> str:
        return "TextField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only what a sealed column can answer; the rest is refused when the query is written."""
        return super().get_lookup(lookup_name) if lookup_name in _ANSWERS else None

    def get_transform(self, lookup_name: str) -> Any:
        return None


class SealedTextField(Sealed, models.CharField):
    """A short text. `findable` by its whole value (`iin="…"`, `iin__in=…`), `by_ending` also by its last four digits."""

    def __init__(self, *args: Any, findable: bool = False, by_ending: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.findable, self.by_ending = findable, by_ending
        self.largest = self.max_length

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        if self.findable:
            options["findable"] = True
        if self.by_ending:
            options["by_ending"] = True
        return name, path, args, options

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return self.seal(str(value)) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.open(value) if value else value


class SealedJSONField(Sealed):
    """Values fit for JSON, sealed whole: rows of files, drafts. Nothing in them can be asked for by the database."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return self.seal(json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(self.open(value)) if value else value


def is_sealed(field: Any) -> bool:
    return isinstance(field, Sealed)


def written(field: Any, value: Any) -> Any:
    """The value of a sealed field as COPY and other SQL past the ORM write it."""
    return field.get_db_prep_value(value, None)


def read(field: Any, value: Any) -> Any:
    """The value of a field as it stands in the database, in a row or in a history of it, as the ORM would give it."""
    return field.from_db_value(value, None, None) if isinstance(field, Sealed) else value


def sealed_fields(model: type[models.Model]) -> list[Sealed]:
    return [field for field in model._meta.local_concrete_fields if isinstance(field, Sealed)]


class Digest(Func):
    """The digest inside a findable column: what a constraint and an index stand on."""

    function = "split_part"
    template = "%(function)s(%(expressions)s, '.', 2)"
    output_field = TextField()


class _Whole(Lookup):
    lookup_name = "exact"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        if self.rhs == "":
            return f"{column} = ''", values
        return f"{_part(column, 2)} = %s", (*values, _asked(self.lhs.output_field, self.rhs))


class _OneOf(Lookup):
    lookup_name = "in"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        if not isinstance(self.rhs, Iterable):
            raise FieldError("A sealed column is compared with values only.")
        wanted = set(self.rhs) - {None}
        digests = sorted(_asked(self.lhs.output_field, one) for one in wanted if one != "")
        found = []
        if "" in wanted:
            found.append((f"{column} = ''", tuple(values)))
        if digests:
            found.append((f"{_part(column, 2)} = ANY(%s)", (*values, digests)))
        if not found:
            raise EmptyResultSet
        sql = " OR ".join(one for one, _values in found)
        return f"({sql})", tuple(value for _one, given in found for value in given)


class _Ending(Lookup):
    """`phone__ending="4567"`: the last four digits."""

    lookup_name = "ending"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, values = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        if not field.by_ending or len(self.rhs) != ENDING_LENGTH:
            raise FieldError(f"{field._place} is not found by {self.rhs!r} at its end.")
        return f"{_part(column, 3)} = %s", (*values, field.ending(self.rhs))


_ANSWERS = {"exact", "in", "isnull", "ending"}
for _lookup in (_Whole, _OneOf, _Ending):
    Sealed.register_lookup(_lookup)
    SealedTextField.register_lookup(_lookup)


def _asked(field: Any, value: Any) -> str:
    if not isinstance(value, str):
        raise FieldError("A sealed column is compared with values only.")
    if not field.findable:
        raise FieldError(f"{field._place} is sealed and cannot be looked up.")
    return str(field.digest(value))


def _part(column: str, place: int) -> str:
    return f"split_part({column}, '.', {place})"


def _text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
