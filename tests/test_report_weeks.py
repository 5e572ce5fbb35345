"""The week beside the eight before it: every number again by SQL of its own, regions, goal, and what waits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import read_settings
from bot.report.cells import Cell, Mean, Row, Share, Table
from bot.report.layout import as_html
from bot.report.plain_text import as_text
from bot.report.plain_values import as_json
from bot.report.sheet import as_xlsx
from bot.report.tables import sections
from bot.report.telling import tell
from bot.report.week_report import EARLIER_WEEKS, Report, by_region, make_report
from bot.store.attention import find_waiting
from bot.store.database import open_database, transaction
from bot.store.rows import as_text as as_stored
from bot.store.scrubbing import Scope, scrub
from bot.week import Week, parse_week
from expertise.places import REGIONS
from expertise.topics import shipped_topics
from tests.report_rows import Rows, at
from tests.report_weeks import AFTER, LAST, fill_weeks, weeks_before

IN_SPAN = {
    "messages": "SELECT count(*) FROM messages WHERE received_at >= ? AND received_at < ?",
    "cases": "SELECT count(*) FROM cases WHERE opened_at >= ? AND opened_at < ?",
    "made": "SELECT count(*) FROM proposals WHERE created_at >= ? AND created_at < ?",
    "accepted": "SELECT count(*) FROM proposals WHERE state = 'accepted' AND decided_at >= ? AND decided_at < ?",
    "declined": "SELECT count(*) FROM proposals WHERE state = 'declined' AND decided_at >= ? AND decided_at < ?",
    "introduced": "SELECT count(DISTINCT case_id) FROM events WHERE event = 'introduced' AND at >= ? AND at < ?",
    "unserved": "SELECT count(DISTINCT case_id) FROM events WHERE event = 'unserved' AND at >= ? AND at < ?",
}


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    db = open_database(tmp_path / "mixmatch.db")
    yield Rows(db)
    db.close()


def told(rows: Rows, week: Week = LAST, now: datetime = AFTER, **more: Any) -> Report:
    return make_report(rows.db, week, now, shipped_topics(), **more)


def table_of(report: Report, code: str) -> Table:
    return next(table for section in sections(report) for table in section.tables if table.code == code)


def row_of(table: Table, label: str) -> Row:
    return next(row for row in table.rows if row.label == label)


def by_sql(rows: Rows, what: str, first: Week, last: Week) -> int:
    """What happened from the first week up to and with the last."""
    return int(rows.db.execute(IN_SPAN[what], [as_stored(first.start), as_stored(last.end)]).fetchone()[0])


def test_every_week_and_every_mean_is_what_sql_counts(rows: Rows) -> None:
    fill_weeks(rows)
    weeks = weeks_before(LAST, EARLIER_WEEKS + 1)
    values = {each["week"]: each for each in as_json(told(rows))["weeks"]}
    assert list(values) == [str(week) for week in weeks]
    for week in weeks:
        assert {what: values[str(week)][what] for what in IN_SPAN} == {
            what: by_sql(rows, what, week, week) for what in IN_SPAN
        }
    labels = {"messages": "Berichten", "cases": "Nieuwe vragen van initiatieven", "introduced": "Kennismakingen"}
    for what, label in labels.items():
        earlier = by_sql(rows, what, weeks[0], weeks[-2])
        assert row_of(table_of(told(rows), "overview"), label).cells == (
            by_sql(rows, what, LAST, LAST), by_sql(rows, what, weeks[-2], weeks[-2]), Mean(earlier, EARLIER_WEEKS),
        )  # fmt: skip


def test_every_column_of_every_table_with_a_total_adds_up(rows: Rows) -> None:
    fill_weeks(rows)

    def size(cell: Cell) -> int:
        assert isinstance(cell, int | Mean)
        return cell if isinstance(cell, int) else cell.total

    tables = [table for section in sections(told(rows)) for table in section.tables if table.total and table.rows]
    assert {table.code for table in tables} == {
        "attention", "channels", "kinds", "eligibility", "regions", "municipalities", "reasons", "organisations",
    }  # fmt: skip
    for table in tables:
        assert table.total is not None
        for place, total in enumerate(table.total.cells):
            assert sum(size(row.cells[place]) for row in table.rows) == size(total), table.code


def test_acceptance_and_waits_are_told_over_the_earlier_weeks_too(rows: Rows) -> None:
    fill_weeks(rows)
    weeks = weeks_before(LAST, EARLIER_WEEKS + 1)
    yes, no = (by_sql(rows, what, weeks[0], weeks[-2]) for what in ("accepted", "declined"))
    assert table_of(told(rows), "overview").rows[6].cells[2] == Share(yes, yes + no)
    assert table_of(told(rows), "waiting").rows[0].cells[2] == by_sql(rows, "introduced", weeks[0], weeks[-2])


def test_weeks_before_anything_happened_pull_no_mean_down(rows: Rows) -> None:
    rows.message(at("2026-11-04 10:00"))
    rows.message(at("2026-11-17 10:00"))
    report = told(rows)
    assert [str(week) for week, _ in report.earlier] == ["2026-W45", "2026-W46"]
    assert table_of(report, "overview").rows[0].cells == (1, 0, Mean(1, 2))
    first = told(rows, parse_week("2026-W45"))
    assert table_of(first, "overview").rows[0].cells == (1, 0, Mean(0, 0))
    assert "Een gemiddelde is er nog niet." in as_text(tell(first))


def test_all_nine_weeks_stay_as_they_were_told(rows: Rows) -> None:
    fill_weeks(rows)
    first = told(rows)
    forms = as_html(tell(first)), as_text(tell(first)), as_json(first), as_xlsx(tell(first))
    for week in weeks_before(LAST, EARLIER_WEEKS + 1):
        rows.message(week.start + timedelta(days=1))
        rows.case(week.start + timedelta(days=1), municipality="Oss")
    rows.db.execute("UPDATE cases SET eligibility = 'review', municipality = 'Breda'")
    again = told(rows, now=at("2027-05-05 10:00"), goal=99)
    assert (as_html(tell(again)), as_text(tell(again)), as_json(again), as_xlsx(tell(again))) == forms


def test_who_only_looks_keeps_nothing(rows: Rows) -> None:
    fill_weeks(rows)
    shown = as_json(told(rows, keep=False))
    assert rows.db.table("reports").count == 0
    assert as_json(told(rows)) == shown
    assert rows.db.table("reports").count == EARLIER_WEEKS + 1


def test_a_week_told_by_an_earlier_release_is_filled_up(rows: Rows) -> None:
    fill_weeks(rows)
    shown = as_json(told(rows))
    rows.db.execute(
        "UPDATE reports SET figures = json_remove(figures, '$.goal', '$.attention.declined', '$.attention.unanswered')"
    )
    assert as_json(told(rows)) == shown


def test_a_week_keeps_the_names_that_its_topics_had(rows: Rows) -> None:
    fill_weeks(rows)
    first = told(rows)
    renamed = tuple(replace(topic, label=f"Nu {topic.label}") for topic in shipped_topics())
    again = make_report(rows.db, LAST, AFTER, renamed)
    assert as_html(tell(again)) == as_html(tell(first))
    running = make_report(rows.db, parse_week("2026-W48"), AFTER, renamed)
    assert all(label.startswith("Nu ") for label in running.labels.values())


def test_erasing_a_person_leaves_a_past_week_as_it_was_but_for_own_words(rows: Rows) -> None:
    """A reason from a button is nobody's words and stays; one in own words has to go."""
    rows.expert("a1", "Zet")
    rows.expert("e1", "KNHM")
    erased = [rows.case(at("2026-11-16 10:00")) for _ in range(3)]
    for case, reason in zip(erased, ("too_busy", "conflict", "Piet kent hem"), strict=True):
        rows.proposal(case, "e1", at("2026-11-16 11:00"), "declined", decided_at=at("2026-11-17 10:00"), reason=reason)
    first = told(rows)
    with transaction(rows.db):
        scrub(rows.db, Scope(cases=tuple(erased)), "erased:een", AFTER)
    again = told(rows, now=at("2027-12-01 10:00"))
    assert again.reasons == {"te druk": 1, "te nauw betrokken": 1, "geen reden gegeven": 1}
    assert replace(again, reasons=first.reasons) == first


