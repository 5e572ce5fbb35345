"""An adviser does everything in the linked chat: by buttons, and by the words that a button asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adviser.actions import PRESSED, WORDS_WAIT
from bot.adviser.buttons import OF_PROPOSAL
from bot.store import accounts, offered, pool, proposals
from bot.story import letter_to
from expertise.places import covers
from tests import chat_service
from tests.bot_api import BotApi
from tests.bot_api.chats import Person, Sent
from tests.chat_service import ChatService, somebody
from tests.mails import SHOP
from tests.proposed_cases import FACTS, open_proposal, person, propose, templates, the_case, the_proposal

service = chat_service.service


@pytest.fixture
def adviser(telegram: BotApi, service: ChatService) -> Person:
    """The chat of the adviser who gets the proposals, linked with the mailbox."""
    chat = somebody(telegram, service, "Adviseur")
    story = service.story
    advisers = [one for one in pool.everyone(story.db) if one.role == "adviser"]
    own = next(one for one in advisers if covers(one.regions, FACTS.municipality))
    story.db.execute("UPDATE experts SET active = 0 WHERE role = 'adviser' AND id != ?", [own.id])
    accounts.link(story.db, f"telegram:{chat.id}", own.email, story.now)
    return chat


def proposed(service: ChatService, adviser: Person) -> Sent:
    propose(service.story)
    return service.told(adviser)[-1]


def press(telegram: BotApi, service: ChatService, adviser: Person, sent: Sent, label: str) -> list[Sent]:
    """Press the button whose words begin so, and give what comes back."""
    labels = [button["text"] for row in sent.buttons for button in row]
    place = next(number for number, text in enumerate(labels) if text.startswith(label))
    telegram.presses(adviser, sent.message_id, sent.data[place])
    return service.told(adviser)


def said(telegram: BotApi, service: ChatService, adviser: Person, words: str) -> str:
    telegram.writes(adviser, words)
    return "\n".join(sent.text for sent in service.told(adviser))


def test_every_choice_of_a_proposal_does_something() -> None:
    assert set(PRESSED) == set(OF_PROPOSAL)


def test_the_proposal_has_a_button_for_everything(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    labels = [button["text"] for row in proposed(service, adviser).buttons for button in row]
    assert [label.split(".")[0] for label in labels] == [
        "Ja, ga verder", "2", "3", "Nee", "Wie nog meer?", "Geef door aan een collega", "Vraag iets", "Later",
    ]  # fmt: skip


def test_yes_and_another_number_decide(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    sent = proposed(service, adviser)
    second = offered.of_proposal(service.story.db, open_proposal(service.story).id)[2]
    press(telegram, service, adviser, sent, "2. ")
    chosen = proposals.of_case(service.story.db, the_case(service.story).id)[-1]
    assert (chosen.state, chosen.expert_id) == ("accepted", second)


def test_no_asks_for_a_reason_before_it_decides(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    (asked,) = press(telegram, service, adviser, proposed(service, adviser), "Nee")
    assert open_proposal(service.story).state == "open"
    kept = service.story.db.query("SELECT channel FROM letters WHERE template = 'say_in_words'")
    assert [row["channel"] for row in kept] == ["chat"], "what a button asks stays out of the mailbox"
    press(telegram, service, adviser, asked, "past niet bij de vraag")
    first = proposals.of_case(service.story.db, the_case(service.story).id)[0]
    assert (first.state, first.reason) == ("declined", "no_fit")


def test_no_in_own_words(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    (asked,) = press(telegram, service, adviser, proposed(service, adviser), "Nee")
    press(telegram, service, adviser, asked, "Iets anders")
    said(telegram, service, adviser, "Ja, maar deze collega kent de groep te goed")
    first = proposals.of_case(service.story.db, the_case(service.story).id)[0]
    assert (first.state, first.reason) == ("declined", "Ja, maar deze collega kent de groep te goed")


def test_more_names_and_a_name_that_is_typed(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    (more,) = press(telegram, service, adviser, proposed(service, adviser), "Wie nog meer?")
    (ask,) = press(telegram, service, adviser, more, "Zoek een naam")
    assert "Typ hier een naam" in ask.text
    telegram.writes(adviser, "beld en verhaal")
    (found,) = service.told(adviser)
    assert "Docent beeld en verhaal" in found.text
    assert open_proposal(service.story).state == "open"
    press(telegram, service, adviser, found, found.buttons[0][0]["text"])
    chosen = proposals.of_case(service.story.db, the_case(service.story).id)[-1]
    assert (chosen.state, person(service.story, chosen.expert_id).name) == ("accepted", "Docent beeld en verhaal")


def test_a_question_goes_to_the_initiator(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    press(telegram, service, adviser, proposed(service, adviser), "Vraag iets")
    assert "We vroegen de initiatiefnemer" in said(telegram, service, adviser, "Doet de gemeente mee?")
    asked = letter_to(service.story.go_on(), SHOP)
    assert "Doet de gemeente mee?" in asked.text
    service.story.answer(asked, "Ja, de gemeente doet mee.")
    (answer,) = service.told(adviser)
    assert "Ja, de gemeente doet mee." in answer.text
    press(telegram, service, adviser, answer, "Ja, ga verder")
    assert the_case(service.story).state == "accepted"


def test_words_wait_only_so_long_and_only_once(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    sent = proposed(service, adviser)
    press(telegram, service, adviser, sent, "Vraag iets")
    service.story.later(WORDS_WAIT + timedelta(minutes=1))
    said(telegram, service, adviser, "Doet de gemeente mee?")
    assert "adviser_question" not in templates(service.story)
    press(telegram, service, adviser, sent, "Vraag iets")
    said(telegram, service, adviser, "Doet de gemeente mee?")
    said(telegram, service, adviser, "En hoeveel leden zijn er?")
    assert templates(service.story).count("adviser_question") == 1


def test_a_colleague_takes_over_and_the_buttons_stop(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    sent = proposed(service, adviser)
    service.story.db.execute("UPDATE experts SET active = 1 WHERE role = 'adviser'")
    first = open_proposal(service.story).adviser_id
    (which,) = press(telegram, service, adviser, sent, "Geef door")
    press(telegram, service, adviser, which, which.buttons[0][0]["text"])
    colleague = person(service.story, open_proposal(service.story).adviser_id)
    assert colleague.id != first
    new = the_proposal([one for one in service.story.go_on() if one.recipient == colleague.email])
    assert sent.buttons == []
    assert the_case(service.story).state == "proposed"
    service.story.answer(new, "Ja")
    assert the_case(service.story).state == "accepted"


@pytest.mark.parametrize(
    ("label", "day"), [("Volgende werkdag", "17"), ("Volgende week", "23"), ("Over twee weken", "30")]
)
def test_later_asks_for_a_day_and_confirms_it(
    telegram: BotApi, service: ChatService, adviser: Person, label: str, day: str
) -> None:
    (asked,) = press(telegram, service, adviser, proposed(service, adviser), "Later")
    labels = [button["text"] for row in asked.buttons for button in row]
    assert labels == [
        "Volgende werkdag: dinsdag 17 november",
        "Volgende week: maandag 23 november",
        "Over twee weken: maandag 30 november",
    ]
    (confirmed,) = press(telegram, service, adviser, asked, label)
    assert f"{day} november 2026" in confirmed.text
    assert open_proposal(service.story).state == "open"


def test_a_day_that_passed_since_is_the_next_working_day(
    telegram: BotApi, service: ChatService, adviser: Person
) -> None:
    (asked,) = press(telegram, service, adviser, proposed(service, adviser), "Later")
    service.story.later(timedelta(days=4))  # a Friday
    (confirmed,) = press(telegram, service, adviser, asked, "Volgende werkdag")
    assert "23 november 2026" in confirmed.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [("donderdag", "19 november 2026"), ("3 december", "3 december 2026"), ("ooit", "Er is nog niets besloten")],
)
def test_a_day_may_be_typed(telegram: BotApi, service: ChatService, adviser: Person, typed: str, told: str) -> None:
    press(telegram, service, adviser, proposed(service, adviser), "Later")
    assert told in said(telegram, service, adviser, typed)
    assert open_proposal(service.story).state == "open"


def test_button_and_mail_together_decide_once(telegram: BotApi, service: ChatService, adviser: Person) -> None:
    sent = proposed(service, adviser)
    letter = the_proposal(service.story.go_on())
    telegram.presses(adviser, sent.message_id, sent.data[0])
    service.story.answer(letter, "Nee, te druk")
    service.go()
    states = [one.state for one in proposals.of_case(service.story.db, the_case(service.story).id)]
    assert states == ["declined", "open"]
    assert templates(service.story).count("consent_request") == 0


def test_a_bare_yes_in_the_chat_after_a_list_of_people_is_asked_back(
    telegram: BotApi, service: ChatService, adviser: Person
) -> None:
    press(telegram, service, adviser, proposed(service, adviser), "Wie nog meer?")
    asked = said(telegram, service, adviser, "Ja, graag")
    assert "Er is nog niets besloten" in asked
    assert open_proposal(service.story).state == "open"
    said(telegram, service, adviser, "doe maar nummer 4")
    assert the_case(service.story).state == "accepted"
