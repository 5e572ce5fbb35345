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
    """Vectors of length 1: `whole` of shape (d,) for a text, `parts` of shape (spans, d) for the spans asked.

    `halfway` (spans, h) is how the model reads those spans halfway its layers, before it has learned to listen for
    needs, with one row where no spans were asked; h is 0 for a model that does not tell, and kept vectors have none.
    """

    whole: Vector
    parts: Vector
    halfway: Vector | None = None

    @property
    def rows(self) -> Vector:
        """The vectors of the parts (s, d), at least one: a text without parts is one itself."""
        return self.parts if len(self.parts) else self.whole[None]

    @property
    def fact_rows(self) -> Vector:
        """The same rows with what is heard halfway behind them (s, d + h): facts are read from both."""
        return self.rows if self.halfway is None else np.hstack([self.rows, self.halfway])


class Embed(Protocol):
    """Reads texts in one go and gives for each its vector and those of its spans, in the order of the texts."""

    def __call__(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        """Give the vectors; `spans` holds for each text the (start, end) offsets of its parts."""
        ...
