"""Proposals, reviews and case references in the store: the database itself refuses to decide anything twice."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store import proposals, reviews
from bot.store.database import open_database, transaction
from tests import store_builders
from tests.store_builders import NOW, a_case, one, people

store_file, db = store_builders.store_file, store_builders.db


def test_a_second_open_proposal_for_a_case_is_impossible(db: Database) -> None:
    people(db, "e1", "e2", "a1")
    case, another = a_case(db), a_case(db)
    proposals.keep_new(db, case.id, "e1", "a1", NOW)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        proposals.keep_new(db, case.id, "e2", "a1", NOW)
    assert proposals.keep_new(db, another.id, "e1", "a1", NOW).state == "open"


def test_after_a_no_there_is_room_for_the_next_proposal(db: Database) -> None:
    people(db, "e1", "e2", "a1")
    case = a_case(db)
    first = proposals.keep_new(db, case.id, "e1", "a1", NOW)
    assert proposals.decide(db, first.id, "declined", "te druk", "mail", NOW)
    second = proposals.keep_new(db, case.id, "e2", "a1", NOW)
    assert proposals.open_of_case(db, case.id) == second
    assert [(each.state, each.reason) for each in proposals.of_case(db, case.id)] == [
        ("declined", "te druk"),
        ("open", ""),
    ]


def test_a_second_accepted_proposal_for_a_case_is_impossible(db: Database) -> None:
    people(db, "e1", "e2", "a1")
    case = a_case(db)
    first = proposals.keep_new(db, case.id, "e1", "a1", NOW)
    assert proposals.decide(db, first.id, "accepted", "", "mail", NOW)
    second = proposals.keep_new(db, case.id, "e2", "a1", NOW)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        proposals.decide(db, second.id, "accepted", "", "mail", NOW)
    assert proposals.accepted_of_case(db, case.id) == proposals.find(db, first.id)


def test_a_proposal_of_somebody_unknown_is_impossible(db: Database) -> None:
    people(db, "a1")
    case = a_case(db)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        proposals.keep_new(db, case.id, "e1", "a1", NOW)


def test_of_many_decisions_at_once_one_counts(db: Database, store_file: Path) -> None:
    people(db, "e1", "a1")
    proposal = proposals.keep_new(db, a_case(db).id, "e1", "a1", NOW)
    start, won = threading.Barrier(6), list[str]()

    def decide(way: str) -> None:
        with closing(open_database(store_file)) as mine:
            start.wait()
            with transaction(mine):
                if proposals.decide(mine, proposal.id, "accepted" if way > "c" else "declined", "", way, NOW):
                    won.append(way)

    deciders = [threading.Thread(target=decide, args=(way,)) for way in "abcdef"]
    for decider in deciders:
        decider.start()
    for decider in deciders:
        decider.join()
    assert len(won) == 1
    assert one(db, "SELECT decided_via FROM proposals") == won[0]
    assert one(db, "SELECT state FROM proposals") == ("accepted" if won[0] > "c" else "declined")


def test_a_review_is_opened_and_decided_once(db: Database) -> None:
    case = a_case(db)
    review = reviews.open_review(db, case.id, NOW)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        reviews.open_review(db, case.id, NOW)
    assert reviews.decide(db, review, "approved", "past", "web", NOW)
    assert not reviews.decide(db, review, "declined", "toch niet", "mail", NOW)
    found = reviews.find(db, review)
    assert found is not None
    assert (found.state, found.reason) == ("approved", "past")


def test_references_count_on_within_a_year_and_begin_anew_in_the_next(db: Database) -> None:
    this_year = [a_case(db).reference for _ in range(3)]
    next_year = a_case(db, now=NOW.replace(year=2027)).reference
    assert [*this_year, next_year] == ["SV-2026-0001", "SV-2026-0002", "SV-2026-0003", "SV-2027-0001"]
