"""A chat that is parted from a mailbox: it gets, shows and opens nothing any more, and the owner is told."""

from __future__ import annotations

from bot import accounts
from bot.store import cases, choices, letters, tokens
from bot.story import Story
from tests.channel_talk import all_letters, chat_of, mails, put_before, says, to
from tests.linked_chats import ADVISER, ANNA, adviser_id, link, linked, said
from tests.mails import COMPLETE, INCOMPLETE, SHOP


def test_what_still_waits_for_a_chat_is_not_sent_when_it_is_parted(story: Story) -> None:
    link(story)
    put_before(story, adviser_id(story), question=COMPLETE)
    says(story, ANNA, "/vraag We willen in Oss een buurttuin beginnen en zoeken hulp met onze begroting.")
    (own,) = cases.of_initiator(story.db, chat_of(ANNA))
    blocked = to(all_letters(story.db), chat_of(ANNA))[0]
    letters.mark(story.db, blocked.id, "parked", "telegram_blocked", story.now)
    says(story, ANNA, "/ontkoppel")
    here = to(all_letters(story.db), chat_of(ANNA))
    parted = {letter.template for letter in here if (letter.state, letter.problem) == ("parked", "parted")}
    assert parted == {"proposal"}
    assert {letter.case_id for letter in here if letter.state == "waiting"} == {None, own.id}
    letters.release_unblocked(story.db, chat_of(ANNA), story.now)
    assert {letter.problem for letter in letters.with_state(story.db, "parked")} == {"parted"}
    assert [letter.state for letter in to(all_letters(story.db), ADVISER) if letter.template == "proposal"] == [
        "waiting"
    ]


def test_what_waits_about_a_case_that_goes_home_is_not_sent_to_the_chat(story: Story) -> None:
    mails(story, SHOP, INCOMPLETE)
    link(story, ANNA, SHOP)
    says(story, ANNA, "Hoe staat het met mijn vraag?")
    (case,) = cases.of_initiator(story.db, SHOP)
    says(story, ANNA, "/ontkoppel")
    about = [letter for letter in to(all_letters(story.db), chat_of(ANNA)) if letter.case_id == case.id]
    assert {(letter.state, letter.problem) for letter in about} == {("parked", "parted")}


def test_unlinking_tells_the_owner_and_takes_everything_back(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    link(story, ANNA, SHOP)
    link(story)
    (case,) = cases.of_initiator(story.db, SHOP)
    assert case.initiator == chat_of(ANNA)
    written = says(story, ANNA, "/ontkoppel")
    assert {letter.recipient for letter in written} == {chat_of(ANNA), SHOP, ADVISER}
    assert accounts.addresses_of(story.db, chat_of(ANNA)) == (chat_of(ANNA),)
    (case,) = cases.of_initiator(story.db, SHOP)
    assert (case.initiator, case.channel, case.contact) == (SHOP, "mail", "")
    assert cases.of_initiator(story.db, chat_of(ANNA)) == []
    assert "niets gekoppeld" in said(says(story, ANNA, "/ontkoppel"))


def test_the_owner_of_a_mailbox_parts_it_by_answering_the_letter(story: Story) -> None:
    link(story)
    notice = to(all_letters(story.db), ADVISER)[-1]
    mails(story, ADVISER, "Ontkoppel")
    assert linked(story) == chat_of(ANNA), "a From line alone proves nothing"
    mails(story, "ander@example.org", "ontkoppel", In_Reply_To=notice.message_id)
    assert linked(story) == chat_of(ANNA)
    mails(story, ADVISER, "ontkoppel", In_Reply_To=notice.message_id)
    assert linked(story) is None
    assert to(all_letters(story.db), ADVISER)[-1].subject.startswith("Je mailadres is niet meer gekoppeld")


def test_what_a_parted_chat_still_shows_opens_nothing(story: Story) -> None:
    adviser = next(one for one in story.shelf.current(story.db).experts if one.email == ADVISER)
    link(story)
    put_before(story, adviser.id)
    in_chat = to(all_letters(story.db), chat_of(ANNA))[-1]
    assert in_chat.template == "proposal"
    assert in_chat.reply_token is not None
    assert tokens.find(story.db, in_chat.reply_token) is not None
    says(story, ANNA, "/ontkoppel")
    assert tokens.find(story.db, in_chat.reply_token) is None
    assert choices.open_of_letter(story.db, in_chat.key, story.now) == []
    by_mail = next(each for each in to(all_letters(story.db), ADVISER) if each.template == "proposal")
    assert by_mail.reply_token is not None
    assert tokens.find(story.db, by_mail.reply_token) is not None, "the mail goes on"
