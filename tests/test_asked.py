"""An answer is read in the light of what was asked: by number, by a bare yes or no, and by "weet ik niet"."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reasons import words
from inbox.asked import read_reply
from inbox.facts import Facts

ASKED = ("municipality", "budget", "provincial_dependence", "consent")
ALL_FOUR = ("Oss", "closing", False, True)


def told(text: str, asked: Sequence[str] = ASKED) -> tuple[str | None, str | None, bool | None, bool | None]:
    reply = read_reply(text, asked)
    return (reply.facts.municipality, reply.facts.budget, reply.facts.provincial_dependence, reply.consent)


def one(name: str, text: str) -> object:
    """What an answer to a single question told."""
    reply = read_reply(text, (name,))
    return reply.consent if name == "consent" else getattr(reply.facts, name)


# Numbered answers


@pytest.mark.parametrize(
    "text",
    [
        "1. Oss\n2. ja\n3. nee\n4. ja",
        "1) In Oss.\n2) Ja!\n3) Nee hoor\n4) Ja, dat mag.",
        "1: Oss\r\n2: ja\r\n3: nee\r\n4: ja\r\n",
        "1 - Oss\n2 - ja\n3 - nee\n4 - ja",
        "Vraag 1: Oss\nvraag 2. Ja\nVRAAG 3) nee\nVraag 4: ja",
        "Dag,\n\n  1. Oss\n\n  2. Ja, de begroting sluit\n\n  3. Nee\n\n  4. Ja, graag\n\nGroet",
        "4. ja\n3. nee\n2. ja\n1. Oss",
        "1. Wij zitten\n   in Oss\n2. ja\n3. nee\n4. ja",
        "1. Oss\n2. yes\n3. no\n4. yes, you may share my details",
    ],
)
def test_a_number_says_which_question_is_answered(text: str) -> None:
    assert told(text) == ALL_FOUR
    assert read_reply(text, ASKED).not_known == ()


def test_a_number_belongs_to_the_questions_as_they_were_asked_this_time() -> None:
    assert told("1. nee\n2. ja", ("provincial_dependence", "consent")) == (None, None, False, True)
    assert told("1. nee\n2. ja", ("budget", "provincial_dependence")) == (None, "not_closing", True, None)


def test_a_number_that_was_not_asked_is_left_alone() -> None:
    assert told("1. Oss\n5. ja\n9. nee") == ("Oss", None, None, None)
    assert told("7. nee", ("budget",)) == (None, None, None, None)


def test_a_question_that_is_skipped_stays_open() -> None:
    assert told("1. Oss\n3. nee") == ("Oss", None, False, None)


def test_consent_is_not_read_from_another_questions_answer() -> None:
    assert told("1. We delen een gebouw in Oss, dat mag van de gemeente.\n2. ja\n3. nee")[3] is None
    assert told("1. Oss\n2. Ja, wij delen de kosten.\n3. nee")[3] is None
    assert told("1. Oss\n2. ja\n3. nee. Jullie mogen mijn gegevens delen.")[3] is True


def test_the_evidence_stands_in_the_answer() -> None:
    text = "1. In Den Bosch.\n2. Ja, hij sluit\n3. Nee, niet nodig"
    facts = read_reply(text, ASKED).facts
    assert facts.municipality == "'s-Hertogenbosch"
    assert {name for name, _ in facts.evidence} == {"municipality", "budget", "provincial_dependence"}
    assert all(words and words in text for _, words in facts.evidence)


# Without numbers


def test_one_question_takes_the_whole_answer() -> None:
    assert one("municipality", "Breda") == "Breda"
    assert one("municipality", "in breda.") == "Breda"
    assert one("municipality", "Veghel") == "Meierijstad"
    assert one("budget", "Ja") == "closing"
    assert one("budget", "nee.") == "not_closing"
    assert one("provincial_dependence", "Nee\n\nGroet,\nde penningmeester") is False
    assert one("consent", "Ja hoor") is True


def test_several_questions_take_only_what_is_said_in_so_many_words() -> None:
    assert told("Ja") == (None, None, None, None)
    assert told("ja, nee, ja, ja") == (None, None, None, None)
    text = "We zitten in Oss en de begroting sluit. We hangen niet van de provincie af. Ja, delen mag."
    assert told(text) == ALL_FOUR


@pytest.mark.parametrize(
    "yes", ["ja", "Ja!", "JA", "jawel", "Jazeker", "klopt", "inderdaad", "yes", "yep", "tak", "evet", "نعم", "так"]
)
def test_a_bare_yes(yes: str) -> None:
    assert (one("budget", yes), one("provincial_dependence", yes), one("consent", yes)) == ("closing", True, True)


@pytest.mark.parametrize("no", ["nee", "Nee.", "neen", "zeker niet", "no", "nope", "nie", "hayır", "لا", "ні"])
def test_a_bare_no(no: str) -> None:
    assert (one("budget", no), one("provincial_dependence", no), one("consent", no)) == ("not_closing", False, False)


@pytest.mark.parametrize(
    "doubt", ["Ja?", "Ja, misschien", "Ja, mits het kan", "klopt niet", "Yes, but only later", "Hm", ""]
)
def test_doubt_is_neither(doubt: str) -> None:
    assert (one("budget", doubt), one("provincial_dependence", doubt), one("consent", doubt)) == (None, None, None)


@pytest.mark.parametrize("word", ["jaar", "jammer", "neef", "notaris", "nota", "norm", "takken"])
def test_a_word_that_only_begins_like_it_is_no_answer(word: str) -> None:
    assert (one("budget", word), one("provincial_dependence", word), one("consent", word)) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "ik heb er zicht op",
        "Ik heb er zicht op.",
        "Nog niet, maar we hebben er zicht op",
        "Ja, er is zicht op",
        "Nee, maar er is zicht op.",
        "I expect it will",
        "Dat verwachten we wel",
        "Ik heb zicht op een sluitende begroting.",
    ],
)
def test_the_view_that_our_question_proposes_is_understood(text: str) -> None:
    assert one("budget", text) == "prospect"
    assert told(f"1. Oss\n2. {text}")[1] == "prospect"


@pytest.mark.parametrize("text", ["Er is geen zicht op", "We hebben er nog geen zicht op.", "I don't expect it to"])
def test_no_view_is_not_a_view(text: str) -> None:
    assert one("budget", text) != "prospect"


def test_our_own_question_proposes_words_that_are_read_here() -> None:
    assert "ja, nee, of: ik heb er zicht op" in words("question", "budget")
    assert "yes, no, or: I expect it will" in words("question", "budget", "en")


# Not known


@pytest.mark.parametrize(
    "text",
    [
        "weet ik niet", "Weet ik nog niet.", "Dat weten we niet: geen idee", "geen idee", "onbekend", "I don't know",
        "we do not know", "not sure", "Weet wij niet",
    ],
)  # fmt: skip
def test_not_knowing_is_an_answer(text: str) -> None:
    for name in ("municipality", "budget", "provincial_dependence"):
        reply = read_reply(text, (name,))
        assert (reply.not_known, reply.facts) == ((name,), Facts())
    assert read_reply(f"1. Oss\n3. {text}", ASKED).not_known == ("provincial_dependence",)


def test_not_knowing_whether_to_allow_is_not_allowing() -> None:
    reply = read_reply("4. weet ik niet", ASKED)
    assert (reply.consent, reply.not_known) == (None, ("consent",))
    assert read_reply("4. Ja, al is onbekend met wie", ASKED).consent is None
    assert read_reply("Ja, of nee, ik weet het: geen idee", ("consent",)).consent is None


def test_one_weet_ik_niet_covers_every_fact_that_is_not_told() -> None:
    reply = read_reply("We zitten in Oss. De rest weet ik niet.", ASKED)
    assert reply.facts.municipality == "Oss"
    assert reply.not_known == ("budget", "provincial_dependence")


def test_without_it_nothing_is_called_unknown() -> None:
    assert read_reply("Dank je wel voor je vragen.", ASKED).not_known == ()


# Any text


@given(st.text(), st.lists(st.sampled_from(ASKED), min_size=1, max_size=4, unique=True))
def test_any_text_gives_a_reply_about_what_was_asked(text: str, asked: list[str]) -> None:
    reply = read_reply(text, asked)
    assert set(reply.not_known) <= set(asked)
    assert reply.consent is None or "consent" in asked
    assert all(words in text for _, words in reply.facts.evidence)


def test_a_long_answer_is_read_quickly() -> None:
    text = "1. Oss en dan nog veel meer woorden over ons gebouw \n" * 400
    assert read_reply(text, ASKED).facts.municipality == "Oss"
