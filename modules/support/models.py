"""Requests of support: the vendor's row and the school's stand in their own schemas under the same id, and meet by letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import get_language

from kernel.db.sealed import SealedTextField
from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName
from modules.support.data import STATES, State


class SupportRequest(models.Model):
    """What a person of the vendor asked of a school. Filled in the vendor's schema."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school_id = models.UUIDField()
    school_kk = models.CharField(max_length=250)
    school_ru = models.CharField(max_length=250)
    asked_by_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=150)
    purpose = models.CharField(max_length=300)
    codes = models.JSONField(default=list)
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    letter_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=State.WAITING)
    answered_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True)
    secret = SealedTextField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, blank=True)
    pages = models.PositiveIntegerField(default=0)
    persons = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="support_request_at")]

    def __str__(self) -> str:
        return f"{self.school_kk} {self.state}"

    @property
    def school(self) -> str:
        return _in_language(self.school_kk, self.school_ru)

    def state_at(self, at: datetime) -> str:
        """A grant is over when its time is, though nobody has said so."""
        over = self.state == State.GRANTED and self.until is not None and self.until <= at
        return str(State.ENDED if over else self.state)


class Asking(models.Model):
    """A request that came to this school, and what the director said. Filled in schools' schemas."""

    id = models.UUIDField(primary_key=True, editable=False)
    vendor_id = models.UUIDField()
    vendor_kk = models.CharField(max_length=250)
    vendor_ru = models.CharField(max_length=250)
    surname = models.CharField(max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(max_length=80, db_collation=KK_COLLATION)
    visitor_ref = models.UUIDField()
    purpose = models.CharField(max_length=300)
    codes = models.JSONField(default=list)
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=State.WAITING)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=300, blank=True)
    visit_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-asked_at"], name="support_asking_state")]

    def __str__(self) -> str:
        return f"{self.person} {self.state}"

    @property
    def person(self) -> str:
        return PersonName(self.surname, self.name, "").full

    @property
    def vendor(self) -> str:
        return _in_language(self.vendor_kk, self.vendor_ru)


def _in_language(kazakh: str, russian: str) -> Any:
    return russian if (get_language() or "kk").startswith("ru") else kazakh
