"""The archive of issued papers, the counters of their registers, and documents signed with ЭЦП."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.signing.data import STATE_LABELS, State
from kernel.db.sealed import SealedBytesField
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


class FrozenDocument(models.Model):
    """A version of a document, frozen so that it can be signed: the bytes that people sign are these and no others.

    Once anybody has signed it or refused to, the database lets nobody change it: a correction is the next version.
    `content_sha256` is of the facts on the paper, as the module that made it reckons them, and tells later changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by_id = models.BigIntegerField(null=True)
    frozen_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "version"], name="documents_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class Signature(models.Model):
    """A place for somebody's signature under a frozen document, and the signature with what was verified of it.

    What is verified is kept as it was at that hour: a certificate that expires later takes nothing away. The ИИН of
    the certificate is compared with the signer's and is not kept beside the CMS.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="signatures")
    user_id = models.BigIntegerField()
    person_id = models.UUIDField()
    signer_name = models.CharField(max_length=150)
    state = models.CharField(max_length=7, choices=list(STATE_LABELS.items()), default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    route = models.CharField(max_length=10, blank=True)
    cms = SealedBytesField(null=True)  # with the signer's certificate, so with his ИИН
    subject = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    bin = models.CharField(max_length=12, blank=True)
    algorithm = models.CharField(max_length=60, blank=True)
    revocation = models.CharField(max_length=10, blank=True)
    stamp = models.CharField(max_length=10, blank=True)
    stamped_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "user_id"], name="documents_signer_once"),
            models.CheckConstraint(
                name="documents_signature_whole",
                condition=models.Q(state="waiting", cms=None, decided_at=None)
                | models.Q(state="signed", cms__isnull=False, decided_at__isnull=False) & ~models.Q(serial="")
                | models.Q(state="refused", cms=None, decided_at__isnull=False) & ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signer_name}: {self.state}"


class PhoneSession(models.Model):
    """A square on the screen that lets one phone sign one document, for a few minutes. Only the token's digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Code and values, for the phone and the screen may speak different languages.
    refusal = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.signature_id} until {self.expires_at}"
