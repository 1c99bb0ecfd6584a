"""Breaches as the director notes them, and the persons concerned, counted from the logs once and kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from modules.breaches.data import WAYS, Way


class Breach(models.Model):
    """What was reached, by which way and when; the notice is due within one working day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    noted_at = models.DateTimeField()
    noted_by_id = models.BigIntegerField(null=True)
    noted_by = models.CharField(max_length=150)
    way = models.CharField(max_length=10, choices=list(WAYS.items()), default=Way.ACCOUNT)
    user_id = models.BigIntegerField(null=True)
    way_id = models.BigIntegerField(null=True)
    whose = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    what = models.CharField(_("what happened"), max_length=500)
    measures = models.CharField(_("measures taken"), max_length=500, blank=True)
    contact = models.CharField(_("who answers for it, with a phone"), max_length=200)
    due = models.DateField()
    job_id = models.UUIDField(null=True)
    counted_at = models.DateTimeField(null=True)
    persons = models.PositiveIntegerField(default=0)
    looks = models.PositiveBigIntegerField(default=0)
    changes = models.PositiveBigIntegerField(default=0)
    notified_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.way} {self.since:%F %H:%M}"

    @property
    def is_to_tell(self) -> bool:
        """Whether somebody has still to be told; as long as nobody has counted, it is taken for so."""
        return self.notified_at is None and (self.counted_at is None or self.persons > 0)


class Concerned(models.Model):
    """How often one person's data were seen or changed in one way."""

    id = models.BigAutoField(primary_key=True)
    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="concerned")
    subject = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    code = models.CharField(max_length=100)
    is_change = models.BooleanField()
    times = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "subject", "subject_id", "code", "is_change"], name="breaches_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.code}"
