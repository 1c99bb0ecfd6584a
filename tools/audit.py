"""Known weaknesses of what the product is made of: the lock files against advisories in OSV's format, without the network.

    tools/audit.py FOLDER_OR_ZIP ...

Advisories are OSV's exports (`PyPI/all.zip`, `npm/all.zip` of its public bucket), brought by whoever keeps the release; the
newest `modified` among them tells how old they are. What is looked into and taken as it is stands in
requirements/accepted.toml with a reason and a day until which that holds. Exit 1 when something is found, 2
when there is nothing to compare with or it is older than two weeks.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from steps import ROOT

OLDEST = timedelta(days=14)
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_SEMVER = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")


@dataclass(frozen=True, order=True, slots=True)
class Part:
    """A library as it is locked; the name as its ecosystem spells it."""

    ecosystem: str
    name: str
    version: str


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    part: Part
    advisory: str
    names: tuple[str, ...]
    """The advisory's own and all under which others know it."""
    summary: str


def parts(root: Path = ROOT) -> set[Part]:
    """Everything that a lock file names: what the product runs on, and what it is built and tested with."""
    found = set()
    for lock in (root / "requirements").glob("*.txt"):
        for line in lock.read_text().splitlines():
            if named := _LOCKED.match(line):
                found.add(Part("PyPI", canonicalize_name(named[1]), named[2]))
    packages: Mapping[str, Any] = json.loads((root / "package-lock.json").read_text())["packages"]
    for place, one in packages.items():
        if place and "version" in one:
            name = one.get("name") or place.rpartition("node_modules/")[2]
            found.add(Part("npm", name, one["version"]))
    return found


def advisories(places: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The records of folders and of zip archives."""
    for place in places:
        if place.is_dir():
            for file in sorted(place.rglob("*.json")):
                yield json.loads(file.read_text())
        else:
            with zipfile.ZipFile(place) as archive:
                for name in archive.namelist():
                    if name.endswith(".json"):
                        yield json.loads(archive.read(name))


def findings(locked: Iterable[Part], records: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Which advisories hold for which of the locked parts. What was withdrawn holds for none."""
    by_name: dict[tuple[str, str], list[Part]] = {}
    for part in locked:
        by_name.setdefault((part.ecosystem, part.name), []).append(part)
    found = set()
    for record in records:
        if record.get("withdrawn"):
            continue
        for affected in record.get("affected", ()):
            package = affected.get("package", {})
            ecosystem, name = package.get("ecosystem", ""), package.get("name", "")
            name = canonicalize_name(name) if ecosystem == "PyPI" else name
            for part in by_name.get((ecosystem, name), ()):
                if holds_for(part, affected):
                    names = (record["id"], *record.get("aliases", ()))
                    summary = record.get("summary") or record.get("details", "")
                    found.add(Finding(part, record["id"], names, " ".join(summary.split())[:160]))
    return sorted(found)


def holds_for(part: Part, affected: Mapping[str, Any]) -> bool:
    """Whether the version is named, or lies in a range: from `introduced` to before `fixed`, or to `last_affected`."""
    if part.version in affected.get("versions", ()):
        return True
    return any(
        _is_in(part, span.get("events", ()))
        for span in affected.get("ranges", ())
        if span.get("type") in ("ECOSYSTEM", "SEMVER")
    )


def _is_in(part: Part, events: Iterable[Mapping[str, str]]) -> bool:
    here = _key(part.ecosystem, part.version)
    marks = [(_key(part.ecosystem, text), kind) for event in events for kind, text in event.items()]
    inside = False
    for at, kind in sorted(marks, key=lambda mark: (mark[0], mark[1] != "introduced")):
        if kind == "introduced" and at <= here:
            inside = True
        elif (kind == "fixed" and at <= here) or (kind == "last_affected" and at < here):
            inside = False
    return inside


def _key(ecosystem: str, text: str) -> Any:
    """What versions of the ecosystem are ordered by. "0" is before everything."""
    if ecosystem == "PyPI":
        try:
            return Version("0.dev0" if text == "0" else text)
        except InvalidVersion:
            return Version("0.dev0")
    read = _SEMVER.fullmatch(text)
    if read is None or text == "0":
        return (0, 0, 0, 0, ())
    before = read[4]
    # A version is after all that lead up to it; numbers come before words.
    words = tuple((0, int(w), "") if w.isdigit() else (1, 0, w) for w in before.split(".")) if before else ()
    return (int(read[1]), int(read[2] or 0), int(read[3] or 0), 1 if before else 2, words)


def accepted(path: Path, today: date) -> set[str]:
    """Advisories that are taken as they are, as long as their day has not come. Raises ValueError without a reason."""
    told: dict[str, Any] = tomllib.loads(path.read_text()) if path.exists() else {}
    found = set()
    for name, one in told.items():
        if not str(one.get("reason", "")).strip() or not isinstance(one.get("until"), date):
            raise ValueError(f"{path.name}: {name} wants a reason and a day until which it holds")
        if today <= one["until"]:
            found.add(name)
    return found


def main(arguments: list[str] | None = None, *, root: Path = ROOT, now: datetime | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("places", nargs="*", type=Path, help="folders or zip archives of OSV records")
    asked = parser.parse_args(arguments)
    now = now or datetime.now(UTC)
    records = list(advisories(asked.places))
    if not records:
        print("No advisories were given: nothing was compared.", file=sys.stderr)
        return 2
    locked = parts(root)
    newest = max(datetime.fromisoformat(record["modified"]) for record in records)
    taken = accepted(root / "requirements" / "accepted.toml", now.date())
    left = [one for one in findings(locked, records) if not taken.intersection(one.names)]
    for one in left:
        print(f"{one.part.name} {one.part.version} ({one.part.ecosystem}): {one.advisory}: {one.summary}")
    print(
        f"{len(locked)} parts, {len(records)} advisories, the newest of {newest:%d.%m.%Y}; {len(left)} found"
    )
    if left:
        return 1
    if now - newest > OLDEST:
        print("The advisories are older than two weeks.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
