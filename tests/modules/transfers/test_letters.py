"""Letters between releases: what was released stays readable, whatever comes later."""

from __future__ import annotations

import json
import os
from pathlib import Path

from modules.transfers.letters import KINDS

KEPT = Path(__file__).parent / "letters.json"


def test_released_letters_keep_their_shape() -> None:
    shapes = {kind: body.model_json_schema() for body, kind in KINDS.items()}
    if os.environ.get("UPDATE_LETTERS"):
        KEPT.write_text(json.dumps(shapes, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    kept = json.loads(KEPT.read_text())
    for kind, shape in kept.items():
        assert shapes.get(kind) == shape, (
            f"{kind} is released: make a .v2 beside it (UPDATE_LETTERS=1 adds new ones)"
        )
    assert set(shapes) == set(kept)
