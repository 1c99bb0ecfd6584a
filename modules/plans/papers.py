"""The shapes of the papers of this module: plain values only, as documents.form wants them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanLine:
    number: str
    section: str
    topic: str
    objectives: str
    hours: str
    dates: str
    note: str


@dataclass(frozen=True, slots=True)
class PlanQuarter:
    title: str
    total: str
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """The body of the form plans.plan, in the columns of order 130."""

    subject: str
    classes: str
    total: str
    year: str
    author: str
    agreed: str
    approved: str
    quarters: tuple[PlanQuarter, ...]


@dataclass(frozen=True, slots=True)
class StagePaper:
    stage: str
    teacher: str
    pupils: str
    assessment: str
    resources: str


@dataclass(frozen=True, slots=True)
class LessonPaper:
    """The body of the form plans.lesson: the upper table, the course of the lesson, what is kept after it.

    The order asks for how many were there and how many were not; it is written by hand where the lesson lies ahead.
    """

    section: str
    teacher: str
    date: str
    school_class: str
    present: str
    absent: str
    topic: str
    objectives: str
    purpose: str
    stages: tuple[StagePaper, ...]
    differentiation: str
    reflection: str
