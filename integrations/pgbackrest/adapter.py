"""The archive of a cell kept by pgBackRest: copies and WAL in two repositories, closed with AES-256 (decision 0028)."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from kernel import clock
from tenants.moments import programs
from tenants.moments.folder import NoBase
from tenants.moments.ports import Base, Report

STANZA = "mektep"
FULL_AFTER = timedelta(days=6, hours=12)  # a full copy each week, what differs from it on other days (KZ-61)


class Repository:
    """The adapter; its settings stand in pgBackRest's own file (infra/pgbackrest)."""

    def prepare(self) -> dict[str, str]:
        self._run("stanza-create")
        return {
            "archive_command": f"{self._program()} --config={self._config()} --stanza={STANZA} archive-push %p"
        }

    def take(self, report: Report) -> Base:
        fulls = [one for one in self._copies() if one["type"] == "full"]
        is_fresh = bool(fulls) and _at(fulls[-1], "stop") > clock.now() - FULL_AFTER
        kind = "diff" if is_fresh else "full"
        for repository in self._repositories():
            self._run("backup", f"--type={kind}", f"--repo={repository}", "--start-fast")
            report(f"repository {repository}: {kind}")
        return self.held()[0]

    def held(self) -> list[Base]:
        found = {one["label"]: one for one in self._copies()}
        return [
            Base(label, _at(one, "start"), _at(one, "stop"), int(one["info"]["size"]))
            for label, one in sorted(found.items(), key=lambda pair: _at(pair[1], "stop"), reverse=True)
        ]

    def collect(self) -> int:
        """The server hands its WAL over itself."""
        return 0

    def covers(self, segment: str) -> bool:
        tops = [archive["max"] for archive in self._info().get("archive", []) if archive["max"]]
        # Of another timeline, or one later: what went before it is there.
        return any(segment[8:] <= top[8:] for top in tops)

    def lay_out(self, data: Path, at: datetime) -> dict[str, str]:
        if not any(base.ended_at <= at for base in self.held()):
            raise NoBase(at=at)
        self._run(
            "restore",
            f"--pg1-path={data}",
            "--type=time",
            f"--target={at.astimezone(UTC).isoformat(sep=' ')}",
            "--target-action=promote",
            "--archive-mode=off",
        )
        return {}  # what recovery wants stands in the data directory's postgresql.auto.conf

    def _copies(self) -> list[dict[str, Any]]:
        return list(self._info().get("backup", []))

    def _info(self) -> dict[str, Any]:
        told = json.loads(self._run("info", "--output=json"))
        return dict(told[0]) if told else {}

    def _repositories(self) -> list[int]:
        text = self._config().read_text(encoding="utf-8")
        return [number for number in (1, 2) if f"repo{number}-path" in text]

    def _run(self, verb: str, *options: str) -> str:
        return programs.run(
            [
                self._program(),
                f"--config={self._config()}",
                f"--stanza={STANZA}",
                "--log-level-console=error",
                *options,
                verb,
            ]
        )

    def _program(self) -> str:
        found = shutil.which("pgbackrest", path="/usr/bin:/usr/local/bin")
        if found is None:
            raise programs.ToolFailed(tool="pgbackrest", said="it is not installed")
        return found

    def _config(self) -> Path:
        return Path(str(settings.ARCHIVE["config"]))


def _at(copy: dict[str, Any], which: str) -> datetime:
    return datetime.fromtimestamp(copy["timestamp"][which], UTC)
