"""Make `.venv` from the locked requirements; nothing to do in a moment when it is already right.

    bootstrap.py [--dev]

Standard library only, and syntax that old Pythons can at least read, since it is run by whatever is there.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / ".installed.json"
OLDEST = (3, 11)
PIP_WHEEL = (
    "pip-26.3-py3-none-any.whl",
    "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
)


class Failure(Exception):
    """A refusal in plain words."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="with what the tests and linters need")
    asked = parser.parse_args()
    lock = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another run that prepares .venv …", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        prepare(dev=asked.dev)
    except Failure as refusal:
        print("\n" + str(refusal), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def prepare(*, dev: bool) -> None:
    if sys.version_info < OLDEST:
        raise Failure(
            "Python 3.11 is needed, this is %s (%s).\n" % (sys.version.split()[0], sys.executable)  # noqa: UP031
            + "Install it (Debian 12 has it: apt-get install python3 python3-venv)."
        )
    # What the tests need includes what the product needs, so it is never taken away again.
    dev = dev or (VENV / "bin" / "pytest").exists()
    wanted = state(dev)
    have = read_stamp()
    if have == wanted and PYTHON.exists():
        return
    began = time.monotonic()
    print(
        "Preparing .venv: the locked packages{} …".format(" and the tests' tools" if dev else ""), flush=True
    )
    STAMP.unlink(missing_ok=True)
    if not usable(have):
        make_venv()
    install([f"requirements/{name}.txt" for name in ("bootstrap", "prod", *(["dev"] if dev else []))])
    STAMP.write_text(json.dumps(wanted))
    print(f"✓ .venv ({time.monotonic() - began:.1f} s)", flush=True)


def state(dev: bool) -> "dict[str, object]":
    """Everything that, when changed, asks for a new installation."""
    names = ["bootstrap.txt", "prod.txt"] + (["dev.txt"] if dev else [])
    files = [ROOT / "requirements" / name for name in names] + [ROOT / "pyproject.toml"]
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.exists()}
    return {"python": sys.version.split()[0], "folder": str(ROOT), "files": digests}


def read_stamp() -> "dict[str, object]":
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def usable(have: "dict[str, object]") -> bool:
    """Whether the old .venv can be brought up to date, rather than made anew: same Python, same folder."""
    if have and (have.get("folder") != str(ROOT) or have.get("python") != sys.version.split()[0]):
        return False
    if not PYTHON.exists():
        return False
    asked = run([str(PYTHON), "-c", "import sys; print(sys.version.split()[0], sys.prefix)"])
    return asked.returncode == 0 and asked.stdout.split() == [sys.version.split()[0], str(VENV)]


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("venv") is None:
        raise Failure("Python's venv module is missing.\nInstall it: apt-get install python3-venv")
    # Debian puts ensurepip into python3-venv; without it pip is the system's, or fetched (see `pip`).
    with_pip = importlib.util.find_spec("ensurepip") is not None
    made = run([sys.executable, "-m", "venv", *([] if with_pip else ["--without-pip"]), str(VENV)])
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Failure(
            "Python could not make a virtual environment:\n" + (made.stdout + made.stderr)[-600:] + "\n"
            "On Debian: apt-get install python3-venv"
        )


def install(files: "list[str]") -> None:
    if not UV.exists():
        pip(["install", "--quiet", "--require-hashes", "-r", str(ROOT / "requirements" / "bootstrap.txt")])
    synced = run(
        [str(UV), "pip", "sync", "--quiet", "--python", str(PYTHON), "--require-hashes", *files],
        env={**os.environ, **uv_settings()},
    )
    if synced.returncode:
        # pip reads every setting of this machine (mirrors, extra indexes, certificates), uv only some of them.
        print("  uv could not install everything; trying with pip, which is slower …", flush=True)
        try:
            for file in files:
                pip(["install", "--quiet", "--no-deps", "--require-hashes", "-r", str(ROOT / file)])
        except Failure as refusal:
            raise Failure(f"{refusal}\n\nBefore that, uv said:\n{synced.stderr[-1200:]}") from None
    if (ROOT / "pyproject.toml").exists():
        install_project()


