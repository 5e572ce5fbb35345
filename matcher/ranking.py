"""The order in which experts are proposed for one request, each with the reasons; no clock and no wording."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from expertise.experts import Expert
from expertise.places import covers
from inbox.found_need import Need
from inbox.known_facts import Facts
from matcher.constraints import MAY_BE_OVERRULED, RANKED_LOWER, Asked, LeftOut, left_out_view, reason_bits
from matcher.coverage import MOST_NEEDS, cover_needs
from matcher.explanation import Why, explain
from matcher.features import COSTLY, LEAST_SPREAD, Compared, Floats, weighted_sum
from matcher.pool import Bools, Ints, PoolVectors
from matcher.request import RequestVectors, centred_request, rows_of, vector_of
from matcher.weights import Weights, shipped_weights

MOST_MATCHES = 10
TOP = 3
"""An adviser takes in so many experts at a glance: together they should serve every need."""
SHORTLIST = 500
"""So many of the best are compared sentence by sentence; a pool that is no larger is compared in full."""
PLAUSIBLE = 0.1
"""From this probability on a topic is a reason to be considered, though not named as a need."""
NEAR = 2.0
"""Standard deviations above the mean closeness of the pool from which a profile fits undeclared."""


@dataclass(frozen=True, slots=True)
class Match:
    """An expert who may be proposed: `score` 0 to 1, the needs that this expert would serve, and why.

    `region` tells whether the expert covers the place or that the place is not known.
    """

    expert: Expert
    score: float
    needs: tuple[str, ...]
    why: tuple[Why, ...]
    region: Literal["covers", "unknown_place"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The matches, best first, and everyone else of the pool with every reason; nobody is in both."""

    matches: tuple[Match, ...] = ()
    left_out: Sequence[LeftOut] = ()


