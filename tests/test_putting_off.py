"""A promise to answer later is no answer; an answer with a promise beside it is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.putting_off import puts_off


@pytest.mark.parametrize(
    "text",
    [
        "Dank je wel, ik zoek het uit en kom er morgen op terug.",
        "Goede vraag. Dat moet ik even navragen bij de gemeente.",
        "We komen er volgende week op terug.",
        "Ik laat het jullie weten!",
        "Ik vraag het na en laat het je weten. Groeten",
        "Weet ik niet, ik zoek het voor je uit.",
        "I'll find out and get back to you.",
        "Sprawdzę i dam znać.",
        "Я дізнаюся і повідомлю.",
        "Öğrenip size haber vereceğim.",
        "سأسأل وأعود إليكم",
    ],
)
def test_a_promise_is_no_answer(text: str) -> None:
    assert puts_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nee.",
        "Weet ik niet",
        "Dank je wel!",
        "Ja, de gemeente doet mee.",
        "De gemeente doet mee. Over het pand kom ik er morgen op terug.",
        "Ja, de gemeente doet mee en ik zoek de rest nog uit.",
        "De gemeente laat het ons voor de zomer weten.",
        "We zoeken het antwoord op de vraag van de buurt uit in een dialoog met bewoners en ondernemers.",
    ],
)
def test_what_tells_something_is_an_answer(text: str) -> None:
    assert not puts_off(text)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert puts_off(text) in (True, False)
