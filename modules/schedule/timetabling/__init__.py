"""Variants of the timetable: cards put into the week by hand or by the solver, looked over, and published from a day."""
