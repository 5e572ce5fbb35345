"""The days that are offered at once to an adviser who wants to hear of a proposal later. Keeping one: reminding.py.

Pure: the day of today and a calendar in, days out.
"""

from collections.abc import Mapping
from datetime import date

from bot.clock.working_days import WorkingCalendar
from inbox.when import NEXT_WORKING_DAY, When, day_of

OFFERED: Mapping[str, When] = {
    "next_working_day": NEXT_WORKING_DAY,
    "next_week": When("weeks", 1),
    "in_two_weeks": When("weeks", 2),
}
"""What is offered, by the code of what it is called."""


def days_offered(today: date, calendar: WorkingCalendar) -> list[tuple[str, date]]:
    """The days to choose at once with their codes; on a Friday the next working day is next week's as well."""
    found: dict[date, str] = {}
    for code, when in OFFERED.items():
        day = day_of(when, today, calendar.is_working_day)
        if day is not None:
            found.setdefault(day, code)
    return [(code, day) for day, code in found.items()]
