"""Every act at the operator's shell stands in the vendor's log, and the school's director sees those on the school."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from config import commands
from demo import commands as demo_commands
from kernel import tenancy
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from tenants import api, cli, journal

pytestmark = pytest.mark.requirement("SUP-08", "TEN-05")


def whole() -> click.Group:
    every = typer.Typer()
    every.add_typer(cli.app, name="own")
    above = typer.Typer()
    commands.add_to(above)
    demo_commands.add_to(above)
    every.add_typer(above, name="above")
    return get_command(every)  # type: ignore[return-value]


def verbs(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from verbs(command, f"{path} {name}")
        else:
            yield f"{path} {name}".strip(), command


ALL = dict(verbs(whole()))


def declared(command: click.Command) -> str | None:
    """The action of an act, empty for a look, None when the verb does not say."""
    return getattr(getattr(command.callback, "__wrapped__", command.callback), "action", None)


def lines(ref: TenantRef, action: str) -> list[AuditEntry]:
    with tenancy.use(ref):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_every_verb_says_whether_it_changes_anything() -> None:
    assert {"own tenant create", "own migrate", "above import", "above demo fill"} <= set(ALL)
    assert [name for name, command in ALL.items() if declared(command) is None] == []


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_verb_answers_in_json_and_every_act_can_be_tried(name: str) -> None:
    options = {option for parameter in ALL[name].params for option in parameter.opts}
    wanted = {"--json"} | ({"--dry-run"} if declared(ALL[name]) else set())
    assert wanted <= options


def test_an_act_is_begun_and_ended_in_the_vendors_log_and_told_to_the_school(
    school_a: TenantRef, school_b: TenantRef, vendor: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEKTEP_OPERATOR", "daulet")
    done = CliRunner().invoke(cli.app, ["tenant", "renew-keys", "school-a"])
    assert done.exit_code == 0, done.output
    begun, ended = lines(vendor, "tenants.keys.renewed_by_vendor")
    assert (begun.outcome, begun.object_id, begun.actor_name) == ("begun", "school-a", "ops:daulet")
    assert (ended.outcome, ended.object_id, ended.details) == ("ok", "school-a", {"count": 1})
    [own] = lines(school_a, "tenants.keys.renewed_by_vendor")
    assert (own.outcome, own.actor_name) == ("ok", "vendor.cli")
    assert lines(school_b, "tenants.keys.renewed_by_vendor") == []


def test_a_refusal_and_a_crash_are_told_too(
    school_a: TenantRef, vendor: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = CliRunner().invoke(cli.app, ["tenant", "renew-keys", "nobody"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "nobody" in done.stderr
    monkeypatch.setattr(cli.frame, "found", lambda code: 1 / 0)
    assert CliRunner().invoke(cli.app, ["tenant", "renew-keys", "school-a"]).exit_code == 1
    assert [line.outcome for line in lines(vendor, "tenants.keys.renewed_by_vendor")] == [
        "begun",
        "refused",
        "begun",
        "failed",
    ]


def test_a_dry_run_changes_nothing_and_is_no_act(school_a: TenantRef, vendor: TenantRef) -> None:
    done = CliRunner().invoke(cli.app, ["tenant", "renew-keys", "school-a", "--dry-run"])
    assert done.exit_code == 0
    assert lines(vendor, "tenants.keys.renewed_by_vendor") == []
    assert lines(school_a, "tenants.keys.renewed") == []


def test_without_a_vendor_the_act_goes_on_and_says_that_no_log_has_it(
    school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "all_active", lambda *kinds: [])
    warned: list[str] = []
    with journal.acting("tenants.tenant.created", operator="daulet", warn=warned.append):
        pass
    assert "no vendor tenant" in warned[0]
