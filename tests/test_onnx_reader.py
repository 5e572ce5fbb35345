"""The default model gives through ONNX Runtime what the same weights give in float32, for any text and company."""

import sys
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher import e5_compiled
from matcher.adapter import read_adapter, shipped_adapter
from matcher.e5_compiled import open_packed, takes_signed_weights
from matcher.e5_folder import unpacked_folder, whole_folder
from matcher.e5_onnx import eight_bit_product, float_product, layers_graph
from matcher.e5_reader import WORDS, E5Reader, open_e5
from matcher.e5_weights import read_weights
from matcher.encoder import Encoder, packed_e5
from matcher.sentence_reader import open_sentences
from tests import tiny_e5
from tests.adapters import TINY_NAME, adapter

TEXTS = (
    "Wij zoeken geld voor het dak van ons dorpshuis, want de gemeente betaalt maar de helft.",
    "wie kan ons helpen met de statuten vd stichting? groetjes",
    "Our neighbourhood kitchen is looking for a partner.",
    "Wir suchen jemanden, der unsere Satzung prüft.",
    "Nous cherchons un financement pour la toiture du centre.",
    "Buscamos a alguien que nos ayude con el plan de negocio.",
    "Szukamy kogoś, kto pomoże nam rozmawiać z sąsiadami.",
    "Mahalle mutfağımız için bir iş planı yazmak istiyoruz.",
    "نبحث عن تمويل لمركز الحي",
    "Ми шукаємо партнерів для сусідського саду.",
    "Ψάχνουμε χρηματοδότηση για το κέντρο της γειτονιάς.",
    "我们正在为社区中心寻找资金。",
    "हम सामुदायिक केंद्र के लिए धन की तलाश कर रहे हैं।",
    "😀🙏",
    "",
    "€ 12.000, tel. 06-12345678 — zie bijlage 2026/3!!!",
)


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine of each row with the same row of the other."""
    return np.asarray((one * other).sum(axis=1), dtype=np.float32)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "tiny.bin"
    path.write_bytes(tiny_e5.packed())
    return path


@pytest.fixture(scope="module")
def tiny(packed: Path) -> E5Reader:
    return open_packed(packed, packed.parent)


@pytest.fixture(scope="module")
def in_float32(tmp_path_factory: pytest.TempPathFactory) -> E5Reader:
    """The default model with its layers in float32, the rest as it ships."""
    found = packed_e5()
    assert found is not None
    folder = tmp_path_factory.mktemp("float") / "model"
    learned = read_adapter(shipped_adapter())
    whole_folder(folder, lambda aside: e5_compiled.write(found, learned, True, aside, lambda *_: None))
    model = read_weights(found.read_bytes())
    layers = {name: learned.merged(name, one) for name, one in model.tensors(without=e5_compiled.WORD_TABLE)}
    return open_e5(folder, "float32", layers_graph(model.shape, layers, float_product))


def test_vectors_are_nearly_those_of_float32(encoder: Encoder, in_float32: E5Reader) -> None:
    rows = ["query: " + text for text in TEXTS]
    found, wanted = encoder.reader.read_rows(rows), in_float32.read_rows(rows)
    alike = likeness(found.vectors, wanted.vectors)
    assert alike[: TEXTS.index("")].min() > 0.998
    assert alike.min() > 0.99  # the empty text says nothing that could be kept
    assert likeness(found.halfway, wanted.halfway).min() > 0.998
    assert found.sizes.tolist() == wanted.sizes.tolist()


def test_what_tells_texts_apart_is_nearly_that_of_float32(encoder: Encoder, in_float32: E5Reader) -> None:
    rows = ["query: " + text for text in TEXTS[:12]]
    found, wanted = (reader.read_rows(rows).vectors for reader in (encoder.reader, in_float32))
    middle = wanted.mean(axis=0)
    apart, wanted_apart = found - middle, wanted - middle
    lengths = np.linalg.norm(apart, axis=1) * np.linalg.norm(wanted_apart, axis=1)
    assert (likeness(apart, wanted_apart) / lengths).min() > 0.99


def test_the_graph_is_the_model_that_sentence_transformers_reads(packed: Path, tmp_path: Path) -> None:
    model = read_weights(packed.read_bytes())
    folder = tmp_path / "model"
    whole_folder(folder, lambda aside: e5_compiled.write(packed, read_adapter(b""), True, aside, lambda *_: None))
    exact = open_e5(folder, "", layers_graph(model.shape, dict(model.tensors()), float_product))
    torch_reader = open_sentences(str(unpacked_folder(packed, tmp_path)))
    torch_reader.reduced = False
    rows = ["de molen", "", "a", "zzz? " * 100, "de molen, de molen: b"]
    found, wanted = exact.read_rows(rows), torch_reader.read_rows(rows)
    assert found.vectors == pytest.approx(wanted.vectors, abs=1e-3)
    assert found.halfway == pytest.approx(wanted.halfway, abs=1e-3)
    assert found.sizes.tolist() == wanted.sizes.tolist()


def test_a_text_alone_and_in_company_has_the_same_vector(encoder: Encoder) -> None:
    rows = [*TEXTS, "kort", "een langere tekst die de andere doet opvullen " * 6]
    together = encoder.reader.read_rows(rows).vectors
    alone = np.concatenate([encoder.reader.read_rows([row]).vectors for row in rows])
    assert together == pytest.approx(alone, abs=1e-3)


def test_a_long_text_is_read_to_its_end_in_windows(tiny: E5Reader) -> None:
    text = "de molen " * 500
    sizes = [len(window.ids) for batch in tiny.batches([text]) for window in batch]
    assert max(sizes) == tiny_e5.POSITIONS
    assert sum(sizes) == len(tiny.pieces.read(text)) + 2 * len(sizes)
    short, other = tiny.read_rows(["de molen " * 500, "de molen " * 500 + "zzz? " * 500]).vectors
    assert float(short @ other) < 0.999


def test_a_very_long_text_is_read(tiny: E5Reader) -> None:
    found = tiny.read_rows(["x" * 200_000])
    assert np.isfinite(found.vectors).all()
    assert np.isfinite(found.halfway).all()
    assert found.sizes[0] > 100_000


def test_unsigned_weights_for_processors_that_would_overflow_give_the_same(packed: Path, tiny: E5Reader) -> None:
    model = read_weights(packed.read_bytes())
    folder = next(path for path in packed.parent.iterdir() if path.is_dir())
    rows = ["de molen", "abc? de", "molen: x"]
    graphs = (
        layers_graph(model.shape, dict(model.tensors()), eight_bit_product({}, signed)) for signed in (True, False)
    )
    signed, unsigned = (open_e5(folder, "", graph).read_rows(rows).vectors for graph in graphs)
    assert signed == pytest.approx(unsigned, abs=1e-6)
    assert likeness(unsigned, tiny.read_rows(rows).vectors).min() > 0.99


@pytest.mark.parametrize(
    ("machine", "flags", "signed"),
    [
        ("x86_64", "flags : sse2 avx2", False),
        ("x86_64", "flags : avx2 avx512f avx512_vnni", True),
        ("AMD64", "flags : avx2 avx_vnni", True),
        ("x86_64", None, False),
        ("aarch64", "Features : asimd", True),
    ],
)
def test_the_processor_decides_how_weights_are_kept(
    machine: str, flags: str | None, signed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if flags is not None:
        (tmp_path / "cpuinfo").write_text(flags)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(e5_compiled, "PROCESSOR", tmp_path / "cpuinfo")
    assert takes_signed_weights() is signed


def test_the_name_covers_weights_and_adapter(packed: Path, tiny: E5Reader, tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(tiny_e5.packed(seed=2))
    learned = adapter({TINY_NAME: (np.full((1, 32), 0.2), np.full((32, 1), 0.3))})
    others = [open_packed(tmp_path / "other.bin", tmp_path), open_packed(packed, tmp_path, learned)]
    again = open_packed(packed, tmp_path)
    assert again.name == tiny.name
    assert len({tiny.name, *(other.name for other in others)}) == 3


def test_a_table_that_was_damaged_is_noticed(packed: Path, tmp_path: Path) -> None:
    open_packed(packed, tmp_path)
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    (folder / WORDS).write_bytes((folder / WORDS).read_bytes()[:200])
    with pytest.raises(OSError, match="cut short"):
        open_packed(packed, tmp_path).read_rows(["de molen"])


def test_reading_brings_in_no_other_library_for_models(packed: Path, tiny: E5Reader) -> None:
    del tiny  # it is written: from here on it is only opened
    program = (
        "import sys; from pathlib import Path; from matcher.encoder import Encoder; "
        "from matcher.e5_compiled import open_packed; "
        "reader = open_packed(Path(sys.argv[1]), Path(sys.argv[1]).parent); Encoder(reader).read(['de molen'], [()]); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'onnx', 'safetensors'} & set(sys.modules)))"
    )
    done = run([sys.executable, "-c", program, str(packed)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
