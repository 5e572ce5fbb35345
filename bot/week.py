"""An ISO week as a value, from Monday 00:00 to the next in Dutch time. What happened in it is not its concern."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.reasons import words

DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
FIRST_YEAR, LAST_YEAR = 2000, 2999  # any other year is a slip of the keyboard

_FORM = re.compile(r"([0-9]{4})-W([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of ISO 8601; `str(week)` is "2026-W47". Raises ValueError for a week that does not exist."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def first_day(self) -> date:
        """The Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The Sunday."""
        return self.first_day + timedelta(days=6)

    @property
    def start(self) -> datetime:
        """Monday 00:00 in Dutch time, as a UTC moment; part of the week."""
        return _midnight(self.first_day)

    @property
    def end(self) -> datetime:
        """The next Monday 00:00 in Dutch time, as a UTC moment; no longer part of the week."""
        return _midnight(self.first_day + timedelta(days=7))

    def previous(self) -> "Week":
        """The week before."""
        return _week_with(self.first_day - timedelta(days=7))

    def in_words(self) -> str:
        """What a Dutch reader calls it: "week 47 van 2026"."""
        return f"week {self.number} van {self.year}"

    def days_in_words(self) -> str:
        """Its days for a Dutch reader: "maandag 16 tot en met zondag 22 november 2026", months where they differ."""
        first, last = self.first_day, self.last_day
        start = f"{first.day}"
        if first.month != last.month:
            start += f" {words('month', first.month)}"
        if first.year != last.year:
            start += f" {first.year}"
        return f"maandag {start} tot en met zondag {day_in_words(last)}"


def parse_week(text: str) -> Week:
    """The week of exactly "2026-W47"; raises ValueError for any other form and for a week that does not exist."""
    found = _FORM.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(f"not an ISO week: {text!r}")
    return Week(int(found[1]), int(found[2]))


def week_of(moment: datetime) -> Week:
    """The week in which a moment falls for people in the Netherlands; raises ValueError without a time zone."""
    return _week_with(dutch_day(moment))


def year_start(year: int) -> datetime:
    """When the first week of an ISO year begins, as a UTC moment; so every week belongs to one year."""
    return Week(year, 1).start


def dutch_day(moment: datetime) -> date:
    """The day on a Dutch calendar; raises ValueError for a moment without time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(DUTCH_TIME).date()


def day_in_words(day: date) -> str:
    """A date for a Dutch reader: "22 november 2026"."""
    return f"{day.day} {words('month', day.month)} {day.year}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=DUTCH_TIME).astimezone(UTC)


def _week_with(day: date) -> Week:
    year, number, _ = day.isocalendar()
    return Week(year, number)
