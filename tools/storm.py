"""The storm for as long as one likes: `tools/storm.py --switches 5000000`; exit 1 on a single wrong row.

`--backend stock` runs it against django-tenants' own backend, which fails it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--switches", type=int, default=1_000_000)
    parser.add_argument("--backend", choices=["ours", "stock"], default="ours")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--threads", type=int, default=2, help="threads in each process")
    parser.add_argument("--seed", default="")
    asked = parser.parse_args()

    import django

    django.setup()
    from infra.isolation import storm

    report = storm.run(
        backend=asked.backend,
        switches=asked.switches,
        processes=asked.processes,
        threads=asked.threads,
        seed=asked.seed,
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
