"""Contact details go to an expert only after a clear yes: a question, a condition or a "maybe" is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.asked import read_reply
from inbox.consent import consent_among_answers, consent_answer, consent_in

# Told without being asked


@pytest.mark.parametrize(
    "text",
    [
        "Jullie mogen mijn gegevens delen met een expert.",
        "Je mag mijn naam en mailadres doorgeven.",
        "Mijn gegevens doorgeven is prima.",
        "You may share my details with an expert.",
        "You can pass my e-mail address on.",
        "Wij zoeken iemand voor de begroting. Onze contactgegevens mogen jullie doorsturen. Groet",
    ],
)
def test_a_permission_in_so_many_words_counts(text: str) -> None:
    assert consent_in(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil mijn gegevens niet delen.",
        "Liever mijn mailadres niet doorgeven.",
        "Geef mijn naam aan niemand, dus niet doorgeven.",
        "Please don't share my details.",
        "Jullie mogen mijn gegevens delen. Toch liever mijn naam niet doorgeven.",
    ],
)
def test_a_refusal_outweighs_everything(text: str) -> None:
    assert consent_in(text) is False
    assert consent_among_answers(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mogen jullie mijn gegevens delen?",
        "Met wie mogen jullie mijn naam delen?",
        "Ik moet eerst vragen of we onze gegevens mogen delen.",
        "Mijn gegevens delen mag, mits ik hoor met wie.",
        "You may share my details if I hear with whom.",
        "Misschien mogen jullie mijn naam doorgeven.",
        "We willen onze kennis graag delen met andere wijken.",
        "We delen het gebouw met de buurt, dat mag van de gemeente.",
        "Neem graag contact op. Mijn gegevens staan onderaan.",
        "Jullie mogen ons altijd bellen.",
        "Wij zoeken contact met een expert. Ja, graag hulp dus.",
        "Wij geven onze buurt graag een naam.",
    ],
)
def test_anything_less_says_nothing(text: str) -> None:
    assert consent_in(text) is None


# Answered to our question


@pytest.mark.parametrize(
    "text",
    [
        "Ja", "ja, dat mag", "Ja graag!", "Ja, doe maar.", "Doe maar", "Dat mag", "Mag", "Is goed", "Prima.",
        "Prima hoor", "Oké!", "ok", "Akkoord", "Graag!", "Natuurlijk.", "Geen bezwaar", "Ja, geen probleem.",
        "No problem", "Yes please", "Sure.", "Ja hoor, deel maar", "Jullie mogen het doorgeven.",
        "Ja. Is er nog iets wat ik moet doen?",
        "Ja\n\nMet groet,\nde secretaris",
    ],
)  # fmt: skip
def test_a_clear_yes_is_a_yes(text: str) -> None:
    assert consent_answer(text) is True
    assert read_reply(text, ("consent",)).consent is True


@pytest.mark.parametrize(
    "text",
    [
        "Nee", "nee, liever niet", "Liever niet.", "Dat mag niet", "Jullie mogen mijn gegevens niet doorgeven.", "No",
        "No thanks", "Niet doen", "Zeker niet!", "Nee, geen bezwaar", "Ik wil mijn naam niet delen.",
    ],
)  # fmt: skip
def test_a_no_is_a_no(text: str) -> None:
    assert consent_answer(text) is False
    assert read_reply(text, ("consent",)).consent is False


@pytest.mark.parametrize(
    "text",
    [
        "", "Misschien", "Ja?", "Ja, maar eerst bellen", "Ja, als de expert uit Oss komt", "Ja, mits het veilig is",
        "Ja, maar niet mijn nummer", "Ja, prima. Ik moet wel eerst overleggen.", "Yes, but only my e-mail",
        "Yes, if you call me first", "Graag iets meer informatie", "Goed om te weten", "Graag gedaan!",
        "Ik overleg het met het bestuur", "Dank je wel", "Welke expert is dat?", "Jaarlijks", "Goedemorgen",
        "Hangt ervan af", "Ja, tenzij het geld kost",
    ],
)  # fmt: skip
def test_doubt_is_never_a_yes(text: str) -> None:
    assert consent_answer(text) is None
    assert read_reply(text, ("consent",)).consent is None


def test_among_other_answers_only_a_sentence_about_passing_on_counts() -> None:
    assert consent_among_answers("De begroting sluit. Ja, delen mag.") is True
    assert consent_among_answers("De begroting sluit. Nee, niet delen.") is False
    assert consent_among_answers("Ja, de begroting sluit.") is None
    assert consent_among_answers("Ja, delen mag. Nee, toch niet delen.") is False
    assert consent_among_answers("Wij delen het gebouw met anderen, dat mag.") is None


def test_in_a_numbered_answer_the_last_word_on_the_question_counts() -> None:
    asked = ("municipality", "consent")
    assert read_reply("1. Oss\n2. ja", asked).consent is True
    assert read_reply("1. Oss\n2. ja, maar eerst bellen", asked).consent is None
    assert read_reply("2. ja\n2. nee, toch niet", asked).consent is False


def test_who_was_not_asked_gives_no_consent() -> None:
    assert read_reply("Ja, jullie mogen mijn gegevens delen.", ("budget",)).consent is None


@given(st.text("ja mgnetdlo,"))
def test_a_first_sentence_that_asks_is_no_yes(text: str) -> None:
    assert consent_answer(f"Ja {text}?") is not True
