"""A small web server that takes updates as a bot's webhook would, and can refuse them first. No tests live here."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Receiver:
    """What came in: (chat id, text) of each try, and the secret with it; `refuse` is how often per chat."""

    url: str = ""
    tried: list[tuple[int, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    refuse: dict[int, int] = field(default_factory=dict)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request of one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        message = json.loads(await reader.readexactly(int(fields["content-length"])))["message"]
        chat_id = message["chat"]["id"]
        self.tried.append((chat_id, message["text"]))
        self.secrets.append(fields.get("x-telegram-bot-api-secret-token", ""))
        self.refuse[chat_id] = self.refuse.get(chat_id, 0) - 1
        said = b"500 Internal Server Error" if self.refuse[chat_id] >= 0 else b"200 OK"
        writer.write(b"HTTP/1.1 " + said + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on a free port of 127.0.0.1."""
    hook = Receiver()
    server = await asyncio.start_server(hook.take, "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield hook
