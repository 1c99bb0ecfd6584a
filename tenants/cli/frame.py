"""How every verb speaks: answers on standard output, as JSON when asked; reasons and progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from kernel.tenancy import TenantRef

out, err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
Code = Annotated[str, typer.Argument(help="Code of the tenant.")]


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def answer(value: dict[str, Any], *, as_json: bool) -> None:
    """One thing: a line a value."""
    if as_json:
        print_json(value)
        return
    width = max(len(key) for key in value)
    for key, one in value.items():
        out.print(f"{key:>{width}}  {_plain(one)}", highlight=False, markup=False)


def table(rows: Iterable[dict[str, Any]], columns: list[str], *, as_json: bool) -> None:
    """Many things: all that is known of them as JSON, the columns as a table."""
    rows = list(rows)
    if as_json:
        print_json(rows)
        return
    shown = Table(*columns)
    for row in rows:
        shown.add_row(*(_plain(row[column]) for column in columns))
    out.print(shown)


def say(as_json: bool) -> Callable[[str], None]:
    """How far long work is, line by line, beside the answer."""
    return lambda line: None if as_json else err.print(f"  {line}", highlight=False, markup=False)


def fail(message: str) -> NoReturn:
    err.print(message, style="red", highlight=False, markup=False)
    raise typer.Exit(1)


def found(code: str) -> TenantRef:
    """The tenant with the code, or the end of the command."""
    from tenants import api

    ref = api.by_code(code)
    if ref is None:
        fail(f"There is no tenant {code}.")
    return ref


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items())
    return "" if value is None else str(value)
