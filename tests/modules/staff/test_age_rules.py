"""Ages of retirement by the table, round birthdays, vacancies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.staff import terms
from modules.staff.rules.ages import age, birthdays, is_round, later, retirement
from modules.staff.rules.vacancies import Balance, Rates, balance


class TestRetirement:
    @pytest.mark.parametrize(
        ("born", "sex", "ground", "expected"),
        [
            (date(1966, 3, 10), "f", "", date(2027, 3, 10)),
            (date(1967, 2, 10), "f", "", date(2028, 8, 10)),
            (date(1967, 10, 10), "f", "", date(2029, 10, 10)),
            (date(1968, 12, 31), "f", "", date(2031, 12, 31)),
            (date(1980, 5, 5), "f", "", date(2043, 5, 5)),
            (date(1963, 11, 24), "m", "", date(2026, 11, 24)),
            (date(1976, 4, 1), "m", "nuclear_test_zone", date(2026, 4, 1)),
            (date(1981, 4, 1), "f", "nuclear_test_zone", date(2026, 4, 1)),
            (date(1973, 2, 3), "f", "many_children", date(2026, 2, 3)),
            (date(1963, 11, 24), "m", "many_children", date(2026, 11, 24)),
        ],
    )
    def test_comes_by_the_table_of_dates(self, born: date, sex: str, ground: str, expected: date) -> None:
        assert retirement(born, terms.retirement_norms(sex, ground)) == expected

    @given(st.dates(date(1955, 1, 1), date(2005, 12, 31)))
    def test_is_the_first_day_with_the_age_in_force_on_it(self, born: date) -> None:
        norms = terms.retirement_norms("f", "")
        found = retirement(born, norms)
        assert found is not None
        in_force = max((one for one in norms if one.since <= found), key=lambda one: one.since)
        assert later(born, months=in_force.months) <= found
        before = date.fromordinal(found.toordinal() - 1)
        then = max((one for one in norms if one.since <= before), key=lambda one: one.since)
        assert later(born, months=then.months) > before

    @given(st.dates(date(1955, 1, 1), date(2005, 12, 30)))
    def test_who_is_born_later_retires_later_or_the_same_day(self, born: date) -> None:
        norms = terms.retirement_norms("f", "")
        first = retirement(born, norms)
        second = retirement(date.fromordinal(born.toordinal() + 1), norms)
        assert first is not None
        assert second is not None
        assert first <= second


class TestBirthdays:
    def test_round_ones(self) -> None:
        assert [n for n in range(81) if is_round(n)] == [10, 20, 30, 40, 50, 55, 60, 65, 70, 75, 80]

    def test_turn_the_year(self) -> None:
        people = [("Аида", date(1986, 1, 2)), ("Бота", date(1976, 12, 30)), ("Дана", date(1990, 2, 1))]
        assert birthdays(people, date(2026, 12, 28), date(2027, 1, 4)) == [
            (date(2026, 12, 30), 50, "Бота"),
            (date(2027, 1, 2), 41, "Аида"),
        ]

    def test_a_leap_birthday_is_kept_in_february(self) -> None:
        assert birthdays([("Аян", date(1988, 2, 29))], date(2027, 2, 1), date(2027, 2, 28)) == [
            (date(2027, 2, 28), 39, "Аян")
        ]
        assert (age(date(1988, 2, 29), date(2027, 2, 27)), age(date(1988, 2, 29), date(2027, 2, 28))) == (
            38,
            39,
        )


def rates(amount: str, since: date, until: date | None = None) -> Rates:
    return Rates(Decimal(amount), since, until)


class TestVacancies:
    year = date(2026, 9, 1)
    day = date(2026, 11, 23)

    def test_since_the_day_after_the_last_holder(self) -> None:
        approved = [rates("2", date(2020, 1, 1))]
        held = [rates("1", date(2020, 1, 1)), rates("1", date(2021, 9, 1), date(2026, 10, 15))]
        assert balance(approved, held, self.day) == Balance(Decimal(2), Decimal(1), date(2026, 10, 16))

    def test_since_the_day_it_was_approved(self) -> None:
        assert balance([rates("0.5", self.year)], [], self.day).since == self.year

    def test_a_filled_gap_begins_anew(self) -> None:
        approved = [rates("1", date(2020, 1, 1))]
        held = [rates("1", date(2022, 9, 1), date(2024, 5, 31))]
        assert balance(approved, held, date(2023, 1, 1)) == Balance(Decimal(1), Decimal(1))
        assert balance(approved, held, self.day).since == date(2024, 6, 1)

    def test_more_than_approved_is_no_vacancy(self) -> None:
        found = balance([rates("1", self.year)], [rates("1.5", self.year)], self.day)
        assert (found.vacant, found.above, found.since) == (Decimal(0), Decimal("0.5"), None)
