"""Fits what sentences tell of a fact, with a small network of one hidden layer; always with the same outcome.

Straight weights on the vectors were not enough: that a budget closes is told by "geld over" and by "niets tekort",
but not by what lies between the two. A sentence is seen twice: as the model reads it, which has learned to listen for
needs, and as it is heard halfway the layers. What is fitted on what is material.py's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bot.learning.fitting import PART_REACH, Floats, Rows, pulled, together

HIDDEN_SIZE, NETWORKS = 64, 3
"""Networks that learned in another order say together what chance made one of them say; side by side they are one."""
ROUNDS, MESSAGES_A_STEP = 8, 64
RATE, FORGETTING = 4e-3, 0.03
DROPPED = 0.3  # the share of what is seen that is left out while learning
WHOLE_WORTH = 0.3  # the whole message says less of a fact than the sentence that tells it
SEED = 20261122


@dataclass(frozen=True, slots=True, eq=False)
class FactFit:
    """Weights on centred vectors: sentences (p, h) with their bias (h,), what is seen in them (h, c), whole messages
    (d, c), what the rules read (c, c), and a bias (c,). A sentence is its vector with that of halfway behind it."""

    part_centre: Floats
    part_weights: Floats
    part_bias: Floats
    value_weights: Floats
    whole_centre: Floats
    whole_weights: Floats
    rule_weights: Floats
    bias: Floats


class _Network(nn.Module):
    """Sentences through a hidden layer, the strongest of them counts; whole messages and rules straight."""

    def __init__(self, size: int, whole_size: int, values: int, source: torch.Generator) -> None:
        super().__init__()
        self.part_weights = nn.Parameter((torch.rand(size, HIDDEN_SIZE, generator=source) * 2 - 1) / size**0.5)
        self.part_bias = nn.Parameter(torch.zeros(HIDDEN_SIZE))
        self.value_weights = nn.Parameter(torch.randn(HIDDEN_SIZE, values, generator=source) * 0.05)
        self.whole_weights = nn.Parameter(torch.zeros(whole_size, values))
        self.rule_weights = nn.Parameter(torch.zeros(values, values))
        self.bias = nn.Parameter(torch.zeros(values))
        self.source = source

    def forward(self, parts: Tensor, of: Tensor, wholes: Tensor, by_rule: Tensor) -> Tensor:
        """The odds (m, c) of each value, some of what is seen left out."""
        seen = functional.relu(self._thinned(parts) @ self.part_weights + self.part_bias)
        told = together(self._thinned(seen) @ self.value_weights, of, len(wholes))
        whole = self._thinned(wholes) @ self.whole_weights * WHOLE_WORTH
        odds: Tensor = told + whole + by_rule @ self.rule_weights + self.bias
        return odds

    def _thinned(self, given: Tensor) -> Tensor:
        # Its own source of chance: two fits beside each other may not draw from the same one.
        kept = torch.rand(given.shape, generator=self.source) >= DROPPED
        return given * kept / (1 - DROPPED)


def fit_fact(rows: Rows, by_rule: Floats, told: NDArray[np.int64], values: int) -> FactFit:
    """Fit a fact of so many values, told (m,) by each message beside what the rules read as marks (m, c)."""
    parts, part_centre, reach = _seen_twice(rows)
    wholes, whole_centre = pulled(rows.wholes, PART_REACH)
    pulled_rows = _Pulled(parts, rows.of, wholes, torch.from_numpy(by_rule), torch.from_numpy(told))
    networks = [_learned(pulled_rows, values, SEED + number) for number in range(NETWORKS)]
    return _as_fit(networks, part_centre, reach, whole_centre)


def _seen_twice(rows: Rows) -> tuple[Tensor, Floats, Floats]:
    """Sentences (p, d + h) pulled apart, their centre, and how far each of the numbers was pulled.

    Halfway the layers the vectors of sentences lie closer together; they are pulled until they lie as far apart.
    """
    parts, part_centre = pulled(rows.parts, PART_REACH)
    halfway, halfway_centre = pulled(rows.halfway, PART_REACH)
    spread = [float(torch.linalg.vector_norm(each)) for each in (parts, halfway)]
    more = spread[0] / spread[1] if spread[1] else 1.0
    reach = np.repeat([PART_REACH, PART_REACH * more], [parts.shape[1], halfway.shape[1]]).astype(np.float32)
    return torch.hstack([parts, halfway * more]), np.concatenate([part_centre, halfway_centre]), reach


@dataclass(frozen=True, slots=True, eq=False)
class _Pulled:
    """Rows pulled apart, with whose each is, beside what the rules read and what is told."""

    parts: Tensor
    of: NDArray[np.int64]
    wholes: Tensor
    by_rule: Tensor
    told: Tensor


def _learned(rows: _Pulled, values: int, seed: int) -> _Network:
    starts = np.searchsorted(rows.of, np.arange(len(rows.wholes) + 1))
    network = _Network(rows.parts.shape[1], rows.wholes.shape[1], values, torch.Generator().manual_seed(seed))
    learning = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=FORGETTING)
    steps = ROUNDS * -(-len(rows.told) // MESSAGES_A_STEP)
    rates = torch.optim.lr_scheduler.OneCycleLR(learning, RATE, total_steps=steps, cycle_momentum=False)
    shuffler = np.random.default_rng(seed)
    for _ in range(ROUNDS):
        order = shuffler.permutation(len(rows.told))
        for start in range(0, len(order), MESSAGES_A_STEP):
            own = order[start : start + MESSAGES_A_STEP]
            places = np.concatenate([np.arange(starts[place], starts[place + 1]) for place in own])
            of = torch.from_numpy(np.repeat(np.arange(len(own)), starts[own + 1] - starts[own]))
            learning.zero_grad()
            odds = network(rows.parts[places], of, rows.wholes[own], rows.by_rule[own])
            functional.cross_entropy(odds, rows.told[own]).backward()  # type: ignore[no-untyped-call]
            learning.step()
            rates.step()
    return network


def _as_fit(networks: Sequence[_Network], part_centre: Floats, reach: Floats, whole_centre: Floats) -> FactFit:
    """The networks side by side as one, which says the mean of what they say."""

    def joined(name: str, how: Callable[[Sequence[Floats]], Floats]) -> Floats:
        return how([getattr(network, name).detach().numpy() for network in networks]).astype(np.float32)

    def mean(given: Sequence[Floats]) -> Floats:
        middle: Floats = np.mean(given, axis=0)
        return middle

    return FactFit(
        part_centre=part_centre,
        part_weights=joined("part_weights", np.hstack) * reach[:, None],
        part_bias=joined("part_bias", np.hstack),
        value_weights=joined("value_weights", np.vstack) / np.float32(len(networks)),
        whole_centre=whole_centre,
        whole_weights=joined("whole_weights", mean) * np.float32(PART_REACH * WHOLE_WORTH),
        rule_weights=joined("rule_weights", mean),
        bias=joined("bias", mean),
    )
