"""Which days count as working days in the Netherlands, and counting them whatever the season or the weekend."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.working_days import WorkingCalendar, add_working_days, is_office_time, public_holidays
from bot.week import DUTCH_TIME

HERE = WorkingCalendar()
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 7 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


def dutch(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DUTCH_TIME)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-16", True),
        ("2026-11-21", False),
        ("2026-01-01", False),
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),
        ("2026-04-27", False),
        ("2025-04-26", False),  # the King's birthday, a day earlier when it is a Sunday
        ("2026-05-05", False),  # also in a year that is no lustrum
        ("2026-05-14", False),
        ("2026-05-25", False),
        ("2026-12-25", False),
        ("2026-12-24", True),
        ("2026-12-31", True),
    ],
)
def test_which_days_count(day: str, works: bool) -> None:
    assert HERE.is_working_day(date.fromisoformat(day)) is works


def test_an_office_may_close_on_more_days() -> None:
    bridge = date(2026, 5, 15)
    closed = HERE.without([bridge])
    assert (HERE.is_working_day(bridge), closed.is_working_day(bridge)) == (True, False)
    assert closed.without([bridge]) is closed


@pytest.mark.parametrize(
    ("moment", "count", "later"),
    [
        ("2026-11-16 09:30", 0, "2026-11-16 09:30"),
        ("2026-11-16 09:30", 2, "2026-11-18 09:30"),
        ("2026-11-19 15:00", 2, "2026-11-23 15:00"),
        ("2026-11-21 11:00", 2, "2026-11-25 00:00"),  # a Saturday counts as the beginning of Monday
        ("2026-12-24 16:00", 2, "2026-12-29 16:00"),
        ("2026-04-02 10:00", 1, "2026-04-07 10:00"),
        ("2026-03-27 10:00", 1, "2026-03-30 10:00"),  # over the night in which an hour is skipped
        ("2026-10-23 10:00", 1, "2026-10-26 10:00"),  # and the one that has an hour twice
    ],
)
def test_counting_keeps_the_time_on_the_clock(moment: str, count: int, later: str) -> None:
    assert add_working_days(dutch(moment), count, HERE) == dutch(later)


@given(moments, st.integers(0, 30), st.integers(0, 30))
def test_counting_in_two_steps_is_counting_at_once(moment: datetime, first: int, second: int) -> None:
    at_once = add_working_days(moment, first + second, HERE)
    assert add_working_days(add_working_days(moment, first, HERE), second, HERE) == at_once


@given(moments, moments, st.integers(0, 30))
def test_who_begins_later_is_never_due_earlier(one: datetime, other: datetime, count: int) -> None:
    first, second = sorted((one, other))
    assert add_working_days(first, count, HERE) <= add_working_days(second, count, HERE)


@given(moments, st.integers(1, 30))
def test_it_ends_on_a_working_day_with_so_many_before_it(moment: datetime, count: int) -> None:
    end = add_working_days(moment, count, HERE).astimezone(DUTCH_TIME).date()
    begin = HERE.on_or_after(moment.astimezone(DUTCH_TIME).date())
    between = [begin + timedelta(days=n) for n in range((end - begin).days)]
    assert HERE.is_working_day(end)
    assert sum(HERE.is_working_day(day) for day in between) == count


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-16 07:59", False), ("2026-11-16 08:00", True), ("2026-11-16 17:59", True),
        ("2026-11-16 18:00", False), ("2026-11-21 12:00", False), ("2026-12-25 12:00", False),
    ],
)  # fmt: skip
def test_when_letters_may_leave(moment: str, open_: bool) -> None:
    assert is_office_time(dutch(moment), 8, 18, HERE) is open_


@pytest.mark.parametrize(("moment", "count"), [(FIRST.replace(tzinfo=None), 1), (FIRST, -1)])
def test_what_can_not_be_counted(moment: datetime, count: int) -> None:
    with pytest.raises(ValueError, match="time zone"):
        add_working_days(moment, count, HERE)


def test_a_year_has_eleven_holidays_of_which_two_may_be_one_day() -> None:
    assert {len(public_holidays(year)) for year in range(2025, 2060)} <= {10, 11}
