"""All facts of a message together, with evidence, and how a newer message adds to an older one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.facts import Facts, read_facts

MESSAGE = """Beste mensen,

Wij zijn Stichting De Kas en wij koken in Elsendorp voor het hele dorp. De begroting sluit
precies en van de provincie krijgen we niets. We zijn nu ideeën aan het bedenken voor een
tweede keuken. Wie denkt er mee?

Met vriendelijke groet,
de secretaris
"""


def test_all_facts_of_one_message() -> None:
    facts = read_facts(MESSAGE, "tweede keuken")
    assert facts.municipality == "Gemert-Bakel"
    assert facts.province == "Noord-Brabant"
    assert facts.budget == "closing"
    assert facts.provincial_dependence is False
    assert facts.phase == 3
    assert facts.initiative == "Stichting De Kas"
    assert dict(facts.evidence)["municipality"] == "Elsendorp"
    assert all(words in MESSAGE for _, words in facts.evidence)
    assert {name for name, _ in facts.evidence} == {
        "municipality",
        "budget",
        "provincial_dependence",
        "phase",
        "initiative",
    }


@pytest.mark.parametrize(
    "text", ["", " ", "👍", "ja", "nee", "optie b", "hoi hoe is t ermee", "مرحبا", "\x00", "?" * 50]
)
def test_unknown_stays_unknown(text: str) -> None:
    assert read_facts(text) == Facts()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wij zijn stichting De Linde en we zoeken hulp.", "De Linde"),
        ("Ik ben trekker van 'De Schuur', een plek voor iedereen.", "De Schuur"),
        ("Namens Dorpscoöperatie Samen Sterk schrijf ik u.", "Dorpscoöperatie Samen Sterk"),
        ('Ons initiatief heet "\'t Nieuwe Thuis" en loopt goed.', "'t Nieuwe Thuis"),
        ("Wij zijn Stichting De Brug in Boxtel.", "Stichting De Brug"),
        ("Wij zijn dorpsraad Rilland.", None),
        ("Wij zijn een groep ouders.", None),
    ],
)
def test_name_of_the_initiative(text: str, name: str | None) -> None:
    assert read_facts(text).initiative == name


def test_newer_facts_win_and_older_ones_stay() -> None:
    older = read_facts("Wij zitten in Tilburg. Onze begroting sluit niet.")
    newer = read_facts("De begroting is nu rond.")
    merged = older.updated(newer)
    assert (merged.municipality, merged.province, merged.budget) == ("Tilburg", "Noord-Brabant", "closing")
    assert dict(merged.evidence) == {"municipality": "Tilburg", "budget": "De begroting is nu rond."}
    assert older.updated(Facts()) == older
    assert Facts().updated(older) == older


def test_a_newer_municipality_brings_its_own_province() -> None:
    moved = read_facts("Wij zitten in Tilburg.").updated(read_facts("Correctie: wij zitten in Venlo."))
    assert (moved.municipality, moved.province) == ("Venlo", "Limburg")


@given(st.text(max_size=300), st.text(max_size=40))
def test_evidence_is_always_an_exact_substring(text: str, subject: str) -> None:
    facts = read_facts(text, subject)
    assert all(words in text or words in subject for _, words in facts.evidence)


MONEY_TALK = "de het begroting sluit niet geen provincie geld gat tekort 12.000 euro"
MARKS_AND_JOINTS = "Tilburg Best in , . ? : als zonder wij"
WORDS = st.sampled_from(f"{MONEY_TALK} {MARKS_AND_JOINTS}".split())


@given(st.lists(WORDS, max_size=60))
def test_any_order_of_words_can_be_read(words: list[str]) -> None:
    text = " ".join(words)
    facts = read_facts(text)
    assert read_facts(text) == facts
    assert all(evidence in text for _, evidence in facts.evidence)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "begroting ",
        "Tilburg ",
        "in Tilburch ",
        "12.000 ",
        "geld ",
        "? ",
        "geen niet provincie begroting sluit ",
        "Wij komen in Elsendorp 9.000 euro tekort, de provincie betaalt niets en als dat stopt is het over. ",
    ],
)
def test_two_hundred_thousand_characters_are_read_in_seconds(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    read_facts(unit)
    begin = time.process_time()
    read_facts(text, text[:500])
    assert time.process_time() - begin < 12  # linear; what is quadratic takes minutes


def test_a_fact_told_again_is_no_longer_unsure() -> None:
    before = Facts(budget="closing", provincial_dependence=False, unsure=("budget", "provincial_dependence"))
    assert before.updated(Facts(budget="prospect")).unsure == ("provincial_dependence",)
    assert before.updated(Facts(phase=2)).unsure == before.unsure
    assert Facts(budget="closing").updated(Facts(budget="closing", unsure=("budget",))).unsure == ("budget",)


def test_where_no_initiative_speaks_only_place_and_name_are_told() -> None:
    told = read_facts("Dorpshuis De Linde in Mill. Onze begroting sluit en we krijgen niets van de provincie.")
    assert told.budget == "closing"
    kept = told.of_nobody()
    assert (kept.municipality, kept.budget, kept.provincial_dependence) == ("Land van Cuijk", None, None)
    assert {name for name, _ in kept.evidence} <= {"municipality", "initiative"}
