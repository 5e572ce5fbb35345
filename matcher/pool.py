"""The pool of experts as columns and vectors, so that one request is compared with everyone at once; no judgement."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from expertise.experts import Expert
from inbox.sentences import Span, split_sentences
from inbox.vectors import TextVectors

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

DEFAULT_MODEL = "multilingual-e5-small"
"""How the name of every encoder of the default model begins: those are the vectors of query_means.npz."""
EVENING = 0.5
"""How far directions are evened out: 0 not at all, 1 fully (whitening, Su et al. 2021, arXiv:2103.15316)."""


@dataclass(frozen=True, slots=True, eq=False)
class QueryMeans:
    """The mean vector of whole requests and of their sentences, each (d,): what every request has in common.

    `even` (d, d) evens out the directions in which sentences differ most whatever they are about; None leaves
    them as they are.
    """

    whole: Vector
    parts: Vector
    even: Matrix | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Which expert carries which word: `table` is (words, experts), `counts` (experts,) how many."""

    words: tuple[str, ...]
    table: Bools
    counts: Ints

    def any_of(self, words: Iterable[str]) -> Bools:
        """Return (experts,): who carries at least one of the words."""
        wanted = set(words)
        rows = [row for row, word in enumerate(self.words) if word in wanted]
        return np.asarray(self.table[rows].any(axis=0), dtype=np.bool_)

    def row(self, word: str) -> Bools:
        """Return (experts,): who carries this word."""
        return self.any_of((word,))


@dataclass(frozen=True, slots=True, eq=False)
class PoolVectors:
    """Everything about n experts that ranking looks at; vectors are centred and of length 1.

    `profile` is (n, d); `sentences` is (m, d), the rows of expert i being first_sentence[i] up to
    first_sentence[i + 1], in the order of spans[i]. `away_until` holds ordinals, 0 for not away.
    `id_order` is each expert's place when sorted by id.
    """

    experts: tuple[Expert, ...]
    profile: Matrix
    sentences: Matrix
    first_sentence: Ints
    spans: tuple[tuple[Span, ...], ...]
    query_means: QueryMeans
    active: Bools
    away_until: Ints
    capacity: Ints
    needs: Marks
    regions: Marks
    languages: Marks
    row_of: Mapping[str, int]
    rows_of_address: Mapping[str, tuple[int, ...]]
    id_order: Ints

    def __len__(self) -> int:
        return len(self.experts)

    def rows(self, ids: Iterable[str]) -> list[int]:
        """Return the rows of the experts with these ids; an unknown id has none."""
        return [self.row_of[expert_id] for expert_id in ids if expert_id in self.row_of]

    def sentence_rows(self, row: int) -> slice:
        """Return where the sentence vectors of the expert in this row lie."""
        return slice(int(self.first_sentence[row]), int(self.first_sentence[row + 1]))


def profile_spans(expert: Expert) -> tuple[Span, ...]:
    """Return the spans of the profile whose vectors `pool_vectors` expects as parts."""
    return split_sentences(expert.profile)


def pool_vectors(
    experts: Iterable[Expert], vectors: Sequence[TextVectors], means: QueryMeans | None = None
) -> PoolVectors:
    """Lay out the pool; `vectors` holds one TextVectors a profile, its parts following `profile_spans`.

    Without `means` the pool's own means stand in for those of requests (for a model whose means are
    not known; a little less precise). Raises ValueError when vectors and experts do not fit together.
    """
    people = tuple(experts)
    spans = tuple(profile_spans(expert) for expert in people)
    whole, parts = _stacked(vectors)
    own = QueryMeans(_mean(whole), _mean(parts))
    _check(people, spans, vectors, means, own)
    ids = [expert.id for expert in people]
    return PoolVectors(
        experts=people,
        profile=centred(whole, own.whole, means.even if means else None),
        sentences=centred(parts, own.parts, means.even if means else None),
        first_sentence=np.cumsum([0, *map(len, spans)], dtype=np.int64),
        spans=spans,
        query_means=means or own,
        active=np.array([expert.active for expert in people], dtype=np.bool_),
        away_until=np.array([_ordinal(expert) for expert in people], dtype=np.int64),
        capacity=np.array([expert.capacity for expert in people], dtype=np.int64),
        needs=_marks([expert.needs for expert in people]),
        regions=_marks([expert.regions for expert in people]),
        languages=_marks([expert.languages for expert in people]),
        row_of={expert_id: row for row, expert_id in enumerate(ids)},
        rows_of_address=_rows_of_address(people),
        id_order=_order(ids),
    )


