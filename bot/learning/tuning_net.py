"""The language model as a network whose upper layers can learn, by small pairs of matrices; what is up to tuning.py.

Rows of tokens lie packed behind each other, so that no time goes to padding; only attention looks at one row at a
time. The products are in bfloat16, which processors do fastest; sums and softmax in float32.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from matcher.adapter import DOWN, UP, Adapter
from matcher.e5_weights import LAYER_PARTS, PackedModel

RANK = 8
STRENGTH = 2.0
WEIGHTS = ("q", "k", "v", "ao", "fi", "fo")
TOKENS_AT_ONCE = 2048
ROUNDED_TO = 256  # sizes that return let the processor's kernels be made once


class Network(nn.Module):
    """A BertModel over packed rows; `pairs` are the only parameters that learn.

    The lower half of the layers stays as it is: what they make of a row is computed once.
    """

    def __init__(self, model: PackedModel, seed: int) -> None:
        super().__init__()
        self.shape = model.shape
        self.learning_from = model.shape.layers // 2
        self.fixed = {name: torch.from_numpy(np.array(tensor)) for name, tensor in model.tensors()}
        self.product = {
            name: tensor.to(torch.bfloat16) for name, tensor in self.fixed.items() if name.startswith("encoder")
        }
        source = torch.Generator().manual_seed(seed)
        self.pairs = nn.ParameterDict()
        for layer in range(self.learning_from, model.shape.layers):
            for part in WEIGHTS:
                out, size = self.fixed[tensor_name(layer, part, "weight")].shape
                self.pairs[f"{layer}_{part}_A"] = nn.Parameter(torch.randn(RANK, size, generator=source) / size**0.5)
                self.pairs[f"{layer}_{part}_B"] = nn.Parameter(torch.zeros(out, RANK))

    def adapter(self) -> dict[str, NDArray[np.float16]]:
        """What was learned, as the arrays of an adapter file."""
        arrays = {}
        for layer in range(self.learning_from, self.shape.layers):
            for part in WEIGHTS:
                name = tensor_name(layer, part, "weight")
                arrays[name + DOWN] = self.pairs[f"{layer}_{part}_A"].detach().numpy().astype(np.float16)
                arrays[name + UP] = (self.pairs[f"{layer}_{part}_B"].detach() * STRENGTH).numpy().astype(np.float16)
        return arrays

    def adopt(self, adapter: Adapter) -> None:
        """Take over what was learned before."""
        with torch.no_grad():
            for layer in range(self.learning_from, self.shape.layers):
                for part in WEIGHTS:
                    down, up = adapter.pairs[tensor_name(layer, part, "weight")]
                    self.pairs[f"{layer}_{part}_A"].copy_(torch.from_numpy(down))
                    self.pairs[f"{layer}_{part}_B"].copy_(torch.from_numpy(up) / STRENGTH)

    def lower(self, rows: Sequence[Sequence[int]]) -> list[Tensor]:
        """What the layers that never learn make of rows of token ids: a tensor (tokens, d) a row."""
        made: list[Tensor] = [torch.empty(0)] * len(rows)
        with torch.no_grad():
            for own in batches([len(row) for row in rows]):
                lengths = [len(rows[place]) for place in own]
                packed = self._run(self._embedded([rows[place] for place in own]), lengths, 0, self.learning_from)
                for place, part in zip(own, torch.split(packed, lengths), strict=True):
                    made[place] = part.clone()
        return made

    def upper(self, rows: Sequence[Tensor]) -> Tensor:
        """Vectors (rows, d) of length 1 from what `lower` made; the mean of the tokens of a row."""
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        lengths = [len(rows[place]) for place in order]
        packed = self._run(torch.cat([rows[place] for place in order]), lengths, self.learning_from, self.shape.layers)
        of = torch.repeat_interleave(torch.tensor(order), torch.tensor(lengths))
        summed = torch.zeros(len(rows), self.shape.hidden).index_add(0, of, packed.float())
        return functional.normalize(summed, dim=-1)  # sum and mean point the same way

    def _embedded(self, rows: Sequence[Sequence[int]]) -> Tensor:
        words = torch.tensor([token for row in rows for token in row])
        places = torch.cat([torch.arange(len(row)) for row in rows])
        summed = (
            self.fixed["embeddings.word_embeddings.weight"][words]
            + self.fixed["embeddings.position_embeddings.weight"][places]
            + self.fixed["embeddings.token_type_embeddings.weight"][0]
        )
        return self._levelled(summed, "embeddings.LayerNorm").to(torch.bfloat16)

    def _run(self, packed: Tensor, lengths: Sequence[int], start: int, stop: int) -> Tensor:
        """Run layers over packed rows (tokens, d), their lengths rising."""
        tokens = len(packed)
        packed = functional.pad(packed, (0, 0, 0, -tokens % ROUNDED_TO))
        groups = list(groups_of(lengths))
        for layer in range(start, stop):
            seen = self._attended(layer, packed, groups)
            packed = self._levelled(packed + self._product(layer, "ao", seen), layer_name(layer, "aln"))
            thought = functional.gelu(self._product(layer, "fi", packed))
            packed = self._levelled(packed + self._product(layer, "fo", thought), layer_name(layer, "oln"))
        return packed[:tokens]

    def _attended(self, layer: int, packed: Tensor, groups: Sequence[tuple[Tensor, Tensor, Tensor]]) -> Tensor:
        asked = torch.stack([self._product(layer, part, packed).float() for part in ("q", "k", "v")])
        heads, hidden = self.shape.heads, self.shape.hidden
        made = []
        for places, mask, kept in groups:
            laid = asked[:, places.reshape(-1)].view(3, *places.shape, heads, hidden // heads).transpose(2, 3)
            seen = functional.scaled_dot_product_attention(laid[0], laid[1], laid[2], attn_mask=mask)
            made.append(seen.transpose(1, 2).reshape(-1, hidden)[kept])
        made.append(asked.new_zeros(len(packed) - sum(map(len, made)), hidden))
        return torch.cat(made).to(torch.bfloat16)

    def _product(self, layer: int, part: str, given: Tensor) -> Tensor:
        made = functional.linear(
            given, self.product[tensor_name(layer, part, "weight")], self.product[tensor_name(layer, part, "bias")]
        )
        if layer < self.learning_from:
            return made
        down = self.pairs[f"{layer}_{part}_A"].to(torch.bfloat16)
        up = (self.pairs[f"{layer}_{part}_B"] * STRENGTH).to(torch.bfloat16)
        return made + functional.linear(functional.linear(given, down), up)

    def _levelled(self, given: Tensor, name: str) -> Tensor:
        weight, bias = (self.fixed[f"{name}.{side}"].to(given.dtype) for side in ("weight", "bias"))
        return functional.layer_norm(given, (self.shape.hidden,), weight, bias, self.shape.epsilon)


def layer_name(layer: int, part: str) -> str:
    """The name of a part of a layer in a BertModel."""
    return f"encoder.layer.{layer}.{LAYER_PARTS[part]}"


def tensor_name(layer: int, part: str, side: str) -> str:
    """The name of a tensor in a BertModel."""
    return f"{layer_name(layer, part)}.{side}"


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of rows, shortest first, in batches of at most TOKENS_AT_ONCE tokens (or one row)."""
    batch: list[int] = []
    tokens = 0
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if batch and tokens + lengths[place] > TOKENS_AT_ONCE:
            yield batch
            batch, tokens = [], 0
        batch.append(place)
        tokens += lengths[place]
    if batch:
        yield batch


def groups_of(lengths: Sequence[int]) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Rows of like length side by side: the packed place of each token (rows, longest), a mask, and which are real."""
    starts = [0, *accumulate(lengths)]
    first = 0
    while first < len(lengths):
        last = first
        while last < len(lengths) and lengths[last] <= lengths[first] * 1.5 + 8:
            last += 1
        longest = lengths[last - 1]
        place = torch.arange(longest)[None, :]
        own = torch.tensor(lengths[first:last])[:, None]
        real = place < own
        places = torch.where(real, torch.tensor(starts[first:last])[:, None] + place, 0)
        yield places, real[:, None, None, :], real.reshape(-1).nonzero().squeeze(1)
        first = last
