"""The Bot API methods that answer at once, each a function of the world and the request's parameters.

Long polling and webhooks are in delivery.py. The words of the errors are Telegram's own.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bot_api.chats import PRESS_SECONDS, Sent, World
from tests.bot_api.entities import formatted, utf16_length
from tests.bot_api.failure import ApiFailure, Json, bad_request
from tests.bot_api.keyboards import inline_keyboard, read_markup

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ANSWER_LIMIT = 200
DOWNLOAD_BYTES = 20 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Query:
    """One request: its parameters as the strings they travel as, and its files."""

    method: str
    parameters: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """A parameter, None when it was not given."""
        return self.parameters.get(name)

    def number(self, name: str, default: int = 0) -> int:
        """A parameter as a whole number; Telegram reads anything else as the default."""
        value = self.parameters.get(name, "")
        return int(value) if re.fullmatch(r"-?\d{1,18}", value) else default

    def true(self, name: str) -> bool:
        """A parameter as yes or no."""
        return self.parameters.get(name, "").lower() in ("true", "yes", "1")


def get_me(world: World, query: Query) -> Json:
    """Who the bot is."""
    return world.bot


def send_message(world: World, query: Query) -> Json:
    """A text to a chat."""
    text, entities = formatted(query.get("text") or "", query.get("parse_mode"))
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return _send(world, query, content, text).message


def send_document(world: World, query: Query) -> Json:
    """A file to a chat: uploaded now, or known by its id."""
    upload = query.files.get("document")
    caption, entities = formatted(query.get("caption") or "", query.get("parse_mode"))
    if utf16_length(caption) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    _check_document(world, query)
    if upload is None:
        kept = world.files[query.get("document") or ""]
        name = kept.path.rpartition("/")[2]
    else:
        world.chat_to_write(query.get("chat_id"))
        kept = world.keep_file(upload.content, upload.name, upload.media_type)
        name = upload.name
    content: Json = {"document": document_json(kept.file_id, name, kept.media_type, kept.size)}
    content |= {"caption": caption} if caption else {}
    content |= {"caption_entities": entities} if entities else {}
    sent = _send(world, query, content, caption)
    sent.document = kept.content
    return sent.message


def _check_document(world: World, query: Query) -> None:
    upload, known = query.files.get("document"), query.get("document")
    if upload is not None and not upload.content:
        raise bad_request("file must be non-empty")
    if upload is not None and len(upload.content) > UPLOAD_BYTES:
        raise ApiFailure(413, "Request Entity Too Large")
    if upload is None and not known:
        raise bad_request("there is no document in the request")
    if upload is None and known not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")


def document_json(file_id: str, name: str, media_type: str, size: int) -> Json:
    """A Document as the API shows it."""
    return {
        "file_id": file_id,
        "file_unique_id": f"AgAD{file_id[-6:]}",
        "file_name": name,
        "mime_type": media_type,
        "file_size": size,
    }


def _send(world: World, query: Query, content: Json, text: str) -> Sent:
    chat = world.chat_to_write(query.get("chat_id"))
    markup = inline_keyboard(read_markup(query.get("reply_markup")))
    answered = _answered(query)
    if answered is not None:
        number, optional = answered
        if number in chat.messages:
            replied = chat.messages[number]
            content |= {"reply_to_message": {key: replied[key] for key in replied if key != "reply_to_message"}}
        elif not optional:
            raise bad_request("message to be replied not found")
    content |= {"reply_markup": markup} if markup else {}
    message = world.new_message(chat, bot_user(world), content)
    rows = markup["inline_keyboard"] if markup else []
    sent = Sent(chat.id, message["message_id"], query.method, text, rows, world.moment(), message)
    world.sent.append(sent)
    return sent


def bot_user(world: World) -> Json:
    """The bot as the sender of a message."""
    return {key: world.bot[key] for key in ("id", "is_bot", "first_name", "username")}


def _answered(query: Query) -> tuple[int, bool] | None:
    reply: Any = json.loads(query.get("reply_parameters") or "null")
    if isinstance(reply, dict) and "message_id" in reply:
        return int(reply["message_id"]), bool(reply.get("allow_sending_without_reply"))
    number = query.number("reply_to_message_id")
    return (number, query.true("allow_sending_without_reply")) if number else None


def send_chat_action(world: World, query: Query) -> bool:
    """Shows "typing"."""
    chat = world.chat_to_write(query.get("chat_id"))
    action = (query.get("action") or "").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.actions.append((chat.id, action))
    return True


def edit_message_text(world: World, query: Query) -> Json:
    """Another text, and other buttons, under the same number."""
    text, entities = formatted(query.get("text") or "", query.get("parse_mode"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    sent = _to_edit(world, query)
    if "text" not in sent.message:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, sent, {"text": text} | ({"entities": entities} if entities else {}), query)


def edit_message_reply_markup(world: World, query: Query) -> Json:
    """Other buttons, or none, under the same number."""
    sent = _to_edit(world, query)
    kept: Json = {key: sent.message[key] for key in ("text", "entities") if key in sent.message}
    return _edit(world, sent, kept, query)


def _to_edit(world: World, query: Query) -> Sent:
    chat = world.chat_to_write(query.get("chat_id"))
    number = query.number("message_id")
    if number not in chat.messages:
        raise bad_request("message to edit not found" if number else "message identifier is not specified")
    sent = world.sent_message(chat.id, number)
    if sent is None:
        raise bad_request("message can't be edited")
    return sent


def _edit(world: World, sent: Sent, content: Json, query: Query) -> Json:
    markup = inline_keyboard(read_markup(query.get("reply_markup")))
    content = content | ({"reply_markup": markup} if markup else {})
    changing = ("text", "entities", "reply_markup")
    if {key: sent.message[key] for key in changing if key in sent.message} == content:
        raise bad_request(NOT_MODIFIED)
    for key in changing:
        sent.message.pop(key, None)
    sent.message |= content | {"edit_date": int(world.now())}
    if "text" in content and content["text"] != sent.text:
        sent.versions.append(sent.text)
        sent.text = content["text"]
    sent.buttons = markup["inline_keyboard"] if markup else []
    return sent.message


def delete_message(world: World, query: Query) -> bool:
    """Takes a message of the bot away."""
    chat = world.chat_to_write(query.get("chat_id"))
    if chat.messages.pop(query.number("message_id"), None) is None:
        raise bad_request("message to delete not found")
    return True


def answer_callback_query(world: World, query: Query) -> bool:
    """Ends the waiting of a pressed button."""
    if utf16_length(query.get("text") or "") > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses.get(query.get("callback_query_id") or "")
    if press is None or press.expired or world.now() - press.at > PRESS_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    press.answers.append(dict(query.parameters))
    return True


def get_file(world: World, query: Query) -> Json:
    """Where a file can be fetched."""
    kept = world.files.get(query.get("file_id") or "")
    if kept is None:
        raise bad_request("invalid file_id" if query.get("file_id") else "file_id not specified")
    if kept.size > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": kept.file_id,
        "file_unique_id": f"AgAD{kept.file_id[-6:]}",
        "file_size": kept.size,
        "file_path": kept.path,
    }


def _audience(query: Query) -> tuple[str, str]:
    scope = json.loads(query.get("scope") or '{"type":"default"}')
    return json.dumps(scope, sort_keys=True), query.get("language_code") or ""


def set_my_commands(world: World, query: Query) -> bool:
    """The menu of commands, for one audience."""
    commands = json.loads(query.get("commands") or "[]")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "").lstrip("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_audience(query)] = commands
    return True


def get_my_commands(world: World, query: Query) -> list[Json]:
    """The menu set for exactly this audience."""
    return world.commands.get(_audience(query), [])


def delete_my_commands(world: World, query: Query) -> bool:
    """Takes the menu of one audience away."""
    world.commands.pop(_audience(query), None)
    return True


METHODS: dict[str, Callable[[World, Query], Any]] = {
    function.__name__.replace("_", ""): function
    for function in (
        get_me, send_message, send_document, send_chat_action, edit_message_text, edit_message_reply_markup,
        delete_message, answer_callback_query, get_file, set_my_commands, get_my_commands, delete_my_commands,
    )
}  # fmt: skip
