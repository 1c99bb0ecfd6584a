"""Every code that goes to the two logs has words: the code is walked, and one without is named."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from kernel import audit
from tests.architecture.lints import ROOT, Source, sources

# Calls of kernel.audit and of what speaks to it, and which register holds the words of which argument.
ARGUMENTS = {
    "record": {"action": audit.ACTIONS, "object_type": audit.OBJECTS},
    "record_refusal": {"action": audit.ACTIONS, "object_type": audit.OBJECTS},
    "exports": {"action": audit.ACTIONS, "object_type": audit.OBJECTS},
    "viewed": {"purpose": audit.PURPOSES},
    "saw": {"purpose": audit.PURPOSES},  # modules.journal.services.looks
    "act": {"action": audit.ACTIONS},  # verbs of the operator's command: tenants.cli.acts
}


def calls(source: Source) -> Iterator[ast.Call]:
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ARGUMENTS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("audit", "acts", "looks")
        ):
            yield node


def codes(source: Source) -> Iterator[tuple[str, str, str]]:
    """(function, argument, code) of every call; a code that is not written out is given as "?"."""
    for call in calls(source):
        function = call.func.attr  # type: ignore[attr-defined]
        given = {word.arg: word.value for word in call.keywords}
        for argument in ARGUMENTS[function].keys() & given.keys():
            value = given[argument]
            written = value.value if isinstance(value, ast.Constant) else "?"
            yield function, argument, str(written)


def without_words(source: Source) -> list[str]:
    return [
        f"{source.path}: {argument} {code}"
        for function, argument, code in codes(source)
        if code not in ARGUMENTS[function][argument]
    ]


PASSING_ON = (
    "platform/kernel/audit.py",
    "modules/journal/services/looks.py",
)  # codes that their callers give
COMMANDS = (
    "demo/commands.py",
    "infra/pgbouncer/commands.py",
    "infra/isolation/commands.py",
)  # outside the product
ALL = [
    *(source for source in sources() if source.path not in PASSING_ON),
    *(Source(path, ast.parse((ROOT / path).read_text(encoding="utf-8"))) for path in COMMANDS),
]


def test_every_code_has_words() -> None:
    found = [line for source in ALL for line in without_words(source)]
    assert found == [], "give it words in the app's panels.py: audit.words(...)"


def test_no_words_are_left_over() -> None:
    used = {code for source in ALL for _function, _argument, code in codes(source)}
    assert (audit.ACTIONS.keys() | audit.PURPOSES.keys()) - used == set()


def test_the_logs_are_written_by_their_name_only() -> None:
    """`from kernel.audit import record` would hide a call from this walk."""
    hidden = [
        source.path
        for source in ALL
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "kernel.audit"
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('audit.record(actor=a, action="school.roof.repaired")', 1),
        ('audit.record(actor=a, action="school.profile.changed", object_type="roof")', 1),
        ('audit.record(actor=a, action=f"school.{what}.changed")', 1),
        ('audit.exports(action="school.roof.exported", object_type="roof")', 2),
        ('audit.viewed(actor=a, subject="pupil", subject_ids=[], purpose="school.curiosity")', 1),
        ('looks.saw(actor=a, pupils=[], purpose="school.curiosity")', 1),
        ('audit.record(actor=a, action="school.profile.changed", object_type="profile")', 0),
    ],
)
def test_the_walk_bites(code: str, found: int) -> None:
    assert len(without_words(Source("modules/school/services.py", ast.parse(code)))) == found


def test_words_are_given_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        audit.words(actions={"school.profile.changed": "again"})
