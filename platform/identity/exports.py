"""The list of accounts as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from identity.data import Account
from identity.models import User
from kernel.clock import ALMATY


def accounts_workbook(accounts: Iterable[Account]) -> bytes:
    """One row per account; texts are written as texts, so that no cell becomes a formula."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("Accounts")[:31])
    bold = book.add_format({"bold": True})
    heads = [_("Full name"), _("Login"), _("Who"), _("Roles"), _("Phone"), _("State"), _("Last sign-in")]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    kinds = dict(User.PersonKind.choices)
    for row, one in enumerate(accounts, start=1):
        seen = one.signed_in_at.astimezone(ALMATY).strftime("%d.%m.%Y %H:%M") if one.signed_in_at else ""
        cells = (
            one.full_name,
            one.username,
            str(kinds.get(one.person_kind, one.person_kind)),
            ", ".join(str(role.label) for role in one.roles),
            one.phone,
            str(state_label(one)),
            seen,
        )
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.freeze_panes(1, 0)
    sheet.autofit(400)
    book.close()
    return buffer.getvalue()


def state_label(account: Account) -> str:
    """The account's state in a word."""
    if not account.is_active:
        return _("blocked")
    if account.signed_in_at is None:
        return _("never signed in")
    if account.must_change_password:
        return _("one-time password")
    return _("in use")
