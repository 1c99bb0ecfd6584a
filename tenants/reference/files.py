"""The YAML files of reference data, read once by a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

_HERE = Path(__file__).parent


@cache
def raw(name: str) -> Mapping[str, Any]:
    """A whole file as it stands: `raw("surnames")`."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return MappingProxyType(yaml.load((_HERE / f"{name}.yaml").read_text(), Loader=loader))  # noqa: S506 - a safe loader
