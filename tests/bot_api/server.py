"""The HTTP side: a Starlette app under uvicorn in a thread of its own, which can go down and come up again.

What the methods do is in methods.py and delivery.py; what tests can do with it in controls.py.
"""

import asyncio
import json
import re
import socket
import threading
from contextlib import suppress
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.bot_api.chats import Call
from tests.bot_api.controls import Controls
from tests.bot_api.delivery import Delivery, as_parameter
from tests.bot_api.failure import ApiFailure, Json, too_many
from tests.bot_api.faults import Fault
from tests.bot_api.methods import DOWNLOAD_BYTES, METHODS, UPLOAD_BYTES, Query, Upload

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:a-token-of-the-local-server-for-tests"
DELIVERY_METHODS = frozenset({"getupdates", "setwebhook", "deletewebhook", "getwebhookinfo"})
START_SECONDS = 30


class _Uvicorn(uvicorn.Server):
    """uvicorn that tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class BotApi(Controls):
    """A running server: `with BotApi() as telegram: Bot(telegram.token, telegram.base_url, telegram.base_file_url)`.

    `reads_groups` False is a bot in privacy mode.
    """

    def __init__(self, token: str = TOKEN, *, username: str = "mixmatch_test_bot", reads_groups: bool = True) -> None:
        super().__init__(
            {
                "id": int(token.partition(":")[0]),
                "is_bot": True,
                "first_name": "Mix&Match",
                "username": username,
                "can_join_groups": True,
                "can_read_all_group_messages": reads_groups,
                "supports_inline_queries": False,
            }
        )
        self.token = token
        self._door = _new_door(0)
        self.port: int = self._door.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/bot"
        self.base_file_url = f"http://127.0.0.1:{self.port}/file/bot"
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._delivery: Delivery | None = None
        self._uvicorn: _Uvicorn | None = None
        self._app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
            ],
            exception_handlers={404: _nothing_there},
        )

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()
        self._door.close()

    def up(self) -> None:
        """Listen, on the same port as before. Raises `RuntimeError` when that fails."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name="bot api", daemon=True)
        self._thread.start()
        if not ready.wait(START_SECONDS):
            raise RuntimeError("the Bot API server did not start")

    def down(self) -> None:
        """Break every connection and refuse new ones; what was said and sent stays known."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._leave)
        self._thread.join()
        self._thread = None
        self._door = _new_door(self.port)

    def wake(self) -> None:
        """Tell the running server that there may be something to deliver."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it went down meanwhile; it looks for itself when it comes up
                loop.call_soon_threadsafe(self._look)

    async def _serve(self, ready: threading.Event) -> None:
        config = uvicorn.Config(
            self._app, log_config=None, log_level="critical", access_log=False, lifespan="off", ws="none", http="h11"
        )
        self._uvicorn = _Uvicorn(config, ready)
        self._delivery = Delivery(self.world, self.webhook, self.changed)
        self._loop = asyncio.get_running_loop()
        self._door.listen(1024)
        self._look()
        await self._uvicorn.serve(sockets=[self._door])
        self._loop = None

    def _look(self) -> None:
        if self._delivery is not None:
            with self.changed:
                self._delivery.wake()

    def _leave(self) -> None:
        assert self._delivery is not None
        assert self._uvicorn is not None
        self._delivery.close()
        self._uvicorn.should_exit = True
        self._break_connections(None)

    def _break_connections(self, client: tuple[str, int] | None) -> None:
        """Cut the line of one client, or all lines, in mid-sentence."""
        assert self._uvicorn is not None
        for connection in list(self._uvicorn.server_state.connections):
            if client is None or getattr(connection, "client", None) == client:
                connection.transport.abort()

    async def _api(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"].lower()
        if token != self.token:
            well_formed = re.fullmatch(r"\d+:[\w-]+", token)
            return _refused(ApiFailure(401, "Unauthorized") if well_formed else ApiFailure(404, "Not Found"))
        query = await _read(request, method)
        gone = asyncio.create_task(_gone(request))
        at = self.world.moment()
        try:
            response = await self._answer(request, query, gone)
        except ApiFailure as failure:
            response = _refused(failure)
        finally:
            gone.cancel()
        with self.changed:
            self.world.calls.append(Call(method, query.parameters, response.status_code if response else 0, at))
            self.changed.notify_all()
        return response or Response()

    async def _answer(self, request: Request, query: Query, gone: "asyncio.Task[None]") -> Response | None:
        """Answer one request, or, when something goes wrong on purpose, leave it unanswered (None)."""
        with self.changed:
            fault = self.faults.take(query.method, query.get("chat_id"))
        if fault is not None and fault.kind == "flood":
            raise too_many(fault.retry_after)
        if fault is not None and fault.kind == "gateway":
            return _bad_gateway()
        body = await self._perform(query, gone)
        if fault is None:
            return Response(body, media_type="application/json")
        await self._keep_silent(request, fault, gone)
        return None

    async def _perform(self, query: Query, gone: "asyncio.Task[None]") -> bytes:
        assert self._delivery is not None
        if query.method == "getupdates":
            result: Any = await self._delivery.get_updates(query, gone)
            return _body(result)
        with self.changed:
            if query.method == "getwebhookinfo":
                result = self._delivery.webhook_info()
            elif query.method in DELIVERY_METHODS:
                result = self._delivery.set_webhook(query)
            elif query.method in METHODS:
                result = METHODS[query.method](self.world, query)
            else:
                raise ApiFailure(404, "Not Found: method not found")
            self.changed.notify_all()
            return _body(result)

    async def _keep_silent(self, request: Request, fault: Fault, gone: "asyncio.Task[None]") -> None:
        if fault.kind == "cut" and request.client is not None:
            self._break_connections((request.client.host, request.client.port))
        await asyncio.wait({gone})

    async def _file(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return _refused(ApiFailure(401, "Unauthorized"))
        with self.changed:
            fault = self.faults.take("download", None)
            found = [file for file in self.world.files.values() if file.path == request.path_params["path"]]
        if fault is not None and fault.kind == "gateway":
            return _bad_gateway()
        if fault is not None:
            await self._keep_silent(request, fault, asyncio.create_task(_gone(request)))
        if not found or found[0].size > DOWNLOAD_BYTES:
            return _refused(ApiFailure(404, "Not Found"))
        return Response(found[0].content, media_type="application/octet-stream")


def _new_door(port: int) -> socket.socket:
    """Hold a port: as long as nobody listens, connections are refused and nobody else can take it."""
    # asyncio sends small answers at once only where the protocol is named; otherwise each waits 40 ms for its turn.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    return door


async def _gone(request: Request) -> None:
    """End when the client hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _read(request: Request, method: str) -> Query:
    """Read the parameters, from wherever Telegram takes them: the address, a form, or JSON."""
    parameters = dict(request.query_params)
    files: dict[str, Upload] = {}
    if request.headers.get("content-type", "").startswith("application/json"):
        given = json.loads(await request.body() or b"{}")
        return Query(method, parameters | {key: as_parameter(given[key]) for key in given})
    async with request.form(max_part_size=UPLOAD_BYTES) as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                media_type = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename or name, media_type, await value.read())
            else:
                parameters[name] = value
    attached = {name: files[parameters[name][9:]] for name in parameters if parameters[name][9:] in files}
    return Query(method, parameters, files | attached)


def _body(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()


def _refused(failure: ApiFailure) -> Response:
    wait = failure.parameters.get("retry_after")
    headers = {"Retry-After": str(wait)} if wait else None
    return JSONResponse(failure.body(), failure.code, headers)


def _bad_gateway() -> Response:
    return Response("<html><title>502 Bad Gateway</title></html>", 502, media_type="text/html")


async def _nothing_there(_request: Request, _error: Exception) -> Response:
    body: Json = ApiFailure(404, "Not Found").body()
    return JSONResponse(body, 404)
