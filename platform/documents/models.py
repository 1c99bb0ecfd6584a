"""The archive of issued papers and the counters of their registers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7


class RegisterCounter(models.Model):
    """The last number given in a register in a year. Its row is the lock: numbers have no gaps."""

    register = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "year"], name="documents_register_of_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.year}: {self.last}"


class IssuedDocument(models.Model):
    """A paper as it was given out. It is never changed: a correction is another paper."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    register = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField(_("number"))
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    subject = models.CharField(_("about whom or what"), max_length=200, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by_id = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(_("issued by"), max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "number"], name="documents_number_once")
        ]
        indexes = [
            models.Index(fields=["-issued_at"], name="documents_issued_at"),
            models.Index(fields=["subject_kind", "subject_id"], name="documents_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.form} № {self.number}"
