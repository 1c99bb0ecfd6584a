"""What the product is made of, as CycloneDX: `var/sbom/python.cdx.json` and `var/sbom/browser.cdx.json`, from the lock files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from steps import BIN, ROOT

from stack import node
from stack.homes import mektep_home

FOLDER = ROOT / "var" / "sbom"


def python_parts() -> dict[str, object]:
    """The libraries of requirements/prod.txt, each with its hashes."""
    command = [str(BIN / "cyclonedx-py"), "requirements", "requirements/prod.txt", "--of", "JSON"]
    command += ["--output-reproducible", "--mc-type", "application"]
    return _asked(command)


def browser_parts() -> dict[str, object]:
    """The packages of package-lock.json."""
    npm = node.find(mektep_home())
    command = npm.command("npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only")
    return _asked(command, env=npm.environment())


def _asked(command: list[str], env: dict[str, str] | None = None) -> dict[str, object]:
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, env=env)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, parts in (("python", python_parts), ("browser", browser_parts)):
        target: Path = FOLDER / f"{name}.cdx.json"
        found = parts()
        target.write_text(json.dumps(found, indent=2) + "\n")
        components = found["components"]
        assert isinstance(components, list)
        print(f"{target.relative_to(ROOT)}: {len(components)} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
