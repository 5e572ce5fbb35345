"""Sentences are cut where a writer ends them, with exact offsets, in mail, chat and other scripts."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.sentences import LONGEST_SENTENCE, split_sentences


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n\n ", []),
        ("Wij zoeken hulp.", ["Wij zoeken hulp."]),
        ("Kan dat? Graag! Bedankt.", ["Kan dat?", "Graag!", "Bedankt."]),
        ("hoi we zoeken hulp. kan dat. groetjes", ["hoi we zoeken hulp.", "kan dat.", "groetjes"]),
        ("Dhr. P. de Vries belt om 10.30 uur.", ["Dhr. P. de Vries belt om 10.30 uur."]),
        ("We leveren bijv. soep, o.a. op maandag.", ["We leveren bijv. soep, o.a. op maandag."]),
        ("Zie blz. 4 en art. 3. Dat is alles.", ["Zie blz. 4 en art. 3.", "Dat is alles."]),
        ("Het huis in St. Anthonis kost ca. 3.500 euro.", ["Het huis in St. Anthonis kost ca. 3.500 euro."]),
        ("Wij (i.o. sinds mei) beginnen klein.", ["Wij (i.o. sinds mei) beginnen klein."]),
        ("Koffie, thee enz. Daarna praten we.", ["Koffie, thee enz.", "Daarna praten we."]),
        ("En dan... ligt het stil.", ["En dan... ligt het stil."]),
        ("En dan... Niemand weet het.", ["En dan...", "Niemand weet het."]),
        ("Is de zorg (Wmo?) geregeld", ["Is de zorg (Wmo?) geregeld"]),
        ("Hij zei: 'Kan niet!' Wij bleven.", ["Hij zei: 'Kan niet!'", "Wij bleven."]),
        ("كيف نبدأ؟ نحن مجموعة جيران.", ["كيف نبدأ؟", "نحن مجموعة جيران."]),
        ("Szukamy pomocy, np. przy budżecie. Dziękujemy!", ["Szukamy pomocy, np. przy budżecie.", "Dziękujemy!"]),
        ("Yardım arıyoruz. Bütçemiz denk.", ["Yardım arıyoruz.", "Bütçemiz denk."]),
        ("Ми шукаємо допомогу. Дякуємо!", ["Ми шукаємо допомогу.", "Дякуємо!"]),
    ],
)
def test_sentence_ends(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_a_wrapped_line_is_no_end_but_a_blank_line_is() -> None:
    text = (
        "Wij zijn een groep bewoners die in het oude schoolgebouw een\n"
        "ontmoetingsplek willen beginnen voor iedereen uit het dorp\n"
        "\n"
        "Daarvoor zoeken we hulp"
    )
    assert len(parts(text)) == 2


def test_a_short_line_is_an_end_of_its_own() -> None:
    assert parts("gemeente: onbekend\nde rest komt morgen") == ["gemeente: onbekend", "de rest komt morgen"]


def test_greeting_and_signature_stand_alone() -> None:
    text = "Beste mensen,\nWij zoeken hulp bij ons plan.\nMet vriendelijke groet,\nde secretaris"
    assert parts(text) == [
        "Beste mensen,",
        "Wij zoeken hulp bij ons plan.",
        "Met vriendelijke groet,",
        "de secretaris",
    ]


@pytest.mark.parametrize("mark", ["-", "•", "*", "–"])
def test_bullets_split(mark: str) -> None:
    text = f"We zoeken:\n{mark} geld\n{mark} mensen die helpen"
    assert parts(text) == ["We zoeken:", f"{mark} geld", f"{mark} mensen die helpen"]


def test_numbers_split_in_lists_and_in_one_line() -> None:
    assert parts("Twee vragen.\n1. Hoe?\n2. Wie?") == ["Twee vragen.", "1. Hoe?", "2. Wie?"]
    assert parts("help met 1) een plan 2) een bestuur") == ["help met", "1) een plan", "2) een bestuur"]


def test_a_text_without_punctuation_is_cut_up() -> None:
    text = "wij willen graag verder, " * 100
    spans = split_sentences(text)
    assert len(spans) > 3
    assert all(end - start <= LONGEST_SENTENCE for start, end in spans)


@given(st.text(alphabet=st.sampled_from("abcDE .,!?\n\t-*1)('\"…؟:éİ>"), max_size=300))
def test_spans_cover_everything_but_white_space(text: str) -> None:
    spans = split_sentences(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(st.text(max_size=200))
def test_any_text_is_split_the_same_way_twice(text: str) -> None:
    assert split_sentences(text) == split_sentences(text)


@pytest.mark.parametrize("unit", ["a", "a ", ". ", "? a\n", "- ", "1. ", "\n", "Dhr. P. de Vries o.a. hier. ", "(a) "])
def test_two_hundred_thousand_characters_take_no_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begin = time.process_time()
    split_sentences(text)
    assert time.process_time() - begin < 2
