"""The encoder gives every text and every part of it a vector that carries the meaning."""

import multiprocessing
import socket
from pathlib import Path

import numpy as np
import pytest

from bot.settings import Settings
from inbox.sentences import split_sentences
from matcher.e5_folder import unpacked_folder
from matcher.encoder import Encoder, ModelNotFound, open_encoder
from tests import tiny_e5

# What the engine that comes with the packed weights itself makes of these texts, as questions; half precision.
REFERENCE = Path(__file__).with_name("e5_reference.npz")
TEXTS = (
    "Wij zoeken geld voor het dak van ons dorpshuis.",
    "Wie kan ons helpen met de statuten van de stichting?",
    "Our neighbourhood kitchen is looking for a partner.",
    "Szukamy kogoś, kto pomoże nam rozmawiać z sąsiadami.",
    "Mahalle mutfağımız için bir iş planı yazmak istiyoruz.",
    "نبحث عن تمويل لمركز الحي",
    "Ми шукаємо партнерів для сусідського саду.",
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """A model of a few kilobytes, loaded from a folder as any other model would be."""
    place = tmp_path_factory.mktemp("tiny")
    (place / "tiny.bin").write_bytes(tiny_e5.packed())
    return open_encoder(str(unpacked_folder(place / "tiny.bin", place)), place)


def test_vectors_agree_with_the_engine_of_the_weights() -> None:
    with np.load(REFERENCE) as arrays:
        wanted = arrays["questions"].astype(np.float32)
    untrained = open_encoder("", Settings().model_cache, adapter=b"")
    found = np.stack([one.whole for one in untrained.read(TEXTS, [()] * len(TEXTS))])
    assert (found * wanted).sum(axis=1).min() > 0.999


def test_a_text_has_one_vector_and_one_for_each_part(encoder: Encoder) -> None:
    text = "Wij zoeken geld voor onze molen. Wie helpt met de statuten? Groet, het bestuur"
    spans = split_sentences(text)
    (found,) = encoder.read([text], [spans])
    assert found.whole.shape == (encoder.dimension,)
    assert found.parts.shape == (len(spans), encoder.dimension)
    assert np.linalg.norm(found.parts, axis=1) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(found.whole) == pytest.approx(1, abs=1e-4)


def test_the_same_meaning_in_two_languages_lies_closest(encoder: Encoder) -> None:
    texts = [
        "Wij zoeken een lening",
        "We are looking for a loan",
        "Er is ruzie in het bestuur",
        "The board is quarrelling",
    ]
    vectors = np.stack([one.whole for one in encoder.read(texts, [()] * 4)])
    likeness = vectors @ vectors.T - 2 * np.eye(4)
    assert likeness.argmax(axis=1).tolist() == [1, 0, 3, 2]


def test_company_in_the_batch_changes_nothing(tiny: Encoder) -> None:
    texts = ["de molen", "", "a", "de molen de molen? " * 60, "😀", "b" * 500]
    together = tiny.read(texts, [()] * len(texts))
    for text, one in zip(texts, together, strict=True):
        tiny.forget()
        (alone,) = tiny.read([text], [()])
        assert alone.whole == pytest.approx(one.whole, abs=2e-2)


def test_questions_and_passages_are_read_in_their_own_way(tiny: Encoder) -> None:
    (question,), (passage,) = tiny.read(["de molen"], [()]), tiny.passages(["de molen"], [()])
    assert abs(float(question.whole @ passage.whole)) < 0.9999


def test_a_text_longer_than_the_model_can_take_is_read_to_its_end(tiny: Encoder) -> None:
    start = "de molen " * 200
    (short,), (long,) = tiny.read([start], [()]), tiny.read([start + "zzz? " * 400], [()])
    assert np.isfinite(long.whole).all()
    assert float(short.whole @ long.whole) < 0.999


def test_nothing_to_read_gives_nothing(tiny: Encoder) -> None:
    assert tiny.read([], []) == []
    (empty,) = tiny.read([""], [()])
    assert np.isfinite(empty.whole).all()
    assert empty.parts.shape == (0, tiny.dimension)


def test_a_sentence_read_before_is_recalled_and_can_be_forgotten(tiny: Encoder) -> None:
    tiny.forget()
    tiny.read(["de molen", "de molen"], [(), ()])
    assert len(tiny.kept) == 1
    tiny.forget()
    assert len(tiny.kept) == 0


def test_the_name_tells_models_and_weights_apart(tiny: Encoder, tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(tiny_e5.packed(seed=2))
    other = open_encoder(str(unpacked_folder(tmp_path / "other.bin", tmp_path)), tmp_path)
    assert other.name != tiny.name


def test_changed_weights_in_a_folder_of_ones_own_change_the_name(tmp_path: Path) -> None:
    names = []
    for seed in (1, 2):
        (tmp_path / "own.bin").write_bytes(tiny_e5.packed(seed))
        folder = unpacked_folder(tmp_path / "own.bin", tmp_path)
        (folder / "identity.txt").unlink()
        names.append(open_encoder(str(folder), tmp_path).name.partition("@")[2])
    assert names[0] != names[1]


def test_loading_says_nothing_and_touches_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    (tmp_path / "tiny.bin").write_bytes(tiny_e5.packed())
    open_encoder(str(unpacked_folder(tmp_path / "tiny.bin", tmp_path)), tmp_path).read(["de molen"], [()])
    assert capfd.readouterr() == ("", "")


def test_a_model_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="nowhere"):
        open_encoder(str(tmp_path / "nowhere"), tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelNotFound, match="empty"):
        open_encoder(str(tmp_path / "empty"), tmp_path)


def test_two_processes_may_unpack_at_once(tmp_path: Path) -> None:
    packed = tmp_path / "tiny.bin"
    packed.write_bytes(tiny_e5.packed())
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=unpacked_folder, args=(packed, tmp_path / "cache")) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len([path for path in (tmp_path / "cache").iterdir() if path.is_dir()]) == 1
