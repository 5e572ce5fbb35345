"""One request as vectors: the whole of it and its sentences; where the vectors come from does not belong here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inbox.sentences import Span
from inbox.vectors import TextVectors
from matcher.pool import Matrix, QueryMeans, Vector, centred


@dataclass(frozen=True, slots=True, eq=False)
class RequestVectors:
    """A text, the spans of its sentences, and the vectors a model made: `whole` (d,), `parts` (spans, d)."""

    text: str
    spans: tuple[Span, ...]
    whole: Vector
    parts: Matrix

    def sentence(self, row: int) -> str:
        """Return the sentence that a row of `parts` stands for."""
        start, end = self.spans[row]
        return self.text[start:end]


def request_vectors(text: str, spans: Sequence[Span], vectors: TextVectors) -> RequestVectors:
    """Join a text with its vectors. Raises ValueError when the parts are not those of the spans."""
    if len(spans) != len(vectors.parts):
        raise ValueError("the vectors do not belong to these sentences")
    return RequestVectors(text, tuple(spans), vectors.whole, vectors.parts)


def centred_request(request: RequestVectors, means: QueryMeans) -> RequestVectors:
    """Take away what all requests share, so that it can be compared with a centred pool."""
    return RequestVectors(
        request.text,
        request.spans,
        centred(request.whole, means.whole, means.even),
        centred(request.parts, means.parts, means.even),
    )


def rows_of(evidence: str, request: RequestVectors) -> list[int]:
    """Return the rows of the sentences in which the evidence stands; none when it is no part of the text."""
    start = request.text.find(evidence) if evidence else -1
    end = start + len(evidence)
    return [row for row, (left, right) in enumerate(request.spans) if start >= 0 and left < end and start < right]


def vector_of(evidence: str, request: RequestVectors) -> Vector:
    """Return (d,): the sentences in which the evidence stands, or the whole when it stands in none."""
    rows = rows_of(evidence, request)
    return np.asarray(request.parts[rows].mean(axis=0), dtype=np.float32) if rows else request.whole
