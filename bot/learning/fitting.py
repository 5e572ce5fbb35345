"""The arithmetic of learning: fits weights to labelled vectors, always with the same outcome; no files, no model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import Tensor
from torch.nn import functional

from inbox.wording import PLACES, Wording

Floats = NDArray[np.float32]

STEPS = 80
PART_REACH, WHOLE_REACH = 20.0, 100.0
"""How far apart vectors are pulled before fitting: they all lie close together. Whole messages lie closest."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Messages as the fits want them: `parts` (p, d) all their sentences, `of` (p,) whose, `wholes` (m, d).

    `halfway` (p, h) is how the model reads the sentences halfway its layers, which only facts are read from.
    """

    parts: Floats
    of: NDArray[np.int64]
    wholes: Floats
    halfway: Floats

    def only(self, chosen: NDArray[np.int64]) -> "Rows":
        """The rows of some messages, in the order given."""
        place = np.full(len(self.wholes), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        kept = place[self.of] >= 0
        return Rows(self.parts[kept], place[self.of[kept]], self.wholes[chosen], self.halfway[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Weights on centred vectors: sentences (d, k), whole messages (d, k), marks (m, k), and what they start from.

    Those on the places of wordings (w, k) have no rows where wordings were not looked at.
    """

    part_centre: Floats
    part_weights: Floats
    part_bias: Floats
    whole_centre: Floats
    whole_weights: Floats
    whole_bias: Floats
    mark_weights: Floats
    word_weights: Floats


def fit_needs(rows: Rows, part_labels: Floats, labels: Floats, looseness: tuple[float, float]) -> Fit:
    """Fit topics: sentences against `part_labels` (p, k), whole messages against `labels` (m, k), both together too.

    A row of `part_labels` that is NaN is not known. `looseness` holds how freely the weights of sentences and of
    whole messages may grow.
    """
    parts, part_centre = pulled(rows.parts, WHOLE_REACH)
    wholes, whole_centre = pulled(rows.wholes, WHOLE_REACH)
    of, wanted = torch.from_numpy(rows.of), torch.from_numpy(labels)
    known = torch.from_numpy(~np.isnan(part_labels[:, 0]))
    told = torch.from_numpy(part_labels)[known]
    shapes = [(parts.shape[1], labels.shape[1]), (labels.shape[1],)] * 2

    def loss(weights: Sequence[Tensor]) -> Tensor:
        part_weights, part_bias, whole_weights, whole_bias = weights
        scored = parts @ part_weights + part_bias
        joined = together(scored, of, len(wanted))
        errors = _yes_no(scored[known], told) + _yes_no(joined, wanted)
        errors = errors + _yes_no(wholes @ whole_weights + whole_bias, wanted)
        return errors + _size(part_weights) / looseness[0] + _size(whole_weights) / looseness[1]

    part_weights, part_bias, whole_weights, whole_bias = _least(loss, shapes)
    none = np.zeros((0, labels.shape[1]), dtype=np.float32)
    return Fit(
        *(part_centre, part_weights * np.float32(WHOLE_REACH), part_bias),
        *(whole_centre, whole_weights * np.float32(WHOLE_REACH), whole_bias, none, none),
    )


