"""The school's figures: by class as stored here, and summed as they go to the public facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import connection

from kernel.models import Job
from modules.analytics.models import ChangedJournal, ClassFact
from tenants.rollups import Figure

REFRESH = "analytics.refresh"

# A pupil has marks in many subjects: the class counts as many people as its fullest subject, never more than it has.
_SUMS = """
WITH facts AS (
  SELECT * FROM analytics_classfact WHERE year = %s AND period = %s AND metric = ANY(%s)),
classes AS (
  SELECT metric, version, school_class_id, grade, language, sum(numerator) AS numerator,
         sum(denominator) AS denominator, max(people) AS people
  FROM facts GROUP BY metric, version, school_class_id, grade, language)
SELECT metric, version, 'all', '', sum(numerator), sum(denominator), sum(people) FROM classes GROUP BY 1, 2
UNION ALL
SELECT metric, version, 'grade', grade::text, sum(numerator), sum(denominator), sum(people) FROM classes
GROUP BY metric, version, grade
UNION ALL
SELECT metric, version, 'language', language, sum(numerator), sum(denominator), sum(people) FROM classes
GROUP BY metric, version, language
UNION ALL
SELECT metric, version, 'subject', subject_code, sum(numerator), sum(denominator), sum(people) FROM facts
WHERE subject_code <> '' GROUP BY metric, version, subject_code
"""


def sums(*, metrics: Collection[str], year: str, period: str) -> Iterator[Figure]:
    """The school's figures of the period: in all, by grade, by language and by subject."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [year, period, list(metrics)])
        rows = cursor.fetchall()
    for metric, version, dimension, value, numerator, denominator, people in rows:
        yield Figure(
            metric,
            year,
            period,
            int(numerator),
            int(denominator),
            int(people),
            version=version,
            dimension=dimension,
            value=value,
        )


def of_classes(
    *,
    year: str,
    period: str | None = None,
    metrics: Collection[str] = (),
    class_id: UUID | None = None,
    subject: str | None = None,
) -> list[ClassFact]:
    """Figures of classes as stored. Callers check the right to read them."""
    rows = ClassFact.objects.filter(year=year)
    if period is not None:
        rows = rows.filter(period=period)
    if metrics:
        rows = rows.filter(metric__in=list(metrics))
    if class_id is not None:
        rows = rows.filter(school_class_id=class_id)
    if subject is not None:
        rows = rows.filter(subject_code=subject)
    return list(rows.order_by("grade", "school_class_id", "subject_code", "id"))


def known_subjects(*, year: str, class_ids: Collection[UUID]) -> set[str]:
    """Subjects of which these classes have any figure in the year."""
    rows = ClassFact.objects.filter(year=year, school_class_id__in=list(class_ids)).exclude(subject_code="")
    return set(rows.values_list("subject_code", flat=True).distinct())


def known_slices() -> set[tuple[str, str]]:
    """Years and periods of which there is any figure of a class."""
    return set(ClassFact.objects.values_list("year", "period").distinct())


def is_refresh_waiting() -> bool:
    """A refresh stands in the queue and has not begun."""
    return Job.objects.filter(kind=REFRESH, state=Job.State.WAITING).exists()


def changed_journals() -> int:
    return ChangedJournal.objects.count()
