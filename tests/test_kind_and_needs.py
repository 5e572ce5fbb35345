"""A request asks for something that has a name, a vague one does not: how kind and needs are made to agree."""

import numpy as np
import pytest

from inbox.kind import KINDS
from inbox.needs import Scores
from inbox.understanding import kind_and_needs

SENTENCES = ("Wij zijn een dorpshuis.", "Wie kijkt naar onze statuten?")
CODES = ("governance", "funders")


def scores(governance: float, funders: float) -> Scores:
    """Both topics count from 0.5, and the second sentence shows both best."""
    shown = np.asarray([[0.0, 0.0], [1.0, 1.0]], dtype=np.float32)
    half = np.full(2, 0.5, dtype=np.float32)
    return Scores(CODES, np.asarray([governance, funders], dtype=np.float32), half, shown)


NOTHING_PLAIN = scores(0.0, 0.0)


@pytest.mark.parametrize(
    ("request_", "vague", "found", "plain", "kind", "needs"),
    [
        (0.8, 0.1, scores(0.9, 0.1), NOTHING_PLAIN, "request", ("governance",)),
        (0.8, 0.1, scores(0.6, 0.9), NOTHING_PLAIN, "request", ("funders", "governance")),
        (0.4, 0.5, scores(0.9, 0.1), NOTHING_PLAIN, "request", ("governance",)),  # a clear need: not vague after all
        (0.4, 0.5, scores(0.55, 0.1), NOTHING_PLAIN, "vague_request", ()),
        (0.6, 0.3, scores(0.1, 0.05), scores(0.7, 0.6), "request", ("governance",)),  # plain words, one need is enough
        (0.6, 0.3, scores(0.1, 0.05), scores(0.9, 0.85), "request", ("governance", "funders")),
        (0.6, 0.3, scores(0.2, 0.1), NOTHING_PLAIN, "request", ("governance",)),  # near enough to its threshold
        (0.6, 0.3, scores(0.1, 0.05), NOTHING_PLAIN, "vague_request", ()),
        (0.91, 0.1, scores(0.1, 0.05), NOTHING_PLAIN, "request", ("governance",)),  # surely a request: its likeliest
        (0.89, 0.1, scores(0.1, 0.05), NOTHING_PLAIN, "vague_request", ()),
    ],
)
def test_kind_and_needs_agree(
    request_: float, vague: float, found: Scores, plain: Scores, kind: str, needs: tuple[str, ...]
) -> None:
    chances = np.zeros(len(KINDS), dtype=np.float32)
    chances[:2] = request_, vague
    told = kind_and_needs(chances, (found,), SENTENCES, lambda: plain)
    assert (told[0], tuple(need.code for need in told[2])) == (kind, needs)
    assert all(need.evidence == SENTENCES[1] for need in told[2])
