"""A Telegram update becomes one Message: whose words, which command, which chat; and damage is one known error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.chat import UnreadableChat, read_chat
from inbox.message import ChatMarks, Message
from inbox.telegram import MAX_TEXT, UNREAD, files_of, needs_no_reading
from tests.telegram_updates import BOT, DATE, GROUP, PRIVATE, SAM, Json, file, message, stored


def said(text: str | None = None, **fields: Any) -> Message:
    return read_chat(stored(message(text, **fields)))


def marks(read: Message) -> ChatMarks:
    assert read.chat is not None
    return read.chat


# Whose words they are


def test_a_message_in_a_private_chat() -> None:
    read = said("  Wij zoeken geld voor onze buurttuin.\n")
    assert (read.channel, read.sender, read.sender_name) == ("chat", "telegram:77", "Bewoner")
    assert read.text == "Wij zoeken geld voor onze buurttuin."
    assert read.external_id == "telegram:4200:9"
    assert read.sent_at == datetime.fromtimestamp(DATE, UTC)
    assert (read.automatic, read.defects, read.attachments, read.recipients) == (None, (), (), ())
    assert marks(read) == ChatMarks(language="nl", bot="mixmatch_bot")
    assert not needs_no_reading(read)


def test_an_edit_has_the_new_text() -> None:
    read = read_chat(stored(message("Nu goed.", edit_date=DATE + 60), "edited_message"))
    assert (read.text, read.defects) == ("Nu goed.", ("edited",))
    assert read.sent_at == datetime.fromtimestamp(DATE + 60, UTC)


def test_a_reply_quotes_what_it_answers() -> None:
    read = said("Ja", reply_to_message=message("Mogen we? Dossier SV-2026-0001", **{"from": {**BOT, "is_bot": True}}))
    assert (read.text, read.quoted) == ("Ja", "Mogen we? Dossier SV-2026-0001")
    assert said("Ja", reply_to_message=message(caption="Kijk", photo=[])).quoted == "Kijk"


@pytest.mark.parametrize(
    "origin",
    [
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Iemand", "date": DATE}},
        {"forward_origin": {"type": "user", "sender_user": SAM, "date": DATE}},
        {"forward_date": DATE, "forward_sender_name": "Iemand"},
    ],
)
def test_a_forward_counts_as_the_message_and_is_known_as_one(origin: Json) -> None:
    read = said("De begroting sluit.", **origin)
    assert (read.text, read.sender, read.defects) == ("De begroting sluit.", "telegram:77", ("forwarded",))


def test_what_another_bot_writes_is_automatic() -> None:
    assert said("Hallo", **{"from": {**SAM, "is_bot": True}}).automatic == "bot"


def test_names_and_languages_as_telegram_tells_them() -> None:
    read = said("Hoi", **{"from": {**SAM, "last_name": "Twee", "username": "bewoner2", "language_code": "pt-BR"}})
    assert read.sender_name == "Bewoner Twee"
    assert (marks(read).language, marks(read).username) == ("pt", "bewoner2")
    assert marks(said("Hoi", **{"from": {"id": 77, "is_bot": False, "first_name": "B"}})).language == ""


# Commands


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/start", "start", ""),
        ("/start koppel_12", "start", "koppel_12"),
        ("/VRAAG Wie helpt ons?", "vraag", "Wie helpt ons?"),
        ("/vraag@mixmatch_bot\nWie helpt ons?", "vraag", "Wie helpt ons?"),
        ("/stop@MixMatch_Bot", "stop", ""),
        ("/status@other_bot", "", "/status@other_bot"),
        ("/vraag!", "", "/vraag!"),
        ("en/of", "", "en/of"),
        ("Typ /stop om te stoppen", "", "Typ /stop om te stoppen"),
        ("/", "", "/"),
    ],
)
def test_a_command_and_the_words_behind_it(text: str, command: str, rest: str) -> None:
    read = said(text)
    assert (marks(read).command, read.text, read.own_raw_text) == (command, rest, text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [("/start", True), ("/vraag", True), ("/onbekend x", True), ("/vraag Wie helpt?", False), ("/stop", False)],
)
def test_a_bare_command_needs_no_reading(text: str, bare: bool) -> None:
    assert needs_no_reading(said(text)) is bare


# What has no words


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("voice", {"file_id": "V", "duration": 3}, "voice"),
        ("audio", {"file_id": "A"}, "voice"),
        ("video_note", {"file_id": "V"}, "video"),
        ("sticker", {"file_id": "S"}, "sticker"),
        ("location", {"latitude": 51.5, "longitude": 5.4}, "location"),
        ("contact", {"phone_number": "0"}, "contact"),
        ("photo", [{"file_id": "P", "file_size": 3}], "photo"),
        ("poll", {"id": "1"}, "other"),
    ],
)
def test_a_message_without_words_says_what_it_is(field: str, value: Any, code: str) -> None:
    read = said(**{field: value})
    assert (read.text, read.defects) == ("", (code,))
    assert code in UNREAD
    assert marks(read).event == ""


def test_a_caption_is_the_text() -> None:
    read = said(caption="Onze tuin in Oss", photo=[{"file_id": "P"}])
    assert (read.text, read.defects) == ("Onze tuin in Oss", ())


def test_a_notice_of_telegram_itself_is_an_event() -> None:
    assert marks(said(pinned_message=message("oud"))).event == "other"


# Files


def test_a_document_is_an_attachment() -> None:
    document = {"file_id": "F1", "file_name": "../begroting.csv", "mime_type": "text/csv", "file_size": 4}
    body = message(document=document)
    (mention,) = files_of({"update_id": 9, "message": body})
    assert (mention.file_id, mention.name, mention.media_type, mention.size) == (
        "F1",
        "../begroting.csv",
        "text/csv",
        4,
    )
    read = read_chat(stored(body, files=[file(b"a;1\n", "../begroting.csv")]))
    (attachment,) = read.attachments
    assert (attachment.filename, attachment.media_type, attachment.content) == ("begroting.csv", "text/csv", b"a;1\n")
    assert (read.text, read.defects, marks(read).event) == ("", (), "")


@pytest.mark.parametrize(("problem", "code"), [("too_big", "file_too_big"), ("unavailable", "file_unavailable")])
def test_a_file_that_did_not_come(problem: str, code: str) -> None:
    lost = {"file_id": "F1", "name": "x.xlsx", "media_type": "a/b", "problem": problem}
    read = read_chat(stored(message(document={"file_id": "F1"}), files=[lost]))
    assert (read.attachments, read.defects) == ((), (code,))


def test_the_largest_photo_is_fetched_and_no_voice() -> None:
    sizes = [{"file_id": "small", "file_size": 10}, {"file_id": "large", "file_size": 99}]
    assert [each.file_id for each in files_of({"message": message(photo=sizes)})] == ["large"]
    assert files_of({"message": message(voice={"file_id": "V"})}) == ()
    assert files_of({"message": message(animation={"file_id": "A"}, document={"file_id": "A"})}) == ()


# Groups, buttons and events


@pytest.mark.parametrize(
    ("fields", "addressed"),
    [
        ({"text": "Hallo buren"}, False),
        ({"text": "Dag @mixmatch_bot, help je?"}, True),
        ({"text": "Dag @mixmatch_bots"}, False),
        ({"text": "/status"}, True),
        ({"text": "/status@other_bot"}, False),
        ({"text": "ja", "reply_to_message": message("Hoi", **{"from": {**BOT, "is_bot": True}})}, True),
        ({"text": "ja", "reply_to_message": message("Hoi")}, False),
        ({"voice": {"file_id": "V"}}, False),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_bot(fields: Json, addressed: bool) -> None:
    read = read_chat(stored(message(chat=GROUP, **fields)))
    assert (read.sender, read.recipients) == ("telegram:77", ("telegram:-100200",))
    assert (marks(read).group, marks(read).addressed) == ("telegram:-100200", addressed)
    assert needs_no_reading(read)


def test_a_post_in_a_channel_has_no_writer() -> None:
    body = {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "date": DATE, "text": "Nieuws"}
    read = read_chat(stored(body, "channel_post"))
    assert (read.sender, marks(read).addressed) == ("", False)


@pytest.mark.parametrize(
    ("chat", "status", "event"),
    [(PRIVATE, "kicked", "blocked"), (PRIVATE, "member", "unblocked"), (GROUP, "left", "other")],
)
def test_people_block_the_bot_and_let_it_in_again(chat: Json, status: str, event: str) -> None:
    change = {"chat": chat, "from": SAM, "date": DATE, "new_chat_member": {"status": status}}
    read = read_chat(stored(change, "my_chat_member"))
    assert (marks(read).event, read.sender, read.text) == (event, "telegram:77", "")


def test_a_group_that_moved_tells_both_addresses() -> None:
    old, new = {**GROUP, "id": -7, "type": "group"}, GROUP
    expected = ("telegram:-7", "telegram:-100200")
    for chat, notice in ((old, {"migrate_to_chat_id": -100200}), (new, {"migrate_from_chat_id": -7})):
        read = marks(said(None, chat=chat, **notice))
        assert (read.event, read.moved) == ("moved", expected)


def test_a_kind_of_update_that_nobody_asked_for() -> None:
    read = read_chat(stored({"id": "1", "question": "?"}, "poll"))
    assert (marks(read).event, read.sender) == ("other", "")


# Damage

BODIES = (
    message("/vraag Hoi", reply_to_message=message("x"), forward_date=DATE),
    message(document={"file_id": "F", "file_name": "b.csv"}, caption="kijk", chat=GROUP),
    message(photo=[{"file_id": "P", "file_size": 1}], edit_date=DATE),
    message(migrate_to_chat_id=-3),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, each in inner for found in places(each, (*place, key)))]


def read_or_refused(raw: bytes) -> None:
    try:
        read = read_chat(raw)
    except UnreadableChat:
        return
    assert read.channel == "chat"
    json.dumps([read.text, read.sender, read.sender_name, read.quoted]).encode()
    read.text.encode()
    read.own_raw_text.encode()
    needs_no_reading(read)


@settings(deadline=None)
@given(st.sampled_from(BODIES), st.sampled_from(("message", "edited_message", "callback_query")), st.data())
def test_a_damaged_update_is_read_or_refused(body: Json, kind: str, data: st.DataObject) -> None:
    whole = json.loads(stored(body, kind, files=[file(b"x")]))
    *path, last = data.draw(st.sampled_from([place for place in places(whole) if place]))
    inner = whole
    for key in path:
        inner = inner[key]
    inner[last] = data.draw(JSON)
    read_or_refused(json.dumps(whole).encode())


@settings(deadline=None)
@given(JSON)
def test_any_json_at_all_is_read_or_refused(value: Any) -> None:
    read_or_refused(json.dumps({"update": value, "files": value, "bot": value}).encode())
    read_or_refused(json.dumps({"update": {"update_id": 1, "message": value}, "files": []}).encode())


def test_half_a_character_and_endless_texts_do_no_harm() -> None:
    assert said("caf\ud83d\x00!").text == "caf?!"
    assert len(said("x" * (MAX_TEXT + 5)).text) == MAX_TEXT
    with pytest.raises(UnreadableChat):
        read_chat(stored(message("x", date=10**18)))
