"""What the service does only after its answer has left: a visitor who saw the page waits for it. No tests live here."""

from __future__ import annotations

from bot.store.rows import first
from bot.story import Story
from tests.shelf import wait_until


def until_written(story: Story, recipient: str) -> None:
    """Wait for the letter with a link: it is written after the page was sent, so that its time tells nothing."""
    waiting = "SELECT 1 FROM letters WHERE recipient = ? AND state = 'waiting'"
    wait_until(lambda: first(story.db, waiting, [recipient]) is not None)
