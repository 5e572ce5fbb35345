"""Many chats at once on the running service and an unmodified client: nothing lost, nothing twice, each in its order.

`MANY_CHATS` sets how many (`make test-long`); what stands in a test is enough to have all of the service busy at once.
"""

from __future__ import annotations

import os

from bot.channels.telegram_form import messages_of
from bot.store import cases, messages
from bot.story import Story
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.channel_talk import all_letters, chat_of
from tests.running_chats import running, write_all

CHATS = int(os.environ.get("MANY_CHATS", "40"))
MOST_SECONDS = 600.0
"""Only so that a test which can't end does end."""
SILENT_SECONDS = 5.0
"""So long a chat waits for an answer of a server that took a message and says nothing."""
QUESTION = """Met de buren van straat {number} beginnen we een buurttuin. Een deel van de straat is boos.
Wie kan ons helpen om een goed gesprek met de buurt te voeren?"""
WORDS = (QUESTION, "Ja, dit klopt. Het is in Oss.", "/status")
ANSWERS = ["understood", "question", "status"]


def words_of(person: Person) -> list[str]:
    """What somebody writes in a row."""
    return [words.format(number=person.id) for words in WORDS]


def everything_arrived(telegram: BotApi, people: list[Person]) -> None:
    """Wait until every chat has its answers."""
    wanted = len(ANSWERS) * len(people)
    telegram.wait_until(lambda: len(telegram.sent()) >= wanted and not telegram.unconfirmed(), MOST_SECONDS)


def check_each_chat(story: Story, telegram: BotApi, people: list[Person]) -> None:
    """All that was said was heard once and in its order, and so was all that was answered, in nobody else's chat."""
    assert messages.counts_by_state(story.db) == {"handled": len(WORDS) * len(people)}
    letters = all_letters(story.db)
    for person in people:
        heard = story.db.query("SELECT text FROM messages WHERE sender = ? ORDER BY id", [chat_of(person.id)])
        assert [row["text"] for row in heard] == [*words_of(person)[:2], ""]
        own = [letter for letter in letters if letter.recipient == chat_of(person.id)]
        assert [letter.template for letter in own] == ANSWERS
        sent = telegram.sent(person)
        assert [each.text for each in sent] == [part.text for letter in own for part in messages_of(letter.html)]
        (case,) = cases.of_initiator(story.db, chat_of(person.id))
        assert all(each.text.count("SV-") == each.text.count(case.reference) for each in sent)
        assert any(case.reference in each.text for each in sent)


def test_many_chats_at_once(story: Story, telegram: BotApi) -> None:
    people = [telegram.person(f"Bewoner {number}") for number in range(CHATS)]
    with running(story.wiring, story.shelf, telegram):
        write_all(telegram, people, words_of)
        everything_arrived(telegram, people)
    check_each_chat(story, telegram, people)
    assert {letter.state for letter in all_letters(story.db)} == {"sent"}


def test_many_chats_while_telegram_is_busy_and_falls_silent(story: Story, telegram: BotApi) -> None:
    people = [telegram.person(f"Bewoner {number}") for number in range(CHATS // 2)]
    busy, silent, broken = people[1], people[2], people[3]
    telegram.flood(times=3, chat=busy)
    telegram.hang(times=1, chat=silent)
    telegram.cut(times=1, chat=broken)
    telegram.goes_wrong("gateway", 1, methods=frozenset({"getupdates"}))
    telegram.flood(times=5)
    with running(story.wiring, story.shelf, telegram, SILENT_SECONDS):
        write_all(telegram, people, words_of)
        everything_arrived(telegram, people)
        telegram.wait_until(lambda: not telegram.faults.planned, MOST_SECONDS)
    check_each_chat(story, telegram, people)
    unsure = [letter for letter in all_letters(story.db) if letter.state != "sent"]
    assert [(letter.recipient, letter.state) for letter in sorted(unsure, key=lambda letter: letter.recipient)] == [
        (chat_of(person.id), "unknown") for person in sorted((silent, broken), key=lambda person: chat_of(person.id))
    ]
