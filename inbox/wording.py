"""Which words a text uses and the pieces they are made of, as places in a table; what they tell is learned elsewhere.

Beside the vectors of sentences: a model that reads for meaning puts "we stop looking for an investor" near "we look
for an investor", while the words themselves are plain.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from inbox.folding import fold

PLACES: Final = 16_384
LONGEST: Final = 4_000  # characters: what a message comes for is told before that
PIECES: Final = (3, 4, 5)  # characters
LENGTH: Final = 6.0  # of the counts as a vector, so that a long text weighs as much as a short one
WORD: Final = re.compile(r"\w+|[?!]")
REMEMBERED: Final = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The places in the table that a text uses, each once, and how much each weighs."""

    places: NDArray[np.int64]
    weights: NDArray[np.float32]


def wording(subject: str, text: str) -> Wording:
    """The wording of a message: its words, pairs of words and pieces of words, hashed (Weinberger et al. 2009)."""
    words = WORD.findall(fold(f"{subject} . {text}"[:LONGEST]))
    pairs = {f"{first}_{second}" for first, second in pairwise(words)}
    pieces = {piece for word in set(words) for piece in _pieces(word)}
    used = Counter(_place(each) for each in pairs | pieces)
    places = np.fromiter(sorted(used), dtype=np.int64, count=len(used))
    counts = np.asarray([used[place] for place in places.tolist()], dtype=np.float32)
    length = max(1.0, float(np.linalg.norm(counts)))
    return Wording(places, counts * np.float32(LENGTH / length))


@lru_cache(maxsize=REMEMBERED)
def _pieces(word: str) -> frozenset[str]:
    marked = f"<{word}>"
    return frozenset({word} | {marked[at : at + size] for size in PIECES for at in range(len(marked) - size + 1)})


def _place(feature: str) -> int:
    return crc32(feature.encode()) % PLACES
