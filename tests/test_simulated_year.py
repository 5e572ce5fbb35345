"""A year on a fast clock: holidays, nights with another hour, advisers away, days without service."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from shutil import copy

import pytest
from sqlite_utils import Database

from bot.installation import links_of
from bot.pool_vectors import PoolShelf
from bot.report.week_report import make_report
from bot.settings import Settings
from bot.store import pool
from bot.store.attention import find_waiting
from bot.store.database import began_at, open_database
from bot.story import Story
from bot.week import Week, week_of
from bot.wiring import Wiring
from expertise.initiatives import shipped_initiatives
from expertise.instruments import shipped_instruments
from expertise.topics import shipped_topics
from matcher.encoder import Encoder
from tests.report_rows import counted_by_hand, in_week
from tests.simulated_year import AMSTERDAM, HOURS, Year

WEEKS = int(os.environ.get("YEAR_WEEKS", "16"))
"""Half a spring is part of every test run; `make test-long` lives through fifty weeks."""
FIRST = date(2027, 1, 4)
AFTER = FIRST + timedelta(weeks=WEEKS)
QUESTIONS_A_WEEK = 4
OUTAGES = (
    (date(2027, 3, 26), date(2027, 3, 29)),  # the night that skips an hour, and a Monday morning
    (date(2027, 7, 12), date(2027, 7, 27)),  # three Monday mornings
    (date(2027, 10, 31), date(2027, 11, 1)),  # the night that has an hour twice, and a Monday morning
)
WAITS_FOR_A_PERSON = ("proposed", "review", "unserved")
ENDED = ("closed", "referred", "withdrawn")
pytestmark = pytest.mark.timeout(900)  # a minute and a half on a quiet machine
ONCE = ("proposal_waits", "initiator_reminder", "review_reminder")


@pytest.fixture
def year(tmp_path_factory: pytest.TempPathFactory, prepared_database: Path, encoder: Encoder) -> Iterator[Year]:
    """The year when it is over, in which every day kept to what no expert may carry."""
    settings = Settings(data_dir=str(tmp_path_factory.mktemp("year")))
    copy(prepared_database, settings.database)
    lists = (shipped_topics(), shipped_instruments(), shipped_initiatives())
    with closing(open_database(settings.database)) as db:
        db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [datetime(2027, 1, 4, tzinfo=UTC).isoformat()])
        wiring = Wiring(settings, *lists, encoder, links_of(settings))
        story = Story(db, wiring, PoolShelf(encoder), datetime(2027, 1, 4, tzinfo=UTC))
        lived = Year(story, OUTAGES, Random(5))
        for number in range(WEEKS):
            _week(lived, FIRST + timedelta(weeks=number), number)
        lived.falls_silent()
        lived.day(AFTER)  # the Monday on which the last week is told
        yield lived


def _week(year: Year, monday: date, number: int) -> None:
    for _ in range(QUESTIONS_A_WEEK):
        year.asks(datetime.combine(monday, time(6), UTC) + timedelta(hours=year.chance.uniform(0, 154)))
    if number % 6 == 3:
        year.goes_away(monday)
    for day in range(7):
        year.day(monday + timedelta(days=day))
        carried = pool.loads(year.story.db)
        assert [one.id for one in pool.everyone(year.story.db) if carried.get(one.id, 0) > one.capacity] == []


def letters_of(db: Database, *templates: str) -> list[dict[str, object]]:
    marks = ", ".join("?" * len(templates))
    return list(db.query(f"SELECT * FROM letters WHERE template IN ({marks}) ORDER BY id", list(templates)))


def states(db: Database) -> Counter[str]:
    return Counter(row["state"] for row in db.query("SELECT state FROM cases"))


def test_a_year_week_after_week(year: Year) -> None:
    """One test, so that the year is lived once."""
    everything_that_came_was_read(year.story.db)
    reports_each_on_the_first_monday_that_something_ran(year.story.db)
    every_report_is_what_counting_by_hand_gives(year)
    nobody_is_reminded_twice_of_the_same(year.story.db)
    no_case_is_forgotten(year)


def everything_that_came_was_read(db: Database) -> None:
    found = Counter(row["state"] for row in db.query("SELECT state FROM messages"))
    assert found["handled"] == sum(found.values()) >= 12 * WEEKS, found
    assert {row["state"] for row in db.query("SELECT state FROM letters")} == {"sent"}
    assert {"introduced", "closed", "referred"} <= set(states(db)), states(db)


def reports_each_on_the_first_monday_that_something_ran(db: Database) -> None:
    assert began_at(db).date() == FIRST
    sent = letters_of(db, "weekly_report")
    days = [datetime.fromisoformat(str(each["created_at"])).astimezone(AMSTERDAM).date() for each in sent]
    wanted = [FIRST + timedelta(weeks=number) for number in range(1, WEEKS + 1)]
    for first, last in OUTAGES:
        wanted = [last + timedelta(days=1) if first <= day <= last else day for day in wanted]
    assert days == wanted
    assert len({str(each["subject"]) for each in sent}) == WEEKS


def every_report_is_what_counting_by_hand_gives(year: Year) -> None:
    db, wiring = year.story.db, year.story.wiring
    monday = datetime.combine(FIRST, time(), AMSTERDAM)
    weeks = [week_of(monday + timedelta(weeks=each)) for each in range(WEEKS)]
    for week in weeks:
        assert told(db, week, year.story.now, wiring) == by_hand(db, week), week
    assert sum(told(db, week, year.story.now, wiring)["messages"] for week in weeks) == db.table("messages").count


def told(db: Database, week: Week, now: datetime, wiring: Wiring) -> dict[str, int]:
    figures = make_report(db, week, now, wiring.topics).facts.figures
    made, accepted = figures.proposals_in_all("made"), figures.proposals_in_all("accepted")
    return {"messages": figures.messages, "cases": figures.cases, "made": made, "accepted": accepted,
            "introduced": figures.introduced, "unserved": figures.unserved}  # fmt: skip


def by_hand(db: Database, week: Week) -> dict[str, int]:
    found = counted_by_hand(db, (week.year, week.number))
    plain = {name: found[name] for name in ("messages", "cases", "made", "introduced", "unserved")}
    said_yes = db.query("SELECT at FROM events WHERE event = 'accepted'")  # a yes that lapses later was a yes that week
    return {**plain, "accepted": sum(in_week(row["at"], (week.year, week.number)) for row in said_yes)}


def nobody_is_reminded_twice_of_the_same(db: Database) -> None:
    seen = Counter((about(each), each["recipient"], each["subject"]) for each in letters_of(db, *ONCE))
    assert seen, "people are reminded in such a year"
    assert [each for each, times in seen.items() if times > 1] == []
    by_clock = [each for each in letters_of(db, "follow_up") if about(each).startswith("introduced:")]
    asked = Counter(each["case_id"] for each in by_clock)  # an answer may bring the questions that are still open
    assert max(asked.values()) == 2, "after four weeks and after three months"


def about(letter: dict[str, object]) -> str:
    """The step of the clock with the proposal, case or review that a reminder is about, from its key."""
    return ":".join(str(letter["key"]).split("/")[0].split(":")[:2])


def no_case_is_forgotten(year: Year) -> None:
    """When everybody stays silent from now on, each case ends, or a person is told that it waits for them."""
    db, after = year.story.db, AFTER + timedelta(days=1)
    for number in range(7 * 26):
        year.day(after + timedelta(days=number), HOURS[:1])
    waiting = find_waiting(db, year.story.now)
    known = {each.reference for each in waiting.proposals}
    known |= {each.reference for each in (*waiting.reviews, *waiting.unserved)}
    open_cases = list(db.query(f"SELECT reference, state FROM cases WHERE state NOT IN {ENDED}"))
    assert [each for each in open_cases if each["reference"] not in known] == []
    assert {each["state"] for each in open_cases} <= set(WAITS_FOR_A_PERSON)
