#!/usr/bin/env python3
"""Say whether the committed front-end build is as new as its sources; needs nothing but Python.

Machines without Node run the committed output, so it must never lag behind TypeScript, styles or pinned packages.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "platform/ui/static/ui/dist"
STAMP = DIST / "sources.sha256"
PATTERNS = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "platform/ui/static_src/**/*",
    "platform/*/islands/**/*.ts",
    "platform/*/islands/**/*.css",
    "modules/*/islands/**/*.ts",
    "modules/*/islands/**/*.css",
)


def sources_hash() -> str:
    """One hash of every source's path and content."""
    files = {path for pattern in PATTERNS for path in ROOT.glob(pattern) if path.is_file()}
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def missing_files() -> list[str]:
    """Files that the manifest names and the build does not hold."""
    manifest = json.loads((DIST / "manifest.json").read_text())
    named = [manifest["main"]["script"], *manifest["main"]["styles"], manifest["sprite"]]
    for island in manifest["islands"].values():
        named += [island["script"], *island["styles"]]
    return [name for name in named if not (DIST / name).is_file()]


def check() -> int:
    if not STAMP.is_file():
        print("front end: no build found; run `npm ci && npm run build`", file=sys.stderr)
        return 1
    if STAMP.read_text().strip() != sources_hash():
        print(
            "front end: the build is older than its sources; run `npm ci && npm run build`", file=sys.stderr
        )
        return 1
    if lost := missing_files():
        print(f"front end: the build lacks {', '.join(lost)}; run `npm run build`", file=sys.stderr)
        return 1
    print("front end: the build is as new as its sources")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the build is stale (the default)")
    parser.add_argument(
        "--stamp", action="store_true", help="write the hash of the sources; the build calls it"
    )
    if parser.parse_args().stamp:
        STAMP.write_text(sources_hash() + "\n")
        return 0
    return check()


if __name__ == "__main__":
    raise SystemExit(main())
