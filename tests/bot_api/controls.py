"""What tests do: people who write and press, and things that go wrong. What can be seen of it is in views.py.

Every method may be called from any thread, at any time, also while the server is down.
"""

from abc import ABC, abstractmethod
from copy import deepcopy
from typing import Any

from tests.bot_api.chats import SUPERGROUPS, Chat, Person, Press, World
from tests.bot_api.delivery import Webhook
from tests.bot_api.entities import command_entities
from tests.bot_api.failure import Json
from tests.bot_api.faults import SENDS, Fault, FaultKind, Faults
from tests.bot_api.methods import bot_user, document_json
from tests.bot_api.views import Views


class Controls(Views, ABC):
    """The hands of a test on the server."""

    def __init__(self, bot: Json) -> None:
        super().__init__(World(bot))
        self.faults = Faults()
        self.webhook = Webhook()

    @abstractmethod
    def wake(self) -> None:
        """Tell the running server that there may be something to deliver."""

    # Who there is.

    def person(
        self, first_name: str = "Sam", *, last_name: str = "", username: str = "", language: str = "nl"
    ) -> Person:
        """Somebody who has never written to the bot."""
        with self.changed:
            person = Person(5_000_000_000 + next(self.world.numbers), first_name, last_name, username, language)
            self.world.people[person.id] = person
            return person

    def group(self, title: str, *members: Person) -> Chat:
        """A group (no supergroup yet) with the bot in it."""
        with self.changed:
            number = -4_000_000_000 - next(self.world.numbers)
            shown = {"id": number, "type": "group", "title": title}
            self.world.chats[number] = Chat(number, "group", shown, members=[member.id for member in members])
            return self.world.chats[number]

    # What people send. Each returns the Message; `update_id_of` tells its update.

    def writes(
        self, person: Person, text: str, *, chat: Chat | None = None, reply_to: int | None = None, **extra: Any
    ) -> Json:
        """A text message; `extra` are further fields of the Message."""
        entities = command_entities(text)
        content: Json = {"text": text} | ({"entities": entities} if entities else {}) | extra
        return self._incoming(person, chat, content, reply_to)

    def edits(self, person: Person, message_id: int, text: str, *, chat: Chat | None = None) -> Json:
        """The text of an earlier message changed."""
        with self.changed:
            place = chat or self.world.private_chat(person)
            message = place.messages[message_id]
            entities = command_entities(text)
            message |= {"text": text, "edit_date": int(self.world.now())}
            message |= {"entities": entities} if entities else {}
            self._add("edited_message", message, place)
            return message

    def forwards(self, person: Person, text: str, origin: Person | str = "Iemand", *, chat: Chat | None = None) -> Json:
        """A message of somebody else, forwarded; a name instead of a person is somebody who hides the account."""
        source: Json = {"type": "hidden_user", "sender_user_name": origin}
        if isinstance(origin, Person):
            source = {"type": "user", "sender_user": origin.user()}
        return self.writes(person, text, chat=chat, forward_origin=source | {"date": int(self.world.now())})

    def sends_document(
        self,
        person: Person,
        content: bytes,
        name: str = "begroting.xlsx",
        media_type: str = "application/octet-stream",
        *,
        caption: str = "",
        size: int | None = None,
        chat: Chat | None = None,
    ) -> Json:
        """A file; `size` makes it look larger than its content."""
        with self.changed:
            kept = self.world.keep_file(content, name, media_type, size)
        document = document_json(kept.file_id, name, media_type, kept.size)
        return self._media(person, {"document": document}, caption, chat)

    def sends_photo(
        self, person: Person, content: bytes, *, caption: str = "", chat: Chat | None = None, album: str = ""
    ) -> Json:
        """A photo, in two sizes as Telegram gives them; those of one album have its number in common."""
        sizes = []
        for width, part in ((90, content[:64]), (1280, content)):
            with self.changed:
                kept = self.world.keep_file(part, "foto.jpg", "image/jpeg")
            shown = document_json(kept.file_id, "", "", kept.size)
            shown = {key: shown[key] for key in ("file_id", "file_unique_id", "file_size")}
            sizes.append(shown | {"width": width, "height": width * 3 // 4})
        return self._media(person, {"photo": sizes} | ({"media_group_id": album} if album else {}), caption, chat)

    def sends_album(self, person: Person, *photos: bytes, caption: str = "", chat: Chat | None = None) -> list[Json]:
        """Photos sent as one: to the bot a message each, the caption with the first."""
        with self.changed:
            album = str(13_000_000_000_000_000 + next(self.world.numbers))
            captions = [caption, *[""] * (len(photos) - 1)]
            return [
                self.sends_photo(person, photo, caption=words, chat=chat, album=album)
                for photo, words in zip(photos, captions, strict=True)
            ]

    def sends_voice(self, person: Person, content: bytes, seconds: int = 3, *, chat: Chat | None = None) -> Json:
        """A spoken message."""
        with self.changed:
            kept = self.world.keep_file(content, "stem.oga", "audio/ogg")
        voice = document_json(kept.file_id, "", "audio/ogg", kept.size)
        del voice["file_name"]
        return self._media(person, {"voice": voice | {"duration": seconds}}, "", chat)

    def presses(
        self,
        person: Person,
        message_id: int,
        data: str | None = None,
        *,
        chat: Chat | None = None,
        forged: bool = False,
        inaccessible: bool = False,
        forwarded: bool = False,
    ) -> Press:
        """A button under a message of the bot: the one with this data, or the first; `forged`: no such button.

        `inaccessible`: the message is too old for Telegram to show it in the callback_query. `forwarded`: it stands
        under a copy that this person sent on; Telegram leaves such buttons out, an altered program may not.
        Raises `ValueError` when there is no such button.
        """
        with self.changed:
            place = chat or self.world.private_chat(person)
            sent = self.world.sent_message(place.id, message_id)
            offered = sent.data if sent is not None else []
            chosen = data if data is not None else next(iter(offered), None)
            if chosen is None or (chosen not in offered and not forged):
                raise ValueError(f"no button {data!r} under message {message_id}, only {offered}")
            press = Press(str(4_000_000_000_000 + next(self.world.numbers)), person.id, self.world.now())
            self.world.presses[press.id] = press
            hidden = {"chat": place.shown, "message_id": message_id, "date": 0}
            message = hidden if inaccessible or sent is None else sent.message
            if forwarded:
                origin = {"type": "user", "sender_user": bot_user(self.world), "date": int(self.world.now())}
                shown = {"message_id": message_id, "from": person.user(), "date": int(self.world.now())}
                message = shown | {"chat": place.shown, "text": "", "forward_origin": origin}
            body = {"id": press.id, "from": person.user(), "chat_instance": str(place.id), "data": chosen}
            self._add("callback_query", body | {"message": message}, place)
            return press

    # What changes between people and the bot.

    def blocks(self, person: Person) -> None:
        """The person stops the bot; sending answers 403 until `unblocks`, or until the person writes again."""
        self._membership(person, "member", "kicked", blocked=True)

    def unblocks(self, person: Person) -> None:
        """The person lets the bot in again."""
        self._membership(person, "kicked", "member", blocked=False)

    def deletes_account(self, person: Person) -> None:
        """The person leaves Telegram; the bot is not told."""
        with self.changed:
            person.deleted = True

    def kicks_bot(self, person: Person, chat: Chat) -> None:
        """A member puts the bot out of a group."""
        with self.changed:
            chat.bot_kicked = True
            self._add("my_chat_member", self._member_change(person, chat, "member", "kicked"), chat)

    def migrates(self, group: Chat) -> Chat:
        """The group becomes a supergroup with another id; both chats get Telegram's notice of it."""
        with self.changed:
            number = SUPERGROUPS - 2_000_000_000 - next(self.world.numbers)
            shown = group.shown | {"id": number, "type": "supergroup"}
            grown = Chat(number, "supergroup", shown, members=group.members)
            self.world.chats[number] = grown
            group.moved_to = number
            sender = self.world.people[group.members[0]].user() if group.members else bot_user(self.world)
            for chat, notice in ((group, {"migrate_to_chat_id": number}), (grown, {"migrate_from_chat_id": group.id})):
                self._add("message", self.world.new_message(chat, sender, notice), chat)
            return grown

    # What goes wrong.

    def goes_wrong(
        self,
        kind: FaultKind,
        times: int = 1,
        *,
        chat: Chat | Person | None = None,
        methods: frozenset[str] = SENDS,
        retry_after: int = 1,
    ) -> None:
        """The next `times` requests of these methods (small letters; "download" is a file) go wrong in this way."""
        with self.changed:
            self.faults.planned.append(Fault(kind, times, methods, chat.id if chat else None, retry_after))

    def flood(self, times: int = 1, retry_after: int = 1, chat: Chat | Person | None = None) -> None:
        """The next sends, to one chat or to all, answer 429."""
        self.goes_wrong("flood", times, chat=chat, retry_after=retry_after)

    def hang(self, times: int = 1, chat: Chat | Person | None = None) -> None:
        """The next sends are done, but their answer never comes."""
        self.goes_wrong("hang", times, chat=chat)

    def cut(self, times: int = 1, chat: Chat | Person | None = None) -> None:
        """The next sends are done, and the connection breaks instead of an answer."""
        self.goes_wrong("cut", times, chat=chat)

    def behave(self) -> None:
        """Nothing goes wrong any more."""
        with self.changed:
            self.faults.planned.clear()

    def deliver_again(self, update_id: int) -> None:
        """Deliver an update once more under its own number, also when it was confirmed."""
        with self.changed:
            self.world.updates.again(update_id)
        self.wake()

    def expire(self, press: Press) -> None:
        """From now on it is too late to answer this press."""
        with self.changed:
            press.expired = True

    def pass_time(self, seconds: float) -> None:
        """Put Telegram's clock ahead: presses expire after a minute, updates that nobody fetches after a day."""
        with self.changed:
            self.world.ahead += seconds

    # How it is done.

    def _media(self, person: Person, content: Json, caption: str, chat: Chat | None) -> Json:
        return self._incoming(person, chat, content | ({"caption": caption} if caption else {}), None)

    def _incoming(self, person: Person, chat: Chat | None, content: Json, reply_to: int | None) -> Json:
        if person.deleted:
            raise ValueError("who left Telegram writes no more")
        if person.blocked and chat is None:
            self.unblocks(person)
        with self.changed:
            place = chat or self.world.private_chat(person)
            if reply_to is not None:
                replied = place.messages[reply_to]
                content |= {"reply_to_message": {key: replied[key] for key in replied if key != "reply_to_message"}}
            message = self.world.new_message(place, person.user(), content)
            if place.kind == "private" or self.world.bot["can_read_all_group_messages"] or self._for_bot(message):
                self._add("message", message, place)
            return message

    def _for_bot(self, message: Json) -> bool:
        """Whether a bot in privacy mode sees a group's message: commands, mentions, and replies to the bot."""
        text = str(message.get("text", ""))
        reply = message.get("reply_to_message", {})
        name = f"@{self.world.bot['username']}".lower()
        return text.startswith("/") or name in text.lower() or reply.get("from", {}).get("is_bot") is True

    def _membership(self, person: Person, before: str, after: str, *, blocked: bool) -> None:
        with self.changed:
            person.blocked = blocked
            chat = self.world.private_chat(person)
            self._add("my_chat_member", self._member_change(person, chat, before, after), chat)

    def _member_change(self, person: Person, chat: Chat, before: str, after: str) -> Json:
        def member(status: str) -> Json:
            shown: Json = {"user": bot_user(self.world), "status": status}
            return shown | ({"until_date": 0} if status == "kicked" else {})

        change = {"chat": chat.shown, "from": person.user(), "date": int(self.world.now())}
        return change | {"old_chat_member": member(before), "new_chat_member": member(after)}

    def _add(self, kind: str, body: Json, chat: Chat) -> None:
        """Queue an update as it looks now; the message itself may change later."""
        self.world.updates.add(kind, deepcopy(body), chat.id, self.world.now())
        self.changed.notify_all()
        self.wake()
