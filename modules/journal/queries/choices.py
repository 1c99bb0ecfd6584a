"""What the school chose where the order leaves a choice, and the rule that follows for a subject."""

from __future__ import annotations

from dataclasses import fields

from modules.journal import rules
from modules.journal.kinds.rules import journal_of
from modules.school import api as school
from tenants import reference

# Names of rules.Options and the settings that hold them.
SETTINGS = {one.name: f"journal.{one.name}" for one in fields(rules.Options)}


def school_options() -> rules.Options:
    """What holds in this school now. From memory, without a query: saving a mark asks it."""
    values = school.setting_values(*SETTINGS.values())
    return rules.Options(**{name: values[code] for name, code in SETTINGS.items()})  # type: ignore[arg-type]


def rule_of_subject(
    *,
    year: str,
    subject_code: str,
    grade: int,
    hours: float,
    options: rules.Options,
    part: str = "core",
    class_kind: str = "",
) -> rules.Rule:
    """The rule in force here for the subject in the journal of the class, at so many hours a week."""
    subject = reference.subjects().get(subject_code)
    mode = subject.mode_in(grade) if subject else rules.Mode.POINTS
    if not journal_of(part=part, class_kind=class_kind, grade=grade).has_marks:
        mode = rules.Mode.NONE
    has_sor, has_soch = (subject.has_sor, subject.has_soch) if subject else (True, True)
    if mode == rules.Mode.POINTS and rules.is_pass_or_fail_here(subject_code, options):
        mode, has_sor, has_soch = rules.Mode.PASS_FAIL, False, False
    return rules.rule_for(
        year=year,
        mode=mode,
        period=rules.period_kind(
            half_year_when_1h=subject.half_year_when_1h if subject else True, hours=hours
        ),
        has_sor=has_sor,
        has_soch=has_soch,
        options=options,
    )
