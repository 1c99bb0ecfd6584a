"""The individual identification number, by the worked examples of the rules and by random ones."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import iin


@pytest.mark.parametrize(
    ("first_eleven", "expected"),
    [("12031460001", 0), ("12031460011", 4), ("85071230012", 6), ("12031460014", None), ("26014000001", 5)],
)
def test_check_digit_of_the_worked_examples(first_eleven: str, expected: int | None) -> None:
    assert iin.check_digit(first_eleven) == expected


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ("120314600010", []),
        ("12031460001", ["length"]),
        ("12031460001x", ["length"]),
        ("１２０３１４６０００１０", ["length"]),
        ("120314600011", ["checksum"]),
        ("121314600010", ["date", "checksum"]),
        ("120314900010", ["century", "checksum"]),
    ],
)
def test_says_what_is_wrong(value: str, problems: list[str]) -> None:
    assert iin.check(value, synthetic_allowed=False) == problems


@pytest.mark.requirement("TEN-06")
@given(
    st.dates(date(1940, 1, 1), date(2026, 12, 31)),
    st.sampled_from("mf"),
    st.integers(min_value=0, max_value=9999),
)
def test_synthetic_numbers_are_good_in_a_demo_and_refused_elsewhere(
    born: date, sex: str, serial: int
) -> None:
    value = iin.synthetic(born, sex, serial)
    assert iin.check(value, synthetic_allowed=True) == []
    assert "synthetic" in iin.check(value, synthetic_allowed=False)
    told = iin.parse(value)
    assert (told.sex, told.synthetic, told.birth_date) == (sex, True, None)


@given(st.dates(date(1940, 1, 1), date(2026, 12, 31)), st.integers(0, 9999), st.integers(1, 9))
def test_a_wrong_last_digit_is_noticed(born: date, serial: int, step: int) -> None:
    value = iin.synthetic(born, "f", serial)
    other = value[:11] + str((int(value[11]) + step) % 10)
    assert iin.check(other, synthetic_allowed=True) == ["checksum"]


def test_a_list_shows_the_last_four_digits() -> None:
    assert iin.mask("120314600010") == "••••••••0010"
    assert iin.mask("") == ""
