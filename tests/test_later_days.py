"""The days that are offered to hear of a proposal again: working days after today, in order, each once."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adviser.later_days import OFFERED, days_offered
from bot.clock.working_days import WorkingCalendar
from bot.web.decision_form import days_shown, working_days

CLOSED = frozenset({date(2026, 12, 24), date(2026, 12, 31)})
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@settings(deadline=None)  # the first look at a year reads its holidays
@given(DAYS, st.frozensets(DAYS, max_size=5))
def test_every_day_is_a_working_day_after_today_and_stands_there_once(today: date, closed: frozenset[date]) -> None:
    calendar = WorkingCalendar(closed)
    offered = days_offered(today, calendar)
    assert offered[0][0] == "next_working_day"
    assert [code for code, _ in offered] == [code for code in OFFERED if code in dict(offered)]
    days = [date.fromisoformat(value) for value, _ in days_shown(today, calendar)]
    assert len(days) == len(set(days))
    assert all(day > today and calendar.is_working_day(day) for day in days)
    assert set(working_days(today, calendar)) <= set(days)


def test_holidays_and_closed_days_are_left_out() -> None:
    christmas = days_offered(date(2026, 12, 23), WorkingCalendar(CLOSED))
    assert christmas == [("next_working_day", date(2026, 12, 28)), ("in_two_weeks", date(2027, 1, 4))]


def test_on_a_friday_the_next_working_day_is_next_week() -> None:
    friday = date(2026, 11, 20)
    offered = days_offered(friday, WorkingCalendar())
    assert offered == [("next_working_day", friday + timedelta(days=3)), ("in_two_weeks", friday + timedelta(days=10))]
