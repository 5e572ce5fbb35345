"""Which initiatives share a question, and which questions nobody can serve; no wording and no storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expertise.initiatives import Initiative
from inbox.found_need import Need
from matcher.pool import Matrix, QueryMeans, Vector, centred
from matcher.ranking import Ranking

MOST_SIMILAR = 3
NEEDS_WEIGHT = 0.5
"""What sharing needs is worth beside lying close in meaning, which counts for the rest."""
CLOSE = 0.2
"""Cosine, after the mean is taken away, from which an initiative is alike without sharing a need."""


@dataclass(frozen=True, slots=True)
class Similar:
    """An initiative that shares a question: `score` 0 to 1, and the needs both have."""

    code: str
    score: float
    needs: tuple[str, ...]


def similar_initiatives(
    request: Vector,
    needs: Sequence[Need],
    initiatives: Sequence[Initiative],
    vectors: Matrix,
    *,
    means: QueryMeans | None = None,
    own: str = "",
    limit: int = MOST_SIMILAR,
) -> tuple[Similar, ...]:
    """Return the most similar initiatives, best first; ties are broken by code.

    `request` is (d,), `vectors` (initiatives, d) the vectors of their questions, all made as queries;
    `own` is the code of the initiative that asks, which is not like itself. An initiative that shares
    no need and lies no closer than most is left out. Raises ValueError when the counts differ.
    """
    if len(initiatives) != len(vectors):
        raise ValueError("every initiative needs one vector")
    if len(initiatives) == 0:
        return ()
    mean = means.whole if means is not None else vectors.mean(axis=0)
    closeness = centred(vectors, mean) @ centred(request, mean)
    found = [
        similar
        for initiative, close in zip(initiatives, closeness, strict=True)
        if initiative.code != own and ((similar := _compare(initiative, needs, float(close))).needs or close >= CLOSE)
    ]
    return tuple(sorted(found, key=lambda similar: (-similar.score, similar.code))[:limit])


def unserved_needs(ranking: Ranking, needs: Sequence[Need]) -> tuple[str, ...]:
    """Return the needs that nobody who may be proposed has declared, in the order given."""
    open_needs = [need.code for need in needs]
    for match in ranking.matches:
        open_needs = [code for code in open_needs if code not in match.expert.needs]
    for left_out in ranking.left_out if open_needs else ():
        if left_out.because == ("ranked_lower",):
            open_needs = [code for code in open_needs if code not in left_out.expert.needs]
    return tuple(open_needs)


def _compare(initiative: Initiative, needs: Sequence[Need], closeness: float) -> Similar:
    asked = dict.fromkeys(need.code for need in needs)
    shared = tuple(code for code in asked if code in initiative.needs)
    either = len({*asked, *initiative.needs})
    sharing = len(shared) / either if either else 0.0
    score = NEEDS_WEIGHT * sharing + (1 - NEEDS_WEIGHT) * (1 + closeness) / 2
    return Similar(initiative.code, round(score, 6), shared)
