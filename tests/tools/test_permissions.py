"""The page of permissions follows the declarations."""

from __future__ import annotations

from tools import permissions


def test_the_page_of_permissions_is_fresh() -> None:
    assert permissions.PAGE.read_text() == permissions.page(), "run tools/permissions.py"
