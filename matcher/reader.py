"""What every way of reading texts with a language model shares: its shape, and how texts are laid side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from inbox.vectors import Vector

TOKENS_AT_ONCE = 512  # padded tokens in one batch: larger ones fall out of the processor's cache
ROWS_AT_ONCE = 64
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
"""How multilingual-e5-small wants texts to begin, by what they are for."""


Progress = Callable[[str, float], None]
"""Told the name of a step (English code) and how much of it is done, 0 to 1."""


def no_progress(step: str, done: float) -> None:
    """Tell nobody."""


class ModelNotFound(ValueError):
    """The model of the setting is not a known name, a folder that loads, or reachable on the hub."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadRows:
    """Rows as a model read them: `vectors` (rows, d) and `halfway` (rows, h) of length 1, `sizes` (rows,) in tokens.

    `halfway` is what the lower half of the layers made of a row; h is 0 for a model that does not tell.
    """

    vectors: Vector
    halfway: Vector
    sizes: Vector


class Reader(Protocol):
    """A loaded model. Not for several threads at once."""

    @property
    def name(self) -> str:
        """Names the model and the digest of its weights: vectors of the same name may be compared."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def prompts(self) -> Mapping[str, str]:
        """How a text has to begin, by what it is for (query, passage, document)."""
        ...

    def read_rows(self, rows: Sequence[str]) -> ReadRows:
        """Read rows of text by the prompt they begin with."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text that fits in the model: which text it is of, and its token ids."""

    text: int
    ids: tuple[int, ...]


def windows(
    texts: Iterable[Sequence[int]], before: Sequence[int], after: Sequence[int], longest: int
) -> Iterator[Window]:
    """Cut the ids of each text in windows of at most `longest`, almost always one, with what goes around each."""
    room = longest - len(before) - len(after)
    for number, ids in enumerate(texts):
        for start in range(0, max(len(ids), 1), room):
            yield Window(number, (*before, *ids[start : start + room], *after))


def batches(found: Iterable[Window]) -> Iterator[list[Window]]:
    """Group windows of like length, so that little is lost on padding."""
    batch: list[Window] = []
    for window in sorted(found, key=lambda window: -len(window.ids)):
        tokens = (len(batch) + 1) * len(batch[0].ids) if batch else 0
        if tokens > TOKENS_AT_ONCE or len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def unit(vectors: Vector) -> Vector:
    """Bring vectors to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vector = vectors / np.maximum(lengths, np.float32(1e-12))
    return scaled


def usable_cores() -> int:
    """Count the cores this process may use; OMP_NUM_THREADS asks for fewer."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed, int(asked)) if asked.isdecimal() and int(asked) > 0 else allowed
