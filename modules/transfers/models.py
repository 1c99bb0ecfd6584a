"""Transfers as this school sees them. The other school has a row of its own under the same id; they meet by letters only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.db.sealed import Digest, SealedJSONField, SealedTextField
from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName
from modules.transfers.data import OPEN, REFUSAL_LABELS, STATE_LABELS, STEP_LABELS, Side, State, in_language


class Transfer(models.Model):
    """One child on the way. Without `partner_id` the other school is outside the platform and papers go by hand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    side = models.CharField(max_length=3, choices=[(s.value, s.value) for s in Side])
    state = models.CharField(max_length=10, choices=list(STATE_LABELS.items()), default=State.ASKED)
    partner_id = models.UUIDField(null=True)
    partner_kk = models.CharField(max_length=250)
    partner_ru = models.CharField(max_length=250)
    partner_place = models.CharField(_("place of the other school"), max_length=250, blank=True)

    # Who, as the asking school typed it; whose card it is here, once that is known.
    iin = SealedTextField(_("IIN"), max_length=12, blank=True, findable=True)
    surname = models.CharField(_("surname"), max_length=80, blank=True, db_collation=KK_COLLATION)
    name = models.CharField(_("name"), max_length=80, blank=True, db_collation=KK_COLLATION)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True, db_collation=KK_COLLATION)
    birth_date = models.DateField(_("date of birth"), null=True)
    pupil_id = models.UUIDField(null=True)

    grade = models.PositiveSmallIntegerField(_("grade"))
    class_id = models.UUIDField(null=True)
    class_label = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    ground = models.CharField(_("ground"), max_length=20)
    ground_paper = models.CharField(_("paper"), max_length=200, blank=True)
    contact = SealedTextField(_("who to call"), max_length=200, blank=True)

    asked_on = models.DateField()
    arrival_date = models.DateField(_("first day in the new school"))
    slip_number = models.CharField(max_length=20, blank=True)
    valid_until = models.DateField()
    answered_on = models.DateField(null=True)
    refusal = models.CharField(max_length=20, blank=True, choices=list(REFUSAL_LABELS.items()))
    note = SealedTextField(max_length=300, blank=True)
    last_day = models.DateField(_("last day in the old school"), null=True)
    departure_slip = models.CharField(max_length=20, blank=True)

    # The own order; and what the other school told of its own.
    order_id = models.UUIDField(null=True)
    order_number = models.CharField(max_length=40, blank=True)
    order_date = models.DateField(null=True)
    partner_order = models.CharField(max_length=40, blank=True)
    partner_order_date = models.DateField(null=True)
    arrived_on = models.DateField(null=True)

    dossier = SealedJSONField(null=True)
    dossier_at = models.DateTimeField(null=True)
    asked_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("transfer"), _("transfers")
        constraints = [
            models.UniqueConstraint(
                Digest("iin"),
                condition=Q(side="in", state__in=sorted(OPEN)) & ~Q(iin=""),
                name="transfers_asked_once",
            ),
            models.UniqueConstraint(
                fields=["pupil_id"],
                condition=Q(side="out", state__in=["agreed", "left"]),
                name="transfers_promised_once",
            ),
            models.CheckConstraint(condition=Q(grade__lte=12), name="transfers_grade_to_12"),
        ]
        indexes = [
            models.Index(fields=["side", "state", "-created_at"], name="transfers_list"),
            models.Index(fields=["pupil_id"], name="transfers_pupil"),
            models.Index(fields=["order_id"], name="transfers_order"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.state}"

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)

    @property
    def partner(self) -> str:
        """The other school's name in the reader's language, as it was then."""
        return in_language(self.partner_kk, self.partner_ru)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_outside(self) -> bool:
        return self.partner_id is None


class Step(models.Model):
    """What happened to a transfer, in order. Rows are added, never changed."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    by_name = models.CharField(max_length=150, blank=True)
    by_partner = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["transfer", "id"], name="transfers_steps")]

    def __str__(self) -> str:
        return self.what

    @property
    def label(self) -> Any:
        return STEP_LABELS.get(self.what, self.what)
