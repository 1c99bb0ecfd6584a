"""What a browser may load for a page of ours: from us alone, and nothing inline."""

from __future__ import annotations

import pytest

from kernel.access import Role
from tests.conftest import ClientFor


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/no-such-page/", "/api/v1/openapi.json", "/healthz"])
@pytest.mark.parametrize("roles", [(), (Role.TEACHER,)], ids=["nobody", "teacher"])
def test_every_answer_names_the_strict_policy(
    client_for: ClientFor, path: str, roles: tuple[Role, ...]
) -> None:
    policy = client_for(*roles).get(path).headers["Content-Security-Policy"]
    named = dict(part.split(" ", 1) for part in policy.split("; "))
    assert named["default-src"] == named["object-src"] == named["base-uri"] == "'none'"
    assert named["script-src"] == named["style-src"] == named["form-action"] == "'self'"
    assert named["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy
