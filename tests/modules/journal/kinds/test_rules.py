"""Which kind of journal a line of load has, and what is given in it."""

from __future__ import annotations

import pytest

from modules.journal import queries as journal
from modules.journal import rules
from modules.journal.kinds.data import Kind
from modules.journal.kinds.rules import journal_of, kind_of

pytestmark = pytest.mark.requirement(
    "SIS-03", "SIS-31", "SIS-33", "SIS-34", "SIS-35", "SIS-47", "SIS-48", "SIS-49"
)


@pytest.mark.parametrize(
    ("part", "class_kind", "grade", "kind"),
    [
        ("core", "general", 1, Kind.PRIMARY),
        ("variable", "gymnasium", 4, Kind.PRIMARY),
        ("core", "general", 5, Kind.SECONDARY),
        ("core", "lyceum", 11, Kind.SECONDARY),
        ("core", "special", 3, Kind.SPECIAL),
        ("core", "preschool", 0, Kind.PRESCHOOL),
        ("core", "general", 0, Kind.PRESCHOOL),
        ("elective", "general", 9, Kind.ELECTIVE),
        ("club", "preschool", 0, Kind.CLUB),
        ("correction", "special", 2, Kind.CORRECTION),
        ("home", "special", 2, Kind.HOME),
    ],
)
def test_the_part_decides_before_the_class_and_the_class_before_the_grade(
    part: str, class_kind: str, grade: int, kind: Kind
) -> None:
    assert kind_of(part=part, class_kind=class_kind, grade=grade) is kind


@pytest.mark.parametrize(
    ("part", "class_kind", "grade", "marks", "words", "homework"),
    [
        ("core", "general", 1, False, True, True),
        ("core", "general", 2, True, False, True),
        ("core", "special", 1, False, True, True),
        ("core", "special", 5, True, False, True),
        ("home", "general", 1, False, True, True),
        ("home", "general", 7, True, False, True),
        ("core", "preschool", 0, False, False, False),
        ("elective", "general", 9, False, False, True),
        ("club", "general", 9, False, False, False),
        ("correction", "general", 7, False, True, False),
    ],
)
def test_what_is_given(
    part: str, class_kind: str, grade: int, marks: bool, words: bool, homework: bool
) -> None:
    found = journal_of(part=part, class_kind=class_kind, grade=grade)
    assert (found.has_marks, found.has_words, found.has_homework) == (marks, words, homework)


@pytest.mark.parametrize(
    ("part", "grade", "mode"),
    [
        ("core", 7, rules.Mode.POINTS),
        ("home", 7, rules.Mode.POINTS),
        ("core", 1, rules.Mode.NONE),
        ("club", 7, rules.Mode.NONE),
        ("elective", 7, rules.Mode.NONE),
        ("correction", 7, rules.Mode.NONE),
    ],
)
def test_the_rule_of_marks_follows_the_kind(part: str, grade: int, mode: rules.Mode) -> None:
    rule = journal.rule_of_subject(
        year="2026-27",
        subject_code="kazakh_language",
        grade=grade,
        hours=2,
        options=rules.Options(),
        part=part,
    )
    assert rule.mode is mode
