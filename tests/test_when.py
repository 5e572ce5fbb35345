"""A day to come back on: read from words, always a working day after today, never far away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.when import MOST_DAYS, NEXT_WORKING_DAY, SATURDAY, When, day_of, read_when

WEDNESDAY = date(2026, 11, 18)
FRIDAY = date(2026, 11, 20)

DAYS = [
    ("kom er op terug", date(2026, 11, 19)),
    ("morgen", date(2026, 11, 19)),
    ("overmorgen", date(2026, 11, 20)),
    ("vrijdag", date(2026, 11, 20)),
    ("woensdag", date(2026, 11, 25)),
    ("maandagochtend", date(2026, 11, 23)),
    ("zaterdag", date(2026, 11, 23)),
    ("volgende week", date(2026, 11, 23)),
    ("begin volgende week", date(2026, 11, 23)),
    ("eind volgende week", date(2026, 11, 30)),
    ("later deze week", date(2026, 11, 20)),
    ("na het weekend", date(2026, 11, 23)),
    ("over twee weken", date(2026, 12, 2)),
    ("over 3 dagen", date(2026, 11, 23)),
    ("volgende maand", date(2026, 12, 1)),
    ("3 december", date(2026, 12, 3)),
    ("op 7/12", date(2026, 12, 7)),
    ("1 februari", date(2027, 2, 1)),
]


@pytest.mark.parametrize(("words", "day"), DAYS)
def test_words_name_a_day(words: str, day: date) -> None:
    when = read_when(words)
    assert when is not None
    assert day_of(when, WEDNESDAY) == day


def test_the_next_working_day_after_friday_is_monday() -> None:
    assert day_of(NEXT_WORKING_DAY, FRIDAY) == date(2026, 11, 23)


@pytest.mark.parametrize("words", ["morgen of vrijdag", "30 februari", "op 31/4", "99 december"])
def test_two_days_or_an_impossible_one_name_none(words: str) -> None:
    assert read_when(words) is None


def test_a_day_far_away_is_none() -> None:
    assert day_of(When("day_of_year", 801), WEDNESDAY) is None
    assert day_of(When("days", MOST_DAYS + 10), WEDNESDAY) is None


@given(st.text(max_size=60), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_whatever_is_said_it_is_a_working_day_soon_or_none(words: str, today: date) -> None:
    when = read_when(words)
    day = day_of(when, today) if when is not None else None
    if day is not None:
        assert today < day <= today + timedelta(days=MOST_DAYS)
        assert day.weekday() < SATURDAY


@given(st.sampled_from([words for words, _ in DAYS]), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_known_words_name_a_day_on_every_day(words: str, today: date) -> None:
    when = read_when(words)
    assert when is not None
    assert words in ("1 februari", "3 december", "op 7/12") or day_of(when, today) is not None