def fit_kinds(
    rows: Rows,
    marks: Floats,
    kinds: NDArray[np.int64],
    count: int,
    looseness: tuple[float, float],
    worded: Sequence[Wording] = (),
) -> Fit:
    """Fit `count` kinds that exclude each other; one sentence can be enough to show a kind.

    `marks` is (m, marks); `worded` holds the wording of each message, or nothing.
    """
    parts, part_centre = pulled(rows.parts, PART_REACH)
    wholes, whole_centre = pulled(rows.wholes, WHOLE_REACH)
    of, counted, wanted = torch.from_numpy(rows.of), torch.from_numpy(marks), torch.from_numpy(kinds)
    words = _word_table(worded)
    sizes = (parts.shape[1], wholes.shape[1], marks.shape[1], words.shape[1])
    turned = words.T.tocsr()

    def loss(weights: Sequence[Tensor]) -> Tensor:
        part_weights, whole_weights, mark_weights, word_weights, bias = weights
        odds = together(parts @ part_weights, of, len(wanted)) + wholes @ whole_weights + counted @ mark_weights + bias
        if worded:
            odds = odds + _WordOdds.apply(word_weights, words, turned)  # type: ignore[no-untyped-call]
        errors = functional.cross_entropy(odds, wanted, reduction="sum")
        held = _size(part_weights) / looseness[0] + _size(whole_weights) / looseness[1]
        return errors + held + _size(mark_weights) + _size(word_weights)

    part_weights, whole_weights, mark_weights, word_weights, bias = _least(
        loss, [*((size, count) for size in sizes), (count,)]
    )
    return Fit(
        *(part_centre, part_weights * np.float32(PART_REACH), np.zeros_like(bias)),
        *(whole_centre, whole_weights * np.float32(WHOLE_REACH), bias, mark_weights, word_weights),
    )


class _WordOdds(torch.autograd.Function):
    """What words say: a sparse table (m, w) times weights (w, k). The way of torch takes 12 times as long."""

    @staticmethod
    def forward(ctx: Any, weights: Tensor, words: csr_matrix, turned: csr_matrix) -> Tensor:
        ctx.turned = turned
        return torch.from_numpy(words @ weights.detach().numpy())

    @staticmethod
    def backward(ctx: Any, *errors: Tensor) -> tuple[Tensor, None, None]:
        return torch.from_numpy(ctx.turned @ np.ascontiguousarray(errors[0].numpy())), None, None


def _word_table(worded: Sequence[Wording]) -> csr_matrix:
    """The wordings of messages as a sparse table (m, w); without wordings one without columns."""
    if not worded:
        return csr_matrix(np.zeros((0, 0), dtype=np.float32))
    starts = np.cumsum([0, *(len(own.places) for own in worded)])
    places = np.concatenate([own.places for own in worded])
    return csr_matrix((np.concatenate([own.weights for own in worded]), places, starts), shape=(len(worded), PLACES))


def fit_signs(signs: Floats, labels: Floats) -> tuple[Floats, float]:
    """Fit how signs (n, s) turn into the log odds of yes (n,): a weight a sign and a bias."""
    given, wanted = torch.from_numpy(signs), torch.from_numpy(labels)

    def loss(weights: Sequence[Tensor]) -> Tensor:
        return _yes_no(given @ weights[0] + weights[1], wanted) + _size(weights[0]) / 10

    weights, bias = _least(loss, [(signs.shape[1],), (1,)])
    return weights, float(bias[0])


def sharpest(odds: Floats, kinds: NDArray[np.int64]) -> float:
    """How much to scale log odds (n, k), of messages not learned from, so that they are as sure as they should be."""
    scales = np.geomspace(0.3, 3.0, 47)
    given, wanted = torch.from_numpy(odds), torch.from_numpy(kinds)
    losses = [float(functional.cross_entropy(given * float(scale), wanted)) for scale in scales]
    return float(scales[int(np.argmin(losses))])


def best_thresholds(chances: Floats, labels: Floats) -> Floats:
    """For each topic the probability from which yes gives the best F1; few examples lean on the other topics.

    `chances` and `labels` are (messages, topics), the messages not learned from.
    """
    steps = np.linspace(0.15, 0.60, 46, dtype=np.float32)
    found = np.stack([_confusion(chances >= step, labels) for step in steps])  # (steps, 3, topics)
    leaning = found + found.mean(axis=2, keepdims=True)
    right, wrong, missed = leaning[:, 0], leaning[:, 1], leaning[:, 2]
    scores = 2 * right / np.maximum(2 * right + wrong + missed, 1e-9)
    return np.asarray(steps[scores.argmax(axis=0)], dtype=np.float32)


