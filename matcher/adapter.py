"""What was learned on top of the weights of the language model, as small pairs of matrices; learning is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from io import BytesIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

SHIPPED_FILE = "adapter.npz"
DOWN, UP = ".A", ".B"
NOT_AN_ADAPTER = "not a file of an adapter"


class UnreadableAdapter(ValueError):
    """The bytes are not an adapter, or one for another model."""


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """By tensor name the pair A (r, in) and B (out, r), whose product B @ A is added to that weight (out, in)."""

    pairs: Mapping[str, tuple[Array, Array]] = field(default_factory=dict)

    def merged(self, name: str, weight: Array) -> Array:
        """Give the weight with what was learned added; a name that the adapter does not know stays as it is.

        Raises UnreadableAdapter when the shapes do not fit.
        """
        if name not in self.pairs:
            return weight
        down, up = self.pairs[name]
        if (up.shape[0], down.shape[1]) != weight.shape:
            raise UnreadableAdapter(f"{name} has another shape in this model")
        added: Array = weight + (up @ down).astype(np.float32)
        return added


def read_adapter(data: bytes) -> Adapter:
    """Read an .npz with `<tensor name>.A` and `<tensor name>.B`; no bytes at all are an adapter that adds nothing.

    Raises UnreadableAdapter.
    """
    if not data:
        return Adapter()
    try:
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            found = {name: np.asarray(arrays[name], dtype=np.float32) for name in arrays.files}
    except (OSError, ValueError, TypeError, EOFError, BadZipFile) as error:
        raise UnreadableAdapter(NOT_AN_ADAPTER) from error
    names = {name.removesuffix(DOWN) for name in found if name.endswith(DOWN)}
    if set(found) != {name + side for name in names for side in (DOWN, UP)}:
        raise UnreadableAdapter(NOT_AN_ADAPTER)
    return Adapter({name: _pair(name, found[name + DOWN], found[name + UP]) for name in sorted(names)})


def shipped_adapter() -> bytes:
    """Give the bytes of the adapter that ships with the product; none when nothing was learned."""
    file = resources.files("matcher").joinpath(SHIPPED_FILE)
    return file.read_bytes() if file.is_file() else b""


def _pair(name: str, down: Array, up: Array) -> tuple[Array, Array]:
    if down.ndim != 2 or up.ndim != 2 or down.shape[0] != up.shape[1]:
        raise UnreadableAdapter(f"the pair of {name} does not fit together")
    return down, up
