"""Feeds of the security log: a security operations centre by syslog, a file of JSON lines, and anchors of the chains."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from integrations.soc import rfc5424
from integrations.soc.client import CentreAway, Client
from kernel import clock
from kernel.feeds import Anchor, FeedDown, Line

ANCHORS = "anchors.jsonl"


class Syslog:
    leaves_the_cell = True

    def take(self, lines: Sequence[Line]) -> None:
        frames = [
            rfc5424.framed(rfc5424.message(line, host=settings.BASE_HOST, enterprise=settings.SOC_ENTERPRISE))
            for line in lines
        ]
        if not (settings.SOC_CERTIFICATE and settings.SOC_KEY and settings.SOC_AUTHORITIES):
            raise FeedDown("MEKTEP_SOC_CERTIFICATE, _KEY and _AUTHORITIES are wanted")
        client = Client(
            settings.SOC_URL,
            certificate=settings.SOC_CERTIFICATE,
            key=settings.SOC_KEY,
            authorities=settings.SOC_AUTHORITIES,
        )
        try:
            client.send(frames)
        except CentreAway as failure:
            raise FeedDown(str(failure)) from failure


class Lines:
    """A file a day, which a collector of the installation carries away."""

    leaves_the_cell = False

    def take(self, lines: Sequence[Line]) -> None:
        days: dict[str, list[Line]] = {}
        for line in lines:
            days.setdefault(f"{line.at.astimezone(clock.ALMATY):%Y-%m-%d}", []).append(line)
        for day, some in days.items():
            with _appending(f"{day}.jsonl") as file:
                file.write("".join(_row(line.as_json()) for line in some))


class Anchors:
    """The head of each chain after a batch, in a file of its own whose lines are chained too.

    Keep it where no administrator of the database can write: another machine, or a disk that only grows.
    """

    leaves_the_cell = False

    def take(self, lines: Sequence[Line]) -> None:
        head = lines[-1]
        with _appending(ANCHORS) as file:
            values = {"tenant": head.tenant, "number": head.number, "hash": head.hash}
            row = values | {"at": clock.now().isoformat(), "before": _digest_of_last_line(file)}
            file.write(_row(row))


class Forged(Exception):
    """The file of anchors is itself not what was written."""


def anchors_path() -> Path:
    return Path(settings.SECURITY_FOLDER) / ANCHORS


def anchors_of(path: Path) -> Iterator[Anchor]:
    """Read a file of anchors. Raises Forged with the line's number when one was altered or is gone."""
    before = ""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            row = json.loads(raw)
            if row["before"] != before:
                raise Forged(str(number))
            before = hashlib.sha256(raw).hexdigest()
            yield Anchor(row["tenant"], row["number"], row["hash"])


def _row(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def _digest_of_last_line(file: IO[str]) -> str:
    """The hash of the line that stands last; empty at the beginning of a file."""
    raw = file.buffer  # type: ignore[attr-defined]
    size = raw.seek(0, os.SEEK_END)
    if not size:
        return ""
    reach = min(size, 4096)
    raw.seek(size - reach)
    last = raw.read(reach).rstrip(b"\n").rsplit(b"\n", 1)[-1] + b"\n"
    raw.seek(0, os.SEEK_END)
    return hashlib.sha256(last).hexdigest()


@contextmanager
def _appending(name: str) -> Iterator[IO[str]]:
    """The file open for more, to one process at a time; on the disk when the block ends. Raises FeedDown."""
    folder = Path(settings.SECURITY_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / name).open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        raise FeedDown(failure.strerror or type(failure).__name__) from failure
