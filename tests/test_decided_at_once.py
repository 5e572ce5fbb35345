"""An adviser presses on several screens and mails, all at the same moment: one of them decides, the others hear so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot import brokering
from bot.store import events, proposals
from bot.story import Story
from bot.web.app import make_app
from tests.mails import SHOP
from tests.proposed_cases import proposed, the_case
from tests.web_visits import link_in

CHOICES = ("yes", "no") * 4
HESITATION = 1.0  # seconds
DECIDED = {"accepted", "declined"}


@pytest.fixture
def hesitating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever saw that nothing was decided yet waits a moment for another who saw so too, before deciding."""
    two, decide = Barrier(2), brokering.decide

    def hesitate(*about: Any) -> None:
        with suppress(BrokenBarrierError):
            two.wait(HESITATION)
        decide(*about)

    monkeypatch.setattr(brokering, "decide", hesitate)


@pytest.mark.usefixtures("hesitating")
def test_of_all_who_press_at_the_same_moment_one_decides(story: Story) -> None:
    letter = proposed(story)
    path, app = link_in(letter), make_app(story.wiring, story.shelf, lambda: story.now)
    together = Barrier(len(CHOICES) + 1)

    def press(choice: str) -> str:
        with TestClient(app) as browser:
            together.wait()
            return browser.post(path, data={"choice": choice}).text

    with ThreadPoolExecutor(len(CHOICES)) as everybody:
        pressed = [everybody.submit(press, choice) for choice in CHOICES]
        together.wait()
        story.answer(letter, "Nee, te druk")
        pages = [each.result() for each in pressed]
    case = the_case(story, SHOP)
    told = [each for each in events.of_case(story.db, case.id) if each["event"] in DECIDED]
    assert len(told) == 1
    first, *later = proposals.of_case(story.db, case.id)
    assert first.state == told[0]["event"]
    assert [each.state for each in later] == ["open"] * (first.state == "declined")
    by_page = sum("al een besluit" not in page for page in pages)
    by_mail = story.db.execute("SELECT count(*) FROM messages WHERE outcome IN ('accepted', 'declined')").fetchone()[0]
    assert by_page + by_mail == 1
    sent = [row[0] for row in story.db.execute("SELECT template FROM letters WHERE template = 'consent_request'")]
    assert len(sent) == (first.state == "accepted")
