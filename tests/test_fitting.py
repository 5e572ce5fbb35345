"""Weights that are fitted give what the labels say, and words count in them as a plain table of numbers would."""

import numpy as np
import torch
from torch import Tensor

from bot.learning.fitting import Rows, _word_table, _WordOdds, fit_kinds
from inbox.wording import PLACES, Wording, wording

FLAT = Rows(np.zeros((6, 4), np.float32), np.arange(6), np.zeros((6, 4), np.float32), np.zeros((6, 0), np.float32))
"""Six messages whose vectors tell nothing."""
TEXTS = (
    "ik trek mijn vraag in",
    "trek onze aanvraag maar in",
    "we trekken ons in",
    "wie helpt ons met de statuten",
    "hulp gezocht voor een winkel",
    "wie kent een goede expert",
)
KINDS = np.asarray([1, 1, 1, 0, 0, 0])


def words_of(text: str) -> Wording:
    return wording("", text)


def test_words_alone_can_tell_kinds_apart() -> None:
    fit = fit_kinds(FLAT, np.zeros((6, 1), np.float32), KINDS, 2, (0.01, 0.01), [words_of(text) for text in TEXTS])

    unseen = words_of("graag trek ik dit in")
    odds = unseen.weights @ fit.word_weights[unseen.places] + fit.whole_bias

    assert odds[1] > odds[0]


def test_the_sparse_table_of_words_counts_like_a_full_one() -> None:
    table = _word_table([words_of(text) for text in TEXTS])
    weights = torch.randn(PLACES, 3, generator=torch.Generator().manual_seed(1), requires_grad=True)
    again = weights.detach().clone().requires_grad_()
    errors = torch.arange(18.0).reshape(6, 3)

    sparse: Tensor = _WordOdds.apply(weights, table, table.T.tocsr())  # type: ignore[no-untyped-call]
    full = torch.from_numpy(table.toarray()) @ again
    (sparse * errors).sum().backward()  # type: ignore[no-untyped-call]
    (full * errors).sum().backward()  # type: ignore[no-untyped-call]

    assert weights.grad is not None
    assert again.grad is not None
    torch.testing.assert_close(sparse, full)
    torch.testing.assert_close(weights.grad, again.grad)
