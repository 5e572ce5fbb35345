"""Questions that lie close in meaning come together, each once, and always the same way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.sentences import split_sentences
from matcher.encoder import Encoder
from matcher.gaps import gap_vectors, group_alike
from matcher.pool import Matrix, shipped_means
from matcher.request import RequestVectors, request_vectors

QUESTIONS = (
    ("Wie maakt met ons een contract over de huur van het gebouw?", "Wie maakt met ons een contract"),
    ("We zoeken iemand die de sensoren in de huizen van ouderen kan uitleggen.", "sensoren in de huizen van ouderen"),
    ("Kan iemand meekijken naar het huurcontract met de gemeente?", "meekijken naar het huurcontract"),
    ("Welke slimme techniek helpt ouderen om thuis te blijven wonen?", "Welke slimme techniek helpt ouderen"),
)


def told(encoder: Encoder, texts: list[str]) -> list[RequestVectors]:
    spans = [split_sentences(text) for text in texts]
    made = encoder.read(texts, spans)
    return [request_vectors(text, own, each) for text, own, each in zip(texts, spans, made, strict=True)]


def around(angle: float) -> list[float]:
    return [float(np.cos(angle)), float(np.sin(angle))]


def rows(*angles: float) -> Matrix:
    return np.array([around(angle) for angle in angles], dtype=np.float32)


def test_questions_about_the_same_come_together(encoder: Encoder) -> None:
    requests = told(encoder, [text for text, _ in QUESTIONS])
    vectors = gap_vectors(requests, [[evidence] for _, evidence in QUESTIONS], shipped_means(encoder.name))
    assert [sorted(group.members) for group in group_alike(vectors)] == [[1, 3], [0, 2]] or [
        sorted(group.members) for group in group_alike(vectors)
    ] == [[0, 2], [1, 3]]


def test_the_largest_group_comes_first_and_its_middle_stands_for_it() -> None:
    groups = group_alike(rows(0.0, 1.9, 0.1, 0.2, 2.0))
    assert [group.members for group in groups] == [(2, 0, 3), (1, 4)]
    assert [group.example for group in groups] == [2, 1]
    assert groups[0].closeness == pytest.approx(0.99, abs=0.01)


def test_what_is_like_nothing_stands_alone() -> None:
    assert [group.members for group in group_alike(rows(0.0, 1.6, 3.2))] == [(0,), (1,), (2,)]
    assert [group.members for group in group_alike(rows(0.5))] == [(0,)]
    assert group_alike(np.zeros((0, 4), dtype=np.float32)) == ()


def test_a_question_without_evidence_counts_as_a_whole(encoder: Encoder) -> None:
    requests = told(encoder, [text for text, _ in QUESTIONS[:2]])
    vectors = gap_vectors(requests, [[], [""]], None)
    assert vectors.shape == (2, encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-3)
    with pytest.raises(ValueError, match="zip"):
        gap_vectors(requests, [[]], None)


@settings(deadline=None)
@given(st.lists(st.floats(0, 6.28), max_size=30))
def test_every_question_stands_in_one_group_whatever_its_vector(angles: list[float]) -> None:
    vectors = rows(*angles) if angles else np.zeros((0, 2), dtype=np.float32)
    groups = group_alike(vectors)
    assert sorted(member for group in groups for member in group.members) == list(range(len(angles)))
    assert groups == group_alike(vectors)
    sizes = [len(group.members) for group in groups]
    assert sizes == sorted(sizes, reverse=True)
