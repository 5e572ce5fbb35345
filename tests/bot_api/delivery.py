"""The two ways an update reaches a bot: long polling and a webhook. Knows nothing of what is in an update.

Follows tdlib/telegram-bot-api: Client.cpp (process_get_updates_query, process_set_webhook_query) and WebhookActor.cpp.
"""

import asyncio
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from tests.bot_api.chats import World
from tests.bot_api.failure import ApiFailure, Json, bad_request, conflict
from tests.bot_api.methods import METHODS, Query
from tests.bot_api.updates import DEFAULT, KINDS, Update

LONGEST_POLL = 50
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(slots=True)
class Webhook:
    """Where updates are sent, when they are; lives on while the server is down."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0
    # Telegram tries again at once, then after 2, 4, 8 … seconds; tests need not wait that long.
    retry_seconds: float = 0.05


@dataclass(slots=True)
class _Poll:
    """A getUpdates that waits; `ended` says why it may wait no longer."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str = ""


class Delivery:
    """Delivers while one event loop runs, and takes the world's lock itself; call every method in that loop."""

    def __init__(self, world: World, webhook: Webhook, lock: threading.Condition) -> None:
        self.world = world
        self.lock = lock
        self.webhook = webhook
        self.poll: _Poll | None = None
        self.busy: dict[int, asyncio.Task[None]] = {}
        self.places = asyncio.Semaphore(webhook.max_connections)

    def wake(self) -> None:
        """There may be something to deliver."""
        if self.poll is not None:
            self.poll.woken.set()
        if not self.webhook.url:
            return
        for chat_id in {update.chat_id for update in self._waiting()} - set(self.busy):
            self.busy[chat_id] = asyncio.create_task(self._deliver(chat_id))

    def close(self) -> None:
        """Stop delivering; what is not confirmed waits."""
        for task in self.busy.values():
            task.cancel()
        self.busy.clear()

    async def get_updates(self, query: Query, gone: "asyncio.Task[None]") -> list[Json]:
        """Confirm, then give what waits, or wait for it. Raises `ApiFailure` 409 where another fetches."""
        if self.webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        self._end_poll(OTHER_POLL)
        with self.lock:
            self.world.updates.allow(query.get("allowed_updates"))
        found = self._read(query)
        loop = asyncio.get_running_loop()
        until = loop.time() + min(max(query.number("timeout"), 0), LONGEST_POLL)
        if found or loop.time() >= until:
            return found
        poll = self.poll = _Poll()
        try:
            while not found and loop.time() < until and not gone.done():
                await _first(poll.woken, gone, until - loop.time())
                if poll.ended:
                    raise conflict(poll.ended)
                poll.woken.clear()
                found = [] if gone.done() else self._read(query)
        finally:
            self.poll = None if self.poll is poll else self.poll
        return found

    def _read(self, query: Query) -> list[Json]:
        limit = min(max(query.number("limit", 100), 1), 100)
        with self.lock:
            found = self.world.updates.read(query.number("offset"), limit, self.world.now())
            self.lock.notify_all()
        return [update.body for update in found]

    def _end_poll(self, why: str) -> None:
        if self.poll is not None:
            self.poll.ended = why
            self.poll.woken.set()

    def set_webhook(self, query: Query) -> bool:
        """Send updates to an address from now on; an empty address stops it."""
        url = (query.get("url") or "") if query.method == "setwebhook" else ""
        secret = query.get("secret_token") or ""
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        if url and not re.match(r"https?://[^/\s]+", url):
            raise bad_request("bad webhook: invalid URL")
        if url:
            self._end_poll("terminated by setWebhook request")
            self.world.updates.allow(query.get("allowed_updates"))
        if query.true("drop_pending_updates"):
            self.world.updates.clear()
        self.close()
        self.webhook.url, self.webhook.secret = url, secret if url else ""
        self.webhook.max_connections = min(max(query.number("max_connections", 40), 1), 100)
        self.webhook.last_error, self.webhook.last_error_at = "", 0
        self.places = asyncio.Semaphore(self.webhook.max_connections)
        self.wake()
        return True

    def webhook_info(self) -> Json:
        """How the webhook does."""
        info: Json = {
            "url": self.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates.waiting(self.world.now())),
        }
        if self.webhook.url:
            info["max_connections"] = self.webhook.max_connections
        if self.webhook.last_error_at:
            info |= {"last_error_date": self.webhook.last_error_at, "last_error_message": self.webhook.last_error}
        if self.world.updates.allowed != DEFAULT:
            info["allowed_updates"] = [kind for kind in KINDS if kind in self.world.updates.allowed]
        return info

    def _waiting(self) -> list[Update]:
        with self.lock:
            return self.world.updates.twice + self.world.updates.waiting(self.world.now())

    async def _deliver(self, chat_id: int) -> None:
        """Deliver one chat's updates in order, each until it is taken."""
        delay = self.webhook.retry_seconds
        async with httpx.AsyncClient(timeout=60, trust_env=False, verify=False) as client:
            while waiting := [update for update in self._waiting() if update.chat_id == chat_id]:
                async with self.places:
                    error, pause = await self._post(client, waiting[0])
                if not error:
                    delay = self.webhook.retry_seconds
                    self._confirm(waiting[0])
                    continue
                self.webhook.last_error, self.webhook.last_error_at = error, int(self.world.now())
                await asyncio.sleep(pause or delay)
                delay = min(2 * delay, 64 * self.webhook.retry_seconds)
        self.busy.pop(chat_id, None)
        self.wake()

    def _confirm(self, update: Update) -> None:
        with self.lock:
            if update in self.world.updates.twice:
                self.world.updates.twice.remove(update)
            else:
                self.world.updates.forget(update.update_id)
            self.lock.notify_all()

    async def _post(self, client: httpx.AsyncClient, update: Update) -> tuple[str, float]:
        """Give the error, empty when it was taken, and how long the receiver asks to wait."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.secret} if self.webhook.secret else {}
        try:
            answer = await client.post(self.webhook.url, json=update.body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            return "Connection failed", 0.0
        if not answer.is_success:
            wait = answer.headers.get("Retry-After", "")
            said = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
            return said, float(wait) if wait.isdigit() else 0.0
        self._perform_answer(answer)
        return "", 0.0

    def _perform_answer(self, answer: httpx.Response) -> None:
        """A webhook may answer with one request of its own; nobody hears how that went."""
        with suppress(ValueError, AttributeError, ApiFailure):
            given = answer.json()
            method = str(given.pop("method", "")).lower()
            perform: Callable[[World, Query], object] | None = METHODS.get(method)
            if perform is not None and not method.startswith("get"):
                with self.lock:
                    perform(self.world, Query(method, {key: as_parameter(given[key]) for key in given}))
                    self.lock.notify_all()


def as_parameter(value: object) -> str:
    """A JSON value as the string that a form would carry."""
    return value if isinstance(value, str) else httpx.Response(200, json=value).text


async def _first(woken: asyncio.Event, gone: "asyncio.Task[None]", seconds: float) -> None:
    waiting = asyncio.create_task(woken.wait())
    await asyncio.wait({waiting, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
