"""What only a chat brings, through the whole pipeline: commands, groups, voice, files, edits, forwards, languages."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from bot import flow
from bot.store import cases, chats, letters, messages
from bot.store.letters import KeptLetter
from bot.story import Story
from tests.mails import COMPLETE, INCOMPLETE
from tests.telegram_updates import GROUP, SAM, Json, file, message, stored

SENDER = "telegram:77"
numbers = itertools.count(1)


def arrives(story: Story, body: Json, kind: str = "message", files: list[Json] | None = None) -> list[KeptLetter]:
    """An update comes in; returns the chat letters that were written because of it."""
    before = {letter.id for letter in letters.with_state(story.db, "waiting")}
    number = next(numbers)
    raw = stored(body, kind, files=files, update_id=number)
    messages.keep_raw(
        story.db,
        raw,
        channel="chat",
        account="telegram:4200",
        external_id=f"telegram:4200:{number}",
        envelope_sender=None,
        now=story.now,
    )
    while flow.process_one_message(story.db, story.wiring, story.shelf, story.now):
        pass
    assert messages.counts_by_state(story.db).keys() == {"handled"}
    found = letters.with_state(story.db, "waiting")
    return [letter for letter in found if letter.id not in before and letter.channel == "chat"]


def says(story: Story, text: str, **fields: Any) -> list[KeptLetter]:
    return arrives(story, message(text, **fields))


def outcome(story: Story) -> str:
    return messages.newest(story.db).outcome


def templates(written: list[KeptLetter]) -> list[str]:
    return [letter.template for letter in written]


@pytest.mark.parametrize("text", ["/start", "/help", "/start xyz", "/onbekend"])
def test_a_greeting_explains(story: Story, text: str) -> None:
    (letter,) = says(story, text)
    assert (letter.template, letter.recipient, letter.language) == ("chat_welcome", SENDER, "nl")
    assert "/vraag" in letter.text
    assert "wis mijn gegevens" in letter.text, "the first contact tells what we keep"
    assert cases.of_initiator(story.db, SENDER) == []


@pytest.mark.parametrize(("code", "language"), [("pl", "pl"), ("uk", "uk"), ("en-GB", "en"), ("de", "nl, en")])
def test_a_command_without_words_is_answered_in_the_language_of_the_telephone(
    story: Story, code: str, language: str
) -> None:
    (letter,) = says(story, "/status", **{"from": {**SAM, "language_code": code}})
    assert (letter.template, letter.language) == ("status", language)


def test_a_question_behind_its_command_is_a_new_question(story: Story) -> None:
    assert templates(says(story, "/vraag")) == ["chat_ask"]
    assert templates(says(story, f"/vraag {INCOMPLETE}")) == ["understood"]
    assert templates(says(story, f"/vraag@mixmatch_bot {COMPLETE}")) == ["confirmation"]
    assert [case.state for case in cases.of_initiator(story.db, SENDER)] == ["proposed", "asking"]


def test_commands_go_the_way_of_words(story: Story) -> None:
    says(story, COMPLETE)
    assert templates(says(story, "/status")) == ["status"]
    assert templates(says(story, "/gegevens wis alles")) == ["erasure"]
    assert "wissen" in letters.of_case(story.db, 1)[-1].text
    assert templates(says(story, "/stop")) == ["withdrawn"]
    assert [case.state for case in cases.of_initiator(story.db, SENDER)] == ["withdrawn"]


def test_bare_answers_in_a_chat_are_answers(story: Story) -> None:
    says(story, INCOMPLETE)
    for text in ("Oss", "De begroting sluit", "Nee, geen subsidie van de provincie"):
        says(story, text)
    (case,) = cases.of_initiator(story.db, SENDER)
    assert case.state == "proposed"
    assert (case.facts.municipality, case.facts.budget) == ("Oss", "closing")
    assert "buurttuin" in cases.question_of(story.db, case.id)


def test_in_a_group_nothing_personal_is_told(story: Story) -> None:
    says(story, COMPLETE)
    assert says(story, "Hallo buren", chat=GROUP) == []
    assert outcome(story) == "group_overheard"
    for text in ("/status", "/stop", "@mixmatch_bot hoe staat het met onze winkel?"):
        (letter,) = says(story, text, chat=GROUP)
        assert (letter.template, letter.recipient) == ("chat_group", "telegram:-100200")
        assert "https://t.me/mixmatch_bot" in letter.text
        assert not any(word in letter.text for word in ("SV-", "Bewoner", "Vessem", "winkel"))
    assert [case.state for case in cases.of_initiator(story.db, SENDER)] == ["proposed"]


def test_a_voice_message_gets_a_kind_word(story: Story) -> None:
    (letter,) = arrives(story, message(voice={"file_id": "V", "duration": 3}))
    assert "Naar een gesproken bericht kunnen we niet luisteren." in letter.text
    assert outcome(story) == "unread_voice"
    assert cases.of_initiator(story.db, SENDER) == []


def test_a_file_that_did_not_come_is_told_and_the_words_are_heard(story: Story) -> None:
    lost = {"file_id": "F", "name": "b.xlsx", "media_type": "a/b", "problem": "too_big"}
    body = message(caption=COMPLETE, document={"file_id": "F"})
    assert templates(arrives(story, body, files=[lost])) == ["chat_unread", "confirmation"]
    pdf = file(b"%PDF", "plan.pdf", "application/pdf")
    assert templates(arrives(story, message(document={"file_id": "F"}), files=[pdf])) == ["chat_unread"]


def test_a_begroting_as_a_document_is_read_as_in_a_mail(story: Story) -> None:
    says(story, INCOMPLETE)
    sheet = (
        "Inkomsten;\nContributie;1000\nFonds;500\nTotaal inkomsten;1500\n\nKosten;\nGrond;1500\nTotaal kosten;1500\n"
    )
    arrives(story, message(document={"file_id": "F"}), files=[file(sheet.encode())])
    (case,) = cases.of_initiator(story.db, SENDER)
    assert case.facts.sheet is not None
    assert case.facts.budget == "closing"


def test_a_photo_of_a_letter_gets_a_kind_word_and_what_is_written_beside_it_is_heard(story: Story) -> None:
    seen = file(b"JPEG", "brief.jpg", "image/jpeg")
    written = arrives(story, message(caption=INCOMPLETE, photo=[{"file_id": "F1"}]), files=[seen])
    assert templates(written)[0] == "chat_unread"
    assert len(written) == 2
    assert len(cases.of_initiator(story.db, SENDER)) == 1


def test_an_edit_never_opens_a_second_case(story: Story) -> None:
    says(story, COMPLETE)
    edited = arrives(story, message(COMPLETE + "\nPS zonder typfout", edit_date=1_795_000_100), "edited_message")
    assert edited == []
    assert len(cases.of_initiator(story.db, SENDER)) == 1
    assert outcome(story) == "added"


def test_words_that_change_nothing_are_kept_for_who_decides_and_that_is_told(story: Story) -> None:
    says(story, COMPLETE)
    told = says(story, "We hebben trouwens ook al twaalf vrijwilligers.")
    (case,) = cases.of_initiator(story.db, SENDER)
    assert ["bij je vraag gezet" in one.text for one in told] == [True]
    assert "twaalf vrijwilligers" in cases.question_of(story.db, case.id)
    assert case.state == "proposed"


def test_a_forwarded_yes_is_no_consent(story: Story) -> None:
    forwarded = {"forward_origin": {"type": "hidden_user", "sender_user_name": "Iemand", "date": 1}}
    says(story, COMPLETE + "\nJullie mogen mijn naam en mailadres doorgeven.", **forwarded)
    (case,) = cases.of_initiator(story.db, SENDER)
    assert case.consent is None


def test_a_reply_to_a_letter_is_about_its_case(story: Story) -> None:
    says(story, f"/vraag {INCOMPLETE}")
    says(story, f"/vraag {COMPLETE}")
    (first,) = [case for case in cases.of_initiator(story.db, SENDER) if case.state == "asking"]
    quoted = message(f"Hallo,\n\nDossier {first.reference}")
    says(story, "In Oss", reply_to_message=quoted)
    changed = cases.find(story.db, first.id)
    assert changed is not None
    assert changed.facts.municipality == "Oss"


def test_what_a_chat_tells_of_itself_is_kept_and_not_answered(story: Story) -> None:
    change = {"chat": message()["chat"], "from": SAM, "date": 1, "new_chat_member": {"status": "kicked"}}
    assert arrives(story, change, "my_chat_member") == []
    assert outcome(story) == "chat_blocked"
    assert says(story, "", chat={**GROUP, "id": -7}, migrate_to_chat_id=-100200) == []
    assert chats.address_now(story.db, "telegram:-7") == "telegram:-100200"
    assert says(story, "/start", **{"from": {**SAM, "is_bot": True}}) == []
    assert outcome(story) == "automatic"


def test_who_has_a_public_name_can_be_reached_by_it(story: Story) -> None:
    says(story, COMPLETE, **{"from": {**SAM, "username": "bewoner"}})
    (case,) = cases.of_initiator(story.db, SENDER)
    assert (case.reachable_at, case.initiator_name) == ("Telegram @bewoner", "Bewoner")
