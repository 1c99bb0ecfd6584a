"""The ring of keys of each tenant, kept outside the database."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from kernel import crypto, keys, tenancy
from kernel.keys.store import Folder, KeyChanged, Keyring, KeyUnavailable
from kernel.tenancy import TenantRef

pytestmark = pytest.mark.requirement("SEC-04")

RING = Keyring(b"r" * 32, {1: b"d" * 32}, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "KEYS_ROOT", tmp_path / "keys")
    keys.forget()
    yield tmp_path / "keys"
    keys.forget()


class TestFolder:
    def test_gives_back_what_it_keeps(self, folder: Path) -> None:
        store = Folder()
        assert store.load("s_one") is None
        store.keep("s_one", RING, instead_of=None)
        assert store.load("s_one") == RING
        assert store.schemas() == ["s_one"]

    def test_keeps_them_from_other_users_and_locked(self, folder: Path) -> None:
        Folder().keep("s_one", RING, instead_of=None)
        file = folder / "s_one.key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert RING.root not in file.read_bytes()
        assert not list(folder.glob(".s_one*"))

    def test_never_puts_a_new_ring_over_another(self, folder: Path) -> None:
        store = Folder()
        store.keep("s_one", RING, instead_of=None)
        other = Keyring(b"x" * 32, {1: b"y" * 32}, RING.turned_at)
        with pytest.raises(KeyChanged):
            store.keep("s_one", other, instead_of=None)
        with pytest.raises(KeyChanged):
            store.keep("s_one", other, instead_of=other)
        assert store.load("s_one") == RING

    def test_does_not_take_one_schemas_file_for_anothers(self, folder: Path) -> None:
        Folder().keep("s_one", RING, instead_of=None)
        (folder / "s_two.key").write_bytes((folder / "s_one.key").read_bytes())
        with pytest.raises(KeyUnavailable, match="s_two does not open"):
            Folder().load("s_two")

    def test_opens_with_no_other_cells_key(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Folder().keep("s_one", RING, instead_of=None)
        monkeypatch.setattr(settings, "CELL_KEY", "another cell")
        with pytest.raises(KeyUnavailable, match="MEKTEP_CELL_KEY"):
            Folder().load("s_one")

    @pytest.mark.parametrize("schema", ["../s_one", "s/one", "", "S_ONE", ".lock"])
    def test_knows_no_names_but_of_schemas(self, folder: Path, schema: str) -> None:
        with pytest.raises(KeyUnavailable):
            Folder().load(schema)


class TestRing:
    def test_differs_from_school_to_school(self, folder: Path) -> None:
        keys.make("s_one")
        keys.make("s_two")
        assert keys.derived("s_one", "a") != keys.derived("s_two", "a")
        assert keys.derived("s_one", "a") != keys.derived("s_one", "b")
        assert keys.derived("s_one", "a") == keys.derived("s_one", "a")

    def test_is_never_made_silently(self, folder: Path) -> None:
        with pytest.raises(KeyUnavailable, match="no new key opens it"):
            keys.derived("s_one", "a")
        assert Folder().schemas() == []

    def test_closes_with_the_newest_generation_and_opens_with_all(self, folder: Path) -> None:
        keys.make("s_one")
        first, old = keys.cipher("s_one")
        before = keys.derived("s_one", "a")
        assert keys.turn("s_one") == 2
        second, _new = keys.cipher("s_one")
        assert (first, second) == (1, 2)
        sealed = old.encrypt(b"n" * 12, b"text", None)
        assert keys.cipher("s_one", 1)[1].decrypt(b"n" * 12, sealed, None) == b"text"
        assert keys.derived("s_one", "a") == before, "tokens and digests outlive a turn"

    def test_forgets_retired_generations(self, folder: Path) -> None:
        keys.make("s_one")
        keys.turn("s_one")
        assert keys.retire("s_one") == [1]
        with pytest.raises(KeyUnavailable, match="generation 1"):
            keys.cipher("s_one", 1)

    def test_sees_a_generation_that_another_process_made(self, folder: Path) -> None:
        keys.make("s_one")
        keys.cipher("s_one")
        ring = Folder().load("s_one")
        assert ring is not None
        newer = Keyring(ring.root, {**ring.data, 2: b"2" * 32}, ring.turned_at)
        Folder().keep("s_one", newer, instead_of=ring)
        assert keys.cipher("s_one", 2)[0] == 2

    def test_is_dead_everywhere_within_a_minute_of_its_destruction(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys.make("s_one")
        keys.derived("s_one", "a")
        Folder().destroy("s_one")  # as another process does it
        later = keys.time.monotonic() + 60
        monkeypatch.setattr(keys.time, "monotonic", lambda: later)
        with pytest.raises(KeyUnavailable):
            keys.derived("s_one", "a")

    def test_may_be_destroyed_twice(self, folder: Path) -> None:
        keys.make("s_one")
        keys.destroy("s_one")
        keys.destroy("s_one")
        assert Folder().schemas() == []


def test_every_prepared_schema_has_one(school_a: TenantRef, school_b: TenantRef) -> None:
    known = set(Folder().schemas())
    assert {school_a.schema, school_b.schema} <= known
    with tenancy.use(school_a):
        here = crypto.digest("x", "value")
    with tenancy.use(school_b):
        assert crypto.digest("x", "value") != here
