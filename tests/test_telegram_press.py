"""A pressed button and the photos of an album as a Telegram update tells them, and what may be shown at once."""

from __future__ import annotations

import pytest

from inbox.chat import read_chat
from inbox.telegram import chat_of, press_id, private_writer
from tests.telegram_updates import BOT, GROUP, PRIVATE, SAM, Json, message, stored
from tests.test_telegram_chat import marks, said


def test_a_pressed_button_keeps_its_data_and_who_pressed() -> None:
    other = {**SAM, "id": 88}
    press = {"id": "1", "from": other, "message": message("Klopt dit?", chat=GROUP), "data": "ja:12"}
    read = read_chat(stored(press, "callback_query"))
    assert (read.sender, marks(read).button, marks(read).group) == ("telegram:88", "ja:12", "telegram:-100200")
    assert read.text == ""
    assert read_chat(stored({"id": "1", "from": other, "data": "x"}, "callback_query")).sender == "telegram:88"
    assert marks(read_chat(stored({"id": "1", "from": other}, "callback_query"))).button, "a button without data is one"


OURS = {**BOT, "is_bot": True}


@pytest.mark.parametrize(
    ("under", "defects"),
    [
        (message("Klopt dit?", **{"from": OURS}), ()),
        ({"message_id": 5, "chat": PRIVATE, "date": 0}, ()),
        (message("Klopt dit?", **{"from": OURS, "forward_origin": {"type": "user"}}), ("forwarded",)),
        (message("Klopt dit?", **{"from": OURS, "via_bot": {"id": 1}}), ("forwarded",)),
        (message("Klopt dit?"), ("forwarded",)),
        (message("Klopt dit?", **{"from": {"id": "4200"}}), ("forwarded",)),
        (None, ("forwarded",)),
    ],
)
def test_a_button_is_known_to_stand_under_our_own_message(under: Json | None, defects: tuple[str, ...]) -> None:
    press = {"id": "1", "from": SAM, "data": "x"} | ({"message": under} if under else {})
    assert read_chat(stored(press, "callback_query")).defects == defects


def test_photos_of_an_album_have_its_number() -> None:
    assert marks(said(photo=[{"file_id": "P"}], media_group_id="130")).album == "130"
    assert marks(said("Hoi")).album == ""


def test_what_can_be_shown_in_the_chat_at_once() -> None:
    assert press_id({"callback_query": {"id": "12"}}) == "12"
    assert private_writer({"message": message("Hoi")}) == 77
    bot = message("Hoi", **{"from": {**SAM, "is_bot": True}})
    for update in ({}, {"message": None}, {"message": message("Hoi", chat=GROUP)}, {"message": bot}, {"update_id": 1}):
        assert (press_id(update), private_writer(update)) == ("", None)


def test_whose_chat_an_update_is() -> None:
    press = {"id": "1", "from": SAM, "data": "x"}
    assert chat_of({"update_id": 1, "message": message("Hoi", chat=GROUP)}) == -100200
    assert chat_of({"callback_query": {**press, "message": message("Klopt dit?", chat=GROUP)}}) == -100200
    assert chat_of({"callback_query": press}) == chat_of({"callback_query": {**press, "message": None}}) == 77
    assert chat_of({"my_chat_member": {"chat": PRIVATE, "from": {**SAM, "id": 88}}}) == 77
    nowhere: tuple[Json, ...] = ({}, {"message": None}, {"message": {"chat": 5}}, {"poll": {"id": "1"}})
    assert [chat_of(update) for update in nowhere] == [None] * 4