def sure_enough(chances: Floats, told: NDArray[np.int64], by_rule: NDArray[np.int64], strict: float) -> Floats:
    """For each value of a fact the probability (c,) from which it is believed although the rules read otherwise.

    The one with the best F1 of the value, among those that reach the precision of `strict` on what the rules did not
    read themselves and are likelier than not by some margin; 1.01, never, when none gains. `chances` (m, c) is of
    messages not learned from, `told` (m,) and `by_rule` (m,) the value told and the value that the rules read; the
    first value means not told.
    """
    least = np.full(chances.shape[1], 1.01, dtype=np.float32)
    likeliest = chances[:, 1:].argmax(axis=1) + 1
    for value in range(1, chances.shape[1]):
        best = _value_f1(by_rule == value, told == value)
        for step in np.linspace(0.6, 0.95, 15):
            heard = (likeliest == value) & (chances[:, value] >= step)
            added = heard & (by_rule != value)
            right = (told[added] == value).mean() if added.any() else 0.0
            gained = _value_f1(heard | (by_rule == value), told == value)
            if right >= strict and gained > best:
                best, least[value] = gained, step
    return least


def firm_from(chances: Floats, told: NDArray[np.int64], by_rule: NDArray[np.int64], strict: float) -> Floats:
    """For each value of a fact the lowest probability (c,) from which so many are right, where the rules read
    otherwise; 1.01 when there is none. The arguments are those of `sure_enough`."""
    firm = np.full(chances.shape[1], 1.01, dtype=np.float32)
    likeliest = chances[:, 1:].argmax(axis=1) + 1
    for value in range(1, chances.shape[1]):
        for step in np.linspace(0.95, 0.3, 27):
            added = (likeliest == value) & (chances[:, value] >= step) & (by_rule != value)
            if added.any() and (told[added] == value).mean() < strict:
                break
            firm[value] = step
    return firm


def _value_f1(said: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> float:
    return float(2 * (said & wanted).sum() / max(1, said.sum() + wanted.sum()))


def _confusion(said: NDArray[np.bool_], labels: Floats) -> Floats:
    yes = labels > 0.5
    counts = [(said & yes).sum(axis=0), (said & ~yes).sum(axis=0), (~said & yes).sum(axis=0)]
    return np.stack(counts).astype(np.float32)


def pulled(vectors: Floats, reach: float) -> tuple[Tensor, Floats]:
    """Vectors (n, d) with their mean taken away, so many times as far apart; and that mean (d,)."""
    centre = vectors.mean(axis=0)
    return torch.from_numpy((vectors - centre) * np.float32(reach)), centre


def together(scored: Tensor, of: Tensor, messages: int) -> Tensor:
    """Log of the sum of the exponents of each message's sentences, shape (messages, k)."""
    peak = torch.full((messages, scored.shape[1]), -30.0)
    peak = peak.scatter_reduce(0, of[:, None].expand_as(scored), scored, "amax").detach()
    summed = torch.zeros_like(peak).index_add(0, of, torch.exp(scored - peak[of]))
    return torch.log(summed + 1e-9) + peak


def _yes_no(odds: Tensor, labels: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(odds, labels, reduction="sum")


def _size(weights: Tensor) -> Tensor:
    return (weights * weights).sum() / 2


def _least(loss: Callable[[Sequence[Tensor]], Tensor], shapes: Sequence[tuple[int, ...]]) -> list[Floats]:
    """The weights with the least loss, searched from zero."""
    weights = [torch.zeros(shape, requires_grad=True) for shape in shapes]
    search = torch.optim.LBFGS(weights, max_iter=STEPS, line_search_fn="strong_wolfe")
    threads = torch.get_num_threads()

    def again() -> Tensor:
        search.zero_grad()
        value = loss(weights)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    # One thread: these are many small steps, and so the outcome does not depend on the number of cores.
    torch.set_num_threads(1)
    try:
        search.step(again)  # type: ignore[no-untyped-call]
    finally:
        torch.set_num_threads(threads)
    return [weight.detach().numpy() for weight in weights]
