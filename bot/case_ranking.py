"""Ranks the pool for a kept case as things stand now. Who fits is matcher's judgement; proposing belongs elsewhere."""

from collections.abc import Mapping

from bot.case_told import told_of
from bot.store import pool, proposals, weights
from bot.turn import Turn
from matcher.proposal import Case
from matcher.ranking import Ranking, Told, rank
from matcher.what_if import Rank, WhatIf, what_if


def rank_case(turn: Turn, case: Case) -> Ranking:
    """The experts for a case as things stand now; those who were declined or replaced before are left out.

    The case's own proposal is no other work: whoever it is for still has that room.
    """
    told = told_of(turn.db, turn.wiring, case)
    return _ranker(turn, case)(told, pool.loads(turn.db, besides=case.id))


def what_would_change(turn: Turn, case: Case, ranking: Ranking) -> WhatIf | None:
    """What would have put another expert first than in this ranking, which was made a moment ago."""
    told = told_of(turn.db, turn.wiring, case)
    return what_if(told, pool.loads(turn.db, besides=case.id), ranking, _ranker(turn, case))


def _ranker(turn: Turn, case: Case) -> Rank:
    past = {each.expert_id for each in proposals.of_case(turn.db, case.id) if each.state in ("declined", "replaced")}
    in_use = weights.in_use(turn.db)

    def rank_again(told: Told, loads: Mapping[str, int]) -> Ranking:
        return rank(
            told.needs,
            told.facts,
            told.language,
            told.request,
            turn.pool,
            loads=loads,
            today=turn.today,
            declined=past,
            initiator=case.initiator,
            probabilities=told.probabilities,
            weights=in_use,
        )

    return rank_again
