"""Working days in the Netherlands: which days count, and counting them from a moment. Knows no clock and no setting.

Public holidays are those of the law on terms (Algemene termijnenwet, article 3): no term of a Dutch public office ends
on one of them. So Good Friday and 5 May, every year, are no working days here. Days on which an office is closed
besides are handed in. Every day is one in Europe/Amsterdam.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from holidays import OPTIONAL, PUBLIC, country_holidays

from bot.week import DUTCH_TIME

SATURDAY = 5
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which somebody works: no weekend, no public holiday and none of the `closed` days."""

    closed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people are at work on this day."""
        return day.weekday() < SATURDAY and day not in self.closed and day not in public_holidays(day.year)

    def without(self, days: Iterable[date]) -> "WorkingCalendar":
        """The same calendar with more closed days, such as those on which one person is away."""
        more = frozenset(days) - self.closed
        return replace(self, closed=self.closed | more) if more else self

    def on_or_after(self, day: date) -> date:
        """This day when it is a working day, else the first working day after it."""
        while not self.is_working_day(day):
            day += A_DAY
        return day


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The holidays of one year on which a Dutch public office keeps no term: 5 May is "optional" in other years."""
    return frozenset(country_holidays("NL", years=year, categories=(PUBLIC, OPTIONAL)))


def add_working_days(moment: datetime, count: int, calendar: WorkingCalendar) -> datetime:
    """The moment so many working days later, at the same time on the clock in Amsterdam; in UTC.

    A moment outside a working day counts as the beginning of the next one: two days after a Saturday is the first
    minute of Wednesday. Raises ValueError for a moment without time zone or a negative count.
    """
    if moment.tzinfo is None or count < 0:
        raise ValueError("a moment with a time zone and a count from 0 are needed")
    local = moment.astimezone(DUTCH_TIME)
    day = calendar.on_or_after(local.date())
    at = local.time() if day == local.date() else time()
    for _ in range(count):
        day = calendar.on_or_after(day + A_DAY)
    return datetime.combine(day, at, DUTCH_TIME).astimezone(UTC)


def is_office_time(now: datetime, first_hour: int, last_hour: int, calendar: WorkingCalendar) -> bool:
    """Whether a letter that nobody waits for may be written now: on a working day, from one hour up to another."""
    local = now.astimezone(DUTCH_TIME)
    return first_hour <= local.hour < last_hour and calendar.is_working_day(local.date())
