"""Debian's Chromium on the real pages: served on a port of their own, driven by Playwright in a thread of its own."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from bot.story import Story
from bot.web.app import make_app
from tests.certificate import absent

Result = TypeVar("Result")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = "() => axe.run({runOnly: %s}).then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"
WIDTH = "() => document.documentElement.scrollWidth"
TELEPHONE = ViewportSize(width=320, height=700)
ZOOMED = ViewportSize(width=640, height=400)
"""A window of 1280 by 800 pixels at 200 %, beside a device scale factor of 2."""
PATIENCE = 60_000  # milliseconds, also on a busy machine


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser: pages open one after the other, in the thread that the browser belongs to."""

    address: str
    thread: ThreadPoolExecutor
    page: Page
    checker: Page

    def does(self, what: Callable[[Page], Result]) -> Result:
        """Do something on the page, which has no scripts; returns what it gives."""
        return self.thread.submit(what, self.page).result()

    def opens(self, path: str) -> None:
        """Go to a page of the site."""
        self.does(lambda page: page.goto(f"{self.address}{path}"))

    def presses(self, *keys: str) -> None:
        """Press these keys one after the other."""
        for key in keys:
            self.thread.submit(self.page.keyboard.press, key).result()

    def faults(self, path: str) -> list[object]:
        """What axe-core finds against WCAG 2.2 AA, each with the first place, and in which window the page is too wide.

        Looked at on a telephone, and at a zoom of 200 % in a window of 1280 pixels.
        """

        def look(page: Page) -> list[object]:
            page.goto(f"{self.address}{path}")
            page.evaluate(axe_core())
            return [fault for window in (ZOOMED, TELEPHONE) for fault in _faults_in(page, window)]

        return self.thread.submit(look, self.checker).result()

    def shares_cookies(self) -> None:
        """Let what was signed in to be looked at for faults too."""
        cookies: list[Any] = self.does(lambda page: page.context.cookies())
        self.thread.submit(self.checker.context.add_cookies, cookies).result()


def _faults_in(page: Page, window: ViewportSize) -> list[object]:
    page.set_viewport_size(window)
    found: list[object] = page.evaluate(AXE % RULES)
    wide = page.evaluate(WIDTH)
    return found if wide <= window["width"] else [*found, f"{wide} pixels in {window['width']}"]


@cache
def axe_core() -> str:
    """The program that finds faults on a page."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[ThreadPoolExecutor, Browser]]:
    """The browser, in its own thread: Playwright keeps the thread's event loop for itself."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        absent("Chromium", "chromium")
    with ThreadPoolExecutor(1) as thread:
        playwright: Playwright = thread.submit(sync_playwright().start).result()
        launch = playwright.chromium.launch
        browser = thread.submit(launch, executable_path=program, args=["--no-sandbox", "--disable-gpu"]).result()
        yield thread, browser
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


@pytest.fixture
def served(story: Story) -> Iterator[str]:
    """The pages of the story on a port of their own; its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(story.wiring, story.shelf, lambda: story.now), log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def visitor(chromium: tuple[ThreadPoolExecutor, Browser], served: str) -> Iterator[Visitor]:
    """Somebody at a telephone of 320 pixels wide, with JavaScript off; a second window measures and checks."""
    thread, browser = chromium

    def begin() -> tuple[BrowserContext, BrowserContext]:
        plain = browser.new_context(viewport=TELEPHONE, java_script_enabled=False, locale="nl-NL")
        checks = browser.new_context(viewport=TELEPHONE, device_scale_factor=2, bypass_csp=True, locale="nl-NL")
        for context in (plain, checks):
            context.set_default_timeout(PATIENCE)
        return plain, checks

    plain, checks = thread.submit(begin).result()
    pages = thread.submit(lambda: (plain.new_page(), checks.new_page())).result()
    yield Visitor(served, thread, *pages)
    for context in (plain, checks):
        thread.submit(context.close).result()
