"""The settings of pgBackRest: two repositories, each closed with a pass of its own, kept as KZ-61 says."""

from __future__ import annotations

import configparser
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from identity import policy

TEMPLATE = Path(__file__).with_name("pgbackrest.conf")


def kept() -> tuple[dict[str, str], dict[str, str]]:
    """How long each repository keeps its copies, by the terms of the policy.

    The first is beside the cell, for every day's restores. The second is elsewhere and not to be altered: the full copy of each
    week for as many years as the policy says; its WAL reaches any moment since the last full copy but one.
    """
    terms = policy.terms()
    return (
        {"retention-full-type": "time", "retention-full": str(terms.backup_days)},
        {
            "retention-full-type": "time",
            "retention-full": str(366 * terms.backup_years),
            "retention-archive-type": "full",
            "retention-archive": "2",
        },
    )


@dataclass(frozen=True, slots=True)
class Repositories:
    """Where the cell's data are, and where the repositories lie."""

    data: Path
    folders: list[Path]
    port: int = 5432
    user: str = "postgres"
    log: Path = Path("/var/log/pgbackrest")
    spool: Path = Path("/var/spool/pgbackrest")
    lock: Path = Path("/run/lock/pgbackrest")
    compression: str = "zst"
    second: dict[str, str] = field(default_factory=dict)
    """What repo 2 wants besides when it is no folder: type=s3, s3-bucket=…, s3-endpoint=…, s3-region=…."""


def text(wanted: Repositories, passes: list[str]) -> str:
    lines = []
    for number, (folder, terms) in enumerate(zip(wanted.folders, kept(), strict=False), 1):
        values = {
            "path": str(folder),
            "cipher-type": "aes-256-cbc",
            "cipher-pass": passes[number - 1],
            "bundle": "y",
            **terms,
            **(wanted.second if number == 2 else {}),
        }
        lines += [f"repo{number}-{name}={value}" for name, value in values.items()]
    return TEMPLATE.read_text(encoding="utf-8").format(
        repositories="\n".join(lines),
        data=wanted.data,
        port=wanted.port,
        user=wanted.user,
        log=wanted.log,
        spool=wanted.spool,
        lock=wanted.lock,
        compression=wanted.compression,
        socket=f"pg1-socket-path={wanted.data}" if list(wanted.data.glob(".s.PGSQL.*")) else "",
    )


def write(folder: Path, wanted: Repositories) -> Path:
    """Write the file for its owner alone. Passes that are in it already stay: what they closed opens with nothing else."""
    target = folder / "pgbackrest.conf"
    content = text(wanted, _passes(target, len(wanted.folders)))
    draft = target.with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(content, encoding="utf-8")
    draft.replace(target)
    return target


def _passes(target: Path, count: int) -> list[str]:
    known = configparser.RawConfigParser()
    known.read(target, encoding="utf-8")
    return [
        known.get("global", f"repo{number}-cipher-pass", fallback="") or secrets.token_urlsafe(48)
        for number in range(1, count + 1)
    ]
