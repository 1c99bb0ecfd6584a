"""Where the closed bytes of files lie. What they are and whose is known to kernel.files alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

from django.conf import settings


class FileStore(Protocol):
    """Keeps bytes under names of the form `<schema>/<purpose>/<random>`; bound as "kernel.file_store"."""

    def put(self, name: str, content: bytes) -> None:
        """Keep them for good before answering."""

    def get(self, name: str) -> bytes | None:
        """None when there are none."""

    def delete(self, name: str) -> None:
        """Twice is as once."""

    def size_of(self, schema: str) -> int:
        """How many bytes lie under the schema's prefix."""

    def erase(self, schema: str) -> int:
        """Remove all that lies under the schema's prefix; answers how many. Twice is as once."""


class Folder:
    """FileStore as a folder, for the demo and for one machine."""

    def put(self, name: str, content: bytes) -> None:
        target = _path(name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(content)

    def get(self, name: str) -> bytes | None:
        try:
            return _path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        _path(name).unlink(missing_ok=True)

    def size_of(self, schema: str) -> int:
        return sum(one.stat().st_size for one in _files_of(schema))

    def erase(self, schema: str) -> int:
        count = len(_files_of(schema))
        shutil.rmtree(_path(schema), ignore_errors=count == 0)
        return count


def _files_of(schema: str) -> list[Path]:
    return [one for one in _path(schema).rglob("*") if one.is_file()]


def _path(name: str) -> Path:
    root = Path(settings.FILES_ROOT).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(name)
    return path
