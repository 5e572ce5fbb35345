"""Reads texts with multilingual-e5-small through ONNX Runtime: opens what was written for it, writes nothing."""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inbox.vectors import Vector
from matcher.e5_pieces import PieceTable, open_pieces
from matcher.reader import PROMPTS, ReadRows, Window, batches, unit, usable_cores, windows

LAYERS = "layers.onnx"
WORDS = "words.npy"
PLACES = "places.npy"
SETTINGS = "settings.json"
ONLY_ERRORS = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the reader has to know of the model: ids around a text, the unknown one, its score, and longest piece."""

    begin: int
    end: int
    unknown: int
    least_score: float
    longest_piece: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Embeddings:
    """The tables that a token's vector is the sum of: `places` (positions, d), and the words in an open file.

    The words lie on disk in half precision, from `start`, and are read one by one: a memory map would bring most of
    the 190 MB into memory, because the system maps the pages around each page that is used.
    """

    words: FileIO
    start: int
    places: Vector

    def of(self, batch: Sequence[Window]) -> dict[str, NDArray[Any]]:
        """Lay the windows of a batch beside each other as the graph wants them, the longest first."""
        longest = len(batch[0].ids)
        embedded = np.zeros((len(batch), longest, self.places.shape[1]), dtype=np.float32)
        shares = np.zeros((len(batch), 1, longest), dtype=np.float32)
        sizes = np.asarray([len(window.ids) for window in batch], dtype=np.int32)
        for row, window in enumerate(batch):
            size = len(window.ids)
            embedded[row, :size] = self.places[:size] + self.word_rows(window.ids)
            shares[row, 0, :size] = 1 / size
        return {"embedded": embedded, "sizes": sizes, "shares": shares}

    def word_rows(self, ids: Sequence[int]) -> NDArray[np.float16]:
        """Give the vectors of the words, shape (ids, d)."""
        found = np.empty((len(ids), self.places.shape[1]), dtype=np.float16)
        for row, number in zip(found, ids, strict=True):
            self.words.seek(self.start + number * row.nbytes)
            if self.words.readinto(row.data) != row.nbytes:
                raise OSError(f"{self.words.name} is cut short")
        return found


def open_embeddings(folder: Path) -> Embeddings:
    """Open the tables that `e5_compiled` wrote. Raises ValueError when the words have another form."""
    places = np.load(folder / PLACES)
    words = FileIO(folder / WORDS)
    version = np.lib.format.read_magic(words)
    shape, by_column, kind = np.lib.format.read_array_header_1_0(words)
    if version != (1, 0) or by_column or kind != np.float16 or shape[1] != places.shape[1]:
        raise ValueError(f"{words.name} is no table of words")
    found = Embeddings(words, words.tell(), places)
    weakref.finalize(found, words.close)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class E5Reader:
    """The default model, opened."""

    name: str
    session: onnxruntime.InferenceSession
    embeddings: Embeddings
    pieces: PieceTable
    sizes: Sizes
    prompts: Mapping[str, str] = field(default_factory=lambda: PROMPTS)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.embeddings.places.shape[1])

    def read_rows(self, rows: Sequence[str]) -> ReadRows:
        """Read rows of text by the prompt they begin with."""
        found, halfway = np.zeros((2, len(rows), self.dimension), dtype=np.float32)
        sizes = np.zeros(len(rows), dtype=np.float32)
        for batch in self.batches(rows):
            told = self.session.run(["vectors", "halfway"], self.embeddings.of(batch))
            for window, vector, early in zip(batch, *told, strict=True):
                found[window.text] += vector * len(window.ids)
                halfway[window.text] += early * len(window.ids)
                sizes[window.text] += len(window.ids)
        return ReadRows(unit(found), unit(halfway), sizes)

    def batches(self, rows: Sequence[str]) -> list[list[Window]]:
        """Cut the rows in pieces and windows, grouped by length."""
        texts = (self.pieces.read(row) for row in rows)
        longest = self.embeddings.places.shape[0]
        return list(batches(windows(texts, [self.sizes.begin], [self.sizes.end], longest)))


def open_e5(folder: Path, name: str, layers: bytes | None = None) -> E5Reader:
    """Open what `e5_compiled` wrote; `layers` may be another graph than the one in the folder."""
    sizes = Sizes(**json.loads((folder / SETTINGS).read_text(encoding="ascii")))
    pieces = open_pieces(folder, sizes.longest_piece, sizes.unknown, sizes.least_score)
    return E5Reader(name, open_layers(layers or str(folder / LAYERS)), open_embeddings(folder), pieces, sizes)


def open_layers(layers: bytes | str) -> onnxruntime.InferenceSession:
    """Open a graph: its bytes or the name of its file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = usable_cores()
    options.log_severity_level = ONLY_ERRORS
    # More than basic would fuse sums and normalisations into an operator that takes four times as long.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Threads wait actively for each other while a batch is read, and sleep as soon as it is done.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return onnxruntime.InferenceSession(layers, options, providers=["CPUExecutionProvider"])
