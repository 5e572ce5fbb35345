"""What one expert would bring to one request, in named features from 0 to 1; no order and no constraint."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from expertise.places import BRABANT, fold, region_of
from matcher.constraints import Asked, reaches
from matcher.pool import Ints, PoolVectors
from matcher.request import RequestVectors

Floats = NDArray[np.floating[Any]]

# How near somebody works who covers the place: by the place itself, its region, the province, the country.
PLACE, REGION, PROVINCE, WIDER = 1.0, 0.8, 0.5, 0.2


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature is worth; only the proportions matter. Learned from judged requests."""

    coverage: float = 0.25
    overlap: float = 0.1
    message: float = 1.4
    sentences: float = 0.5
    language: float = 0.25
    region: float = 0.2
    room: float = 0.05


SHIPPED = Weights()


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A centred request beside a pool: all that a feature looks at. `closeness` (n,) is the cosine
    of the whole request with each profile; `confidence` holds the needs."""

    pool: PoolVectors
    request: RequestVectors
    asked: Asked
    confidence: Mapping[str, float]
    closeness: Floats


Feature = Callable[[Compared, Ints], Floats]


def coverage(compared: Compared, rows: Ints) -> Floats:
    """The share of the needs that the expert declared, weighted by how sure we are of each."""
    marks, confidence = compared.pool.needs, compared.confidence
    total = sum(confidence.values())
    covered = np.zeros(len(rows), dtype=np.float32)
    for need, sure in confidence.items():
        covered += np.float32(sure) * marks.row(need)[rows]
    return covered / np.float32(total) if total > 0 else covered


def overlap(compared: Compared, rows: Ints) -> Floats:
    """The needs both asked and declared among those asked or declared: a specialist before a generalist."""
    marks = compared.pool.needs
    declared = marks.counts[rows]
    shared = sum((marks.row(need)[rows].astype(np.float32) for need in compared.confidence), np.float32(0))
    either = declared + len(compared.confidence) - shared
    return np.asarray(shared / np.maximum(either, 1), dtype=np.float32)


def message(compared: Compared, rows: Ints) -> Floats:
    """How close the whole request lies to the whole profile."""
    return (1 + compared.closeness[rows]) / 2


def sentences(compared: Compared, rows: Ints) -> Floats:
    """How close request and profile lie sentence by sentence: each to its nearest of the other, averaged.

    Costs the most. Without sentences on either side it counts as the whole does.
    """
    pool, parts = compared.pool, compared.request.parts
    counts = pool.first_sentence[rows + 1] - pool.first_sentence[rows]
    found = message(compared, rows)
    told = np.flatnonzero(counts)
    if len(parts) == 0 or len(told) == 0:
        return found
    counts = counts[told]
    starts = np.cumsum(counts) - counts
    places = np.arange(counts.sum()) + np.repeat(pool.first_sentence[rows[told]] - starts, counts)
    closeness = pool.sentences[places] @ parts.T
    of_profile = np.add.reduceat(closeness.max(axis=1), starts) / counts
    of_request = np.maximum.reduceat(closeness, starts, axis=0).mean(axis=1)
    found[told] = (1 + (of_profile + of_request) / 2) / 2
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
    feature.__name__: feature for feature in (coverage, overlap, message, sentences, language, region, room)
}


def weighted_sum(compared: Compared, rows: Ints, weights: Weights, without: frozenset[str] = frozenset()) -> Floats:
    """Return (rows,): the weighted mean of the features, 0 to 1; those in `without` count as nothing.

    Rounded to six decimals: beyond these the order in which a machine adds up would decide.
    """
    worth = asdict(weights)
    total = np.zeros(len(rows), dtype=np.float64)
    for name, feature in FEATURES.items():
        if worth[name] > 0 and name not in without:
            total += worth[name] * feature(compared, rows)
    score: Floats = np.round(total / max(sum(worth.values()), 1e-9), 6)
    return score


@functools.lru_cache(maxsize=50_000)
def _nearness(word: str, municipality: str | None) -> float:
    place = municipality or ""
    known = {fold(BRABANT): PROVINCE, fold(region_of(place) or ""): REGION, fold(place): PLACE}
    return known.get(fold(word), WIDER)
