"""The packed model file is read whole and right, or refused."""

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher.e5_folder import unpacked_folder
from matcher.e5_weights import Shape, TensorPlace, UnreadableWeights, bert_name, read_weights, unpacked
from tests import tiny_e5


def test_the_sizes_and_the_vocabulary_are_read() -> None:
    model = read_weights(tiny_e5.packed())
    assert replace(model.shape, epsilon=0.0) == Shape(32, 1, 2, 64, len(tiny_e5.PIECES), 64, 2, 0.0)
    assert model.shape.epsilon == pytest.approx(1e-12)
    assert model.pieces.texts == tiny_e5.PIECES
    assert (model.pieces.begin, model.pieces.end, model.pieces.padding, model.pieces.unknown) == (0, 2, 1, 3)


def test_tensors_get_the_names_and_forms_of_a_bert_model() -> None:
    tensors = dict(read_weights(tiny_e5.packed()).tensors())
    assert tensors["embeddings.word_embeddings.weight"].shape == (len(tiny_e5.PIECES), 32)
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (64, 32)
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    assert tensors["encoder.layer.0.output.LayerNorm.bias"].shape == (32,)


def test_a_block_holds_a_scale_and_32_weights_of_four_bits() -> None:
    weights = (np.arange(64, dtype=np.float32) % 15 - 7) * np.float32(0.5)
    body = tiny_e5.in_blocks(weights)
    assert np.array_equal(unpacked(memoryview(body), TensorPlace("x", 64, 0, len(body))), weights)


@pytest.mark.parametrize("cut", [0, 3, 40, 200, 900, -1])
def test_a_file_that_is_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(UnreadableWeights):
        list(read_weights(tiny_e5.packed()[:cut]).tensors())


def test_another_file_is_refused() -> None:
    with pytest.raises(UnreadableWeights):
        read_weights(b"PK\x03\x04" + bytes(500))
    with pytest.raises(UnreadableWeights, match="block size"):
        read_weights(tiny_e5.packed().replace(struct.pack("<i", 32) + struct.pack("<i", len(tiny_e5.PIECES)), bytes(8)))


@pytest.mark.parametrize("name", ["emb.other", "l0.q", "l0.q.x", "lx.q.w", "head.w", ""])
def test_an_unknown_tensor_is_refused(name: str) -> None:
    with pytest.raises(UnreadableWeights):
        bert_name(name)


def test_the_folder_appears_whole_and_only_once(tmp_path: Path) -> None:
    packed = tmp_path / "model.bin"
    packed.write_bytes(tiny_e5.packed())
    steps: list[float] = []
    folder = unpacked_folder(packed, tmp_path / "cache", lambda _, done: steps.append(done))
    assert (folder / "model.safetensors").is_file()
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    again = unpacked_folder(packed, tmp_path / "cache", lambda *_: pytest.fail("unpacked twice"))
    assert again == folder


def test_a_stop_halfway_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    packed = tmp_path / "model.bin"
    packed.write_bytes(tiny_e5.packed())

    def stop(step: str, done: float) -> None:
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unpacked_folder(packed, tmp_path / "cache", stop)
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []
    assert unpacked_folder(packed, tmp_path / "cache").is_dir()


def test_what_a_killed_process_left_behind_is_no_hindrance(tmp_path: Path) -> None:
    packed = tmp_path / "model.bin"
    packed.write_bytes(tiny_e5.packed())
    folder = unpacked_folder(packed, tmp_path / "cache")
    unfinished = folder.with_name(folder.name + ".unfinished")
    folder.rename(unfinished)
    assert unpacked_folder(packed, tmp_path / "cache") == folder
    assert not unfinished.exists()