def install_project() -> None:
    """The project itself, editable: its packages on the path and the `mektep` command."""
    options = ["--no-deps", "--no-build-isolation", "--editable"]
    done = run(
        [str(UV), "pip", "install", "--quiet", "--python", str(PYTHON), *options, str(ROOT)],
        env={**os.environ, **uv_settings()},
    )
    if done.returncode:
        raise Failure("The project itself could not be installed:\n" + done.stderr[-1200:])


def pip(arguments: "list[str]") -> None:
    if run([str(PYTHON), "-c", "import pip"]).returncode == 0:
        command = [str(PYTHON), "-m", "pip"]
    elif importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    else:
        # A wheel is a zip file, and Python runs a package out of one.
        command = [str(PYTHON), f"{fetched_pip()}/pip"]
    done = run([*command, "--disable-pip-version-check", *arguments])
    if done.returncode:
        raise Failure(explain(done.stderr))


def fetched_pip() -> Path:
    """The wheel of pip out of the package index, for a Python that came without it."""
    wheel = VENV / PIP_WHEEL[0]
    if wheel.exists():
        return wheel
    page = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        with urllib.request.urlopen(page, timeout=60) as answer:  # noqa: S310 - the index this user has set
            found = re.search(f'href="([^"#]*{re.escape(PIP_WHEEL[0])})[#"]', answer.read().decode())
        if found is None:
            raise Failure(f"The package index has no {PIP_WHEEL[0]}.")
        address = urllib.parse.urljoin(page, found.group(1))
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - its checksum is looked at
            content = answer.read()
    except OSError as fault:
        raise Failure(
            "Python has no pip, and the package index did not give it: %s\n" % fault  # noqa: UP031
            + "Look at the network, or install it: apt-get install python3-venv"
        ) from None
    if hashlib.sha256(content).hexdigest() != PIP_WHEEL[1]:
        raise Failure(
            f"{PIP_WHEEL[0]} has another checksum than the locked one: the index gives altered files."
        )
    wheel.write_bytes(content)
    return wheel


def explain(said: str) -> str:
    """What pip said, with the probable reason first."""
    reasons = (
        ("HASHES", "A package has another checksum than the locked one: the index gives altered files."),
        ("No matching distribution", "The package index does not have the locked version."),
        ("SSL", "The package index's certificate is not trusted (see `pip config`, option cert)."),
        ("Failed to establish a new connection", "The package index cannot be reached: is there a network?"),
        ("NewConnectionError", "The package index cannot be reached: is there a network?"),
        ("Read timed out", "The package index answers too slowly."),
        ("No space left", "The disk is full."),
        ("Permission denied", "This user may not write here."),
    )
    reason = next((text for sign, text in reasons if sign in said), "The packages could not be installed.")
    return f"{reason}\n{said.strip()[-1200:]}"


def uv_settings() -> "dict[str, str]":
    """The machine's pip settings that uv does not read by itself; what is set for uv wins."""
    told = run([str(PYTHON), "-m", "pip", "config", "list"])
    settings = {}
    for line in told.stdout.splitlines():
        name, _equals, value = line.partition("=")
        settings[name.rpartition(".")[2]] = value.strip().strip("'\"")
    wanted = {"UV_NO_PROGRESS": "1"}
    if "index-url" in settings and not os.environ.get("UV_DEFAULT_INDEX"):
        wanted["UV_DEFAULT_INDEX"] = settings["index-url"]
    if "cert" in settings and not os.environ.get("SSL_CERT_FILE"):
        wanted["SSL_CERT_FILE"] = settings["cert"]
    return wanted


def run(command: "list[str]", env: "dict[str, str] | None" = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=str(ROOT),
        env=env,
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
