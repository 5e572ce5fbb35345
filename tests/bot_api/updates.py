"""The queue of updates a bot fetches or gets delivered: confirmed only by a higher offset or a 2xx, gone after a day.

Follows tdlib/telegram-bot-api (Client.cpp: add_update_impl, do_get_updates; td TQueue). Sends nothing.
"""

import json
from dataclasses import dataclass, field

from tests.bot_api.failure import Json

FIRST_ID = 700_000_001
KEPT_SECONDS = 24 * 3600.0
# An offset further ahead than this is no confirmation: Telegram takes it for a mistake and starts at the oldest.
FARTHEST_AHEAD = 10
KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member",
    "chat_member", "chat_join_request", "message_reaction", "message_reaction_count", "chat_boost",
)  # fmt: skip
ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT = frozenset(KINDS) - ONLY_WHEN_ASKED


@dataclass(frozen=True, slots=True)
class Update:
    """One update; `chat_id` is the queue in which a webhook must keep order."""

    update_id: int
    chat_id: int
    body: Json
    expires: float


@dataclass(slots=True)
class UpdateQueue:
    """What is waiting, and everything there ever was."""

    allowed: frozenset[str] = DEFAULT
    pending: dict[int, Update] = field(default_factory=dict)
    ever: dict[int, Update] = field(default_factory=dict)
    twice: list[Update] = field(default_factory=list)
    next_id: int = FIRST_ID

    def allow(self, wanted: str | None) -> None:
        """Set which kinds come from now on: absent keeps what was, an empty list is the default."""
        if not wanted:
            return
        try:
            names = json.loads(wanted)
        except ValueError:
            return
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            self.allowed = frozenset(names) & frozenset(KINDS) or DEFAULT

    def add(self, kind: str, body: Json, chat_id: int, now: float) -> int | None:
        """Add an update; None when the bot did not ask for this kind, and then it never comes."""
        if kind not in self.allowed:
            return None
        update_id = self.next_id
        self.next_id += 1
        update = Update(update_id, chat_id, {"update_id": update_id, kind: body}, now + KEPT_SECONDS)
        self.pending[update_id] = self.ever[update_id] = update
        return update_id

    def again(self, update_id: int) -> None:
        """Deliver an update once more, confirmed or not."""
        self.twice.append(self.ever[update_id])

    def waiting(self, now: float) -> list[Update]:
        """What is not confirmed and not too old, oldest first."""
        self.pending = {number: update for number, update in self.pending.items() if update.expires > now}
        return list(self.pending.values())

    def read(self, offset: int, limit: int, now: float) -> list[Update]:
        """Confirm all below the offset and give what comes next; a negative offset counts from the end."""
        if offset < 0:
            offset = max(self.next_id + offset, FIRST_ID)
        if 0 < offset <= self.next_id + FARTHEST_AHEAD:
            for number in [number for number in self.pending if number < offset]:
                self.forget(number)
        repeated, self.twice = self.twice, []
        fresh = [update for update in self.waiting(now) if update not in repeated]
        return (repeated + fresh)[:limit]

    def forget(self, update_id: int) -> None:
        """Drop one update: it was confirmed."""
        self.pending.pop(update_id, None)

    def clear(self) -> None:
        """Drop all that waits."""
        self.pending.clear()
        self.twice.clear()
