"""The storm bites: what the product's backend outlives (test_isolation.py sends it through) sinks the stock one."""

from __future__ import annotations

import pytest

from infra.isolation import storm

pytestmark = pytest.mark.storm


@pytest.mark.requirement("TEN-01")
def test_the_same_storm_sinks_the_stock_backend() -> None:
    # Threads of one process: the first wrong row ends it for both.
    report = storm.run(backend="stock", switches=150_000, processes=1, threads=2, until_wrong=True)
    assert report.wrong > 0, f"the storm does not bite: {report}"
    assert "wanted" in report.examples[0]
