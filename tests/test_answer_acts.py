"""What an adviser asks for instead of deciding is understood in natural words, and never mixed up with a decision."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.answer import UNCLEAR, Answer, read_answer
from inbox.when import NEXT_WORKING_DAY, When

MORE = [
    "is er nog iemand anders?", "Is er nog iemand anders", "Zijn er nog anderen?", "Wie zijn er nog meer?",
    "Wie heb je nog meer?", "Heb je nog andere experts?", "Kun je meer namen geven?", "Laat meer namen zien",
    "Hoi, wie heb je nog meer?", "Nee, is er nog iemand anders?", "Goedemorgen,\nGraag meer namen.\nGroet,\nPiet",
    "WIE NOG MEER", "Dank je wel. Zijn er nog anderen?", "Is there anyone else?",
]  # fmt: skip
SEARCH = [
    ("heb je ook iemand van KNHM?", "KNHM"),
    ("Hebben jullie iemand bij Fontys?", "Fontys"),
    ("Kan iemand van KNHM dit doen?", "KNHM"),
    ("Zoek Jan de Vries", "Jan de Vries"),
    ("zoek eens naar Adviseur gegevens delen", "Adviseur gegevens delen"),
    ("Is Jan de Vries een optie?", "Jan de Vries"),
    ("Nee, heb je ook iemand van Avans?", "Avans"),
]
ASK = [
    ("vraag ze eerst of de gemeente meedoet", "of de gemeente meedoet"),
    ("Vraag eerst hoeveel leden ze hebben.", "hoeveel leden ze hebben."),
    ("Kun je ze vragen wat de begroting is?", "wat de begroting is?"),
    ("Vraag de initiatiefnemer: hebben jullie al een gebouw?", "hebben jullie al een gebouw?"),
    ("Wil je de groep vragen of ze al een stichting zijn?", "of ze al een stichting zijn?"),
    ("Mooi initiatief! Vraag ze naar hun begroting.", "naar hun begroting."),
    ("Vraag ze wie er meedoet. Hebben ze al subsidie?", "wie er meedoet. Hebben ze al subsidie?"),
    ("Ik wil eerst weten of de gemeente meedoet", "of de gemeente meedoet"),
    ("Ask them whether the municipality takes part", "whether the municipality takes part"),
]
LATER = [
    ("kom er volgende week op terug", When("weeks", 1)),
    ("Ik kom er morgen op terug.", NEXT_WORKING_DAY),
    ("Ik kom er op terug", NEXT_WORKING_DAY),
    ("later", NEXT_WORKING_DAY),
    ("Liever morgen", NEXT_WORKING_DAY),
    ("herinner me donderdag", When("weekday", 3)),
    ("Vraag het me maandag nog een keer", When("weekday", 0)),
    ("ik laat het over twee weken weten", When("days", 14)),
    ("Ik kijk er 3 augustus naar", When("day_of_year", 803)),
    ("Ik denk er even over na", NEXT_WORKING_DAY),
    ("Remind me tomorrow", NEXT_WORKING_DAY),
]
DOUBT = [
    "Ja, maar vraag ze eerst of de gemeente meedoet", "Ja, vraag ze of de gemeente meedoet",
    "Vraag ze of de gemeente meedoet, dan akkoord", "Vraag ze of de gemeente meedoet. Zo ja, akkoord.",
    "Vraag ze of de gemeente meedoet, anders nummer 2", "Vraag ze of het past, en doe maar nummer 2",
    "Vraag: is er nog iemand anders?", "Vraag het Jan", "Vraag even aan de gemeente of ze meedoet",
    "Vraag me niets meer", "Ja, is er nog iemand anders?", "Mag het ook volgende week?", "Morgen of overmorgen",
    "Ja, donderdag", "Nee, volgende week wel", "Doet de gemeente mee?", "Kom er niet op terug",
    "Zoek het zelf uit", "Is dit een grap?", "Ja, kom er volgende week op terug",
    "Vraag ze of de gemeente meedoet. Groet aan Jan. Akkoord.",
]  # fmt: skip


@pytest.mark.parametrize("text", MORE)
def test_other_names_are_asked_for(text: str) -> None:
    assert read_answer(text) == Answer("other_expert")


@pytest.mark.parametrize(("text", "name"), SEARCH)
def test_a_name_is_looked_up(text: str, name: str) -> None:
    assert read_answer(text) == Answer("search", expert_hint=name)


@pytest.mark.parametrize(("text", "question"), ASK)
def test_a_question_for_the_initiator_keeps_the_advisers_words(text: str, question: str) -> None:
    assert read_answer(text) == Answer("ask", question=question)


@pytest.mark.parametrize(("text", "when"), LATER)
def test_more_time_is_asked_for(text: str, when: When) -> None:
    assert read_answer(text) == Answer("later", when=when)


@pytest.mark.parametrize("text", DOUBT)
def test_doubt_beside_it_is_asked(text: str) -> None:
    assert read_answer(text) == UNCLEAR


SAYINGS = [*MORE, *DOUBT, *(text for text, _ in (*SEARCH, *ASK, *LATER)), "Ja", "Nee", "Nee, te druk", "Akkoord"]
WORDS = sorted({word for text in SAYINGS for word in text.split()})


@given(st.lists(st.one_of(st.sampled_from(SAYINGS), st.sampled_from(WORDS)), max_size=60), st.sampled_from(" \n,"))
@settings(max_examples=300, deadline=None)
def test_any_mixture_is_read_and_a_question_is_never_a_yes(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    answer = read_answer(text)
    assert not (answer.choice == "yes" and "?" in text)
    if answer.choice == "ask":
        assert answer.question
        told = iter(text.split())
        assert all(word in told for word in answer.question.split()), "thanks may fall out; nothing is added or moved"
