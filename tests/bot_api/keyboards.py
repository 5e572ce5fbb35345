"""Checks the buttons under a message as Telegram does. Presses nothing."""

import json
from typing import Any
from urllib.parse import urlsplit

from tests.bot_api.failure import Json, bad_request

DATA_BYTES = 64
MOST_BUTTONS = 100


def read_markup(value: str | None) -> Json | None:
    """Give the checked reply_markup of a request, None when there is none. Raises `ApiFailure`."""
    if not value:
        return None
    try:
        markup = json.loads(value)
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check(button)
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return markup


def inline_keyboard(markup: Json | None) -> Json | None:
    """The part of a markup that stays with the message and that the API shows again."""
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    return {"inline_keyboard": rows} if rows else None


def _check(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        _check_url(str(button["url"]))
    elif len(button) == 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = parts.hostname or ""
    if parts.scheme == "tg" or (parts.scheme in ("http", "https") and "." in host.strip(".")):
        return
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
