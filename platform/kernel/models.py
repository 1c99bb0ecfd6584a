"""What every tenant's schema holds of the shared mechanisms: outbox, audit, view log, jobs, files, keys of its post."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.db.sealed import SealedTextField
from kernel.ids import uuid7


class OutboxEvent(models.Model):
    """A fact committed together with the change it tells of, waiting for its handlers."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    payload = models.JSONField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="kernel_outbox_waiting", condition=models.Q(delivered_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.event_id}"


class AuditEntry(models.Model):
    """The security log: append-only, each row hashed with the one before it (by a trigger)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=100)
    outcome = models.CharField(max_length=20, default="ok")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=45, blank=True)
    session_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="kernel_audit_at"),
            models.Index(fields=["object_type", "object_id"], name="kernel_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class FeedPosition(models.Model):
    """How far the security log has left the cell by one feed: the next line to go is the one after `position`."""

    feed = models.CharField(max_length=30, primary_key=True)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    fault = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.feed} at {self.position}"


class ViewEntry(models.Model):
    """Who looked at whom, and why. The person looked at (or the parent) can read it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    subject = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=60)
    request_id = models.CharField(max_length=40, blank=True)
    # By which way in: what a stolen session or token has opened is found by it.
    session_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id", "-at"], name="kernel_view_subject"),
            models.Index(fields=["actor_id", "at"], name="kernel_view_actor"),
            BrinIndex(fields=["at"], name="kernel_view_at"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject} {self.subject_id}"


class Job(models.Model):
    """Work longer than a second: it has progress, can be cancelled, and leaves a result."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="kk")
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user_id", "-created_at"], name="kernel_job_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class StoredFile(models.Model):
    """A file kept under the tenant's own prefix; the row says what it is and where it came from.

    Its bytes are closed with a key of its own, which stands here sealed: whoever turns the tenant's key writes rows anew
    and no file. Size and hash are those of the bytes that were given. By its verdict a file from outside opens or does not.
    """

    class Verdict(models.TextChoices):
        """What the antivirus said. Ours never came from outside; unscanned ones came while it was switched off."""

        OURS = "ours"
        UNSCANNED = "unscanned"
        WAITING = "waiting"
        CLEAN = "clean"
        INFECTED = "infected"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=60)
    verdict = models.CharField(
        max_length=10, choices=Verdict.choices, default=Verdict.UNSCANNED, db_default=Verdict.UNSCANNED
    )
    key = SealedTextField(max_length=44)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at", "id"], name="kernel_file_waiting", condition=models.Q(verdict="waiting")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeyPair(models.Model):
    """A generation of the tenant's private keys, wrapped with the tenant's own key; the public halves are in the register.

    A retired one is kept while letters sealed for it may be on their way.
    """

    number = models.PositiveIntegerField(primary_key=True)
    private = models.BinaryField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"keys {self.number}"


class TakenLetter(models.Model):
    """That a letter was taken in: the record that makes a second one with the same number harmless."""

    letter_id = models.UUIDField(primary_key=True)
    sender_id = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.letter_id)
