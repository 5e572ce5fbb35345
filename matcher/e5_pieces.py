"""Cuts texts in the pieces that the language model knows, by a table that opens in no time; reading is elsewhere.

It does what a Unigram tokenizer of the library `tokenizers` does (the likeliest row of pieces), but that one needs
300 MB and most of a second to load a quarter of a million pieces. Here the pieces are found by a number that is made
of their letters, all places of a text at once, in a sorted table of a few megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, normalizers

from matcher.e5_weights import Pieces

Numbers = NDArray[np.uint64]
Places = NDArray[np.int64]
Words = dict[str, tuple[int, ...]]
Matches = tuple[list[int], list[int], list[int], list[float]]

SPACE = "▁"
WORD = re.compile(f"{SPACE}[^{SPACE}]*")
MASK = "<mask>"
FACTOR = np.uint64(0x9E3779B97F4A7C15)
UNKNOWN_PENALTY = 10.0  # how much less likely than the rarest piece a letter is that no piece has
WORDS_KEPT = 20_000
LONGEST_KEPT = 40  # letters; longer words hardly come back


class SamePiece(ValueError):
    """Two pieces have the same number, so that the table cannot tell them apart."""


@dataclass(frozen=True, slots=True, eq=False)
class PieceTable:
    """The pieces by their number, sorted: `ids` and `scores` (log probabilities) in the order of `numbers`."""

    numbers: Numbers
    ids: NDArray[np.int32]
    scores: NDArray[np.float64]
    longest: int
    unknown: int
    unknown_score: float
    known: Words = field(default_factory=dict, repr=False)

    def read(self, text: str) -> list[int]:
        """Give the ids of the pieces of a text, without begin and end."""
        words = words_of(text)
        found = {word: self.known[word] for word in words if word in self.known}
        new = [word for word in dict.fromkeys(words) if word not in found]
        if new:
            found |= zip(new, self._cut(new), strict=True)
            self._remember(found, new)
        return list(chain.from_iterable(found[word] for word in words))

    def _remember(self, found: Words, new: Iterable[str]) -> None:
        if len(self.known) > WORDS_KEPT:
            self.known.clear()
        self.known.update((word, found[word]) for word in new if len(word) <= LONGEST_KEPT)

    def _cut(self, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Give the likeliest row of pieces of each word."""
        starts, ends, ids, scores = self._matches(words)
        size = sum(map(len, words))
        best = [-np.inf] * (size + 1)
        came_from, with_id = [0] * (size + 1), [self.unknown] * (size + 1)
        best[0] = 0.0
        for start, end, piece, score in zip(starts, ends, ids, scores, strict=True):
            total = best[start] + score
            if total > best[end]:
                best[end], came_from[end], with_id[end] = total, start, piece
        end = size
        rows: list[tuple[int, ...]] = []
        for word in reversed(words):
            row: list[int] = []
            begin = end - len(word)
            while end > begin:
                if not (row and row[-1] == with_id[end] == self.unknown):  # unknown letters in a row are one piece
                    row.append(with_id[end])
                end = came_from[end]
            rows.append(tuple(reversed(row)))
        return reversed(rows)

    def _matches(self, words: Sequence[str]) -> Matches:
        """Find every piece in every word: start, end, id and score, by start and then length.

        A letter that is no piece by itself is an unknown one.
        """
        letters = letters_of("".join(words))
        sizes = np.asarray([len(word) for word in words])
        room = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(letters))
        places = np.arange(len(letters))
        number = np.zeros(len(letters), dtype=np.uint64)
        starts, lengths, rows = [], [], []
        for length in range(1, self.longest + 1):
            inside = room[places] >= length
            places, number = places[inside], number[inside] * FACTOR + letters[places[inside] + (length - 1)]
            at = np.minimum(np.searchsorted(self.numbers, number), len(self.numbers) - 1)
            hit = self.numbers[at] == number
            hit_or_letter = hit | (length == 1)
            starts.append(places[hit_or_letter])
            lengths.append(np.full(len(starts[-1]), length))
            rows.append(np.where(hit, at, -1)[hit_or_letter])
        return self._in_order(np.concatenate(starts), np.concatenate(lengths), np.concatenate(rows))

    def _in_order(self, starts: Places, lengths: Places, rows: Places) -> Matches:
        order = np.lexsort((lengths, starts))
        starts, lengths, rows = starts[order], lengths[order], rows[order]
        ids = np.where(rows < 0, self.unknown, self.ids[rows])
        scores = np.where(rows < 0, self.unknown_score, self.scores[rows])
        return starts.tolist(), (starts + lengths).tolist(), ids.tolist(), scores.tolist()


def words_of(text: str) -> list[str]:
    """Give the words of a text made plain, each beginning with the sign of a space."""
    plain: str = PLAIN.normalize_str(text).replace(" ", SPACE)
    if plain and not plain.startswith(SPACE):
        plain = SPACE + plain
    return WORD.findall(plain)


def plain_text_rules() -> normalizers.Sequence:
    """Give the rules that make whitespace and compatibility forms plain before a text is cut."""
    return normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])


PLAIN = plain_text_rules()


def write_pieces(pieces: Pieces, folder: Path) -> None:
    """Write the table as three files. Raises SamePiece."""
    special = {pieces.begin, pieces.end, pieces.padding, pieces.unknown}
    kept = [
        place
        for place, text in enumerate(pieces.texts)
        if place not in special and text and text != MASK and SPACE not in text[1:]
    ]
    numbers = numbers_of([pieces.texts[place] for place in kept])
    order = np.argsort(numbers)
    numbers = numbers[order]
    if (numbers[1:] == numbers[:-1]).any():
        raise SamePiece("two pieces have the same number")
    np.save(folder / "piece_numbers.npy", numbers)
    np.save(folder / "piece_ids.npy", np.asarray(kept, dtype=np.int32)[order])
    np.save(folder / "piece_scores.npy", np.asarray(pieces.scores, dtype=np.float64)[kept][order])


def numbers_of(texts: Sequence[str]) -> Numbers:
    """Give the number of each text: letter by letter, what was there times FACTOR plus the letter, modulo 2⁶⁴."""
    numbers = np.zeros(len(texts), dtype=np.uint64)
    sizes = np.asarray([len(text) for text in texts])
    for length in np.unique(sizes):
        places = np.flatnonzero(sizes == length)
        for column in letters_of("".join(texts[place] for place in places.tolist())).reshape(-1, length).T:
            numbers[places] = numbers[places] * FACTOR + column
    return numbers


def letters_of(text: str) -> Numbers:
    """Give each letter as a number, none of them zero: zeros in front would make no difference."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64) + np.uint64(1)


def open_pieces(folder: Path, longest: int, unknown: int, least_score: float) -> PieceTable:
    """Open the table that `write_pieces` wrote; nothing is read until it is needed."""
    return PieceTable(
        numbers=np.load(folder / "piece_numbers.npy", mmap_mode="r"),
        ids=np.load(folder / "piece_ids.npy", mmap_mode="r"),
        scores=np.load(folder / "piece_scores.npy", mmap_mode="r"),
        longest=longest,
        unknown=unknown,
        unknown_score=least_score - UNKNOWN_PENALTY,
    )
