"""Which pages a closed tenant still opens: the way in and out for everybody, for its director what takes the data along."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from kernel.access import Actor
from kernel.names import kazakh_order
from registers.api import REGISTERS

# Signing in and out.
_ALL = {
    "identity:sign_in",
    "identity:sign_out",
    "identity:second_step",
    "identity:forgotten",
    "identity:passkey_sign_in_options",
    "identity:passkey_sign_in",
}
# The director's own safety, the log, and the contract.
_DIRECTOR = {
    "identity:own",
    "identity:devices",
    "identity:end_device",
    "identity:end_other_devices",
    "identity:change_password",
    "identity:factors",
    "identity:set_up_totp",
    "identity:recovery_codes",
    "identity:prove",
    "identity:prove_by_passkey",
    "identity:security_log",
    "school:contract",
    "school:take_along",
    "school:take_along_job",
    "school:take_along_file",
}


def also_open(*view_names: str) -> None:
    """Leave these pages open to the director of a closed school: they make files of the school's own data."""
    _DIRECTOR.update(view_names)


def open_to_all(view_name: str) -> bool:
    return view_name in _ALL or view_name.startswith("ui:") or ":" not in view_name


def open_to_director(view_name: str) -> bool:
    return view_name in _DIRECTOR or any(one.export_url == view_name for one in REGISTERS.values())


def lists_of(actor: Actor) -> list[tuple[Any, str]]:
    """(title, address) of the lists that the actor may take along as files."""
    found = []
    for one in REGISTERS.values():
        if one.export_url and actor.may(one.permission) and one.may_export(actor):
            try:
                found.append((one.title, reverse(one.export_url)))
            except NoReverseMatch:  # a list of another kind of tenant, or of one thing
                continue
    return sorted(found, key=lambda pair: kazakh_order(pair[0]))
