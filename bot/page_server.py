"""Serves the pages beside the other parts of the service, and lets one stop signal reach them all at once."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from bot.channels import telegram_in
from bot.serving import Service
from bot.web.app import make_app

PAGES_SECONDS = 5  # how long a page that is being answered may take once the process was asked to stop


def serve_pages(service: Service) -> None:
    """Serve the pages in this thread until the process is asked to stop."""
    settings, web = service.settings, service.settings.web
    app = make_app(service.wiring, service.shelf, service.now)
    if service.telegram is not None and settings.telegram.mode == "webhook":
        app.router.routes.append(telegram_in.webhook_route(service.telegram))
    app.state.pulse = service.pulse
    # The access log would hold the secrets in the addresses of the decision pages.
    config = uvicorn.Config(
        app,
        host=web.host,
        port=web.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=PAGES_SECONDS,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    with _stopped_by_signals(service.ask_to_stop):
        _Pages(config, service.ask_to_stop).run()


class _Pages(uvicorn.Server):
    """The web server; the first stop signal reaches the other parts too, while it answers its last pages."""

    def __init__(self, config: uvicorn.Config, ask_to_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self.ask_to_stop = ask_to_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What happens on a stop signal while pages are served."""
        self.ask_to_stop()
        super().handle_exit(sig, frame)


@contextmanager
def _stopped_by_signals(ask_to_stop: Callable[[], None]) -> Iterator[None]:
    """uvicorn raises the signal again once it has ended: that would end the process before the other parts did."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {sign: signal.signal(sign, lambda *_: ask_to_stop()) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
