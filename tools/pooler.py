"""Requests of many schools through PgBouncer in transaction mode, with four threads for each connection to the server.

    tools/pooler.py --requests 100000 --connections 10

Exit 1 on a single answer of the wrong school. `--backend stock` sends them by django-tenants' own backend.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=10, help="to the server, of all schools together")
    parser.add_argument("--backend", choices=["ours", "stock"], default="ours")
    parser.add_argument("--seed", default="")
    asked = parser.parse_args()

    import django

    django.setup()
    from infra.isolation import storm
    from infra.pgbouncer import running

    if running.find() is None:
        print("PgBouncer is not installed (Debian: apt-get install pgbouncer).")
        return 2
    report = storm.run_through_pooler(
        backend=asked.backend, switches=asked.requests, connections=asked.connections, seed=asked.seed
    )
    print(f"{asked.backend}: {report}")
    for line in report.examples[:10]:
        print(f"  {line}")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("MEKTEP_MODE", "test")
    sys.exit(main())