def test_regions_come_from_municipalities() -> None:
    counts = {"Oss": 2, "Meierijstad": 1, "Tilburg": 4, "Utrecht": 1, "": 3, "Geen gemeente": 1}
    assert by_region(counts) == {
        "West-Brabant": 0, "Midden-Brabant": 4, "Noordoost-Brabant": 3, "Zuidoost-Brabant": 0, "outside": 2, "": 3,
    }  # fmt: skip
    assert list(by_region({}))[: len(REGIONS)] == list(REGIONS)


def test_the_goal_is_a_setting_and_tells_what_it_takes_to_be_on_time(rows: Rows) -> None:
    report = told(rows, goal=53)
    assert [row.cells for row in table_of(report, "goal").rows] == [(0, 0), (53, 53), (47, 46)]
    assert "goal" in tell(report).charts
    assert read_settings(None, {"MIXMATCH_REPORT_GOAL": "40"}).report.goal == 40
    nothing = told(rows, parse_week("2026-W46"), goal=0)
    assert "goal" not in tell(nothing).charts


def test_a_case_that_was_declined_twice_asks_attention_until_somebody_says_yes(rows: Rows) -> None:
    when = at("2026-11-16 10:00")
    for name in ("a1", "e1", "e2", "e3"):
        rows.expert(name)
    twice, once, helped, closed = (rows.case(when) for _ in range(4))
    rows.db.table("cases").update(closed, {"closed_at": as_stored(at("2026-11-18 10:00"))})
    for case, experts in ((twice, ("e1", "e2")), (once, ("e1",)), (helped, ("e1", "e2")), (closed, ("e1", "e2"))):
        for expert in experts:
            rows.proposal(case, expert, when, "declined", decided_at=when + timedelta(hours=3))
    rows.proposal(twice, "e3", at("2026-11-17 10:00"))
    rows.event(twice, "proposed", at("2026-11-17 10:00"))
    rows.event(helped, "accepted", at("2026-11-17 10:00"))
    (found,) = as_json(told(rows))["attention"]["declined"]
    assert (found["reference"], found["times"]) == (_reference(rows, twice), 2)
    assert len(find_waiting(rows.db, at("2026-11-17 12:00")).declined) == 2  # what was closed later was still open


def test_a_question_that_waits_long_for_its_initiator_asks_attention(rows: Rows) -> None:
    long_ago, lately = at("2026-11-02 10:00"), at("2026-11-16 10:00")
    asked, answered, fresh, consent, passed_on = (rows.case(long_ago) for _ in range(5))
    rows.expert("a1")
    rows.event(asked, "asked", long_ago)
    rows.event(answered, "asked", long_ago)
    rows.event(answered, "answered", lately)
    rows.event(fresh, "asked", lately)
    rows.event(consent, "accepted", long_ago)
    proposal = rows.proposal(passed_on, "a1", long_ago)
    rows.event(passed_on, "proposed", long_ago)
    rows.db.table("adviser_questions").insert(
        {"case_id": passed_on, "proposal_id": proposal, "question": "Wanneer?", "asked_at": as_stored(long_ago)}
    )
    found = {case["reference"] for case in as_json(told(rows))["attention"]["unanswered"]}
    assert found == {_reference(rows, case) for case in (asked, consent, passed_on)}


def _reference(rows: Rows, case: int) -> str:
    return str(rows.db.execute("SELECT reference FROM cases WHERE id = ?", [case]).fetchone()[0])
