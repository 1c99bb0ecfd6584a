"""The archive as a folder, by PostgreSQL's own tools: where pgBackRest is not installed.

The server copies each finished file of WAL into `spool`, which is its own; `collect` closes it for the reader of backups
and puts it away. A copy of the whole server is one closed stream of pg_basebackup.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

from kernel import clock
from kernel.errors import DomainError
from stack.homes import as_user
from tenants.moments import programs, sealed
from tenants.moments.ports import Base, Report

DAYS = 35  # security.md KZ-61; months and years are kept by the backups of single schools, and by pgBackRest
_PART = 1 << 20
_FIRST = re.compile(rb"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")
_SEGMENT = re.compile(r"[0-9A-F]{24}")


class NoBase(DomainError):
    message = "No copy of the whole server was finished before {at:%d.%m.%Y %H:%M:%S}."
    code = "no_base"


class OtherWal(DomainError):
    message = "The archive has another {name} already: two servers write into one archive."
    code = "other_wal"


class Folder:
    """The adapter; the folder is ARCHIVE["folder"]."""

    def __init__(self) -> None:
        self.root = Path(str(settings.ARCHIVE["folder"]))
        self.spool, self.wal, self.bases = (self.root / name for name in ("spool", "wal", "base"))

    def prepare(self) -> dict[str, str]:
        for folder in (self.wal, self.bases, self.spool):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o711)  # the server's account passes through to the spool
        if (owner := programs.account()) is not None:
            os.chown(self.spool, owner.uid, owner.gid)
        target, draft = f"'{self.spool}/%f'", f"'{self.spool}/.%f'"
        return {
            # One that was handed over before the server could note it is handed over again: the same, or refused.
            "archive_command": f'cmp -s "%p" {target} || {{ test ! -e {target} && cp -p "%p" {draft}'
            f" && sync {draft} && mv {draft} {target}; }}"
        }

    def take(self, report: Report) -> Base:
        begun = clock.now()
        label = f"{begun.astimezone(UTC):%Y%m%dT%H%M%S}"
        folder = self.bases / label
        folder.mkdir(parents=True, mode=0o700)
        here = settings.DATABASES["default"]
        process = subprocess.Popen(  # noqa: S603 - a program by its whole path
            [
                programs.program("pg_basebackup"),
                *("-h", str(here["HOST"]), "-p", str(here["PORT"]), "-U", settings.DB_OWNER_USER),
                *("-D", "-", "-F", "tar", "-X", "none", "-c", "fast", "--no-password", "-l", label),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=programs.environment(),
            cwd="/",
        )
        stream = cast(IO[bytes], process.stdout)
        head = stream.read(_PART)
        first = _FIRST.search(head)
        record = sealed.close(
            folder, "base.tar", _parts(head, stream), first=first[1].decode() if first else ""
        )
        said = cast(IO[bytes], process.stderr).read().decode(errors="replace").strip()
        if process.wait() or first is None:
            raise programs.ToolFailed(tool="pg_basebackup", said=said[-600:])
        ended = clock.now()
        self.collect()
        base = sealed.close(
            folder,
            "done",
            [],
            begun_at=begun.isoformat(),
            ended_at=ended.isoformat(),
            size=record["bytes"],
            first=record["first"],
        )
        report(f"copy {label}: {record['bytes'] >> 20} MB")
        self._thin_out(report)
        return _base(label, base)

    def held(self) -> list[Base]:
        whole = (path.name for path in self.bases.glob("*") if sealed.is_whole(path, "done"))
        return [_base(label, self._done(label)) for label in sorted(whole, reverse=True)]

    def collect(self) -> int:
        count = 0
        with self._alone():
            for path in sorted(self.spool.glob("[0-9A-F]*")):
                content = path.read_bytes()
                if sealed.is_whole(self.wal, path.name):
                    if sealed.record_of(self.wal, path.name)["sha256"] != hashlib.sha256(content).hexdigest():
                        raise OtherWal(name=path.name)
                else:
                    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    sealed.close(self.wal, path.name, [content], written_at=written.isoformat())
                    count += 1
                path.unlink()
        return count

    def covers(self, segment: str) -> bool:
        return sealed.is_whole(self.wal, segment)

    def lay_out(self, data: Path, at: datetime) -> dict[str, str]:
        base = next((one for one in self.held() if one.ended_at <= at), None)
        if base is None:
            raise NoBase(at=at)
        self._unpack(base.label, data)
        wal = data.parent / "wal"
        wal.mkdir()
        for name in self._needed(self._done(base.label)["first"], at):
            with (wal / name).open("wb") as file:
                for part in sealed.opened(self.wal, name):
                    file.write(part)
            (wal / name).chmod(0o644)
        (data / "recovery.signal").touch()
        return {
            "restore_command": f"cp {shlex.quote(str(wal))}/%f %p",
            "recovery_target_time": at.astimezone(UTC).isoformat(sep=" "),
            "recovery_target_action": "promote",
        }

    def _unpack(self, label: str, data: Path) -> None:
        """As the account of the server, so that all is its own."""
        process = subprocess.Popen(  # noqa: S603 - a program by its whole path
            ["/bin/tar", "-x", "-C", str(data)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            **as_user(programs.account()),
        )
        try:
            for part in sealed.opened(self.bases / label, "base.tar"):
                cast(IO[bytes], process.stdin).write(part)
        finally:
            _out, said = process.communicate()
        if process.returncode:
            raise programs.ToolFailed(tool="tar", said=said.decode(errors="replace")[-600:])

    def _needed(self, first: str, at: datetime) -> list[str]:
        """Files of WAL from the first on, up to the second that was written to after the moment; and all histories."""
        names, later = [], 0
        for name in sorted(self._segments(), key=_place):
            if _place(name) < _place(first):
                continue
            names.append(name)
            later += datetime.fromisoformat(sealed.record_of(self.wal, name)["written_at"]) > at
            if later == 2:
                break
        return [*names, *(path.stem for path in self.wal.glob("*.history.json"))]

    def _segments(self) -> list[str]:
        return [path.stem for path in self.wal.glob("*.json") if _SEGMENT.fullmatch(path.stem)]

    def _done(self, label: str) -> dict[str, Any]:
        return sealed.record_of(self.bases / label, "done")

    def _thin_out(self, report: Report) -> None:
        """Keep what reaches every moment of the last DAYS: the copies since then, one before, and the WAL from it on."""
        held, oldest = self.held(), clock.now() - timedelta(days=DAYS)
        before = [base for base in held if base.ended_at < oldest]
        for base in before[1:]:
            for name in ("done", "base.tar"):
                sealed.remove(self.bases / base.label, name)
            (self.bases / base.label).rmdir()
            report(f"copy {base.label} need not be kept: removed")
        if before[1:]:
            first = self._done(before[0].label)["first"]
            for name in self._segments():
                if _place(name) < _place(first):
                    sealed.remove(self.wal, name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.root / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _parts(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    yield head
    while part := stream.read(_PART):
        yield part


def _place(segment: str) -> str:
    """Where it stands in the WAL, whatever its timeline."""
    return segment[8:24]


def _base(label: str, record: dict[str, Any]) -> Base:
    begun, ended = (datetime.fromisoformat(record[name]) for name in ("begun_at", "ended_at"))
    return Base(label, begun, ended, record["size"])
