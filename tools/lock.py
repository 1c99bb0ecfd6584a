"""Lock requirements/*.in into *.txt: exact versions with hashes, for every platform, no index named."""

from __future__ import annotations

import subprocess
import sys

from steps import BIN, ROOT

FOLDER = ROOT / "requirements"
OPTIONS = ["--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
OPTIONS += ["--universal", "--python-version", "3.11"]


def main() -> int:
    # prod before dev: dev.in is bound by prod.txt.
    for name in ("bootstrap", "prod", "dev", "node"):
        command = [str(BIN / "uv"), "pip", "compile", *OPTIONS, f"{name}.in", "-o", f"{name}.txt"]
        done = subprocess.run(command, check=False, cwd=FOLDER)
        if done.returncode:
            return done.returncode
        print(f"✓ requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
