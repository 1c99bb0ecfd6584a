"""The slip of a reset is printed as a PDF, from this page only and in this school only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from identity import api as identity
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef


@pytest.mark.requirement("SIS-04", screen="identity:slip_pdf")
def test_prints_the_slip_and_refuses_a_forged_one(
    school_a: TenantRef, school_b: TenantRef, client_for: Callable[..., Any]
) -> None:
    with tenancy.use(school_a):
        made = identity.create_account(
            actor=Actor.system_actor("tests"), person_kind="staff", person_id=None, surname="Әбілова",
            name="Құндыз", roles=[Role.TEACHER.value],
        )  # fmt: skip
    director = client_for(Role.DIRECTOR)
    page = director.post(f"/accounts/{made.user_id}/reset/")
    carried = re.search(r'name="slip" value="([^"]+)"', page.content.decode()).group(1).replace("&quot;", '"')  # type: ignore[union-attr]
    printed = director.post("/accounts/slip.pdf", {"slip": carried})
    assert printed.status_code == 200
    assert printed.content.startswith(b"%PDF")
    assert director.post("/accounts/slip.pdf", {"slip": carried + "x"}).status_code == 404
    stranger = client_for(Role.DIRECTOR, school=school_b)
    assert stranger.post("/accounts/slip.pdf", {"slip": carried}).status_code == 404
