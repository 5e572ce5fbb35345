"""Words that say that a question goes on after all, and what looks like them; in a case that had fallen asleep too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brokering import keep_state
from bot.channels.local_box import KeptLetter
from bot.store.database import transaction
from bot.story import Story, letter_to
from inbox.going_on import goes_on
from tests.accepted_cases import turn_of
from tests.mails import INCOMPLETE, SHOP, mail
from tests.proposed_cases import the_case

ON = (
    "We willen graag verder.",
    "We willen graag toch verder met onze vraag.",
    "Ik wil toch doorgaan.",
    "Wij gaan er graag mee door.",
    "Sorry voor de stilte, we willen onze vraag weer oppakken.",
    "Kunt u onze vraag weer openen?",
    "Pak het dossier alsjeblieft weer op.",
    "Kunnen we verder?",
    "We hebben nog steeds hulp nodig.",
    "Nee, we zijn niet gestopt. We gaan verder.",
    "Wij willen niet stoppen.",
    "Jammer dat de vraag is afgesloten, want we willen wel verder.",
    "Graag heropenen.",
    "Ja graag verder",
    "We trekken ons niet terug, we willen door.",
    "We zijn nog geïnteresseerd.",
    "We would like to continue.",
    "Please reopen our question.",
    "We still need help.",
    "Please do not close it.",
    "Chcemy kontynuować.",
    "Devam etmek istiyoruz.",
    "Хочемо продовжити.",
    "نريد المتابعة",
)
NOT_ON = (
    "We gaan niet verder.",
    "We willen niet meer verder met deze vraag.",
    "Stop maar, we hoeven niet verder geholpen te worden.",
    "Hoe gaat het verder?",
    "Hoe staat het met onze vraag?",
    "Is er al nieuws?",
    "Dank je wel voor het bericht.",
    "We stoppen ermee.",
    "We hebben geen hulp meer nodig.",
    "Verder geen vragen.",
    "Verder alles goed.",
    "We zien ervan af.",
    "Fijne dag verder!",
    "We don't want to continue.",
    "We no longer need help.",
    "Nie chcemy kontynuować.",
    "Devam etmek istemiyoruz.",
    "Не хочемо продовжувати.",
    "لا نريد المتابعة",
    "Nee, we willen niet doorgaan.",
    "We hebben inmiddels zelf iemand gevonden en gaan met haar verder.",
    "Wij gaan zelf verder, bedankt.",
    "Bedankt, we redden het verder zelf wel.",
    "Trek onze vraag maar in, wij gaan zonder jullie verder.",
    "U kunt de vraag weer sluiten.",
)


@pytest.mark.parametrize("text", ON)
def test_going_on_is_heard(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize("text", NOT_ON)
def test_stopping_asking_and_thanking_are_something_else(text: str) -> None:
    assert not goes_on(text)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert goes_on(text) in (True, False, None)


def test_a_no_beside_an_answer_is_no_end() -> None:
    assert goes_on("De gemeente wil niet verder. We zitten in Oss. De begroting sluit.") is None
    assert goes_on("Nee, we gaan niet verder.") is False


def asleep(story: Story, address: str) -> KeptLetter:
    """Somebody whose case was closed for want of an answer; the letter that they can still answer."""
    letter = letter_to(story.mail_arrives(mail(INCOMPLETE, sender=address, now=story.now)), address)
    with transaction(story.db):
        turn, case = turn_of(story, f"asleep:{address}"), the_case(story, address)
        keep_state(turn, case, "closed")
        turn.note(case, "closed", "bot", "unanswered")
    return letter


@pytest.mark.parametrize("text", ON[:13])
def test_whatever_kind_it_is_taken_for_the_case_goes_on(story: Story, text: str) -> None:
    sent = story.answer(asleep(story, SHOP), text)
    assert the_case(story).state != "closed"
    assert letter_to(sent, SHOP), "and what is missing is asked once more"


@pytest.mark.parametrize("text", [*NOT_ON[:3], *NOT_ON[4:8]])
def test_what_only_looks_like_it_opens_nothing(story: Story, text: str) -> None:
    story.answer(asleep(story, SHOP), text)
    assert the_case(story).state == "closed"
