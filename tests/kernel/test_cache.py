"""What is kept in the shared memory follows the database, whoever is quicker, and stays in its school."""

from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

from kernel import cache, tenancy
from kernel.tenancy import TenantRef


class Truth:
    """A row, and how often it was read."""

    def __init__(self, value: object = "old") -> None:
        self.value, self.reads = value, 0

    def read(self) -> object:
        self.reads += 1
        return self.value


def kept(truth: Truth) -> object:
    return cache.kept("row", truth.read, seconds=300)


class TestKept:
    @pytest.mark.parametrize("value", ["old", {}, 0, False])
    def test_is_read_once(self, in_school: TenantRef, value: object) -> None:
        truth = Truth(value)
        assert [kept(truth), kept(truth)] == [value, value]
        assert truth.reads == 1

    def test_each_school_keeps_its_own(self, school_a: TenantRef, school_b: TenantRef) -> None:
        here, there = Truth("here"), Truth("there")
        with tenancy.use(school_a):
            kept(here)
        with tenancy.use(school_b):
            assert kept(there) == "there"
            cache.changing("row")
        with tenancy.use(school_a):
            assert (kept(here), here.reads) == ("here", 1)

    @pytest.mark.parametrize("trouble", [RedisAway, RedisSilent])
    def test_is_read_from_the_database_while_the_memory_is_away(
        self, in_school: TenantRef, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
    ) -> None:
        def fail(*_args: object) -> None:
            raise trouble

        truth = Truth()
        monkeypatch.setattr(cache, "get", fail)
        monkeypatch.setattr(cache, "add", fail)
        assert kept(truth) == "old"
        truth.value = "new"
        assert kept(truth) == "new"

    def test_what_cannot_be_kept_is_answered_all_the_same(
        self, in_school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: object) -> None:
            raise RedisAway

        truth = Truth()
        monkeypatch.setattr(cache, "add", fail)
        assert kept(truth) == "old"
        assert truth.reads == 1


class TestChanging:
    def test_the_new_value_is_seen_at_once(self, in_school: TenantRef) -> None:
        truth = Truth()
        kept(truth)
        cache.changing("row")
        truth.value = "new"
        assert kept(truth) == "new"

    def test_nothing_is_kept_until_the_change_is_surely_committed(self, in_school: TenantRef) -> None:
        truth = Truth()
        cache.changing("row")
        assert kept(truth) == "old"  # another connection reads before the commit
        truth.value = "new"
        assert kept(truth) == "new"

    def test_a_reader_overtaken_by_a_change_leaves_nothing_behind(self, in_school: TenantRef) -> None:
        truth = Truth("new")

        def read_slowly() -> str:
            cache.changing("row")  # the change comes between this reader's read and his keeping of it
            return "old"

        cache.kept("row", read_slowly, seconds=300)
        assert kept(truth) == "new"
