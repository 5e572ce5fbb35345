"""The network of heads that tells from vectors what a message is labelled with, while the language model learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.learning.fitting import together
from bot.learning.labels import Labels
from inbox.kind import KINDS
from inbox.learned_facts import FACT_VALUES

REACH = 20.0  # vectors of texts lie close together; this pulls them apart
FORGETTING = 0.1
SMOOTHING = 0.03  # labellers err as well
KINDS_WORTH, FACTS_WORTH = 0.7, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Vectors of messages with their labels; `of` tells which message a part belongs to."""

    parts: Tensor
    wholes: Tensor
    of: Tensor
    part_labels: Tensor
    labels: Tensor
    kinds: Tensor
    marks: Tensor
    told: tuple[Tensor, ...]
    by_rule: tuple[Tensor, ...]

    @classmethod
    def labelled(cls, labels: Labels, places: Sequence[int], parts: Tensor, wholes: Tensor) -> Batch:
        """The labels of some messages beside their vectors."""
        chosen = np.asarray(places)
        first = np.searchsorted(labels.of, chosen)
        last = np.searchsorted(labels.of, chosen, side="right")
        rows = np.concatenate([np.arange(start, stop) for start, stop in zip(first, last, strict=True)])
        return cls(
            parts=parts,
            wholes=wholes,
            of=torch.from_numpy(np.repeat(np.arange(len(chosen)), last - first)),
            part_labels=torch.from_numpy(labels.part_labels[rows]),
            labels=torch.from_numpy(labels.labels[chosen]),
            kinds=torch.from_numpy(labels.kinds[chosen]),
            marks=torch.from_numpy(labels.marks[chosen]),
            told=tuple(torch.from_numpy(labels.told[name][chosen]) for name in FACT_VALUES),
            by_rule=tuple(torch.from_numpy(labels.by_rule[name][chosen]) for name in FACT_VALUES),
        )


class Heads(nn.Module):
    """Needs, kinds and facts from the vectors of sentences, of the whole, and from what can be counted."""

    def __init__(self, labels: Labels, part_centre: Tensor, whole_centre: Tensor) -> None:
        super().__init__()
        size, needs = len(part_centre), len(labels.codes)
        self.part_centre, self.whole_centre = part_centre, whole_centre
        self.parts, self.wholes = nn.Linear(size, needs), nn.Linear(size, needs)
        self.kind_parts, self.kind_wholes = nn.Linear(size, len(KINDS), bias=False), nn.Linear(size, len(KINDS))
        self.kind_marks = nn.Linear(labels.marks.shape[1], len(KINDS), bias=False)
        values = [len(values) for values in FACT_VALUES.values()]
        self.fact_parts = nn.ModuleList([nn.Linear(size, count, bias=False) for count in values])
        self.fact_wholes = nn.ModuleList([nn.Linear(size, count) for count in values])
        self.fact_rules = nn.ModuleList([nn.Linear(count, count, bias=False) for count in values])
        for weights in self.parameters():
            nn.init.zeros_(weights)
        nn.init.constant_(self.parts.bias, -3.0)
        nn.init.constant_(self.wholes.bias, -2.0)

    def learning(self) -> list[nn.Parameter]:
        """The weights that learn."""
        return list(self.parameters())


def loss_of(heads: Heads, batch: Batch) -> Tensor:
    """How far the heads are from the labels of a batch, a message."""
    parts = functional.dropout((batch.parts - heads.part_centre) * REACH, FORGETTING, heads.training)
    wholes = functional.dropout((batch.wholes - heads.whole_centre) * REACH, FORGETTING, heads.training)
    errors = _needs_errors(heads, batch, parts, wholes)
    odds = (
        together(heads.kind_parts(parts), batch.of, len(wholes))
        + heads.kind_wholes(wholes)
        + heads.kind_marks(batch.marks)
    )
    errors = errors + KINDS_WORTH * functional.cross_entropy(
        odds, batch.kinds, reduction="sum", label_smoothing=SMOOTHING
    )
    facts = zip(heads.fact_parts, heads.fact_wholes, heads.fact_rules, batch.told, batch.by_rule, strict=True)
    for own_parts, own_wholes, own_rules, told, by_rule in facts:
        odds = together(own_parts(parts), batch.of, len(wholes)) + own_wholes(wholes) + own_rules(by_rule)
        errors = errors + FACTS_WORTH * functional.cross_entropy(odds, told, reduction="sum")
    return errors / len(wholes)


def _needs_errors(heads: Heads, batch: Batch, parts: Tensor, wholes: Tensor) -> Tensor:
    """Each sentence for itself, all together, and the whole message: half, half and a quarter."""
    scored, whole = heads.parts(parts), heads.wholes(wholes)
    known = ~torch.isnan(batch.part_labels[:, 0])
    both = together(scored, batch.of, len(wholes)) + whole
    return (
        _yes_no(scored[known], batch.part_labels[known]) / 2
        + _yes_no(both, batch.labels) / 2
        + _yes_no(whole, batch.labels) / 4
    )


def _yes_no(odds: Tensor, labels: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(odds, labels, reduction="sum")
