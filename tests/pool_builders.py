"""People and vectors for tests: roles instead of persons, and vectors in which texts that share words are close."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from expertise.experts import Expert
from inbox.sentences import Span, split_sentences
from inbox.vectors import TextVectors, Vector
from matcher.pool import PoolVectors, QueryMeans, pool_vectors, profile_spans
from matcher.request import RequestVectors, request_vectors

DIMENSIONS = 64

EXPERT = Expert(
    id="e1",
    name="Adviseur begroting",
    organisation="Zet",
    role="expert",
    email="begroting@example.org",
    telegram="",
    needs=("financing",),
    profile="Maakt met initiatieven een begroting die klopt. Rekent de huur en de kosten na.",
    regions=("Noord-Brabant",),
    languages=("nl",),
    capacity=2,
    active=True,
)


def an_expert(expert_id: str = "e1", **changes: Any) -> Expert:
    """An expert who can be proposed to anybody in Noord-Brabant, but for the changes."""
    return replace(EXPERT, id=expert_id, **{"email": f"{expert_id}@example.org", **changes})


def word_vectors(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
    """Stand in for a model: the vector of a text is the sum of one fixed random vector a word."""
    return [
        TextVectors(_vector(text), np.array([_vector(text[a:b]) for a, b in parts]).reshape(-1, DIMENSIONS))
        for text, parts in zip(texts, spans, strict=True)
    ]


def a_pool(experts: Iterable[Expert], means: QueryMeans | None = None) -> PoolVectors:
    """A pool laid out with the stand-in's vectors."""
    people = tuple(experts)
    spans = [profile_spans(expert) for expert in people]
    return pool_vectors(people, word_vectors([expert.profile for expert in people], spans), means)


def a_request(text: str) -> RequestVectors:
    """A request with the stand-in's vectors."""
    spans = split_sentences(text)
    return request_vectors(text, spans, word_vectors([text], [spans])[0])


def _vector(text: str) -> Vector:
    words = [word.strip(".,?!:;").casefold() for word in text.split()]
    total = np.full(DIMENSIONS, 0.01)
    for word in words:
        total += np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIMENSIONS)
    unit: Vector = (total / np.linalg.norm(total)).astype(np.float32)
    return unit
