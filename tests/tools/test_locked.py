"""What runs in production comes from the production lock, not from what only the tests have."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The web process, the worker with its broker, the command line, the demo: what each of them loads.
LOADED = """
import json, sys
from importlib.metadata import packages_distributions
import config.wsgi, config.celery, kombu.transport.redis, gunicorn.app.wsgiapp, demo.commands
from django.urls import get_resolver
from django.conf import settings
for kind in settings.TENANT_TYPES.values():
    get_resolver(kind["URLCONF"]).url_patterns
given = packages_distributions()
tops = {name.partition(".")[0] for name in sys.modules}
print(json.dumps(sorted({one for top in tops for one in given.get(top, ())})))
"""


def test_production_loads_nothing_but_locked_packages() -> None:
    lock = (ROOT / "requirements/prod.txt").read_text()
    locked = {_plain(name) for name in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", lock)} | {"mektep"}
    asked = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True, env=dict(os.environ)
    )
    loaded = {_plain(name) for name in json.loads(asked.stdout.splitlines()[-1])}
    assert {"django", "celery", "kombu", "gunicorn"} <= loaded
    # The shims of the interpreter; and greenlet and attrs: libraries look whether they are there and do without them.
    assert loaded - locked - {"setuptools", "pip", "distutils-precedence", "greenlet", "attrs"} == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
