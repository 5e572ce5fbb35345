"""On which day somebody wants to come back to something: "morgen", "volgende week", "3 augustus". Knows no clock.

Words become a `When`; `day_of` turns it into a date for whoever knows today. Nothing falls on a weekend,
nor on another day off of whoever asks.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from inbox.calendar_words import MONTHS, WEEKDAYS

MOST_DAYS = 92
"""Further away is no reminder any more: by then somebody else should have decided."""
SATURDAY = 5

_WEEKDAYS = {
    **WEEKDAYS,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_COUNTS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "one": 1, "two": 2, "three": 3}
_DAY = "|".join(_WEEKDAYS)
_MONTH = "|".join(MONTHS)
_COUNT = rf"\d{{1,2}}|{'|'.join(_COUNTS)}"

WHEN = (
    r"(?:overmorgen|morgen(?:ochtend|middag)?|tomorrow|after the weekend|na het weekend|next (?:week|month)"
    r"|(?:begin |eind |later |halverwege )?(?:van )?(?:deze|de|volgende|komende) (?:week|maand)"
    rf"|(?:over|in) (?:{_COUNT}) (?:dag(?:en)?|weken|week|days?|weeks?|maand|month)"
    rf"|(?:op |aanstaande |komende |volgende |on |next )?(?:{_DAY})(?:ochtend|middag)?(?: over (?:een|één) week)?"
    rf"|(?:op |vanaf |on )?\d{{1,2}} (?:{_MONTH})|(?:op |vanaf )?\d{{1,2}}[-/]\d{{1,2}}(?![-/\d]))"
)
"""One moment to come back, as a piece for larger patterns; lower case, no groups of its own."""


@dataclass(frozen=True, slots=True)
class When:
    """A day seen from any other: so many days on, the next such weekday (0 is Monday), a week, or a day of the year.

    `amount` is the number of days, the weekday, the number of weeks (begun on Monday), or month * 100 + day.
    """

    unit: Literal["days", "weekday", "weeks", "day_of_year", "month"]
    amount: int


NEXT_WORKING_DAY = When("days", 1)


def names_a_day(text: str) -> bool:
    """Whether a text names any moment to come back at."""
    return re.search(rf"\b{WHEN}\b", text.lower()) is not None


def read_when(text: str) -> When | None:
    """The one moment that a text names, NEXT_WORKING_DAY for one that names none; None for two or an impossible one."""
    found = [match[0] for match in re.finditer(rf"\b{WHEN}\b", text.lower())]
    if not found:
        return NEXT_WORKING_DAY
    return _one(found[0]) if len(found) == 1 else None


def is_weekday(day: date) -> bool:
    """Whether it is a day from Monday to Friday."""
    return day.weekday() < SATURDAY


def day_of(when: When, today: date, works: Callable[[date], bool] = is_weekday) -> date | None:
    """The working day that is meant, always after today; None when it lies more than MOST_DAYS ahead.

    `works` tells a working day for whoever knows the holidays; a day that is none becomes the next one that is.
    """
    day = _on_a_working_day(_DAYS[when.unit](when.amount, today), works)
    return day if today < day <= today + timedelta(days=MOST_DAYS) else None


def _one(words: str) -> When | None:
    return next((make(found) for pattern, make in _FORMS if (found := pattern.fullmatch(words))), None)


def _counted(found: re.Match[str]) -> When:
    count = int(found["count"]) if found["count"].isdigit() else _COUNTS[found["count"]]
    if found["unit"].startswith("m"):
        return When("days", 30 * count)
    return When("days", count if found["unit"].startswith("d") else 7 * count)


def _dated(found: re.Match[str]) -> When | None:
    month = int(found["month"]) if found["month"].isdigit() else MONTHS[found["month"]]
    day = int(found["day"])
    try:
        date(2028, month, day)  # a leap year: any day that some year has
    except ValueError:
        return None
    return When("day_of_year", 100 * month + day)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], When | None]], ...] = (
    (re.compile(r"(?:morgen|tomorrow).*"), lambda _: NEXT_WORKING_DAY),
    (re.compile(r"overmorgen"), lambda _: When("days", 2)),
    (re.compile(r".*\bweekend"), lambda _: When("weeks", 1)),
    (re.compile(r"(?:later |eind )(?:van )?(?:deze|de) week"), lambda _: When("weekday", 4)),
    (re.compile(r"(?:begin |halverwege )?(?:van )?(?:deze|de) week"), lambda _: NEXT_WORKING_DAY),
    (re.compile(r"eind (?:van )?(?:volgende|komende) week"), lambda _: When("days", 11)),
    (re.compile(r".*\b(?:volgende|komende|next) week"), lambda _: When("weeks", 1)),
    (re.compile(r".*\b(?:volgende|komende|next) (?:maand|month)"), lambda _: When("month", 1)),
    (re.compile(rf"(?:over|in) (?P<count>{_COUNT}) (?P<unit>\w+)"), _counted),
    (re.compile(rf".*\b(?P<day>{_DAY})(?:ochtend|middag)?"), lambda found: When("weekday", _WEEKDAYS[found["day"]])),
    (re.compile(rf"(?:\w+ )?(?P<day>\d{{1,2}}) (?P<month>{_MONTH})"), _dated),
    (re.compile(r"(?:\w+ )?(?P<day>\d{1,2})[-/](?P<month>\d{1,2})"), _dated),
)


def _on_a_working_day(day: date, works: Callable[[date], bool]) -> date:
    following = (day + timedelta(days=number) for number in range(MOST_DAYS))
    return next((each for each in following if works(each)), day)


def _next_day_of_year(amount: int, today: date) -> date:
    month, day = divmod(amount, 100)
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February of an ordinary year
            found = date(year, 3, 1)
        if found > today:
            return found
    return today


_DAYS: Mapping[str, Callable[[int, date], date]] = {
    "days": lambda amount, today: today + timedelta(days=amount),
    "weekday": lambda amount, today: today + timedelta(days=(amount - today.weekday() - 1) % 7 + 1),
    "weeks": lambda amount, today: today + timedelta(days=7 * amount - today.weekday()),
    "day_of_year": _next_day_of_year,
    "month": lambda amount, today: date(
        today.year + (today.month - 1 + amount) // 12, (today.month - 1 + amount) % 12 + 1, 1
    ),
}
