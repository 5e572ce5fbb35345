"""Reads the packed file of multilingual-e5-small into its parts; loading or writing a model does not belong here.

The file holds a header, the pieces of the tokenizer, a table for the normaliser and the tensors, all little-endian.
A tensor is float32, or ggml's Q4_0: per block of 32 weights a float16 scale and 16 bytes with two weights each.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK_BYTES = 18
ROWS_AT_ONCE = 4096
NOT_THE_FILE = "not an E5S1 file"
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
SIDES = {"w": "weight", "b": "bias"}


class UnreadableWeights(ValueError):
    """The bytes are not a whole, known file of weights."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the model, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram vocabulary: each piece with its log probability, and the ids of the special pieces."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class TensorPlace:
    """Where one tensor lies in the file: offset and size in bytes, and how many weights it has."""

    name: str
    count: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """Everything in the file, the tensors still packed."""

    data: memoryview
    shape: Shape
    pieces: Pieces
    places: tuple[TensorPlace, ...]

    def tensors(self, without: str = "") -> Iterator[tuple[str, Array]]:
        """Give each tensor by its name in a BertModel, unpacked to float32 (at most one in memory at a time)."""
        for place in self.places:
            name = bert_name(place.name)
            if name != without:
                yield name, unpacked(self.data, place).reshape(tensor_shape(place.name, self.shape))

    def rows(self, name: str) -> Iterator[Array]:
        """Give a tensor of so many rows as one matrix after another, a few megabytes each."""
        (place,) = (place for place in self.places if bert_name(place.name) == name)
        rows, columns = tensor_shape(place.name, self.shape)
        width = place.size // rows
        for start in range(0, rows, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, rows - start)
            part = TensorPlace(place.name, count * columns, place.offset + start * width, count * width)
            yield unpacked(self.data, part).reshape(count, columns)


class Cursor:
    """Reads one value after another from the bytes."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        """Read whole numbers by a struct layout, little-endian without padding."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def real(self) -> float:
        """Read one float32."""
        (value,) = struct.unpack_from("<f", self.data, self.at)
        self.at += 4
        return float(value)

    def bytes(self, size: int) -> memoryview:
        """Read `size` bytes; ValueError when fewer are left."""
        part = self.data[self.at : self.at + size]
        if size < 0 or len(part) != size:
            raise UnreadableWeights(NOT_THE_FILE)
        self.at += size
        return part


def read_weights(data: bytes) -> PackedModel:
    """Read the packed file; UnreadableWeights when it is another file, damaged or cut short."""
    cursor = Cursor(memoryview(data))
    try:
        if bytes(cursor.bytes(len(MAGIC))) != MAGIC:
            raise UnreadableWeights(NOT_THE_FILE)
        cursor.take("I")
        shape = read_shape(cursor)
        pieces = read_pieces(cursor)
        skip_normaliser(cursor)
        places = tuple(read_places(cursor, len(data)))
    except (struct.error, UnicodeDecodeError) as error:
        raise UnreadableWeights(NOT_THE_FILE) from error
    return PackedModel(cursor.data, shape, pieces, places)


def read_shape(cursor: Cursor) -> Shape:
    """Read the sizes of the model."""
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = cursor.take("7i")
    epsilon = cursor.real()
    (block,) = cursor.take("i")
    if block != 32:
        raise UnreadableWeights(f"unknown block size {block}")
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)


def read_pieces(cursor: Cursor) -> Pieces:
    """Read the vocabulary of the tokenizer."""
    count, begin, end, padding, unknown = cursor.take("5i")
    (size,) = cursor.take("Q")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * count), dtype="<f4").tolist()
    blob = bytes(cursor.bytes(size))
    texts = tuple(blob[start:stop].decode() for start, stop in pairwise(offsets))
    return Pieces(texts, tuple(scores), begin, end, padding, unknown)


def skip_normaliser(cursor: Cursor) -> None:
    """Pass over the table of the normaliser: the tokenizer's own Nmt and NFKC do its work, and better."""
    _, size = cursor.take("iI")
    cursor.bytes(size)


def read_places(cursor: Cursor, file_size: int) -> Iterator[TensorPlace]:
    """Read the directory of tensors, each checked to lie inside the file."""
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = bytes(cursor.bytes(length)).decode()
        _, weights, offset, size = cursor.take("BIQQ")
        if offset + size > file_size:
            raise UnreadableWeights(f"tensor {name} is cut short")
        yield TensorPlace(name, weights, offset, size)


def unpacked(data: memoryview, place: TensorPlace) -> Array:
    """Turn the bytes of one tensor into float32 weights, in one row."""
    raw = data[place.offset : place.offset + place.size]
    if place.size == 4 * place.count:
        return np.frombuffer(raw, dtype="<f4").astype(np.float32)
    if place.size * 32 != place.count * BLOCK_BYTES:
        raise UnreadableWeights(f"tensor {place.name} has an unknown layout")
    blocks = np.frombuffer(raw, dtype=[("scale", "<f2"), ("pairs", "u1", 16)])
    weights = np.empty((len(blocks), 32), dtype=np.float32)
    weights[:, :16] = blocks["pairs"] & 0x0F
    weights[:, 16:] = blocks["pairs"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def bert_name(name: str) -> str:
    """Give the name of a tensor in a BertModel; UnreadableWeights when the model would not know it."""
    if name in EMBEDDINGS:
        return EMBEDDINGS[name]
    layer, _, rest = name.partition(".")
    part, _, side = rest.partition(".")
    if layer[:1] != "l" or not layer[1:].isdigit() or part not in LAYER_PARTS or side not in SIDES:
        raise UnreadableWeights(f"unknown tensor {name}")
    return f"encoder.layer.{layer[1:]}.{LAYER_PARTS[part]}.{SIDES[side]}"


def tensor_shape(name: str, shape: Shape) -> tuple[int, ...]:
    """Give the dimensions of a tensor by its name in the file: weights are output × input."""
    first = name.partition(".")[2]
    table = {"emb.word": shape.vocabulary, "emb.pos": shape.positions, "emb.type": shape.token_types}
    if name in table:
        return (table[name], shape.hidden)
    if first == "fi.w":
        return (shape.feed_forward, shape.hidden)
    if first == "fo.w":
        return (shape.hidden, shape.feed_forward)
    return (shape.hidden, shape.hidden) if first in {"q.w", "k.w", "v.w", "ao.w"} else (-1,)
