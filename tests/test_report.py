"""The weekly report counts what the database holds: edges, sums, waits, what asked for attention at the time."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report.cells import Cell, Mean
from bot.report.layout import as_html
from bot.report.plain_text import as_text
from bot.report.plain_values import as_json
from bot.report.tables import sections
from bot.report.telling import tell
from bot.report.week_report import Report, make_report
from bot.store.database import open_database
from bot.week import Week, parse_week
from expertise.topics import shipped_topics
from tests.report_rows import Rows, at, counted_by_hand

WEEK = parse_week("2026-W47")
AFTER = at("2026-11-23 08:00")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    db = open_database(tmp_path / "mixmatch.db")
    yield Rows(db)
    db.close()


def told(rows: Rows, week: Week = WEEK, now: datetime = AFTER) -> Report:
    return make_report(rows.db, week, now, shipped_topics())


def fill_two_weeks(rows: Rows) -> dict[str, int]:
    """A varied week and the one before it. Returns the cases that tests look at."""
    for name, organisation, capacity in (("a1", "Zet", 5), ("e1", "KNHM", 1), ("e2", "PON", 4)):
        rows.expert(name, organisation, capacity=capacity)
    rows.message(at("2026-11-16 00:00"), needs=["financing", "funders"])
    rows.message(at("2026-11-22 23:59:59"), needs=[{"code": "financing", "confidence": 0.9, "evidence": "geld"}])
    rows.message(at("2026-11-18 12:00"), needs=[])
    rows.message(at("2026-11-18 12:01"), "thanks", channel="chat")
    rows.message(at("2026-11-18 12:02"), None)
    rows.message(at("2026-11-19 09:00"), None, state="received")
    rows.message(at("2026-11-19 10:00"), None, state="quarantined", problem="unreadable")
    rows.message(at("2026-11-15 23:59:59"), needs=["impact"])
    rows.message(at("2026-11-23 00:00"), needs=["data"])
    old = rows.case(at("2026-11-09 10:00"), municipality="Oss", eligibility="eligible")
    quick = rows.case(at("2026-11-16 00:00"), municipality="Oss", eligibility="eligible")
    review = rows.case(at("2026-11-17 10:00"), municipality="Helmond", eligibility="review")
    lonely = rows.case(at("2026-11-18 10:00"), eligibility="eligible", needs='[{"code":"data"}]')
    rows.case(at("2026-11-22 23:59:59"))
    rows.case(at("2026-11-23 00:00"), municipality="Breda", eligibility="eligible")
    rows.proposal(old, "e2", at("2026-11-10 10:00"), "declined", decided_at=at("2026-11-16 00:00"), reason="no_fit")
    rows.proposal(old, "e1", at("2026-11-16 00:00"), "accepted", decided_at=at("2026-11-17 10:00"))
    rows.event(old, "introduced", at("2026-11-19 10:00"))
    rows.proposal(quick, "e2", at("2026-11-16 12:00"), "declined", decided_at=at("2026-11-17 12:00"), reason="Te ver.")
    waiting = rows.proposal(quick, "e2", at("2026-11-19 00:00"))
    reviewed = rows.review(review, at("2026-11-17 10:00"))
    rows.event(lonely, "unserved", at("2026-11-18 11:00"))
    letter = rows.letter(at("2026-11-20 10:00"), "parked", old)
    rows.letter(at("2026-11-21 10:00"), "unknown")
    rows.letter(at("2026-11-21 10:00"), "sent")
    return {"waiting": waiting, "review": reviewed, "lonely": lonely, "letter": letter, "quick": quick}


def assert_reconciles(report: Report, rows: Rows, week: Week) -> None:
    """Every total equals what was counted by hand, and every total is the sum of its parts."""
    hand = counted_by_hand(rows.db, (week.year, week.number))
    figures = report.facts.figures
    assert figures.messages == sum(figures.kinds.values()) == hand["messages"]
    assert (figures.channels, figures.requests) == (hand["channels"], hand["requests"])
    assert figures.kinds.get("request", 0) == figures.requests
    assert (figures.needs, figures.requests_without_need) == (hand["needs"], hand["without_need"])
    assert figures.cases == sum(figures.municipalities.values()) == hand["cases"]
    assert (figures.eligibility, figures.municipalities) == (hand["eligibility"], hand["municipalities"])
    assert figures.proposals_in_all("made") == sum(hand["made_by"].values()) == hand["made"]
    assert {name: counts["made"] for name, counts in figures.proposals.items() if "made" in counts} == hand["made_by"]
    for state in ("accepted", "declined", "replaced", "expired", "withdrawn"):
        assert figures.proposals_in_all(state) == hand["decided"][state]
    assert sum(report.reasons.values()) == hand["decided"]["declined"]
    assert (figures.introduced, figures.unserved) == (hand["introduced"], hand["unserved"])
    for table in (table for section in sections(report) for table in section.tables if table.rows and table.total):
        assert table.total is not None  # as the line above says; for the type checker
        for place, total in enumerate(table.total.cells):
            assert sum(_count(row.cells[place]) for row in table.rows) == _count(total)


def _count(cell: Cell) -> int:
    """What a cell counts: of a mean the total that it is made of."""
    if isinstance(cell, Mean):
        return cell.total
    assert isinstance(cell, int)
    return cell


def test_every_total_reconciles_with_the_database(rows: Rows) -> None:
    fill_two_weeks(rows)
    for week in (WEEK, WEEK.previous()):
        assert_reconciles(told(rows, week), rows, week)


def test_the_week_is_told_in_numbers(rows: Rows) -> None:
    fill_two_weeks(rows)
    values = as_json(told(rows))
    assert json.loads(json.dumps(values)) == values
    assert values["messages"]["total"] == {"now": 7, "before": 1}
    assert values["messages"]["by_channel"] == {"mail": {"now": 6, "before": 1}, "chat": {"now": 1, "before": 0}}
    assert {kind: pair["now"] for kind, pair in values["messages"]["by_kind"].items()} == {
        "request": 3, "thanks": 1, "no_kind": 1, "unread": 1, "quarantined": 1,
    }  # fmt: skip
    assert values["requests"]["total"] == {"now": 3, "before": 1}
    assert values["requests"]["without_need"] == {"now": 1, "before": 0}
    assert values["requests"]["by_need"] == {
        "financing": {"now": 2, "before": 0}, "funders": {"now": 1, "before": 0}, "impact": {"now": 0, "before": 1},
    }  # fmt: skip
    assert values["cases"]["opened"] == {"now": 4, "before": 1}
    assert values["cases"]["by_eligibility"]["unknown"] == {"now": 1, "before": 0}
    assert {"municipality": None, "now": 2, "before": 0} in values["cases"]["by_municipality"]
    assert values["proposals"]["made"] == {"now": 3, "before": 1}
    assert values["proposals"]["declined"] == {"now": 2, "before": 0}
    assert values["proposals"]["decline_reasons"] == [
        {"reason": "Te ver.", "now": 1, "before": 0}, {"reason": "past niet bij de vraag", "now": 1, "before": 0},
    ]  # fmt: skip
    assert values["goal"] == {"year": 2026, "initiatives": {"now": 1, "before": 0}, "of": 30}


def test_how_long_people_wait_is_told_in_days(rows: Rows) -> None:
    fill_two_weeks(rows)
    waiting = as_json(told(rows))["waiting"]
    assert waiting["to_introduction"]["now"] == {"count": 1, "median_days": 10.0, "longest_days": 10.0}
    assert waiting["to_introduction"]["before"] == {"count": 0, "median_days": None, "longest_days": None}
    assert waiting["open_proposals"]["now"] == {"count": 1, "median_days": 4.0, "longest_days": 4.0}
    # The proposal that was declined on Monday 00:00 was still open when the week before ended.
    assert waiting["open_proposals"]["before"]["count"] == 1
    assert "10 dagen" in as_text(tell(told(rows)))


def test_what_waits_is_told_first_and_with_how_long(rows: Rows) -> None:
    fill_two_weeks(rows)
    attention = as_json(told(rows))["attention"]
    assert attention["total"]["now"] == 7
    assert [(each["adviser"], each["organisation"], each["days"]) for each in attention["proposals"]] == [
        ("Expert a1", "PON", 4.0)
    ]
    assert [each["municipality"] for each in attention["reviews"]] == ["Helmond"]
    assert [(each["needs"], each["municipality"]) for each in attention["unserved"]] == [(["data"], None)]
    assert [each["problem"] for each in attention["quarantined"]] == ["unreadable"]
    assert [each["state"] for each in attention["letters"]] == ["parked", "unknown"]
    assert [(each["name"], each["load"], each["capacity"]) for each in attention["full_experts"]] == [
        ("Expert e1", 1, 1)
    ]
    assert sections(told(rows))[0].title == "Wat vraagt aandacht?"


def test_nothing_that_waits_is_told_too(rows: Rows) -> None:
    assert "Er wacht niets op een mens." in as_text(tell(told(rows)))
    assert "Er kwamen geen berichten." in as_html(tell(told(rows)))
    assert list(rows.db.table("reports").rows) == []


@pytest.mark.parametrize("week", ["2026-W13", "2026-W43", "2026-W53", "2027-W01"])
def test_a_week_is_cut_at_dutch_midnight_also_when_the_clock_changes(rows: Rows, week: str) -> None:
    asked = parse_week(week)
    edge = timedelta(milliseconds=1)
    for moment in (asked.start - edge, asked.start, asked.end - edge, asked.end):
        rows.message(moment)
        rows.case(moment)
    report = told(rows, asked, at("2027-02-01 08:00"))
    assert (report.facts.figures.messages, report.facts.figures.cases) == (2, 2)
    assert_reconciles(report, rows, asked)


def test_a_past_week_comes_out_identical_after_everything_changed(rows: Rows) -> None:
    seen = fill_two_weeks(rows)
    shown = _all_forms(told(rows))
    _change_everything(rows, seen)
    assert _all_forms(told(rows, now=at("2027-03-01 08:00"))) == shown


def test_what_times_and_history_tell_needs_no_keeping(rows: Rows) -> None:
    seen = fill_two_weeks(rows)
    first = told(rows).facts
    _change_everything(rows, seen)
    rows.db.table("reports").delete_where()
    again = told(rows, now=at("2027-03-01 08:00")).facts
    assert again.figures == first.figures
    assert again.initiatives == first.initiatives
    for name in ("proposals", "reviews", "unserved"):
        assert getattr(again.attention, name) == getattr(first.attention, name)


def _all_forms(report: Report) -> tuple[str, str, object]:
    return as_html(tell(report)), as_text(tell(report)), as_json(report)


def _change_everything(rows: Rows, seen: dict[str, int]) -> None:
    later = at("2026-11-24 10:00")
    stamp = later.astimezone(UTC).isoformat(timespec="milliseconds")
    rows.db.table("proposals").update(seen["waiting"], {"state": "accepted", "decided_at": stamp})
    rows.db.table("reviews").update(seen["review"], {"state": "approved", "decided_at": stamp})
    rows.db.table("letters").update(seen["letter"], {"state": "sent", "sent_at": stamp})
    rows.event(seen["lonely"], "proposed", later)
    rows.proposal(seen["lonely"], "e1", later)
    rows.event(seen["quick"], "introduced", later)
    rows.message(later)
    rows.case(later, municipality="Tilburg")


def test_a_running_week_is_counted_afresh_and_says_so(rows: Rows) -> None:
    rows.message(at("2026-11-16 09:00"))
    assert "nog bezig" in as_text(tell(told(rows, now=at("2026-11-17 09:00"))))
    rows.message(at("2026-11-17 10:00"))
    report = told(rows, now=at("2026-11-17 11:00"))
    assert report.facts.figures.messages == 2
    assert "18 november" not in as_html(tell(report))
    assert "tot 17 november 2026, 11:00 uur" in as_html(tell(report))
    assert told(rows).facts.figures.messages == 2
    assert not told(rows).is_running


def test_a_week_that_has_not_begun_can_not_be_told(rows: Rows) -> None:
    with pytest.raises(ValueError, match="not begun"):
        told(rows, now=at("2026-11-15 23:59:59"))


def test_a_question_is_unserved_only_until_it_is_served(rows: Rows) -> None:
    served, stopped, again = (rows.case(at("2026-11-16 10:00")) for _ in range(3))
    for case in (served, stopped, again):
        rows.event(case, "unserved", at("2026-11-17 10:00"))
    rows.event(again, "answered", at("2026-11-18 10:00"))
    rows.event(served, "proposed", at("2026-11-18 10:00"))
    rows.event(stopped, "withdrawn", at("2026-11-18 10:00"))
    rows.event(again, "declined", at("2026-11-19 10:00"))
    report = told(rows)
    assert len(report.facts.attention.unserved) == 1
    assert report.facts.figures.unserved == 3


def test_an_initiative_counts_once_for_the_goal_and_a_year_starts_anew(rows: Rows) -> None:
    for day in ("2026-11-16", "2026-11-17"):
        case = rows.case(at(f"{day} 08:00"), initiator="een@example.org")
        rows.event(case, "introduced", at(f"{day} 10:00"))
    rows.event(rows.case(at("2025-12-28 09:00")), "introduced", at("2025-12-28 10:00"))
    rows.event(rows.case(at("2025-12-29 09:00")), "introduced", at("2025-12-29 10:00"))
    assert as_json(told(rows))["goal"]["initiatives"] == {"now": 2, "before": 1}
    assert as_json(told(rows, parse_week("2026-W01")))["goal"]["initiatives"] == {"now": 1, "before": 0}


def test_a_damaged_cell_does_not_stop_the_report(rows: Rows) -> None:
    for needs in ("", "{", "7", '"x"', "null"):
        rows.message(at("2026-11-17 10:00"), needs=needs)
        case = rows.case(at("2026-11-17 10:00"), needs=needs)
        rows.event(case, "unserved", at("2026-11-17 11:00"))
    assert as_html(tell(told(rows)))
    assert told(rows).facts.figures.messages == 5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_random_weeks_reconcile(seed: int) -> None:
    """A seed instead of drawn rows: hundreds of rows a week, and one number names the week that failed."""
    db = open_database(":memory:")
    try:
        rows = Rows(db)
        _fill_at_random(rows, random.Random(seed))
        for week in (WEEK, WEEK.previous()):
            assert_reconciles(told(rows, week, at("2027-01-01 10:00")), rows, week)
    finally:
        db.close()


def _fill_at_random(rows: Rows, chance: random.Random) -> None:
    def some_moment() -> datetime:
        edges = (WEEK.start, WEEK.end, WEEK.previous().start)
        near = chance.choice(edges) + timedelta(milliseconds=chance.randint(-2, 2))
        return chance.choice((near, WEEK.start + timedelta(seconds=chance.randint(-1_300_000, 800_000))))

    experts = [rows.expert("a1", "Zet"), rows.expert("e1", "KNHM"), rows.expert("e2", "PON")]
    for _ in range(chance.randint(0, 60)):
        kind = chance.choice(("request", "thanks", "automatic", None))
        state = chance.choice(("handled", "handled", "received", "quarantined"))
        needs = chance.sample(("financing", "impact", "data", "unheard_of"), chance.randint(0, 3))
        rows.message(some_moment(), kind, needs, state=state, channel=chance.choice(("mail", "chat", "web")))
    for _ in range(chance.randint(0, 40)):
        opened = some_moment()
        place = chance.choice((None, "Oss", "Helmond"))
        outcome = chance.choice((None, "eligible", "review", "outside_area", "incomplete"))
        case = rows.case(opened, municipality=place, eligibility=outcome)
        for state in chance.sample(("declined", "replaced", "expired", "withdrawn", "accepted", "open"), 3):
            decided = None if state == "open" else some_moment()
            rows.proposal(case, chance.choice(experts), some_moment(), state, decided_at=decided)
        rows.event(case, chance.choice(("introduced", "unserved", "closed")), some_moment())
