"""The shape of what a language model hands in: vectors of a text and of its parts; no model lives here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextVectors:
    """Vectors of length 1: `whole` of shape (d,) for a text, `parts` of shape (spans, d) for the spans asked."""

    whole: Vector
    parts: Vector


class Embed(Protocol):
    """Reads texts in one go and gives for each its vector and those of its spans, in the order of the texts."""

    def __call__(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        """Give the vectors; `spans` holds for each text the (start, end) offsets of its parts."""
        ...
