"""`mixmatch weights`: learned from decisions, shown beside the old, and in use only after the coordinator says so."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.commands import weights_compare as command
from bot.decisions import compare_weights, decision_lessons, grade_of
from bot.learning.rank_learning import AGAINST
from bot.pool_vectors import PoolShelf
from bot.settings import Programme
from bot.store import cases, pool, proposals, weights
from bot.store.database import open_database, transaction
from bot.wiring import Wiring
from inbox.found_need import Need
from matcher.proposal import Proposal
from matcher.weights import Weights, shipped_weights
from tests import command_line, store_builders
from tests.command_line import Mixmatch
from tests.pool_builders import an_expert, word_vectors
from tests.store_builders import NOW, a_case

mixmatch = command_line.mixmatch
db = store_builders.db
store_file = store_builders.store_file

COORDINATOR = Programme().coordinator
OTHER = Weights(focus=1.0)
TEXT = "Wij maken een begroting. Wie rekent met ons mee?"
PEOPLE = (
    an_expert("adv", role="adviser", needs=()),
    an_expert("e1"),
    an_expert("e2", profile="Kookt op zondag."),
    an_expert("e3", needs=("financing", "data"), profile="Telt de kosten."),
)


class WordEncoder:
    """Stands in for the model: vectors of words."""

    name = "words@1"
    dimension = 64
    read = staticmethod(word_vectors)
    passages = staticmethod(word_vectors)


@pytest.fixture
def few_words(db: Database) -> Any:
    """The parts that learning from decisions needs, and a pool of four."""
    with transaction(db):
        pool.replace(db, PEOPLE)
    wiring = object.__new__(Wiring)
    for name, value in {"encoder": WordEncoder(), "topics": ()}.items():
        object.__setattr__(wiring, name, value)
    return wiring


def decided(db: Database, expert: str, state: str, reason: str = "", number: int = 1) -> int:
    """A case with one proposal on which was decided; returns the case's number."""
    case = replace(a_case(db, f"i{number}@example.org"), needs=(Need("financing", 0.9, TEXT),))
    with transaction(db):
        cases.keep(db, case, TEXT, NOW)
        made = proposals.keep_new(db, case.id, expert, "adv", NOW)
        proposals.decide(db, made.id, state, reason, "mail", NOW)  # type: ignore[arg-type]
    return case.id


@pytest.mark.parametrize(
    ("state", "reason", "grade"),
    [
        ("accepted", "", 3),
        ("declined", "verkeerd onderwerp", AGAINST),
        ("declined", "geen tijd", 0),
        ("declined", "op vakantie", 0),
        ("declined", "hij is familie", 0),
        ("declined", "", 0),
        ("replaced", "verkeerd onderwerp", 0),
        ("expired", "", 0),
        ("withdrawn", "", 0),
    ],
)
def test_what_a_decision_says_about_the_subject(state: Any, reason: str, grade: int) -> None:
    assert grade_of(Proposal(1, 1, "e1", "adv", state, reason, NOW, NOW)) == grade


def test_decisions_become_lessons(db: Database, few_words: Any) -> None:
    decided(db, "e1", "accepted", number=1)
    decided(db, "e2", "declined", "verkeerd onderwerp", number=2)
    decided(db, "e3", "declined", "geen tijd", number=3)
    found = decision_lessons(db, few_words, PoolShelf(few_words.encoder).current(db))
    grades = [dict(zip(one.experts, one.grades.tolist(), strict=True)) for one in found]
    assert [{name: grade for name, grade in one.items() if grade} for one in grades] == [{"e1": 3}, {"e2": AGAINST}]


def test_new_weights_stand_beside_the_old(db: Database, few_words: Any) -> None:
    shelf = PoolShelf(few_words.encoder).current(db)
    assert compare_weights(db, few_words, shelf, NOW.date()) is None
    for number in range(6):
        decided(db, "e1", "accepted", number=number)
    decided(db, "e2", "declined", "verkeerd onderwerp", number=9)
    with transaction(db):
        waiting = weights.propose(db, OTHER, {}, NOW)
        weights.approve(db, waiting, COORDINATOR, NOW)
    found = compare_weights(db, few_words, shelf, NOW.date())
    assert found is not None
    assert (found.old, found.decisions, found.recent) == (OTHER, 7, 7)
    assert found.old_figures.lessons == found.new_figures.lessons == 6
    assert found.old_figures.turned_down == found.new_figures.turned_down == 1
    assert {one.after for one in found.changed} <= {person.name for person in PEOPLE}
    json.dumps(found.figures())


