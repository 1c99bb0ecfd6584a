"""Who may do what, as a page: docs/permissions.md, so that a change of rights shows in the diff.

permissions.py           write the page
permissions.py --check   change nothing; fail when the page is older than the declarations
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "permissions.md"
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]


def page() -> str:
    """The page as it should be."""
    from django.utils import translation

    from kernel.access import REGISTER, ROLES_OF_KIND, Permission

    def who(declared: Permission) -> str:
        named = [
            f"{role} ({', '.join(sorted(scopes))})"
            for role, scopes in sorted(declared.defaults.items(), key=lambda pair: pair[0])
        ]
        return ", ".join(named) or "nobody"

    lines = [
        "# Who may do what",
        "",
        "Made by `tools/permissions.py` from the declarations in each `permissions.py`; do not edit.",
        "",
        "A new tenant starts with the roles of the second column. A school gives and takes rights itself, but never to",
        "roles outside the third: the ceiling. *Closed data* wants a second factor and is logged when read.",
        "",
        "Roles by kind of tenant: "
        + "; ".join(f"{kind}: {', '.join(sorted(roles))}" for kind, roles in ROLES_OF_KIND.items() if roles)
        + ".",
    ]
    with translation.override("en"):
        module = ""
        for code, declared in sorted(REGISTER.items()):
            if (room := code.partition(".")[0]) != module:
                module = room
                lines += ["", f"## {module}", ""]
                lines += ["| right | has it at first | may be given also to | |", "|---|---|---|---|"]
            more = ", ".join(sorted(declared.ceiling - set(declared.defaults))) or "–"
            closed = "closed data" if declared.sensitive else ""
            lines.append(f"| {declared.label} `{code}` | {who(declared)} | {more} | {closed} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("MEKTEP_MODE", "test")
    import django

    django.setup()
    fresh = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text() != fresh:
            print("docs/permissions.md is old: run tools/permissions.py and look at the difference.")
            return 1
        return 0
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
