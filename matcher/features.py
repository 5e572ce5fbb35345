"""What one expert would bring to one request, in named features from 0 to 1; no order and no constraint."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from expertise.places import BRABANT, fold, region_of
from matcher.constraints import Asked, reaches
from matcher.pool import Ints, PoolVectors, Vector
from matcher.request import RequestVectors
from matcher.weights import Weights

Floats = NDArray[np.floating[Any]]

# How near somebody works who covers the place: by the place itself, its region, the province, the country.
PLACE, REGION, PROVINCE, WIDER = 1.0, 0.8, 0.5, 0.2
LEAST_SPREAD = 0.03
"""Profiles that are all alike differ by rounding only: then nobody stands out."""
REACH = 8.0
"""So many standard deviations of closeness lie between 0 and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A centred request beside a pool: all that a feature looks at.

    `closeness` (n,) is the cosine of the whole request with each profile; `mean` and `spread` say how close
    profiles lie to this request, because a cosine by itself means little. `confidence` and `evidence` (rows of the
    request's sentences) hold the needs; `probabilities` what is believed about every topic, asked for or not.
    """

    pool: PoolVectors
    request: RequestVectors
    asked: Asked
    confidence: Mapping[str, float]
    evidence: Mapping[str, tuple[int, ...]]
    probabilities: Mapping[str, float]
    closeness: Floats
    mean: float
    spread: float


Feature = Callable[[Compared, Ints], Floats]


def belief(compared: Compared, rows: Ints) -> Floats:
    """The share of all that may be asked, sure or not, that the expert declared."""
    total = sum(compared.probabilities.values())
    return _declared(compared, rows) / np.float32(total if total > 0 else 1)


def focus(compared: Compared, rows: Ints) -> Floats:
    """What may be asked and is declared, among what may be asked or is declared: a specialist before a generalist."""
    shared = _declared(compared, rows)
    either = compared.pool.needs.counts[rows] + sum(compared.probabilities.values()) - shared
    return np.asarray(shared / np.maximum(either, 1e-9), dtype=np.float32)


def message(compared: Compared, rows: Ints) -> Floats:
    """How close the whole request lies to the whole profile, beside the other profiles."""
    return standing(compared, compared.closeness[rows])


def sentences(compared: Compared, rows: Ints) -> Floats:
    """How close request and profile lie sentence by sentence: each to its nearest of the other, averaged.

    Costs the most. Without sentences on either side it counts as the whole does.
    """
    parts = compared.request.parts
    told, starts, counts, closeness = _sentence_by_sentence(compared, rows)
    found = message(compared, rows)
    if len(parts) == 0 or len(told) == 0:
        return found
    of_profile = np.add.reduceat(closeness.max(axis=1), starts) / counts
    of_request = np.maximum.reduceat(closeness, starts, axis=0).mean(axis=1)
    found[told] = standing(compared, (of_profile + of_request) / 2)
    return found


def evidence(compared: Compared, rows: Ints) -> Floats:
    """How close the nearest sentence of the profile lies to the words that show a need, weighted by confidence.

    Without such words, or without sentences in the profile, it counts as the whole does.
    """
    told, starts, _, closeness = _sentence_by_sentence(compared, rows)
    found = message(compared, rows)
    shown = {need: own for need, own in compared.evidence.items() if own and compared.confidence[need] > 0}
    if not shown or len(told) == 0:
        return found
    nearest = np.zeros(len(told), dtype=np.float32)
    for need, own in shown.items():
        of_need = np.maximum.reduceat(closeness[:, list(own)].mean(axis=1), starts)
        nearest += np.float32(compared.confidence[need]) * of_need
    found[told] = standing(compared, nearest / np.float32(sum(compared.confidence[need] for need in shown)))
    return found


def language(compared: Compared, rows: Ints) -> Floats:
    """Whether the expert speaks the writer's own language."""
    return compared.pool.languages.row(compared.asked.language)[rows].astype(np.float32)


def region(compared: Compared, rows: Ints) -> Floats:
    """How near to the initiative the expert works; the same for all while its place is unknown."""
    marks, municipality = compared.pool.regions, compared.asked.municipality
    near = np.zeros(len(rows), dtype=np.float32)
    for word in marks.words:
        if reaches(word, municipality):
            near = np.maximum(near, np.float32(_nearness(word, municipality)) * marks.row(word)[rows])
    return near


def room(compared: Compared, rows: Ints) -> Floats:
    """The share of the expert's capacity that is free, so that the work is spread."""
    capacity = np.maximum(compared.pool.capacity[rows], 1)
    return np.clip(1 - compared.asked.loads[rows] / capacity, 0, 1).astype(np.float32)


FEATURES: Mapping[str, Feature] = {
    feature.__name__: feature for feature in (belief, focus, message, sentences, evidence, language, region, room)
}
COSTLY = frozenset({"sentences", "evidence"})
"""Features that look at single sentences: for a large pool they are asked of a shortlist only."""


def weighted_sum(compared: Compared, rows: Ints, weights: Weights, without: frozenset[str] = frozenset()) -> Floats:
    """Return (rows,): the weighted mean of the features, 0 to 1; those in `without` count as nothing.

    Rounded to six decimals: beyond these the order in which a machine adds up would decide.
    """
    total = np.zeros(len(rows), dtype=np.float64)
    for name, feature in FEATURES.items():
        if weights.of(name) > 0 and name not in without:
            total += weights.of(name) * feature(compared, rows)
    score: Floats = np.round(total / max(weights.total, 1e-9), 6)
    return score


def feature_table(compared: Compared, rows: Ints) -> Floats:
    """Return (rows, features): every feature of some experts in the order of FEATURES, to learn weights from."""
    return np.stack([feature(compared, rows) for feature in FEATURES.values()], axis=1).astype(np.float32)


def standing(compared: Compared, closeness: Floats) -> Floats:
    """Turn cosines into 0 to 1: how far above or below most profiles of the pool, 0.5 for as close as most."""
    above = (closeness - compared.mean) / compared.spread
    told: Floats = np.clip(0.5 + above / REACH, 0, 1).astype(np.float32)
    return told


def _declared(compared: Compared, rows: Ints) -> Vector:
    """Return (rows,): the sum of the probabilities of the topics that each expert declared."""
    marks = compared.pool.needs
    found = np.zeros(len(rows), dtype=np.float32)
    for topic, word in enumerate(marks.words):
        likely = compared.probabilities.get(word, 0.0)
        if likely > 0:
            found += np.float32(likely) * marks.table[topic, rows]
    return found


def _sentence_by_sentence(compared: Compared, rows: Ints) -> tuple[Ints, Ints, Ints, Floats]:
    """Return which of the rows have sentences, where each one's begin, how many, and the cosines (all, sentences)."""
    pool = compared.pool
    counts = pool.first_sentence[rows + 1] - pool.first_sentence[rows]
    told = np.flatnonzero(counts)
    counts = counts[told]
    starts = np.cumsum(counts) - counts
    places = np.arange(counts.sum()) + np.repeat(pool.first_sentence[rows[told]] - starts, counts)
    return told, starts, counts, pool.sentences[places] @ compared.request.parts.T


@functools.lru_cache(maxsize=50_000)
def _nearness(word: str, municipality: str | None) -> float:
    place = municipality or ""
    known = {fold(BRABANT): PROVINCE, fold(region_of(place) or ""): REGION, fold(place): PLACE}
    return known.get(fold(word), WIDER)