def proposed(folder: Path) -> int:
    """Weights that wait, in the installation of a test."""
    folder.mkdir(exist_ok=True)
    store = open_database(folder / "mixmatch.db")
    with transaction(store):
        number = weights.propose(store, OTHER, {"decisions": 3}, NOW)
    store.close()
    return number


def in_use(folder: Path) -> Weights | None:
    store = open_database(folder / "mixmatch.db")
    found = weights.in_use(store)
    store.close()
    return found


def test_weights_count_only_after_the_coordinator_approved(mixmatch: Mixmatch, tmp_path: Path) -> None:
    number = proposed(tmp_path / "data")
    assert in_use(tmp_path / "data") is None, "proposed is not in use"
    wrong = mixmatch("weights", "approve", str(number), "--by", "adviseur@example.org")
    assert wrong.code == 2
    assert in_use(tmp_path / "data") is None
    assert mixmatch("weights", "approve", str(number), "--by", COORDINATOR.upper()).code == 0
    assert in_use(tmp_path / "data") == OTHER
    again = mixmatch("weights", "approve", str(number), "--by", COORDINATOR)
    assert again.code == 1
    assert "al besloten: in gebruik" in again.err


def test_a_newer_approval_takes_the_place_of_the_older_and_everything_is_traced(
    mixmatch: Mixmatch, tmp_path: Path
) -> None:
    numbers = [proposed(tmp_path / "data") for _ in range(3)]
    for number in numbers[:2]:
        assert mixmatch("weights", "approve", str(number), "--by", COORDINATOR).code == 0
    assert mixmatch("weights", "reject", str(numbers[2])).code == 0
    shown = mixmatch("weights", "list").out
    assert [line.split("  ")[-1] for line in shown.splitlines()] == [
        f"was in gebruik, door {COORDINATOR}",
        f"in gebruik, door {COORDINATOR}",
        f"afgewezen, door {COORDINATOR}",
    ]
    listed = json.loads(mixmatch("weights", "list", "--json").out)
    assert listed["in_use"] == asdict(OTHER)
    store = open_database(tmp_path / "data" / "mixmatch.db")
    told = [(row["event"], row["actor"]) for row in store.query("SELECT * FROM events ORDER BY id")]
    store.close()
    assert told == [
        ("weights_approved", "coordinator"),
        ("weights_approved", "coordinator"),
        ("weights_rejected", "coordinator"),
    ]


def test_an_unknown_number_is_told(mixmatch: Mixmatch) -> None:
    answered = mixmatch("weights", "reject", "7")
    assert answered.code == 1
    assert "bestaan niet" in answered.err
    assert "die bij het programma horen" in mixmatch("weights", "list").out


def test_weights_of_another_release_are_never_used(db: Database) -> None:
    with transaction(db):
        number = weights.propose(db, OTHER, {}, NOW)
        assert weights.approve(db, number, COORDINATOR, NOW)
        db.execute("UPDATE weights SET weights = ?", ['{"bm25": 1.0}'])
    assert weights.in_use(db) is None
    with transaction(db):
        other = weights.propose(db, OTHER, {}, NOW)
        db.execute("UPDATE weights SET weights = ? WHERE id = ?", ['{"bm25": 1.0}', other])
        assert not weights.approve(db, other, COORDINATOR, NOW)


def test_the_comparison_is_told_in_dutch(
    mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few_words: Any
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    store = open_database(folder / "mixmatch.db")
    with transaction(store):
        pool.replace(store, PEOPLE)
    monkeypatch.setattr(command, "wire", lambda *_: few_words)
    empty = mixmatch("weights", "compare")
    assert (empty.code, "nog geen beslissingen" in empty.err) == (1, True)
    decided(store, "e1", "accepted", number=1)
    decided(store, "e2", "declined", "verkeerd onderwerp", number=2)
    store.close()
    told = mixmatch("weights", "compare")
    assert told.code == 0
    for words in ("Geleerd van 2 vragen", "nDCG@5", "Er is niets veranderd", "weights approve 1"):
        assert words in told.out
    assert in_use(folder) is None
    assert json.loads(mixmatch("weights", "compare", "--json").out)["old"] == asdict(shipped_weights())
