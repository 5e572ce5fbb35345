"""Only a reason that speaks about the subject, and about nothing else, counts against question and expert."""

import pytest

from inbox.decline_reason import wrong_subject


@pytest.mark.parametrize(
    "reason",
    [
        "no_fit",
        "past niet bij de vraag",
        "Dit past helaas niet bij deze vraag, zij zoeken iemand voor statuten.",
        "verkeerd onderwerp",
        "Een ander vakgebied: hij doet energie.",
        "Dit is niet haar expertise",
        "Daar heeft zij geen verstand van.",
        "Hij weet te weinig van zorgtechnologie.",
        "wrong subject",
        "This is not really her field.",
        "The expert does not fit the question",
    ],
)
def test_the_subject(reason: str) -> None:
    assert wrong_subject(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "too_busy",
        "other_region",
        "conflict",
        "Geen tijd.",
        "te druk op dit moment",
        "Zij is op vakantie tot maart.",
        "Te ver weg voor hem.",
        "Hij is familie van de voorzitter.",
        "Ze kennen elkaar al.",
        "liever iemand anders",
        "past niet bij de vraag en hij is ook nog op vakantie",
        "Niet zijn onderwerp, en te druk.",
        "past niet in mijn agenda",
    ],
)
def test_anything_else_says_nothing(reason: str) -> None:
    assert not wrong_subject(reason)
