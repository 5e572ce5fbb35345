"""What somebody says of what we understood: right, wrong, neither, and which words tell how it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.confirmation import confirms, objects, said_instead
from inbox.elsewhere import subject_elsewhere
from inbox.follow_up import Told, read_follow_up
from inbox.same_or_new import same_or_new

RIGHT = [
    "ja", "Ja, dat klopt", "klopt", "Klopt helemaal!", "dat klopt, en onze begroting klopt", "prima", "OK",
    "Hallo, ja dat klopt", "yes, that's right", "all correct", "tak", "zgadza się", "так", "evet", "نعم",
]  # fmt: skip
WRONG = [
    "nee", "Nee hoor", "Nee, wij zitten in Uden", "dit klopt niet", "Er klopt iets niet", "klopt niet helemaal",
    "Het is fout", "Er staat iets fout in", "That is not right", "nie", "nie zgadza się", "ні", "не так",
    "hayır, yanlış", "لا",
]  # fmt: skip
NEITHER = [
    "", "Oss", "weet ik niet", "Ja klopt, maar het gaat ook om geld", "De begroting klopt niet",
    "Er is niet genoeg geld", "misschien",
]  # fmt: skip


@pytest.mark.parametrize(("said", "texts"), [(True, RIGHT), (False, WRONG), (None, NEITHER)])
def test_right_wrong_or_neither(said: bool | None, texts: list[str]) -> None:
    assert {text: confirms(text) for text in texts} == dict.fromkeys(texts, said)


def test_a_budget_that_does_not_add_up_is_no_objection() -> None:
    assert not objects("Onze begroting klopt niet.")
    assert objects("Dat klopt niet: onze begroting sluit.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We zitten niet in Vessem maar in Helmond.", "in Helmond."),
        ("Dat klopt niet: onze begroting sluit wel.", "onze begroting sluit wel."),
        ("Nee, wij zitten in Uden", "wij zitten in Uden"),
        (
            "Het gaat niet alleen om geld maar ook om de statuten",
            "Het gaat niet alleen om geld maar ook om de statuten",
        ),
        ("Nee", ""),
    ],
)
def test_how_it_is_stands_behind_what_is_wrong(text: str, words: str) -> None:
    assert said_instead(text) == words


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_failure(text: str) -> None:
    assert confirms(text) in (True, False, None)
    assert said_instead(text) in text
    same_or_new(text)
    subject_elsewhere(text)
    assert isinstance(read_follow_up(text, ("helped", "phase", "next")), Told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hoort erbij", "same"), ("dezelfde", "same"), ("Geen nieuwe vraag, hoort bij de vorige", "same"),
        ("nieuw", "new"), ("Dit is een andere vraag", "new"), ("ta sama", "same"), ("nowa", "new"), ("те саме", "same"),
        ("нове", "new"), ("aynı", "same"), ("yeni", "new"), ("نفسه", "same"), ("جديد", "new"), ("same", "same"),
        ("new", "new"), ("ja", None), ("", None),
    ],
)  # fmt: skip
def test_same_or_new(text: str, said: str | None) -> None:
    assert same_or_new(text) == said


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Mijn paspoort is verlopen", "papers"), ("De lantaarnpaal is kapot", "street"), ("Ik zoek een baan", "work"),
        ("Hoe vraag ik subsidie aan?", "subsidy"), ("Kan ik een huurwoning krijgen?", "housing"),
        ("Mijn moeder heeft thuiszorg nodig", "care"), ("Ik wil me inschrijven bij de KvK", "business"),
        ("Ik heb schulden en zoek een baan", "debt"), ("Er is ingebroken, bel de politie", "danger"),
        ("Our policy on members", "unknown"), ("Hallo", "unknown"),
    ],
)  # fmt: skip
def test_what_another_should_answer(text: str, subject: str) -> None:
    assert subject_elsewhere(text) == subject


@pytest.mark.parametrize(
    ("text", "helped"),
    [
        ("ja", "yes"), ("nee", "no"), ("Ja, we zijn er erg mee geholpen", "yes"), ("een beetje", "partly"),
        ("nog niet echt geholpen", "partly"), ("we hebben er niets aan gehad", "no"), ("weet ik niet", None),
        ("trochę", "partly"), ("biraz", "partly"), ("трохи", "partly"), ("قليلًا", "partly"),
    ],
)  # fmt: skip
def test_whether_it_helped(text: str, helped: str | None) -> None:
    assert read_follow_up(text, ("helped",)).helped == helped


def test_the_answers_after_an_introduction_by_number() -> None:
    told = read_follow_up("1. deels\n2. 4\n3. We zoeken iemand voor de statuten", ("helped", "phase", "next"))
    assert told == Told("partly", 4, "We zoeken iemand voor de statuten")
    assert read_follow_up("fase 3", ("phase",)).phase == 3
    assert read_follow_up("weet ik niet", ("phase",)).not_known == ("phase",)
