#!/usr/bin/env python
"""Django's own commands, with the source roots on the path."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "MEKTEP_SECRET_KEY" not in os.environ and not (ROOT / "var/demo/env").exists():
        os.environ.setdefault("MEKTEP_MODE", "test")  # linters and makemigrations need no secrets
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
