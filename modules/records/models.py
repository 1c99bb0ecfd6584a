"""Numbers given once: entries of the alphabetical book, and certificates of study."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName
from modules.records.data import STATE_LABELS, State


class AlphabetEntry(models.Model):
    """A pupil's number in the alphabetical book, for each time that he came. Never changed, never taken again.

    `pupil_id` is the contingent's id, not a foreign key: the entry outlives a card that a load took back.
    `turn` counts the arrivals of the pupil: the first entry, the entry after a return.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    letter = models.CharField(
        pgettext_lazy("of the alphabet", "letter"), max_length=1, db_collation=KK_COLLATION
    )
    number = models.PositiveIntegerField(_("number"))
    turn = models.PositiveSmallIntegerField()
    pupil_id = models.UUIDField()
    year = models.CharField(_("school year of entering"), max_length=7)
    surname = models.CharField(max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(max_length=80, blank=True, db_collation=KK_COLLATION)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("entry of the alphabetical book"), _("alphabetical book")
        constraints = [
            models.UniqueConstraint(fields=["pupil_id", "turn"], name="records_entry_once_a_coming"),
            models.UniqueConstraint(fields=["letter", "number", "turn"], name="records_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1, turn__gte=1), name="records_entry_from_one"),
        ]
        indexes = [models.Index(fields=["letter", "number", "turn"], name="records_book_order")]

    def __str__(self) -> str:
        return self.written

    @property
    def written(self) -> str:
        return f"{self.letter}/{self.number}"

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)


class Certificate(models.Model):
    """A certificate of study: ordered by the family or made by the office. What was issued says what it said then.

    `token` is what the square on the paper leads to; it is drawn when the paper is issued.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=10, choices=list(STATE_LABELS.items()), default=State.ORDERED)
    pupil_id = models.UUIDField()
    surname = models.CharField(max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(max_length=80, blank=True, db_collation=KK_COLLATION)
    class_label = models.CharField(max_length=8, blank=True)
    destination = models.CharField(_("where it is demanded"), max_length=40)
    destination_words = models.CharField(_("other place"), max_length=200, blank=True)
    language = models.CharField(max_length=2)
    ordered_at = models.DateTimeField(null=True)
    ordered_by_id = models.BigIntegerField(null=True)
    ordered_by_name = models.CharField(max_length=150, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    year = models.CharField(max_length=7, blank=True)
    token = models.CharField(max_length=32, null=True, unique=True)
    issued_on = models.DateField(_("issued on"), null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by_id = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(_("issued by"), max_length=150, blank=True)
    valid_until = models.DateField(_("valid until"), null=True)
    document_id = models.UUIDField(null=True)
    closed_on = models.DateField(null=True)
    closed_by_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("certificate of study"), _("certificates of study")
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="records_certificate_once"),
            models.CheckConstraint(
                name="records_issued_has_all",
                condition=Q(
                    state__in=[State.ISSUED, State.WITHDRAWN],
                    number__isnull=False,
                    token__isnull=False,
                    issued_on__isnull=False,
                    document_id__isnull=False,
                )
                | Q(state__in=[State.ORDERED, State.DECLINED], number=None, token=None, document_id=None),
            ),
        ]
        indexes = [
            models.Index(fields=["pupil_id", "-id"], name="records_certificates_of"),
            models.Index(fields=["state", "-id"], name="records_certificates_in"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.number or ''}".strip()

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)
