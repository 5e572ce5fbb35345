"""An open proposal goes from one adviser to another: to who stands in, or who is next. Who is away is absence.py's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from bot import accounts, brokering
from bot.adviser import open_proposals, routing
from bot.adviser.open_proposals import Waiting
from bot.clock.one_by_one import one_by_one
from bot.pool_vectors import PoolShelf
from bot.store import absences, proposals
from bot.store.proposals import NOBODY_THERE
from bot.turn import Turn
from bot.wiring import Wiring
from expertise.availability import stand_in
from expertise.experts import Expert
from matcher.routing import Routed

Moved = tuple[dict[str, Any], Expert]


def move_all(turn: Turn, absent: Expert, last_day: date | None) -> int:
    """Everything that waits for somebody who is not there goes to others, all are told; returns how much went.

    `last_day` is that of an absence, None for an adviser who has left. `turn.cause` has to be of this occasion alone:
    the letters' keys begin with it. What nobody can take stays, and the coordinator hears so once.
    """
    moved: list[Moved] = []
    stuck: list[Waiting] = []
    for waiting in open_proposals.of(turn.db, absent):
        routed = _next_for(turn, waiting, absent)
        if routed is not None:
            moved.append((open_proposals.waiting_facts(turn, waiting), routed.adviser))
            _put_before(turn, waiting, absent, routed)
        elif NOBODY_THERE not in waiting.because:
            stuck.append(waiting)
            proposals.keep_route(turn.db, waiting.proposal.id, absent.id, (NOBODY_THERE,))
    if moved:
        _tell_everybody(turn, absent, last_day, moved)
    if stuck:
        open_proposals.tell_stuck(turn, absent, stuck, last_day)
    return len(moved)


def move_on(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """What the clock calls: what waits with somebody who has left, or while nobody was there, goes to who is there now.

    Returns how much went; each adviser's in a transaction of its own.
    """
    waiting = proposals.left_alone(db)
    if not waiting:
        return 0
    turn = Turn(db, wiring, shelf.current(db), now, cause="moved_on")
    went: list[int] = []
    one_by_one(
        db, waiting, lambda adviser_id: adviser_id, lambda adviser_id, _: went.append(_move_on(turn, adviser_id))
    )
    return sum(went)


def _move_on(turn: Turn, adviser_id: str) -> int:
    turn = replace(turn, cause=f"moved_on:{adviser_id}:{turn.now.isoformat()}")
    absent = turn.person(adviser_id)
    last_day = open_proposals.last_day_away(turn, absent)
    if accounts.adviser_with(turn, adviser_id) is None:
        return move_all(turn, absent, None)
    return move_all(turn, absent, last_day) if last_day is not None else 0  # who is back keeps what waits


def _put_before(turn: Turn, waiting: Waiting, absent: Expert, routed: Routed) -> None:
    """Let the next adviser decide on one proposal; each has letters with keys of their own."""
    aside = replace(turn, cause=f"{turn.cause}/proposal:{waiting.proposal.id}")
    proposals.keep_route(turn.db, waiting.proposal.id, routed.adviser.id, routed.because)
    brokering.pass_on(aside, waiting.case, waiting.proposal, routed.adviser, handed_over_by=absent.name)


def _next_for(turn: Turn, waiting: Waiting, absent: Expert) -> Routed | None:
    """Who stands in for somebody today, else the adviser who is next for this case."""
    substitute_id = stand_in(absent.id, absences.on(turn.db, turn.today), turn.today)
    substitute = accounts.adviser_with(turn, substitute_id or "") if substitute_id != absent.id else None
    if substitute is not None:
        return Routed(substitute, ("stands_in",), absent)
    return routing.adviser_for(turn, waiting.case, avoid=(absent.id,), expert_id=waiting.expert.id)


def _tell_everybody(turn: Turn, absent: Expert, last_day: date | None, moved: Sequence[Moved]) -> None:
    told = [{**listed, "colleague": adviser.name} for listed, adviser in moved]
    if last_day is not None:  # who has left has nothing to do with it any more
        turn.to_person(absent, None, "proposals_moved", proposals=told)
    for taker in {adviser.id: adviser for _, adviser in moved}.values():
        aside = replace(turn, cause=f"{turn.cause}/to:{taker.id}")
        own = [listed for listed, adviser in moved if adviser.id == taker.id]
        aside.to_person(
            taker,
            None,
            "proposals_taken_over",
            adviser_name=absent.name,
            has_left=last_day is None,
            last_day=last_day,
            proposals=own,
        )
