"""Tables of orders. A trigger of the database keeps signed ones as they are: see migrations/0002_frozen.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.db.sealed import SealedJSONField
from kernel.ids import uuid7
from kernel.names import KK_COLLATION
from modules.orders.data import REGISTER_LABELS, STATE_LABELS, State


class Language(models.TextChoices):
    KAZAKH = "kk", _("Kazakh")
    RUSSIAN = "ru", _("Russian")


class Order(models.Model):
    """An order from its draft on. The number is given when it is signed; after that only the state may change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(_("book"), max_length=12, choices=list(REGISTER_LABELS.items()))
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=list(STATE_LABELS.items()), default=State.DRAFT)
    date = models.DateField(_("date of the order"))
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    number_text = models.CharField(_("number"), max_length=40, blank=True)
    title_kk = models.CharField(_("about what, in Kazakh"), max_length=250)
    title_ru = models.CharField(_("about what, in Russian"), max_length=250)
    language = models.CharField(_("language of the paper"), max_length=2, choices=Language.choices)
    ground = models.CharField(_("ground"), max_length=500, blank=True)
    executor = models.CharField(_("executor"), max_length=150, blank=True)
    values = SealedJSONField(default=dict)
    cancels = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="cancellations")
    submitted_at = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField()
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by_name = models.CharField(max_length=150, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by_id = models.BigIntegerField(null=True)
    signed_by_name = models.CharField(max_length=150, blank=True)
    text = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    document_id = models.UUIDField(null=True)
    word_file_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("order"), _("orders")
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "number"], name="orders_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, signed_at=None)
                | (
                    Q(state__in=["signed", "cancelled"], number__isnull=False)
                    & Q(year__isnull=False, signed_at__isnull=False)
                ),
                name="orders_number_iff_signed",
            ),
            models.UniqueConstraint(
                fields=["cancels"], condition=~Q(state="draft"), name="orders_cancelled_once"
            ),
        ]
        indexes = [
            models.Index(fields=["register", "year", "-number"], name="orders_book"),
            models.Index(fields=["state", "register"], name="orders_waiting", condition=Q(state="draft")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number_text or self.state}"


class OrderLine(models.Model):
    """One subject of an order, named as he was called on the day of the order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=250, blank=True, db_collation=KK_COLLATION)
    values = SealedJSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "subject_id"], name="orders_subject_once"),
        ]
        indexes = [
            models.Index(fields=["order", "position"], name="orders_lines"),
            models.Index(fields=["subject_id"], name="orders_of_subject"),
        ]

    def __str__(self) -> str:
        return self.subject


class OrderTemplate(models.Model):
    """The school's own text for a kind of order, from a day on. Rows are added, never changed.

    Without a file it says: from this day the given text again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=Language.choices)
    since = models.DateField(_("in force from"))
    name = models.CharField(_("file"), max_length=200, blank=True)
    file_id = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "language", "-since", "-uploaded_at"], name="orders_template_on")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.since}"
