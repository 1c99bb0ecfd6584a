"""PgBouncer in transaction mode: nobody is answered from another school, where the stock backend mixes them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from infra.isolation import storm
from infra.pgbouncer import configuration, running
from infra.pgbouncer.configuration import Pooler
from kernel import tenancy
from kernel.tenancy import TenantRef

installed = pytest.mark.skipif(running.find() is None, reason="PgBouncer is not installed here")


@installed
@pytest.mark.storm
@pytest.mark.requirement("TEN-01")
def test_four_threads_a_connection_and_no_wrong_answer() -> None:
    report = storm.run_through_pooler(switches=2_000, connections=4)
    assert report.wrong == 0, report.examples
    assert report.reads >= 2_000
    assert report.errors < 0.1 * report.reads, report


@installed
@pytest.mark.storm
def test_the_stock_backend_mixes_schools_there() -> None:
    report = storm.run_through_pooler(backend="stock", switches=4_000, connections=4, until_wrong=True)
    assert report.wrong > 0, report


def test_its_files_are_for_it_alone_and_hold_every_role_but_the_owner(
    school_a: TenantRef, tmp_path: Path
) -> None:
    files = configuration.write(Pooler(folder=tmp_path), configuration.logins())
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    settings_file, logins = (file.read_text() for file in files)
    assert "pool_mode = transaction" in settings_file
    role = tenancy.role_name(school_a.schema)
    assert f'"{role}" "{tenancy.role_password(role)}"' in logins
    assert tenancy.role_name("front") in logins
    assert '"postgres"' not in logins
