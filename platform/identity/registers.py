"""The list of accounts, declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, Value, When
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from identity import finding, labels, permissions, queries
from identity.data import Account
from identity.models import User
from identity.services import together
from kernel import audit, clock, ports
from kernel.access import Actor
from registers.api import Bulk, Column, Done, Filter, Group, Register, Total
from registers.excel import attachment
from ui.drawn import avatar, badge

MOST_SLIPS = 80  # each password is hashed slowly on purpose


@dataclass(frozen=True, slots=True)
class _Line:
    """An account as the list shows it."""

    user: User
    account: Account

    @property
    def roles(self) -> str:
        today = clock.today()
        return ", ".join(
            str(one.label) for one in self.account.roles if one.until is None or one.until >= today
        )


def _prepare(rows: Sequence[User], _actor: Actor) -> list[_Line]:
    roles = queries.given_roles(row.pk for row in rows)
    return [_Line(row, queries.account(row, roles.get(row.pk, ()))) for row in rows]


def _name(line: _Line) -> Any:
    name = line.account.full_name
    url = reverse("identity:account", args=[line.user.pk])
    return format_html('<span class="gap-line">{}<a href="{}">{}</a></span>', avatar(name), url, name)


def _counted(count: int) -> str:
    return ngettext("%(n)s account", "%(n)s accounts", count) % {"n": count}


# --- acts on many


def _said(text: str, done: together.Together) -> str:
    return " ".join([text % {"n": len(done.changed)}, *done.refusals])


def _block(*, actor: Actor, keys: list[int], given: dict[str, Any]) -> Done:
    done = together.block(actor=actor, user_ids=keys)
    text = ngettext("%(n)s account is blocked.", "%(n)s accounts are blocked.", len(done.changed))
    return Done(
        text=_said(text, done),
        undo={"users": list(done.changed)} if done.changed else None,
        kind="warning" if done.refusals else "success",
    )


def _restore(*, actor: Actor, keys: list[int], given: dict[str, Any]) -> Done:
    done = together.restore(actor=actor, user_ids=keys)
    text = ngettext("%(n)s account is open again.", "%(n)s accounts are open again.", len(done.changed))
    return Done(
        text=_said(text, done),
        undo={"users": list(done.changed)} if done.changed else None,
        kind="warning" if done.refusals else "success",
    )


def _unblock(*, actor: Actor, undo: dict[str, Any]) -> str:
    return str(_restore(actor=actor, keys=undo["users"], given={}).text)


def _unrestore(*, actor: Actor, undo: dict[str, Any]) -> str:
    return str(_block(actor=actor, keys=undo["users"], given={}).text)


def _print_slips(*, actor: Actor, keys: list[int], given: dict[str, Any]) -> Done:
    slips = together.start_resets(actor=actor, user_ids=keys)
    printed = ports.adapter("identity.slip_printer").print(slips, language=actor.language, actor=actor)
    response = HttpResponse(
        printed.content,
        content_type="application/pdf",
        headers={"Content-Disposition": attachment(printed.name), "Cache-Control": "no-store"},
    )
    return Done(text="", response=response)


ACCOUNTS = Register(
    code="identity.accounts",
    title=gettext_lazy("Accounts"),
    icon="users",
    url="identity:accounts",
    act_url="identity:act_on_accounts",
    export_url="identity:export",
    permission=permissions.MANAGE_ACCOUNTS,
    export_permission=permissions.MANAGE_ACCOUNTS,
    exported=audit.exports(action="identity.accounts.exported", object_type="user"),
    rows=finding.every,
    prepare=_prepare,
    parse_key=int,
    counted=_counted,
    search=finding.matching,
    near=finding.nearly,
    search_label=lambda actor: _("Name, login or the end of the phone"),
    empty_text=gettext_lazy("Accounts are given in the lists of staff and pupils."),
    columns=(
        Column(
            code="name",
            label=gettext_lazy("Full name"),
            value=lambda line: line.account.full_name,
            show=_name,
            sort=finding.NAME,
            main=True,
        ),
        Column(
            code="username",
            label=gettext_lazy("Login"),
            value=lambda line: line.account.username,
            sort=("username",),
            quiet=True,
        ),
        Column(
            code="kind",
            label=gettext_lazy("Who"),
            value=lambda line: line.user.get_person_kind_display(),
            sort=("person_kind",),
            shown=False,
        ),
        Column(code="roles", label=gettext_lazy("Roles"), value=lambda line: line.roles, quiet=True),
        Column(
            code="phone",
            label=gettext_lazy("Phone"),
            value=lambda line: line.account.phone,
            shown=False,
        ),
        Column(
            code="phone_wanted",
            label=gettext_lazy("Phone that opens another’s account"),
            value=lambda line: line.account.phone_wanted,
            shown=False,
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=lambda line: labels.state(line.account),
            show=lambda line: badge(labels.state(line.account), labels.tone(line.account)),
            quiet=True,
        ),
        Column(
            code="seen",
            label=gettext_lazy("Last sign-in"),
            value=lambda line: line.account.signed_in_at,
            kind="moment",
            sort=finding.BY_SIGN_IN,
        ),
        Column(
            code="created",
            label=gettext_lazy("Made on"),
            value=lambda line: line.user.created_at,
            kind="moment",
            sort=("created_at",),
            shown=False,
        ),
    ),
    filters=(
        Filter(
            code="role",
            label=gettext_lazy("Role"),
            choices=lambda actor: [(one.code, one.label) for one in queries.role_lines()],
            narrow=lambda rows, value, actor: finding.with_role(rows, value),
        ),
        Filter(
            code="kind",
            label=gettext_lazy("Who"),
            choices=lambda actor: User.PersonKind.choices,
            narrow=lambda rows, value, actor: finding.of_kind(rows, value),
        ),
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: [
                ("never", _("never signed in")),
                ("one_time", _("one-time password")),
                ("use", _("in use")),
                ("blocked", _("blocked")),
            ],
            narrow=lambda rows, value, actor: finding.in_state(rows, value),
        ),
    ),
    groups=(
        Group(
            code="kind",
            label=gettext_lazy("who it is"),
            by={"by_kind": F("person_kind")},
            name=lambda code: str(User.PersonKind(code).label),
        ),
        Group(
            code="used",
            label=gettext_lazy("signed in or not"),
            by={
                "by_use": Case(
                    When(signed_in_at=None, then=Value(False)),
                    default=Value(True),
                    output_field=BooleanField(),
                )
            },
            name=lambda used: _("have signed in") if used else _("never signed in"),
        ),
    ),
    totals=(
        Total(
            code="never",
            label=gettext_lazy("never signed in"),
            value=Count("pk", filter=Q(signed_in_at=None, is_active=True)),
        ),
        Total(code="blocked", label=gettext_lazy("blocked"), value=Count("pk", filter=Q(is_active=False))),
    ),
    bulks=(
        Bulk(
            code="slips",
            label=gettext_lazy("Print login slips"),
            icon="printer",
            permission=permissions.MANAGE_ACCOUNTS,
            question=gettext_lazy(
                "Everybody chosen gets a new one-time password, is signed out everywhere, and chooses a password at the next sign-in."
            ),
            run=_print_slips,
            most=MOST_SLIPS,
            answers_file=True,
        ),
        Bulk(
            code="block",
            label=gettext_lazy("Block"),
            icon="lock",
            permission=permissions.MANAGE_ACCOUNTS,
            question=gettext_lazy("They are signed out within a minute and cannot sign in until restored."),
            run=_block,
            undo=_unblock,
            danger=True,
            most=500,
        ),
        Bulk(
            code="restore",
            label=gettext_lazy("Restore"),
            icon="lock-open",
            permission=permissions.MANAGE_ACCOUNTS,
            run=_restore,
            undo=_unrestore,
            most=500,
        ),
    ),
)
