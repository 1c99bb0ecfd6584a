"""Figures of classes, which never leave the school, and the list of those that have to be counted again."""

from __future__ import annotations

from django.db import models


class ClassFact(models.Model):
    """One figure of one class (in one subject, where the metric has subjects): sums, as in the public facts.

    Grade and language of the class are copied, so that the school's facts are one query over this table.
    """

    id = models.BigAutoField(primary_key=True)
    metric = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    year = models.CharField(max_length=7)
    period = models.CharField(max_length=10)
    school_class_id = models.UUIDField()
    grade = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    subject_code = models.CharField(max_length=60, blank=True)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    people = models.PositiveIntegerField()
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "period", "metric", "version", "school_class_id", "subject_code"],
                name="analytics_class_fact_once",
            )
        ]
        indexes = [models.Index(fields=["school_class_id", "year"], name="analytics_fact_class")]

    def __str__(self) -> str:
        return f"{self.metric} {self.period} {self.subject_code} {self.numerator}/{self.denominator}"


class ChangedJournal(models.Model):
    """A journal whose figures are older than its marks: noted with the news, gone when counted."""

    id = models.BigAutoField(primary_key=True)
    period_id = models.UUIDField()
    school_class_id = models.UUIDField()
    subject_code = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period_id", "school_class_id", "subject_code"], name="analytics_changed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_class_id} {self.subject_code}"
