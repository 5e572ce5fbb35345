"""Weeks as people in the Netherlands count them: read strictly, cut at Dutch midnight, also when the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.week import Week, parse_week, week_of, year_start

MOMENTS = st.integers(0, 30_000_000_000).map(
    lambda second: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@pytest.mark.parametrize("text", ["2026-W47", "2026-W01", "2026-W53", "2020-W53", "2024-W09"])
def test_a_week_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_week(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-W60", "2026-W00", "2025-W53", "2026-w47", "2026W47", "2026-47", "2026-W7", "2026-W047", " 2026-W47",
        "2026-W47\n", "2026-W47-1", "26-W47", "0000-W01", "9999-W52", "1999-W52", "", "vorige week", "２０２６-W47",
    ],
)  # fmt: skip
def test_nonsense_is_no_week(text: str) -> None:
    with pytest.raises(ValueError, match="week"):
        parse_week(text)


def test_a_week_begins_at_dutch_midnight() -> None:
    week = parse_week("2026-W47")
    assert week.start == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert week.end == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert week.start.tzinfo is UTC
    assert (week.first_day, week.last_day) == (date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize(("text", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W44", 168)])
def test_a_week_with_a_changing_clock_is_an_hour_shorter_or_longer(text: str, hours: int) -> None:
    week = parse_week(text)
    assert week.end - week.start == timedelta(hours=hours)


def test_a_year_may_begin_in_the_year_before() -> None:
    assert parse_week("2026-W01").first_day == date(2025, 12, 29)
    assert year_start(2026) == parse_week("2026-W01").start
    assert parse_week("2026-W01").previous() == parse_week("2025-W52")
    assert parse_week("2027-W01").previous() == parse_week("2026-W53")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-W47", "maandag 16 tot en met zondag 22 november 2026"),
        ("2026-W49", "maandag 30 november tot en met zondag 6 december 2026"),
        ("2026-W53", "maandag 28 december 2026 tot en met zondag 3 januari 2027"),
    ],
)
def test_a_week_is_told_in_dutch(text: str, words: str) -> None:
    assert parse_week(text).days_in_words() == words


def test_weeks_have_a_name_and_an_order() -> None:
    assert parse_week("2026-W07").in_words() == "week 7 van 2026"
    assert parse_week("2025-W52") < parse_week("2026-W01") < parse_week("2026-W02")


def test_a_moment_without_time_zone_falls_in_no_week() -> None:
    with pytest.raises(ValueError, match="time zone"):
        week_of(datetime(2026, 11, 16))  # noqa: DTZ001 - that is the point


@given(MOMENTS)
def test_every_moment_falls_in_exactly_one_week(moment: datetime) -> None:
    week = week_of(moment)
    assert week.start <= moment < week.end
    assert week.previous().end == week.start
    assert week_of(week.start) == week == week_of(week.end - timedelta(milliseconds=1))
    assert parse_week(str(week)) == week == Week(week.year, week.number)
