"""A packed model file of a few kilobytes with the layout of the real one, to test reading without 70 MB."""

import struct

import numpy as np
from numpy.typing import NDArray

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 64
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz:.?")
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", *LETTERS, "▁de", "▁molen", "<mask>")


def packed(seed: int = 1) -> bytes:
    """The bytes of a one-layer model with random weights, some float32 and some in blocks of 4 bits."""
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), POSITIONS, 2, 1e-12, 32)
    return _with_tensors(head + _pieces() + struct.pack("<iI", 0, 0), _tensors(np.random.default_rng(seed)))


def _pieces() -> bytes:
    texts = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *(len(text) for text in texts)]).astype("<u4")
    scores = np.asarray([0, 0, 0, 0, *(-float(place) for place in range(len(PIECES) - 4))], dtype="<f4")
    blob = b"".join(texts)
    return struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + offsets.tobytes() + scores.tobytes() + blob


def _tensors(random: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    square, wide, tall = (HIDDEN, HIDDEN), (FEED_FORWARD, HIDDEN), (HIDDEN, FEED_FORWARD)
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (len(PIECES), HIDDEN), "emb.pos": (POSITIONS, HIDDEN), "emb.type": (2, HIDDEN),
        "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,),
        **{f"l0.{name}.w": square for name in ("q", "k", "v", "ao")}, "l0.fi.w": wide, "l0.fo.w": tall,
        **{f"l0.{name}.b": (HIDDEN,) for name in ("q", "k", "v", "ao", "fo", "aln", "oln")}, "l0.fi.b": (FEED_FORWARD,),
        "l0.aln.w": (HIDDEN,), "l0.oln.w": (HIDDEN,),
    }  # fmt: skip
    made = {name: random.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    return made | {name: np.ones(HIDDEN, dtype=np.float32) for name in made if name.endswith("ln.w")}


def _with_tensors(front: bytes, tensors: dict[str, NDArray[np.float32]]) -> bytes:
    bodies = {name: _body(name, tensor) for name, tensor in tensors.items()}
    directory = sum(2 + len(name) + 21 for name in bodies) + 4
    offset = len(front) + directory
    rows = []
    for name, body in bodies.items():
        rows.append(struct.pack("<H", len(name)) + name.encode())
        rows.append(struct.pack("<BIQQ", 0, tensors[name].size, offset, len(body)))
        offset += len(body)
    return front + struct.pack("<i", len(bodies)) + b"".join(rows) + b"".join(bodies.values())


def _body(name: str, tensor: NDArray[np.float32]) -> bytes:
    return in_blocks(tensor) if name.startswith("l0.") and tensor.ndim == 2 else tensor.astype("<f4").tobytes()


def in_blocks(tensor: NDArray[np.float32]) -> bytes:
    """Weights as Q4_0: for every 32 a float16 scale and 16 bytes, the first 16 weights in the low halves."""
    blocks = tensor.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    steps = np.clip(np.rint(blocks / scales[:, None].astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    pairs = steps[:, :16] | (steps[:, 16:] << 4)
    return b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, pairs, strict=True))
