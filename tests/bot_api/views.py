"""What tests can see: what every chat received, what was asked of the server, what waits. Changes nothing."""

import threading
from collections.abc import Callable

from tests.bot_api.chats import Chat, Person, Sent, World


class Views:
    """A look at the server. `changed` is the lock of all state, and told of every change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.changed = threading.Condition(threading.RLock())

    def sent(self, chat: Chat | Person | None = None) -> list[Sent]:
        """What one chat, or every chat, received from the bot, oldest first."""
        with self.changed:
            return [sent for sent in self.world.sent if chat is None or sent.chat_id == chat.id]

    def wait_sent(self, chat: Chat | Person | None = None, count: int = 1, seconds: float = 60.0) -> list[Sent]:
        """Wait until so many messages were sent and give them. Raises `TimeoutError`."""
        self.wait_until(lambda: len(self.sent(chat)) >= count, seconds)
        return self.sent(chat)

    def wait_until(self, true: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait, in the test's own thread, until something is true of the server. Raises `TimeoutError`."""
        with self.changed:
            if not self.changed.wait_for(true, seconds):
                raise TimeoutError("it did not become true")

    def update_ids(self) -> list[int]:
        """The numbers of all updates there ever were, oldest first."""
        with self.changed:
            return list(self.world.updates.ever)

    def unconfirmed(self) -> list[int]:
        """The numbers of the updates the bot has not confirmed."""
        with self.changed:
            return [update.update_id for update in self.world.updates.waiting(self.world.now())]
