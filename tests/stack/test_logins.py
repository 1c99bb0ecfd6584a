"""What ends `make demo`: somebody of each role at each host, and where everybody is."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from stack import logins


def test_the_first_of_each_role_is_shown_and_the_file_named(tmp_path: Path) -> None:
    path = tmp_path / "logins.json"
    told = [
        {"host": "a.mektep.localhost", "tenant": "a", "kind": "SCHOOL", "role": role, "username": name}
        | {"full_name": name.title(), "password": "p", "language": "kk"}
        for role, name in (("teacher", "aigul"), ("teacher", "bolat"), ("director", "dana"))
    ]
    path.write_text(json.dumps(told))
    output = StringIO()
    logins.show(path, Console(file=output, width=200), port=8000)
    shown = output.getvalue()
    assert "aigul" in shown
    assert "dana" in shown
    assert "bolat" not in shown
    assert shown.index("aigul") < shown.index("dana")
    assert str(path) in shown
