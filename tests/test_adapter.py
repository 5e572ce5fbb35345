"""What was learned on top of the base weights is merged into them, or refused when it does not belong to them."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from matcher.adapter import UnreadableAdapter, read_adapter, shipped_adapter
from matcher.e5_compiled import open_packed
from matcher.e5_folder import unpacked_folder
from matcher.sentence_reader import merge, open_sentences
from tests import tiny_e5
from tests.adapters import TINY_NAME, adapter

PAIR = (np.full((1, 32), 0.2), np.full((32, 1), 0.3))


def test_the_product_of_the_pair_is_added() -> None:
    down, up = np.asarray([[1, 2, 3], [0, 1, 0]]), np.asarray([[1, 0], [0, 2]])
    merged = read_adapter(adapter({"w": (down, up)})).merged("w", np.ones((2, 3), dtype=np.float32))
    assert merged.tolist() == [[2, 3, 4], [1, 3, 1]]
    assert merged.dtype == np.float32


def test_other_names_stay_as_they_are() -> None:
    weight = np.ones((2, 3), dtype=np.float32)
    assert read_adapter(adapter({"w": PAIR})).merged("other", weight) is weight
    assert read_adapter(b"").merged("w", weight) is weight


def test_another_shape_is_refused() -> None:
    with pytest.raises(UnreadableAdapter, match="w has another shape"):
        read_adapter(adapter({"w": PAIR})).merged("w", np.ones((2, 3), dtype=np.float32))


@pytest.mark.parametrize(
    "arrays",
    [
        {"w.A": np.ones((1, 3))},
        {"w.B": np.ones((1, 3))},
        {"w.A": np.ones((1, 3)), "w.B": np.ones((3, 2))},
        {"w.A": np.ones(3), "w.B": np.ones(3)},
        {"w": np.ones((3, 3))},
        {"w.A": np.asarray(["a"]), "w.B": np.asarray(["b"])},
    ],
)
def test_arrays_that_are_no_pairs_are_refused(
    arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]],
) -> None:
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    with pytest.raises(UnreadableAdapter):
        read_adapter(file.getvalue())


@pytest.mark.parametrize("data", [b"x", b"PK\x03\x04" + bytes(60)])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableAdapter):
        read_adapter(data)


def test_what_ships_can_be_read() -> None:
    read_adapter(shipped_adapter())


def test_an_adapter_changes_what_the_model_reads_in_both_readers_alike(tmp_path: Path) -> None:
    packed = tmp_path / "tiny.bin"
    packed.write_bytes(tiny_e5.packed())
    random = np.random.default_rng(3)
    learned = adapter({TINY_NAME: (random.normal(size=(4, 32)), random.normal(size=(32, 4)))})
    rows = ["de molen", "abc? de x", "molen: de a"]
    plain = open_packed(packed, tmp_path).read_rows(rows).vectors
    found = open_packed(packed, tmp_path, learned).read_rows(rows).vectors
    through_torch = open_sentences(str(unpacked_folder(packed, tmp_path)))
    merge(through_torch.model, read_adapter(learned))
    wanted = through_torch.read_rows(rows).vectors
    assert (found * plain).sum(axis=1).max() < 0.99
    assert (found * wanted).sum(axis=1).min() > 0.99


def test_an_adapter_of_another_model_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    packed = tmp_path / "tiny.bin"
    packed.write_bytes(tiny_e5.packed())
    for name in ("encoder.layer.7.output.dense.weight", "embeddings.word_embeddings.weight"):
        with pytest.raises(UnreadableAdapter, match=name):
            open_packed(packed, tmp_path, adapter({name: PAIR}))
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
