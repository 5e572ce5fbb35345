"""Where questions come from and what the year asks: every total is the same as counted row by row."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.case_told import told_of
from bot.coordinator.insight import MONTHS, gap_facts, gaps, month_bounds, places_asking, trends
from bot.store import cases, events, vectors
from bot.store.database import transaction
from bot.story import Story
from expertise.places import is_in_brabant
from tests.report_rows import AMSTERDAM, Rows, at
from tests.store_builders import db as db
from tests.store_builders import store_file as store_file

TODAY = date(2026, 11, 16)
PLACES = ("Oss", "Helmond", "Utrecht", "Oss", None, "Zundert")
NEEDS = ('[{"code":"financing"}]', '[{"code":"financing"},{"code":"data"}]', "[]")


def a_year(db: Database) -> list[tuple[datetime, str | None, str]]:
    """Questions through fourteen months, also at the very turn of a month on a Dutch clock."""
    rows, written = Rows(db), []
    edges = [at("2026-02-01 00:00"), at("2026-01-31 23:59"), at("2025-12-01 00:00"), at("2025-11-30 23:59")]
    moments = [*edges, *(at("2025-10-03 12:00") + timedelta(days=7 * week) for week in range(58))]
    for number, when in enumerate(moments):
        place, needs = PLACES[number % len(PLACES)], NEEDS[number % len(NEEDS)]
        rows.case(when, municipality=place, needs=needs)
        written.append((when, place, needs))
    return written


def test_places_add_up_and_only_the_period_counts(db: Database) -> None:
    written, bounds = a_year(db), month_bounds(TODAY)
    inside = [(place, needs) for when, place, needs in written if bounds[0] <= when < bounds[-1]]
    assert len(inside) < len(written)
    places = places_asking(db, bounds)
    counted = Counter(place for place, _ in inside)
    assert {line.name: line.count for line in places.lines} == {
        place: count for place, count in counted.items() if place and is_in_brabant(place)
    }
    assert (places.elsewhere, places.unknown) == (counted["Utrecht"], counted[None])
    assert places.total == len(inside)
    assert [line.count for line in places.lines] == sorted((line.count for line in places.lines), reverse=True)
    of_data = places_asking(db, bounds, "data")
    assert of_data.total == sum("data" in needs for _, needs in inside)
    assert [(line.region, line.focus) for line in places.lines if line.name == "Oss"] == [("Noordoost-Brabant", True)]


def test_the_months_of_each_need_add_up(story: Story) -> None:
    written, bounds = a_year(story.db), month_bounds(TODAY)
    lines = {line.code: line for line in trends(story.db, bounds, story.wiring)}
    assert set(lines) == {topic.code for topic in story.wiring.topics} | {""}
    for code in ("financing", "data", "governance"):
        expected = [
            sum(start <= when < end and f'"{code}"' in needs for when, _, needs in written)
            for start, end in pairwise(bounds)
        ]
        assert list(lines[code].months) == expected
    assert lines[""].total == sum(bounds[0] <= when < bounds[-1] and needs == "[]" for when, _, needs in written)


@settings(deadline=None)
@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_a_year_is_twelve_months_of_the_dutch_calendar_the_last_being_this_one(today: date) -> None:
    bounds = month_bounds(today)
    assert len(bounds) == MONTHS + 1
    assert all((bound.day, bound.hour, bound.tzinfo) == (1, 0, AMSTERDAM) for bound in bounds)
    assert (bounds[-2].year, bounds[-2].month) == (today.year, today.month)
    assert all((end.date() - start.date()).days in range(28, 32) for start, end in pairwise(bounds))


# The questions that nobody could serve

QUESTIONS = (
    ("Wie maakt met ons een contract over de huur van het gebouw?", "contracts", "Oss"),
    ("Welke slimme techniek helpt ouderen om thuis te blijven wonen?", "care_technology", "Helmond"),
    ("Kan iemand meekijken naar het huurcontract met de gemeente?", "contracts", "Zundert"),
)


def ask(story: Story, question: str, need: str, place: str, when: datetime, state: str = "unserved") -> int:
    cells = {"municipality": place, "question": question, "state": state}
    needs = f'[{{"code":"{need}","confidence":0.9,"evidence":"{question}"}}]'
    case_id = Rows(story.db, iter(range(when.day * 100, 10_000))).case(when, needs=needs, **cells)
    with transaction(story.db):
        events.keep(story.db, case_id, "unserved", "bot", when)
    return case_id


def test_questions_without_an_expert_come_together_with_an_example(story: Story) -> None:
    assert gaps(story.db, story.wiring, month_bounds(TODAY)) == ()
    for day, told in enumerate(QUESTIONS, start=1):
        ask(story, *told, datetime(2026, 11, day, 12, tzinfo=UTC), "proposed" if day == 3 else "unserved")
    ask(story, *QUESTIONS[0], datetime(2024, 11, 9, 12, tzinfo=UTC))  # too long ago
    ask(story, "", "contracts", "Oss", datetime(2026, 11, 10, 12, tzinfo=UTC))  # erased
    first, second = (gap_facts(story.wiring, gap) for gap in gaps(story.db, story.wiring, month_bounds(TODAY)))
    assert (first["count"], first["waiting"], first["places"]) == (2, 1, ["Oss", "Zundert"])
    assert first["labels"] == [story.wiring.label("contracts")]
    assert first["example"] in {QUESTIONS[0][0], QUESTIONS[2][0]}
    assert (second["count"], second["example"]) == (1, QUESTIONS[1][0])


def test_looking_for_gaps_changes_nothing(story: Story) -> None:
    case_id = ask(story, *QUESTIONS[0], datetime(2026, 11, 2, 12, tzinfo=UTC))
    before = list(story.db.conn.iterdump())
    assert len(gaps(story.db, story.wiring, month_bounds(TODAY))) == 1
    assert list(story.db.conn.iterdump()) == before
    assert cases.find(story.db, case_id) is not None


def test_many_questions_are_read_at_once(story: Story) -> None:
    def queries() -> int:
        told: list[str] = []
        story.db.conn.set_trace_callback(told.append)
        found = gaps(story.db, story.wiring, month_bounds(TODAY))
        story.db.conn.set_trace_callback(None)
        assert sum(len(gap.cases) for gap in found) == len(asked)
        return len(told)

    asked = [ask(story, *QUESTIONS[0], datetime(2026, 11, 1, 12, tzinfo=UTC))]
    few = queries()
    asked += [ask(story, *QUESTIONS[day % 3], datetime(2026, 11, day, 12, tzinfo=UTC)) for day in range(2, 9)]
    assert queries() == few


def test_what_the_model_read_before_is_not_read_again(story: Story) -> None:
    numbers = [ask(story, *told, datetime(2026, 11, day, 12, tzinfo=UTC)) for day, told in enumerate(QUESTIONS, 1)]
    before = gaps(story.db, story.wiring, month_bounds(TODAY))
    with transaction(story.db):
        for number in numbers:
            case = cases.find(story.db, number)
            assert case is not None
            told_of(story.db, story.wiring, case)
    assert set(vectors.find_for_cases(story.db, story.wiring.encoder.name, numbers)) == set(numbers)
    assert vectors.find_for_cases(story.db, "another", numbers) == {}
    assert gaps(story.db, story.wiring, month_bounds(TODAY)) == before
