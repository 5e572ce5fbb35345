"""A button in Telegram decides once, for the one it was meant for, in time; everybody else gets a polite answer.

Played by the parts of the service against a local Bot API server.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import choices
from bot.store.database import transaction
from bot.story import Story
from matcher.proposal import Case
from tests import chat_service
from tests.accepted_cases import accepted_case, case_now, turn_of
from tests.bot_api import BotApi
from tests.bot_api.chats import Person, Sent
from tests.chat_service import ChatService, somebody

service, sam = chat_service.service, chat_service.sam

NOTHING = "Deze knop werkt hier niet"
ANSWERED = "al een antwoord op gekomen"
DECIDED = "intussen al besloten"


def asked(service: ChatService, person: Person, language: str = "nl") -> tuple[Case, Sent]:
    """A case that waits for consent, and the message with its buttons."""
    case = accepted_case(service.story, f"telegram:{person.id}", language=language)
    sent = service.told(person)[-1]
    return case, sent


def consents(story: Story, case: Case) -> list[str]:
    sql = "SELECT detail FROM events WHERE case_id = ? AND event = 'consent'"
    return [row["detail"] for row in story.db.query(sql, [case.id])]


def outcomes(story: Story) -> list[str]:
    return [row["outcome"] for row in story.db.query("SELECT outcome FROM messages ORDER BY id")]


def test_a_press_decides_and_the_buttons_go(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    assert [[button["text"] for button in row] for row in sent.buttons] == [["Ja", "Nee"]]
    assert all(len(data.encode()) <= 64 for data in sent.data)
    press = telegram.presses(sam, sent.message_id, sent.data[0])
    told = service.told(sam)
    now = case_now(service.story, case)
    assert (now.state, now.consent, consents(service.story, case)) == ("introduced", True, ["yes"])
    assert len(press.answers) == 1, "the button stops waiting at once"
    assert told
    assert sent.buttons == [], "what was decided can't be pressed again"
    assert service.reported == []


def test_no_button_carries_or_keeps_a_secret(service: ChatService, sam: Person) -> None:
    _, sent = asked(service, sam)
    rows = [str(row) for table in ("choices", "letters") for row in service.story.db[table].rows]
    assert not any(data in row for data in sent.data for row in rows)


def test_pressed_no(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    telegram.presses(sam, sent.message_id, sent.data[1])
    service.go()
    now = case_now(service.story, case)
    assert (now.state, now.consent) == ("introduced", False)


def test_pressed_by_a_stranger(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    kim = somebody(telegram, service, "Kim")
    telegram.presses(kim, sent.message_id, sent.data[0], forged=True)
    (answer,) = service.told(kim)
    assert NOTHING in answer.text
    assert case.reference not in answer.text
    assert "Bewoner" not in answer.text
    assert case_now(service.story, case).state == "accepted"
    telegram.presses(sam, sent.message_id, sent.data[0])
    service.go()
    assert case_now(service.story, case).consent is True, "the holder's own press counts as before"


def test_a_stranger_hears_in_the_own_language(telegram: BotApi, service: ChatService, sam: Person) -> None:
    _, sent = asked(service, sam)
    kim = somebody(telegram, service, "Kim", language="uk")
    telegram.presses(kim, sent.message_id, sent.data[0], forged=True)
    assert "Ця кнопка тут не працює" in service.told(kim)[0].text


def test_pressed_in_a_forwarded_message(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    kim = somebody(telegram, service, "Kim")
    for person in (kim, sam):
        telegram.presses(person, sent.message_id, sent.data[0], forged=True, forwarded=True)
        (answer,) = service.told(person)
        assert NOTHING in answer.text
        assert case.reference not in answer.text
    assert case_now(service.story, case).state == "accepted"


@pytest.mark.parametrize("forwarded", [True, False])
def test_pressed_in_a_group(telegram: BotApi, service: ChatService, sam: Person, forwarded: bool) -> None:
    case, sent = asked(service, sam)
    group = telegram.group("Buurt", sam)
    telegram.presses(sam, sent.message_id, sent.data[0], chat=group, forged=True, forwarded=forwarded)
    (answer,) = service.told(group)
    assert "In een groep lezen anderen mee" in answer.text
    assert case.reference not in answer.text
    assert case_now(service.story, case).state == "accepted"


def test_pressed_twice(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    data = list(sent.data)
    telegram.presses(sam, sent.message_id, data[0])
    service.go()
    telegram.presses(sam, sent.message_id, data[1], forged=True)
    (answer,) = service.told(sam)
    assert ANSWERED in answer.text
    assert case.reference in answer.text, "the holder may know what it is about"
    assert consents(service.story, case) == ["yes"]
    assert case_now(service.story, case).consent is True


def test_two_at_once(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    data = list(sent.data)
    for each in (data[1], data[0], data[1]):
        telegram.presses(sam, sent.message_id, each)
    told = service.told(sam)
    assert consents(service.story, case) == ["no"], "the first one counts"
    assert sum(ANSWERED in each.text for each in told) == 2
    assert outcomes(service.story)[-3:] == ["consent_refused", "press_used", "press_used"]


def test_the_same_press_delivered_again(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    press = telegram.presses(sam, sent.message_id, sent.data[0])
    service.go()
    telegram.deliver_again(telegram.update_ids()[-1])
    assert service.told(sam) == []
    assert (consents(service.story, case), len(press.answers)) == (["yes"], 1)


def test_pressed_after_the_words_said_it(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    telegram.writes(sam, "Nee, liever niet")
    telegram.presses(sam, sent.message_id, sent.data[0])
    told = service.told(sam)
    assert DECIDED in told[-1].text
    assert (consents(service.story, case), case_now(service.story, case).consent) == (["no"], False)
    assert sent.buttons == []


def test_a_press_while_words_say_the_opposite(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    telegram.presses(sam, sent.message_id, sent.data[0])
    telegram.writes(sam, "Nee, liever niet")
    service.go()
    assert consents(service.story, case) == ["yes"], "the first one counts"
    assert case_now(service.story, case).consent is True


def test_pressed_after_the_case_was_stopped(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    telegram.writes(sam, "/stop")
    service.go()
    assert case_now(service.story, case).state == "withdrawn"
    telegram.presses(sam, sent.message_id, sent.data[0])
    assert DECIDED in service.told(sam)[-1].text
    assert consents(service.story, case) == []


def test_pressed_too_late(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    data = list(sent.data)
    service.story.later(service.story.wiring.settings.proposal_life + timedelta(seconds=1))
    service.go()
    assert sent.buttons == [], "what is too old is taken away"
    telegram.presses(sam, sent.message_id, data[0], forged=True, inaccessible=True)
    (answer,) = service.told(sam)
    assert "Deze knop is te oud" in answer.text
    assert case_now(service.story, case).state == "accepted"


def test_a_message_that_telegram_no_longer_shows_still_counts(
    telegram: BotApi, service: ChatService, sam: Person
) -> None:
    case, sent = asked(service, sam)
    telegram.presses(sam, sent.message_id, sent.data[0], inaccessible=True)
    service.go()
    assert case_now(service.story, case).consent is True


@pytest.mark.parametrize("data", ["x", "0" * 32, "yes", "é" * 20])
def test_a_button_that_was_never_ours(telegram: BotApi, service: ChatService, sam: Person, data: str) -> None:
    case, sent = asked(service, sam)
    telegram.presses(sam, sent.message_id, data, forged=True)
    (answer,) = service.told(sam)
    assert NOTHING in answer.text
    assert outcomes(service.story)[-1] == "press_unknown"
    assert case_now(service.story, case).state == "accepted"


def test_a_press_that_can_no_longer_be_answered_counts(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    press = telegram.presses(sam, sent.message_id, sent.data[0])
    telegram.pass_time(15 * 60)
    service.go()
    assert press.answers == []
    assert case_now(service.story, case).consent is True
    assert service.reported == []


def test_buttons_that_can_not_be_taken_away_stop_nothing(telegram: BotApi, service: ChatService, sam: Person) -> None:
    case, sent = asked(service, sam)
    data = sent.data[0]
    telegram.presses(sam, sent.message_id, data)
    telegram.goes_wrong("flood", 9, methods=frozenset({"editmessagereplymarkup"}))
    service.go()
    telegram.behave()
    assert case_now(service.story, case).consent is True
    assert service.reported == [("chat_buttons_left", "RetryAfter")]
    telegram.presses(sam, sent.message_id, data)
    assert ANSWERED in service.told(sam)[-1].text
    service.story.later(timedelta(minutes=6))
    service.go()
    assert sent.buttons == [], "they are taken away after all"


def test_in_every_language_of_letters(telegram: BotApi, service: ChatService) -> None:
    labels = {"en": ["Yes", "No"], "ar": ["نعم", "لا"], "fr": ["Ja / Yes", "Nee / No"]}
    for number, (language, expected) in enumerate(labels.items()):
        person = somebody(telegram, service, f"Bewoner{number}", language=language)
        _, sent = asked(service, person, language)
        assert [button["text"] for row in sent.buttons for button in row] == expected


def test_a_letter_written_but_not_sent_loses_its_buttons_with_the_decision(
    telegram: BotApi, service: ChatService, sam: Person
) -> None:
    story = service.story
    case = accepted_case(story, f"telegram:{sam.id}")
    with transaction(story.db):
        turn = turn_of(story, "elders")
        choices.close_of_case(turn.db, case.id, ["consent"], turn.now)
    assert [sent.buttons for sent in service.told(sam)] == [[]]
