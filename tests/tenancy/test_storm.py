"""The storm in `make test`: 200,000 switches without one wrong row, and the proof that the storm bites."""

from __future__ import annotations

import pytest

from infra.isolation import storm

pytestmark = pytest.mark.storm


@pytest.mark.requirement("TEN-01")
def test_no_wrong_row_in_two_hundred_thousand_switches() -> None:
    report = storm.run(switches=200_000)
    assert report.wrong == 0, "\n".join(report.examples)
    assert report.switches >= 200_000
    assert report.reads >= 200_000
    # It did blow: statements were refused and connections killed all along.
    assert report.errors > 100, report
    assert report.kills > 10, report


def test_the_same_storm_sinks_the_stock_backend() -> None:
    report = storm.run(backend="stock", switches=150_000, until_wrong=True)
    assert report.wrong > 0, f"the storm does not bite: {report}"
    assert "wanted" in report.examples[0]