def centred(vectors: Matrix, mean: Vector, even: Matrix | None = None) -> Matrix:
    """Take the mean away, even out the directions if that is known, and make every row of (..., d) length 1.

    Texts of one kind share a large part of their vector; only what is left tells them apart.
    """
    left = vectors - mean if even is None else (vectors - mean) @ even
    length = np.linalg.norm(left, axis=-1, keepdims=True)
    return (left / np.where(length > 1e-6, length, 1.0)).astype(np.float32)


def query_means(vectors: Sequence[TextVectors]) -> QueryMeans:
    """Return the means over many requests, read as questions, and what evens out their sentences."""
    whole, parts = _stacked(vectors)
    mean = _mean(parts)
    return QueryMeans(_mean(whole), mean, _evening(parts - mean))


def write_means(means: QueryMeans) -> bytes:
    """Return the file query_means.npz; half precision is enough for the large array."""
    arrays = {"whole": means.whole, "parts": means.parts}
    if means.even is not None:
        arrays["even"] = means.even.astype(np.float16)
    file = BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _evening(centred_parts: Matrix) -> Matrix | None:
    """Return (d, d): the covariance (with some of an even one added) to the power of -EVENING / 2."""
    if len(centred_parts) < 2:
        return None
    sizes, axes = np.linalg.eigh(np.cov(centred_parts.astype(np.float64), rowvar=False, bias=True))
    sizes = np.maximum(sizes, 0) + max(float(sizes.mean()), 1e-12)
    scale = (sizes / sizes.mean()) ** (-EVENING / 2)
    return np.asarray((axes * scale) @ axes.T, dtype=np.float32)


def shipped_means(model: str = DEFAULT_MODEL) -> QueryMeans | None:
    """Return the means of the training requests when `model` (the name of an encoder) made them, else None."""
    return _shipped_means() if model.startswith(DEFAULT_MODEL) else None


@functools.cache
def _shipped_means() -> QueryMeans:
    data = resources.files("matcher").joinpath("query_means.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        even = arrays["even"].astype(np.float32) if "even" in arrays.files else None
        return QueryMeans(arrays["whole"], arrays["parts"], even)


def _check(
    experts: Sequence[Expert],
    spans: Sequence[Sequence[Span]],
    vectors: Sequence[TextVectors],
    means: QueryMeans | None,
    own: QueryMeans,
) -> None:
    if [len(sentences) for sentences in spans] != [len(vector.parts) for vector in vectors]:
        raise ValueError("the vectors do not belong to these profiles")
    if len({expert.id for expert in experts}) != len(experts):
        raise ValueError("two experts share an id")
    if means is not None and experts and means.whole.shape != own.whole.shape:
        raise ValueError("the means of requests were made by another model")


def _stacked(vectors: Sequence[TextVectors]) -> tuple[Matrix, Matrix]:
    if not vectors:
        return np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32)
    whole = np.stack([vector.whole for vector in vectors]).astype(np.float32)
    return whole, np.concatenate([vector.parts for vector in vectors]).astype(np.float32)


def _mean(vectors: Matrix) -> Vector:
    # One expert alone has nothing to be told apart from: taking its own vector away would leave nothing.
    if len(vectors) < 2:
        return np.zeros(vectors.shape[1], np.float32)
    return np.asarray(vectors.mean(axis=0), dtype=np.float32)


def _ordinal(expert: Expert) -> int:
    return 0 if expert.away_until is None else expert.away_until.toordinal()


def _marks(words_of: Sequence[Sequence[str]]) -> Marks:
    words = tuple(sorted({word for words in words_of for word in words}))
    place = {word: row for row, word in enumerate(words)}
    table = np.zeros((len(words), len(words_of)), dtype=np.bool_)
    for column, carried in enumerate(words_of):
        for word in carried:
            table[place[word], column] = True
    return Marks(words, table, table.sum(axis=0))


def _order(ids: Sequence[str]) -> Ints:
    """Return (n,): the place of each id when they are sorted."""
    return np.argsort(np.argsort(np.array(ids, dtype=np.str_), kind="stable"))


def _rows_of_address(experts: Sequence[Expert]) -> dict[str, tuple[int, ...]]:
    rows: dict[str, tuple[int, ...]] = {}
    for row, expert in enumerate(experts):
        for address in {expert.email, expert.telegram} - {""}:
            key = folded_address(address)
            rows[key] = (*rows.get(key, ()), row)
    return rows


def folded_address(address: str) -> str:
    """Return the form in which two spellings of one mail address or account are equal."""
    return address.strip().lstrip("@").casefold()
