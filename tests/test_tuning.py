"""The model that learns reads texts as the one that ships: what is learned on its vectors holds for the product."""

from pathlib import Path

import numpy as np
import pytest

from bot.learning.cases import read_cases
from bot.learning.labels import labels_of
from bot.learning.tuning import Tuner
from matcher.e5_compiled import open_packed
from matcher.e5_weights import read_weights
from matcher.encoder import Encoder
from tests import tiny_e5

CASES = Path(__file__).parents[1] / "cases"
TEXTS = ("de molen. abc? de x", "molen: de a", "geen delen")
SPANS = (((0, 9), (10, 19)), ((0, 11),), ())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tuner, Encoder]:
    """What learns and what ships, of one small model with random weights."""
    folder = tmp_path_factory.mktemp("tiny")
    packed = folder / "tiny.bin"
    packed.write_bytes(tiny_e5.packed())
    labels = labels_of(read_cases(CASES)[:3], ("funders",))
    return Tuner(read_weights(packed.read_bytes()), labels, (), lambda _: None), Encoder(open_packed(packed, folder))


def test_texts_are_read_alike(both: tuple[Tuner, Encoder]) -> None:
    tuner, encoder = both
    for learning, shipped in zip(tuner.reader(b"")(TEXTS, SPANS), encoder.read(TEXTS, SPANS), strict=True):
        assert learning.whole @ shipped.whole > 0.99
        assert learning.parts.shape == shipped.parts.shape
        assert learning.fact_rows.shape == shipped.fact_rows.shape
        assert learning.halfway is not None
        assert shipped.halfway is not None
        assert np.einsum("rd,rd->r", learning.halfway, shipped.halfway).min() > 0.99
