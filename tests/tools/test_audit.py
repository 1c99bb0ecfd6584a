"""The audit of what the product is made of: which advisory holds for which locked version."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import audit
import pytest
from audit import Part

pytestmark = pytest.mark.requirement("SEC-01")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DJANGO, LODASH = Part("PyPI", "django", "5.2.19"), Part("npm", "lodash", "4.17.20")


def record(package: str = "Django", ecosystem: str = "PyPI", **affected: Any) -> dict[str, Any]:
    named = {"package": {"name": package, "ecosystem": ecosystem}}
    return {
        "id": "GHSA-1",
        "aliases": ["CVE-2026-1"],
        "modified": "2026-11-20T00:00:00Z",
        "summary": "What it is",
        "affected": [named | affected],
    }


def span(*events: dict[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    return {"ranges": [{"type": kind, "events": list(events)}]}


@pytest.mark.parametrize(
    ("part", "affected", "is_found"),
    [
        (DJANGO, {"versions": ["5.2.19"]}, True),
        (DJANGO, {"versions": ["5.2.18"]}, False),
        (DJANGO, span({"introduced": "0"}, {"fixed": "5.2.20"}), True),
        (DJANGO, span({"introduced": "5.2"}, {"fixed": "5.2.19"}), False),
        (DJANGO, span({"introduced": "5.2a1"}, {"last_affected": "5.2.19"}), True),
        (DJANGO, span({"introduced": "5.2a1"}, {"last_affected": "5.2.18"}), False),
        (DJANGO, span({"fixed": "4.2.30"}, {"introduced": "0"}, {"introduced": "5.0"}), True),
        (DJANGO, span({"introduced": "6.0"}), False),
        (DJANGO, span({"introduced": "0"}, kind="GIT"), False),
        (LODASH, span({"introduced": "0"}, {"fixed": "4.17.21"}, kind="SEMVER"), True),
        (LODASH, span({"introduced": "0"}, {"fixed": "4.17.20"}, kind="SEMVER"), False),
        (LODASH, span({"introduced": "4.17.20-rc.1"}, {"fixed": "5.0.0-beta.2"}, kind="SEMVER"), True),
        (
            Part("npm", "lodash", "5.0.0-beta.10"),
            span({"introduced": "0"}, {"fixed": "5.0.0-beta.2"}, kind="SEMVER"),
            False,
        ),
        (
            Part("npm", "lodash", "5.0.0-beta.1"),
            span({"introduced": "0"}, {"fixed": "5.0.0"}, kind="SEMVER"),
            True,
        ),
    ],
)
def test_which_version_it_holds_for(part: Part, affected: dict[str, Any], is_found: bool) -> None:
    name, ecosystem = ("Django", "PyPI") if part.ecosystem == "PyPI" else ("lodash", "npm")
    told = audit.findings([part], [record(name, ecosystem, **affected)])
    assert [one.part for one in told] == ([part] if is_found else [])


def test_a_package_of_the_same_name_elsewhere_is_another() -> None:
    everything = span({"introduced": "0"})
    assert audit.findings([DJANGO], [record("django", "npm", **everything)]) == []
    assert audit.findings([DJANGO], [record("djangorestframework", **everything)]) == []


def test_what_was_withdrawn_holds_for_none() -> None:
    assert audit.findings([DJANGO], [record(**span({"introduced": "0"})) | {"withdrawn": "2026-01-01"}]) == []


def test_all_lock_files_are_read() -> None:
    locked = audit.parts()
    assert {"django", "zstandard", "pytest"} <= {one.name for one in locked if one.ecosystem == "PyPI"}
    assert {"htmx.org", "vite"} <= {one.name for one in locked if one.ecosystem == "npm"}
    assert all(one.version[0].isdigit() for one in locked)


class TestRun:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        (tmp_path / "requirements").mkdir()
        (tmp_path / "requirements" / "prod.txt").write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
        packages = {"": {"name": "mektep"}, "node_modules/lodash": {"version": "4.17.20"}}
        (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
        return tmp_path

    def told(self, root: Path, *records: dict[str, Any], now: datetime = NOW) -> int:
        archive = root / "all.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for number, one in enumerate(records):
                file.writestr(f"{number}.json", json.dumps(one))
        return audit.main([str(archive)], root=root, now=now)

    def test_names_what_it_found(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.told(root, record(**span({"introduced": "0"}))) == 1
        assert "django 5.2.19 (PyPI): GHSA-1: What it is" in capsys.readouterr().out

    def test_is_content_with_what_is_not_affected(self, root: Path) -> None:
        assert self.told(root, record(versions=["5.2.1"])) == 0

    def test_nothing_to_compare_with_is_no_yes(self, root: Path) -> None:
        assert audit.main([], root=root, now=NOW) == 2
        assert self.told(root, record(versions=["5.2.1"]), now=datetime(2026, 12, 20, tzinfo=UTC)) == 2

    def test_what_is_accepted_has_a_reason_and_a_day(self, root: Path) -> None:
        path, found = root / "requirements" / "accepted.toml", record(**span({"introduced": "0"}))
        path.write_text('[CVE-2026-1]\nreason = "only in its admin, which is not used"\nuntil = 2026-12-01\n')
        assert self.told(root, found) == 0
        assert self.told(root, found, now=datetime(2026, 12, 2, tzinfo=UTC)) == 1
        path.write_text('[CVE-2026-1]\nreason = ""\nuntil = 2026-12-01\n')
        with pytest.raises(ValueError, match="wants a reason"):
            self.told(root, found)
