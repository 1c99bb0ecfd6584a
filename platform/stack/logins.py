"""The table of hosts and logins that ends `make demo`."""

from __future__ import annotations

import json
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from stack.errors import StackError

ORDER = ("SCHOOL", "AUTHORITY", "FAMILY", "VENDOR", "PUBLIC")


def show(path: Path, console: Console, *, port: int) -> None:
    """Print who may sign in where, one person for each role of a host; the list that the filling wrote has everybody."""
    try:
        logins = json.loads(path.read_text())
    except (OSError, ValueError) as fault:
        raise StackError(
            f"The list of logins is missing: {path} ({fault}).", "Run `make clean-demo demo`."
        ) from fault
    console.print(f"\nFind your school: http://mektep.localhost:{port}/", highlight=False)
    by_host: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for login in logins:
        by_host.setdefault((str(login["kind"]).upper(), login["host"], login["tenant"]), []).append(login)
    for (_kind, host, tenant), people in sorted(by_host.items(), key=_place):
        table = Table(
            box=box.SIMPLE, title=f"{tenant}  http://{host.split(':')[0]}:{port}/", title_justify="left"
        )
        for column in ("role", "name", "user name", "password", "language"):
            table.add_column(column, no_wrap=column in ("user name", "password"))
        first: dict[str, dict[str, str]] = {}
        for person in people:
            first.setdefault(person["role"], person)
        for person in first.values():
            table.add_row(
                *(str(person[key]) for key in ("role", "full_name", "username", "password", "language"))
            )
        console.print(table)
    console.print(f"Everybody's: {path}", highlight=False)


def _place(item: tuple[tuple[str, str, str], list[dict[str, str]]]) -> tuple[int, str]:
    kind, host, _tenant = item[0]
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), host)
