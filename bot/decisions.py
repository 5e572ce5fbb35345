"""Advisers' decisions as lessons for the ranking, and new weights beside the old ones; learning is not done here."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from sqlite_utils import Database

from bot.case_told import told_of
from bot.learning.rank_learning import (
    AGAINST,
    SHIPPED_FILE,
    Lesson,
    RankingFigures,
    learn_weights,
    lesson_of,
    measure,
    read_lessons,
    together,
)
from bot.store import cases, proposals
from bot.store import weights as kept_weights
from bot.wiring import Wiring
from inbox.decline_reason import wrong_subject
from matcher.pool import PoolVectors
from matcher.proposal import Case, Proposal
from matcher.ranking import rank
from matcher.weights import Weights, shipped_weights

BEST = 3
"""The grade of an expert whom an adviser accepted."""
SOURCE = "decisions"
PARTS = 5
RECENT = 50


@dataclass(frozen=True, slots=True)
class Changed:
    """A recent case whose first proposal would be another: reference and the two experts, "" for nobody."""

    reference: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Old weights beside new ones. The figures of both are on decisions that were kept out of the learning, and
    on the judgments that ship; `changed` of the `recent` cases would begin with somebody else."""

    old: Weights
    new: Weights
    decisions: int
    old_figures: RankingFigures
    new_figures: RankingFigures
    old_shipped: RankingFigures
    new_shipped: RankingFigures
    recent: int
    changed: tuple[Changed, ...]

    def figures(self) -> dict[str, Any]:
        """What is kept beside the weights."""
        return {name: value for name, value in asdict(self).items() if name not in ("old", "new")}


def shipped_lessons() -> tuple[Lesson, ...]:
    """The judged requests that ship; none when there is no file of them."""
    file = files("bot.learning").joinpath(SHIPPED_FILE)
    return read_lessons(file.read_bytes()) if file.is_file() else ()


def grade_of(proposal: Proposal) -> int:
    """What a decision says about the pair of question and expert: BEST, AGAINST, or 0 for nothing.

    No time, away, too far or a known conflict say nothing about the subject.
    """
    if proposal.state == "accepted":
        return BEST
    return AGAINST if proposal.state == "declined" and wrong_subject(proposal.reason) else 0


def decision_lessons(db: Database, wiring: Wiring, pool: PoolVectors) -> tuple[Lesson, ...]:
    """One lesson a case in which a decision says something about the subject, by case. May embed questions."""
    grades: dict[int, dict[str, int]] = {}
    for proposal in proposals.decided(db):
        grade = grade_of(proposal)
        if grade:
            grades.setdefault(proposal.case_id, {})[proposal.expert_id] = grade
    found = []
    for case_id, own in sorted(grades.items()):
        case = cases.find(db, case_id)
        if case is not None and cases.question_of(db, case_id):
            lesson = lesson_of(SOURCE, told_of(db, wiring, case), pool, own)
            if (lesson.grades != 0).any():
                found.append(lesson)
    return tuple(found)


def compare_weights(db: Database, wiring: Wiring, pool: PoolVectors, today: date) -> Comparison | None:
    """Learn from what ships and from the decisions, and lay the outcome beside what is in use; None without decisions.

    May embed questions, so call it outside a transaction.
    """
    shipped, own = shipped_lessons(), decision_lessons(db, wiring, pool)
    if not own:
        return None
    old = kept_weights.in_use(db) or shipped_weights()
    new = learn_weights([*shipped, *own])
    recent = [case for case in cases.newest(db, RECENT) if case.needs]
    return Comparison(
        old=old,
        new=new,
        decisions=len(own),
        old_figures=measure(own, old),
        new_figures=_held_out(shipped, own, old),
        old_shipped=measure(shipped, old),
        new_shipped=measure(shipped, new),
        recent=len(recent),
        changed=_changed(db, wiring, pool, recent, (old, new), today),
    )


def _held_out(shipped: Sequence[Lesson], own: Sequence[Lesson], old: Weights) -> RankingFigures:
    """Judge each part of the decisions by weights learned without it, and count all parts together."""
    parts = min(PARTS, len(own))
    measured = []
    for part in range(parts):
        seen = [*shipped, *(lesson for place, lesson in enumerate(own) if place % parts != part)]
        weights = learn_weights(seen) if seen else old
        measured.append(measure(own[part::parts], weights))
    return together(measured)


def _changed(
    db: Database,
    wiring: Wiring,
    pool: PoolVectors,
    recent: Sequence[Case],
    pair: tuple[Weights, Weights],
    today: date,
) -> tuple[Changed, ...]:
    found = []
    for case in recent:
        told = told_of(db, wiring, case)
        first = []
        for weights in pair:
            ranking = rank(
                *(told.needs, told.facts, told.language, told.request, pool),
                loads={},
                today=today,
                initiator=case.initiator,
                probabilities=told.probabilities,
                weights=weights,
                limit=1,
            )
            first.append(ranking.matches[0].expert.name if ranking.matches else "")
        if first[0] != first[1]:
            found.append(Changed(case.reference, first[0], first[1]))
    return tuple(found)
