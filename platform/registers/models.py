"""What a person keeps about lists: views, columns of her own, and what she did to many rows, so that it can be undone.

`user_id` is an account of identity, which stands above this app.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from kernel.names import KK_COLLATION


class SavedView(models.Model):
    """A list as somebody likes to see it: `query` holds search, filters, columns, groups and the order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(max_length=60)
    user_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=60, db_collation=KK_COLLATION)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("view of a list"), _("views of lists")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "user_id", "name"],
                condition=Q(removed_at=None),
                name="registers_view_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Habit(models.Model):
    """How one person keeps one list: her columns in their order, and the view that opens first."""

    id = models.BigAutoField(primary_key=True)
    register = models.CharField(max_length=60)
    user_id = models.BigIntegerField()
    columns = models.CharField(max_length=1000, blank=True)  # codes with commas between
    first_view = models.ForeignKey(SavedView, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "register"], name="registers_habit_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.register}"


class BulkAct(models.Model):
    """An act on many rows that its author may still take back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(max_length=60)
    act = models.CharField(max_length=40)
    user_id = models.BigIntegerField()
    at = models.DateTimeField()
    undo = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.register} {self.act} {self.at}"
