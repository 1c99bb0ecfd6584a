"""Orders that the database cannot make by itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.expressions import Combinable


def place(order: Sequence[str], field: str) -> Combinable:
    """The place of the field's value in the list, by which rows are sorted; nothing for a value that is not in it."""
    listed = Value(list(order), output_field=ArrayField(TextField()))
    asked = Func(F(field), template="%(expressions)s::text", output_field=TextField())
    return Func(listed, asked, function="array_position", output_field=IntegerField())
