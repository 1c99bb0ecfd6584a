"""The process's memory: bounded, forgetful, and never one school's for another."""

from __future__ import annotations

from itertools import count

from django.utils import translation
from django.utils.translation import gettext_lazy

from kernel import tenancy
from kernel.memo import Memo
from kernel.tenancy import TenantRef


def test_it_remembers_under_the_key() -> None:
    made = count()
    memo: Memo[int] = Memo(size=4, seconds=60)
    assert memo.get("a", lambda: next(made)) == 0
    assert memo.get("a", lambda: next(made)) == 0
    assert memo.get("b", lambda: next(made)) == 1


def test_two_schools_never_share_what_is_remembered(
    tenants_db: None, school_a: TenantRef, school_b: TenantRef
) -> None:
    memo: Memo[str] = Memo(size=4, seconds=60)
    for school in (school_a, school_b):
        with tenancy.use(school):
            assert memo.get("stamp", lambda school=school: school.code) == school.code


def test_the_oldest_leaves_when_it_is_full() -> None:
    made = count()
    memo: Memo[int] = Memo(size=2, seconds=60)
    for key in "abc":
        memo.get(key, lambda: next(made))
    assert memo.get("c", lambda: next(made)) == 2
    assert memo.get("a", lambda: next(made)) == 3


def test_what_is_too_old_is_made_anew() -> None:
    made = count()
    memo: Memo[int] = Memo(size=2, seconds=0)
    assert [memo.get("a", lambda: next(made)) for _ in range(2)] == [0, 1]


def test_a_key_whose_words_are_said_in_another_language_never_stands_in_the_way() -> None:
    """Its hash is another one then, so it can't be found to be taken out."""
    made = count()
    memo: Memo[int] = Memo(size=2, seconds=60)
    with translation.override("kk"):
        memo.get(gettext_lazy("Search"), lambda: next(made))
    with translation.override("ru"):
        for key in "abc":
            memo.get(key, lambda: next(made))
        assert memo.get("c", lambda: next(made)) == 3
