"""Texts are cut in the same pieces as by the library for tokenizers, with a table that opens in no time."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from matcher.e5_folder import build_tokenizer
from matcher.e5_pieces import WORDS_KEPT, PieceTable, SamePiece, open_pieces, write_pieces
from matcher.e5_weights import Pieces, read_weights
from matcher.encoder import packed_e5
from tests import tiny_e5

CASES = Path(__file__).parent.parent / "cases"
EACH = 10  # one case in ten: every writer and every language is among them
LETTERS = st.characters(exclude_categories=["Cs"])
ODD_TEXTS = (
    "", " ", "   ", " a", "a▁b", "▁", "😀👩‍👩‍👧 🏳️‍🌈", "中文文本 日本語テキスト 한국어", "ไทย देवनागरी",
    "e\u0301 ﬁ ½ Ⅳ\u00a0 \u200b tab\tnl\n\n  x", "\ue000\ue001 \ue002", " ﷺ ", "\u0301", "\x00a\x01b",
    "x" * 3000, "aб" * 50, "İstanbul'da ŞİMDİ ığdır", "ĳsvrij geëmancipeerd",
)  # fmt: skip


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    found = packed_e5()
    assert found is not None
    return read_weights(found.read_bytes()).pieces


@pytest.fixture(scope="module")
def tokenizer(pieces: Pieces) -> Tokenizer:
    return build_tokenizer(pieces)


@pytest.fixture(scope="module")
def table(pieces: Pieces, tmp_path_factory: pytest.TempPathFactory) -> PieceTable:
    return written(pieces, tmp_path_factory.mktemp("pieces"))


def written(pieces: Pieces, folder: Path) -> PieceTable:
    """The table of these pieces, written and opened."""
    write_pieces(pieces, folder)
    return open_pieces(folder, max(map(len, pieces.texts)), pieces.unknown, min(pieces.scores))


def test_the_cases_are_cut_alike(table: PieceTable, tokenizer: Tokenizer) -> None:
    for file in sorted(CASES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines()[::EACH]:
            text = json.loads(line)["text"]
            assert table.read(text) == tokenizer.encode(text, add_special_tokens=False).ids, text


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_are_cut_alike(text: str, table: PieceTable, tokenizer: Tokenizer) -> None:
    assert table.read(text) == tokenizer.encode(text, add_special_tokens=False).ids


@given(text=st.text(LETTERS, max_size=60))
def test_any_text_is_cut_alike(text: str, table: PieceTable, tokenizer: Tokenizer) -> None:
    assert table.read(text) == tokenizer.encode(text, add_special_tokens=False).ids


@given(text=st.text("abcdemolnz:. ?▁q", max_size=40))
def test_letters_that_no_piece_has_are_cut_alike(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    small = read_weights(tiny_e5.packed()).pieces
    found = written(small, tmp_path_factory.mktemp("small"))
    assert found.read(text) == build_tokenizer(small).encode(text, add_special_tokens=False).ids


def test_the_names_of_special_pieces_in_a_text_are_ordinary_letters(table: PieceTable, pieces: Pieces) -> None:
    special = {pieces.begin, pieces.end, pieces.padding}
    assert special.isdisjoint(table.read("<s> een </s> twee <pad><mask>"))


def test_words_read_before_are_remembered_within_bounds(table: PieceTable) -> None:
    first = table.read("molenaarsdochter")
    for number in range(WORDS_KEPT + 10):
        table.known[f"▁{number}x"] = (1,)
    table.read("zqzqzq")
    assert len(table.known) < WORDS_KEPT
    assert table.read("molenaarsdochter") == first


def test_pieces_with_the_same_number_are_refused(tmp_path: Path) -> None:
    twice = Pieces(("<s>", "<pad>", "</s>", "<unk>", "a", "a"), (0, 0, 0, 0, -1, -2), 0, 2, 1, 3)
    with pytest.raises(SamePiece):
        write_pieces(twice, tmp_path)
