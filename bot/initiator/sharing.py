"""Initiatives that share a question find each other: who is alike, who may be named, what they learned. Words nothing.

An adviser may hear of every initiative of the portfolio, an initiator only of those that agreed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from sqlite_utils import Database

from bot import accounts
from bot.analysis import initiative_vectors
from bot.coordinator.portfolio import Entry, portfolio
from bot.foreign import without_contact
from bot.store import lessons, proposals, sharing, vectors
from bot.store.lessons import Lesson
from bot.turn import Turn
from bot.wiring import Wiring
from expertise.initiatives import Initiative
from matcher.encoder import Encoder
from matcher.pool import Matrix, Vector, shipped_means
from matcher.proposal import Case
from matcher.similar import MOST_SIMILAR, Similar, similar_initiatives

MOST_LESSONS = 300  # of the newest, that are laid beside a case; the page with all of them searches all

MOST_KNOWN = 300
"""Of so many cases, those that agreed last, the ones alike are found: ten years of what the programme aims at."""


def alike(db: Database, wiring: Wiring, case: Case, *, agreed_only: bool) -> list[tuple[Entry, Similar]]:
    """The three initiatives most like this case: those that agreed to contact first, then by how much they are alike.

    With `agreed_only` nobody else is named. Who refused is never named.
    """
    found = vectors.find_for_case(db, wiring.encoder.name, case.id)
    others = [each for each in portfolio(db, wiring.initiatives, MOST_KNOWN) if each.case_id != case.id]
    entries = [each for each in others if each.agreed is not False and (each.initiative.name or each.initiative.area)]
    agreed = _most_alike(db, wiring, case, found.whole, [each for each in entries if each.agreed]) if found else []
    if agreed_only or found is None or len(agreed) == MOST_SIMILAR:
        return agreed
    not_asked = _most_alike(db, wiring, case, found.whole, [each for each in entries if not each.agreed])
    return [*agreed, *not_asked][:MOST_SIMILAR]


def alike_facts(db: Database, wiring: Wiring, case: Case, *, agreed_only: bool) -> list[dict[str, Any]]:
    """The same for letters and pages: code, name, area, the needs both have, and whether contact was agreed to."""
    return [
        {
            "code": entry.initiative.code,
            "name": without_contact(entry.initiative.name) or entry.initiative.area,
            "area": entry.initiative.area if entry.initiative.name else "",
            "needs": [{"code": code, "label": wiring.label(code)} for code in similar.needs],
            "agreed": bool(entry.agreed),
        }
        for entry, similar in alike(db, wiring, case, agreed_only=agreed_only)
    ]


def lessons_for(db: Database, wiring: Wiring, case: Case) -> list[Lesson]:
    """What others learned with a question like that of this case, the most alike first; only what was shared.

    A lesson counts by its topics, and one that was told in a case by the question of that case too.
    """
    newest = lessons.with_state(db, "shared", MOST_LESSONS)
    told = [each for each in newest if each.case_id is None or each.case_id != case.id]
    if not told:
        return []
    read, model = vectors.find_for_case(db, wiring.encoder.name, case.id), wiring.encoder.name
    request = np.zeros(1, np.float32) if read is None else read.whole
    of_cases = [each.case_id for each in told if each.case_id is not None]
    known = {} if read is None else vectors.wholes_of_cases(db, model, of_cases)
    means = None if read is None else shipped_means(model)
    nothing = means.whole if means is not None else np.mean([*known.values()], axis=0) if known else request
    rows = np.stack([nothing if each.case_id is None else known.get(each.case_id, nothing) for each in told])
    found = similar_initiatives(request, case.needs, [_as_initiative(each) for each in told], rows, means=means)
    by_id = {str(each.id): each for each in told}
    return [by_id[each.code] for each in found]


def _as_initiative(lesson: Lesson) -> Initiative:
    """A lesson laid beside initiatives: by the topics it is about."""
    return Initiative(
        code=str(lesson.id),
        name=lesson.initiative,
        initiator="",
        area=lesson.municipality,
        municipalities=(),
        phases=(),
        partners=(),
        instruments=(),
        needs=lesson.needs,
        question="",
    )


def wish_to_meet(turn: Turn, case: Case, code: str) -> bool:
    """The initiator wants to meet one of those shown: the adviser of the case is told, once. False for any other code.

    Without an adviser who accepted and is still there, the coordinator is told.
    """
    shown = {each["code"]: each for each in alike_facts(turn.db, turn.wiring, case, agreed_only=True)}
    if code not in shown:
        return False
    if not sharing.wish(turn.db, case.id, code, turn.now):
        return True
    turn.note(case, "contact_wished", "initiator", code)
    facts: dict[str, Any] = {
        "initiative": case.facts.initiative or "",
        "municipality": case.facts.municipality or "",
        "other": shown[code],
    }
    accepted = proposals.accepted_of_case(turn.db, case.id)
    adviser = accounts.adviser_with(turn, accepted.adviser_id) if accepted is not None else None
    if adviser is None:
        turn.to_coordinator(case, "contact_wished", **facts)
    else:
        turn.to_person(adviser, case, "contact_wished", **facts)
    return True


def _most_alike(
    db: Database, wiring: Wiring, case: Case, request: Vector, entries: Sequence[Entry]
) -> list[tuple[Entry, Similar]]:
    known = _vectors_of(db, wiring, entries)
    readable = [each for each in entries if each.initiative.code in known]
    if not readable:
        return []
    by_code = {each.initiative.code: each for each in readable}
    found = similar_initiatives(
        request,
        case.needs,
        [each.initiative for each in readable],
        np.stack([known[code] for code in by_code]),
        means=shipped_means(wiring.encoder.name),
    )
    return [(by_code[each.code], each) for each in found]


def _vectors_of(db: Database, wiring: Wiring, entries: Sequence[Entry]) -> dict[str, Vector]:
    of_cases = {each.case_id: each.initiative.code for each in entries if each.case_id is not None}
    kept = vectors.wholes_of_cases(db, wiring.encoder.name, list(of_cases))
    own = {of_cases[case_id]: whole for case_id, whole in kept.items()}
    shipped = tuple(each.initiative for each in entries if each.case_id is None)
    codes = [each.code for each in wiring.initiatives]
    rows = _shipped_vectors(wiring.encoder, wiring.initiatives) if shipped else None
    return own if rows is None else {**own, **{each.code: rows[codes.index(each.code)] for each in shipped}}


@lru_cache(maxsize=2)
def _shipped_vectors(encoder: Encoder, initiatives: tuple[Initiative, ...]) -> Matrix:
    """A few short texts, read once a process."""
    return initiative_vectors(initiatives, encoder)
