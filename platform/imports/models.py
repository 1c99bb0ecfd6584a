"""A file on its way into the school: the batch, its rows, and what each of them did."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from imports.declaration import SHEET_STEP, where
from kernel.db.sealed import SealedJSONField
from kernel.ids import uuid7


class ImportBatch(models.Model):
    """One uploaded file, from its upload to the undoing of what it did."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("checked, not loaded")
        LOADING = "loading", _("is being loaded")
        LOADED = "loaded", _("loaded")
        UNDONE = "undone", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    importer = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_id = models.UUIDField()
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=120, blank=True)
    sheets = models.JSONField(default=list)
    taken = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    # What of the file is no row: a reason's code, the words, how often.
    told = SealedJSONField(default=list)
    head_row = models.PositiveIntegerField(default=0)
    signature = models.CharField(max_length=32)
    labels = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    remembered_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="imports_batch_newest")]

    def __str__(self) -> str:
        return f"{self.importer} {self.file_name}"

    def sheet_of(self, number: int) -> str:
        """The sheet of the row, when several are read."""
        place = number // SHEET_STEP
        return self.taken[place] if len(self.taken) > 1 and place < len(self.taken) else ""

    def where(self, number: int) -> str:
        """How a person finds the row in the file."""
        return where(number, self.sheet_of(number))


class ImportRow(models.Model):
    """A row as it stands in the file, what was decided about its cells, and what the check said."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    raw = SealedJSONField()
    decisions = SealedJSONField(default=dict)
    settled = models.JSONField(default=list)
    parsed = SealedJSONField(default=dict)
    verdict = models.CharField(max_length=6, blank=True)
    problems = SealedJSONField(default=list)
    codes = models.JSONField(default=list)  # of the problems, each once: what the lists are narrowed by
    has_doubts = models.BooleanField(default=False)
    # What binds it to other rows of the file; nobody knows it before the check.
    ties = SealedJSONField(null=True)
    brings = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="imports_row_once")]
        indexes = [models.Index(fields=["batch", "verdict"], name="imports_row_verdict")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class Repair(models.Model):
    """What was put right on the check page at one press, so that it can be undone before the load."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="repairs")
    column = models.CharField(max_length=40)
    code = models.CharField(max_length=40, blank=True)
    # Number of the row, what had been decided on the cell, which doubts had been settled: as it was before.
    before = SealedJSONField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["batch", "-id"], name="imports_repair_newest")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.column} {self.code}"


class ImportChange(models.Model):
    """What the batch did; the undo reads it backwards. An update is one row, all objects made of a kind are one."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    created_ids = models.JSONField(default=list)
    kind = models.CharField(max_length=7)
    before = SealedJSONField(default=dict)
    after = SealedJSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["batch", "id"], name="imports_change_batch")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} {self.object_id}"


class RememberedMapping(models.Model):
    """How the school took the columns of its usual file."""

    id = models.BigAutoField(primary_key=True)
    importer = models.CharField(max_length=40)
    signature = models.CharField(max_length=32)
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["importer", "signature"], name="imports_mapping_once")]

    def __str__(self) -> str:
        return f"{self.importer} {self.signature}"


class RememberedWord(models.Model):
    """What a word of the school's usual files means: "Ахметов А." is Ахметов Асан Болатұлы."""

    id = models.BigAutoField(primary_key=True)
    importer = models.CharField(max_length=40)
    column = models.CharField(max_length=40)
    said = models.CharField(max_length=120)
    means = models.CharField(max_length=200)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["importer", "column", "said"], name="imports_word_once")
        ]

    def __str__(self) -> str:
        return f"{self.said} = {self.means}"