def rank(
    needs: Sequence[Need],
    facts: Facts,
    language: str,
    request: RequestVectors,
    pool: PoolVectors,
    *,
    loads: Mapping[str, int],
    today: date,
    declined: Collection[str] = (),
    initiator: str = "",
    probabilities: Mapping[str, float] | None = None,
    weights: Weights | None = None,
    limit: int = MOST_MATCHES,
) -> Ranking:
    """Rank the whole pool for one request and return the best `limit`; ties are broken by expert id.

    `loads` counts running introductions by expert id, `declined` holds the ids refused in this case,
    `initiator` is the writer's address. `probabilities` tells for every topic how likely it is asked for (without
    it: the needs). Without `weights` the shipped ones count. Whoever fails a hard constraint is never a match.
    """
    if len(pool) == 0:
        return Ranking()
    told = Told(needs, facts, language, request, probabilities)
    compared = compare(told, pool, loads=loads, today=today, declined=declined, initiator=initiator)
    bits = reason_bits(pool, compared.asked)
    rows, scores = _best_rows(compared, np.flatnonzero(bits == 0), weights or shipped_weights())
    order = cover_needs(_served(compared, rows).tolist(), TOP)[:limit]
    matches = tuple(_match(compared, needs, int(rows[place]), float(scores[place])) for place in order)
    bits[bits == 0] = RANKED_LOWER
    bits[rows[order]] = 0
    return Ranking(matches, left_out_view(pool, bits))


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a request tells, as far as ranking looks at it; `probabilities` is None when only the needs are known."""

    needs: Sequence[Need]
    facts: Facts
    language: str
    request: RequestVectors
    probabilities: Mapping[str, float] | None = None


def compare(
    told: Told,
    pool: PoolVectors,
    *,
    loads: Mapping[str, int],
    today: date,
    declined: Collection[str] = (),
    initiator: str = "",
) -> Compared:
    """Lay a request beside the pool, ready for features and constraints; arguments as for `rank`."""
    centred = centred_request(told.request, pool.query_means)
    closeness: Floats = pool.profile @ centred.whole
    confidence = {need.code: need.confidence for need in told.needs}
    asked = Asked(
        needs=tuple(confidence),
        municipality=told.facts.municipality,
        language=told.language,
        today=today,
        loads=_running(loads, pool),
        near=_stands_out(pool, closeness) | pool.needs.any_of(_plausible(told)),
        declined=declined,
        initiator=initiator,
    )
    return Compared(
        pool=pool,
        request=centred,
        asked=asked,
        confidence=confidence,
        evidence={need.code: tuple(rows_of(need.evidence, centred)) for need in told.needs},
        probabilities=confidence if told.probabilities is None else told.probabilities,
        closeness=closeness,
        mean=float(closeness.mean()),
        spread=max(float(closeness.std()), LEAST_SPREAD),
    )


def _plausible(told: Told) -> tuple[str, ...]:
    return tuple(code for code, likely in (told.probabilities or {}).items() if likely >= PLAUSIBLE)


def may_be_picked(ranking: Ranking, expert_id: str) -> bool:
    """Whether an adviser may choose this expert: a match, or left out for reasons that a person may overrule."""
    if any(match.expert.id == expert_id for match in ranking.matches):
        return True
    left = next((left for left in ranking.left_out if left.expert.id == expert_id), None)
    return left is not None and MAY_BE_OVERRULED.issuperset(left.because)


def fitting_rows(compared: Compared) -> Ints:
    """Return the rows of everyone who may be proposed."""
    return np.flatnonzero(reason_bits(compared.pool, compared.asked) == 0)


def _running(loads: Mapping[str, int], pool: PoolVectors) -> Ints:
    running = np.zeros(len(pool), dtype=np.int64)
    for expert_id, load in loads.items():
        if expert_id in pool.row_of:
            running[pool.row_of[expert_id]] = load
    return running


def _stands_out(pool: PoolVectors, closeness: Floats) -> Bools:
    """Return (n,): whose profile lies so much closer than most that it fits whatever was declared."""
    far_above = closeness.mean() + NEAR * max(float(closeness.std()), LEAST_SPREAD)
    return np.asarray((closeness > far_above) & (np.diff(pool.first_sentence) > 0), dtype=np.bool_)


def _best_rows(compared: Compared, fits: Ints, weights: Weights) -> tuple[Ints, Floats]:
    """Return the best rows and their scores, best first: the shortlist, compared in every feature."""
    rows = fits
    if len(fits) > SHORTLIST:
        rough = weighted_sum(compared, fits, weights, without=COSTLY)
        rows = fits[_shortlist(rough, compared.pool.id_order[fits], _served(compared, fits))]
    scores = weighted_sum(compared, rows, weights)
    order = np.lexsort((compared.pool.id_order[rows], -scores))
    return rows[order], scores[order]


def _shortlist(rough: Floats, id_order: Ints, served: Ints) -> Ints:
    """Return the places of the best by the rough score, and of the best for each combination of needs."""
    kept = [_highest(rough, id_order, SHORTLIST)]
    for kind in np.unique(served):
        places = np.flatnonzero(served == kind)
        kept.append(places[_highest(rough[places], id_order[places], TOP)])
    return np.unique(np.concatenate(kept))


def _highest(values: Floats, id_order: Ints, count: int) -> Ints:
    if len(values) <= count:
        return np.arange(len(values))
    lowest_kept = np.partition(values, len(values) - count)[len(values) - count]
    places = np.flatnonzero(values >= lowest_kept)
    return places[np.lexsort((id_order[places], -values[places]))[:count]]


def _served(compared: Compared, rows: Ints) -> Ints:
    """Return (rows,): bit k is set for whoever declared the k-th need."""
    served = np.zeros(len(rows), dtype=np.int64)
    for place, need in enumerate(compared.asked.needs[:MOST_NEEDS]):
        served |= compared.pool.needs.row(need)[rows].astype(np.int64) << place
    return served


def _match(compared: Compared, needs: Sequence[Need], row: int, score: float) -> Match:
    expert = compared.pool.experts[row]
    own = [need for need in needs if need.code in expert.needs] or _nearest_need(compared, needs, row)
    return Match(
        expert=expert,
        score=score,
        needs=tuple(need.code for need in own),
        why=explain(row, own, compared.request, compared.pool),
        region="covers" if covers(expert.regions, compared.asked.municipality) else "unknown_place",
    )


def _nearest_need(compared: Compared, needs: Sequence[Need], row: int) -> list[Need]:
    """Who fits undeclared serves the need whose evidence lies nearest to the profile."""
    profile = compared.pool.profile[row]
    nearest = max(needs, key=lambda need: float(profile @ vector_of(need.evidence, compared.request)), default=None)
    return [] if nearest is None else [nearest]
