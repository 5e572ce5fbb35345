"""Questions that lie close in meaning, put together by their vectors; which questions those are is not said here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from matcher.pool import Matrix, QueryMeans, Vector, centred
from matcher.request import RequestVectors, vector_of

CLOSE = 0.15
"""Cosine that the questions of a group have with each other on average, in the vectors of `gap_vectors`."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike: `members` are rows, the most typical one first, `closeness` their mean cosine."""

    members: tuple[int, ...]
    closeness: float

    @property
    def example(self) -> int:
        """The row of the question that stands for the group."""
        return self.members[0]


def gap_vectors(
    requests: Sequence[RequestVectors], evidence: Sequence[Sequence[str]], means: QueryMeans | None
) -> Matrix:
    """Return (n, d) of length 1: the whole question and the sentences of its needs, each counting for half.

    `evidence` holds the sentences of each request's needs. Without `means` the requests' own means stand in.
    Raises ValueError when the counts differ.
    """
    wholes = np.stack([request.whole for request in requests])
    told = np.stack([_told(request, texts) for request, texts in zip(requests, evidence, strict=True)])
    whole_mean, part_mean = (means.whole, means.parts) if means is not None else (wholes.mean(0), told.mean(0))
    both = centred(wholes, whole_mean) + centred(told, part_mean)
    return centred(both, np.zeros_like(both[0]))


def group_alike(vectors: Matrix, close: float = CLOSE) -> tuple[Group, ...]:
    """Put questions together by average linkage (UPGMA, Sokal and Michener 1958), the largest group first.

    `vectors` is (n, d) of length 1. Every question stands in exactly one group, and the same vectors give the same
    groups; two groups of one size are ordered by their closeness and then by their first row.
    """
    if len(vectors) == 0:
        return ()
    cosines = np.clip(_cosines(vectors), -1.0, 1.0)
    labels = _labels(cosines, close)
    groups = [_group(np.flatnonzero(labels == label), cosines) for label in np.unique(labels)]
    return tuple(sorted(groups, key=lambda group: (-len(group.members), -group.closeness, min(group.members))))


def _told(request: RequestVectors, evidence: Sequence[str]) -> Vector:
    found = [vector_of(each, request) for each in evidence if each]
    return np.asarray(np.mean(found, axis=0), dtype=np.float32) if found else request.whole


def _cosines(vectors: Matrix) -> Matrix:
    """All cosines, rounded: so that the machine's way of adding up decides nothing."""
    return np.round(vectors.astype(np.float64) @ vectors.T.astype(np.float64), 6).astype(np.float32)


def _labels(cosines: Matrix, close: float) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    if len(cosines) == 1:
        return np.ones(1, dtype=np.int32)
    distances = 1.0 - cosines.astype(np.float64)
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), method="average")
    return np.asarray(fcluster(tree, t=1.0 - close, criterion="distance"), dtype=np.int32)


def _group(rows: np.ndarray[tuple[int], np.dtype[np.int64]], cosines: Matrix) -> Group:
    among = cosines[np.ix_(rows, rows)].astype(np.float64)
    closeness = among.sum(axis=1) - among.diagonal()
    order = sorted(range(len(rows)), key=lambda place: (-round(float(closeness[place]), 5), int(rows[place])))
    pairs = len(rows) * (len(rows) - 1)
    mean = float(closeness.sum()) / pairs if pairs else 1.0
    return Group(tuple(int(rows[place]) for place in order), round(mean, 4))
