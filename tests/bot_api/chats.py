"""The people, chats, messages, files and button presses that exist, and what each chat received. No HTTP here."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tests.bot_api.failure import ApiFailure, Json, bad_request, forbidden
from tests.bot_api.updates import UpdateQueue

ChatKind = Literal["private", "group", "supergroup"]
SUPERGROUPS = -1_000_000_000_000
# Telegram does not publish how long a press can be answered; bots see it refused after somewhere under a minute
# to some minutes.
PRESS_SECONDS = 60.0


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account; the id is also that of the private chat with the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "nl"
    blocked: bool = False
    deleted: bool = False

    def user(self) -> Json:
        """The User as the API shows it."""
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        shown |= {"last_name": self.last_name} if self.last_name else {}
        shown |= {"username": self.username} if self.username else {}
        return shown | {"language_code": self.language}


@dataclass(slots=True)
class Chat:
    """A place the bot may write to; `moved_to` is the supergroup a group became."""

    id: int
    kind: ChatKind
    shown: Json
    bot_kicked: bool = False
    moved_to: int | None = None
    members: list[int] = field(default_factory=list)
    messages: dict[int, Json] = field(default_factory=dict)
    # A supergroup counts its own messages; elsewhere one bot has one count for all chats.
    last_message_id: int = 0


@dataclass(slots=True)
class Sent:
    """One message the bot sent, as its chat shows it now; `versions` are the texts before it was edited."""

    chat_id: int
    message_id: int
    method: str
    text: str
    buttons: list[list[Json]]
    at: datetime
    message: Json
    document: bytes | None = None
    versions: list[str] = field(default_factory=list)

    @property
    def data(self) -> list[str]:
        """The callback_data of all buttons, in reading order."""
        return [button["callback_data"] for row in self.buttons for button in row if "callback_data" in button]


@dataclass(slots=True)
class Press:
    """A pressed button waiting for its answer; `answers` holds what the bot answered."""

    id: str
    person_id: int
    at: float
    expired: bool = False
    answers: list[Json] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file somebody sent; `size` may be larger than the content, so that 20 MB need not be made."""

    file_id: str
    path: str
    content: bytes
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot, answered or not; `status` 0 means no answer was given."""

    method: str
    parameters: dict[str, str]
    status: int
    at: datetime


@dataclass(slots=True)
class World:
    """Everything there is. Whoever touches it holds the server's lock."""

    bot: Json
    clock: Callable[[], float] = time.time
    ahead: float = 0.0
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    presses: dict[str, Press] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    actions: list[tuple[int, str]] = field(default_factory=list)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    message_numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def now(self) -> float:
        """Seconds since 1970 by the clock that tests can put ahead."""
        return self.clock() + self.ahead

    def moment(self) -> datetime:
        """The same as a moment in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def next_message_id(self, chat: Chat) -> int:
        """The number of the next message in a chat."""
        number = chat.last_message_id + 1 if chat.kind == "supergroup" else next(self.message_numbers)
        chat.last_message_id = number
        return number

    def new_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Make a Message in a chat and keep it."""
        number = self.next_message_id(chat)
        message = {"message_id": number, "from": sender, "chat": chat.shown, "date": int(self.now())} | content
        chat.messages[number] = message
        return message

    def private_chat(self, person: Person) -> Chat:
        """The chat of a person with the bot, begun when it was not there."""
        if person.id not in self.chats:
            shown = {key: value for key, value in person.user().items() if key not in ("is_bot", "language_code")}
            self.chats[person.id] = Chat(person.id, "private", shown | {"type": "private"}, members=[person.id])
        return self.chats[person.id]

    def chat_to_write(self, chat_id: str | None) -> Chat:
        """The chat the bot may write to. Raises `ApiFailure` as Telegram refuses."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        number = int(chat_id) if chat_id.lstrip("-").isdigit() else 0
        chat = self.chats.get(number)
        if chat is None:
            if any(number in other.members for other in self.chats.values()):
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise ApiFailure(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        if chat.bot_kicked:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        self._check_person(self.people.get(number))
        return chat

    def _check_person(self, person: Person | None) -> None:
        if person is not None and person.deleted:
            raise forbidden("user is deactivated")
        if person is not None and person.blocked:
            raise forbidden("bot was blocked by the user")

    def sent_message(self, chat_id: int, message_id: int) -> Sent | None:
        """What the bot sent under this number, None when it did not."""
        found = [sent for sent in self.sent if (sent.chat_id, sent.message_id) == (chat_id, message_id)]
        return found[0] if found else None

    def keep_file(self, content: bytes, name: str, media_type: str, size: int | None = None) -> StoredFile:
        """Keep a file that can be fetched by its id."""
        number = next(self.numbers)
        file_id = f"BQACAgQAAxkBAAI{number:06d}"
        path = f"documents/file_{number}{name[name.rfind('.') :] if '.' in name else ''}"
        kept = StoredFile(file_id, path, content, len(content) if size is None else size, media_type)
        self.files[file_id] = kept
        return kept
