"""`mektep tenant rotate-keys`: one command from the turn to the old key's end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from identity.models import User
from kernel import audit, clock, keys, tenancy
from kernel.tenancy import TenantRef
from tenants import cli

pytestmark = pytest.mark.requirement("SEC-04")

PHONE = "+77015550777"


def rotate(*words: str) -> object:
    return CliRunner().invoke(cli.app, ["tenant", "rotate-keys", *words])


def test_closes_anew_destroys_the_old_key_and_says_so(
    committed_school: Callable[..., TenantRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = committed_school()
    with tenancy.use(ref):
        User.objects.create(
            username="a", surname="А", name="Б", phone=PHONE, person_kind="staff", created_at=clock.now()
        )
    monkeypatch.setattr("kernel.db.resealing.SETTLES_IN", timedelta(0))
    done = rotate(ref.code, "--json")
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)
    assert told == {"code": ref.code, "generation": 2, "values": 1, "destroyed": [1]}
    with tenancy.use(ref):
        assert User.objects.get(phone=PHONE).phone == PHONE
        noted = [one.action for one in audit.entries() if one.action.startswith("tenants.key.")]
    assert sorted(noted) == ["tenants.key.retired", "tenants.key.turned"]
    with pytest.raises(keys.KeyUnavailable):
        keys.cipher(ref.schema, 1)


def test_knows_its_tenants(tenants_db: None) -> None:
    done = rotate("nobody")
    assert done.exit_code == 1
    assert "no tenant nobody" in done.stderr


def test_says_what_to_do_when_the_key_is_not_there(committed_school: Callable[..., TenantRef]) -> None:
    ref = committed_school()
    keys.destroy(ref.schema)
    done = rotate(ref.code)
    assert done.exit_code == 1
    assert "key store's own backup" in " ".join(done.stderr.split())
