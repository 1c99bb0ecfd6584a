"""The school's own details, one row per change, and the rules it has set otherwise than the default."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from modules.school.data import KIND_LABELS, OWNERSHIP_LABELS, Ownership, SchoolKind


class SchoolProfile(models.Model):
    """The school from a day on, until a later row. Rows are added, never changed: old forms keep the old name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    since = models.DateField(_("in force from"))
    name_kk = models.CharField(_("full name in Kazakh"), max_length=250)
    name_ru = models.CharField(_("full name in Russian"), max_length=250)
    short_kk = models.CharField(_("short name in Kazakh"), max_length=120, blank=True)
    short_ru = models.CharField(_("short name in Russian"), max_length=120, blank=True)
    bin = models.CharField(_("BIN"), max_length=12, blank=True)
    kato = models.CharField(_("KATO code"), max_length=9, blank=True)
    address_kk = models.CharField(_("address in Kazakh"), max_length=250, blank=True)
    address_ru = models.CharField(_("address in Russian"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.URLField(_("website"), blank=True)
    kind = models.CharField(
        _("kind of school"),
        max_length=20,
        choices=list(KIND_LABELS.items()),
        default=SchoolKind.GENERAL,
    )
    ownership = models.CharField(
        _("ownership"), max_length=10, choices=list(OWNERSHIP_LABELS.items()), default=Ownership.STATE
    )
    languages = ArrayField(
        models.CharField(max_length=2), verbose_name=_("languages of instruction"), default=list, blank=True
    )
    shifts = models.PositiveSmallIntegerField(_("shifts"), default=1)
    capacity = models.PositiveIntegerField(_("design capacity"), null=True, blank=True)
    director = models.CharField(_("director, as printed on forms"), max_length=120, blank=True)
    post_kk = models.CharField(_("post of the signer in Kazakh"), max_length=80, blank=True, db_default="")
    post_ru = models.CharField(_("post of the signer in Russian"), max_length=80, blank=True, db_default="")
    seal = models.BooleanField(_("place of the seal on papers"), db_default=True, default=True)
    iik = models.CharField(_("account (IIK)"), max_length=20, blank=True, db_default="")
    bank = models.CharField(_("bank"), max_length=120, blank=True, db_default="")
    bik = models.CharField(_("bank code (BIK)"), max_length=11, blank=True, db_default="")
    kbe = models.CharField(_("beneficiary code (KBE)"), max_length=2, blank=True, db_default="")
    logo_id = models.UUIDField(_("logo"), null=True, blank=True)
    changed_at = models.DateTimeField(editable=False)
    changed_by_id = models.BigIntegerField(null=True, editable=False)
    changed_by_name = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="school_bin_is_twelve_digits",
                condition=models.Q(bin="") | models.Q(bin__regex=r"^\d{12}$"),
            ),
            models.CheckConstraint(
                name="school_shifts_are_few", condition=models.Q(shifts__gte=1, shifts__lte=3)
            ),
        ]
        indexes = [models.Index(fields=["-since", "-changed_at"], name="school_profile_on")]

    def __str__(self) -> str:
        return f"{self.name_kk} ({self.since})"


class SchoolSetting(models.Model):
    """A value that the school chose; what it left as it was has no row."""

    code = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{self.code}={self.value}"


class SkippedStep(models.Model):
    """A step of the start that the school does not need. Whether a step is done is never written down."""

    code = models.CharField(max_length=60, unique=True)
    reason = models.CharField(_("why it is not needed"), max_length=200)
    skipped_at = models.DateTimeField()
    skipped_by_id = models.BigIntegerField(null=True)
    skipped_by_name = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"
