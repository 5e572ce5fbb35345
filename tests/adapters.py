"""Adapters made for a test, as the bytes of their file."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

TINY_NAME = "encoder.layer.0.attention.self.query.weight"
"""A weight (32, 32) of the tiny model."""


def adapter(pairs: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]) -> bytes:
    """The file of an adapter with these pairs A (r, in) and B (out, r) by tensor name."""
    file = BytesIO()
    arrays: dict[str, Any] = {}
    for name, (down, up) in pairs.items():
        arrays |= {f"{name}.A": down.astype(np.float32), f"{name}.B": up.astype(np.float32)}
    np.savez(file, **arrays)
    return file.getvalue()
