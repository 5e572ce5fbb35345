"""Moments at which the clock of a story comes by, for tests. No tests live here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.channels.local_box import KeptLetter
from bot.story import Story
from tests.advisers_at_work import tick
from tests.proposed_cases import templates


def at(day: int, hour: int = 10, month: int = 11) -> datetime:
    """A moment of 2026, by the clock of Greenwich: an hour less than Dutch time in winter."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def on(story: Story, moment: datetime) -> list[KeptLetter]:
    """The clock comes by at a moment; returns what leaves, but for the weekly report."""
    story.now = moment
    return [letter for letter in tick(story) if not letter.subject.startswith("Verslag van")]


def until(story: Story, moment: datetime, step: timedelta = timedelta(days=1)) -> list[KeptLetter]:
    """The clock comes by again and again up to a moment; returns all that leaves."""
    sent: list[KeptLetter] = []
    while story.now < moment:
        sent += on(story, min(story.now + step, moment))
    return sent


def written(story: Story) -> list[str]:
    """Every letter so far, by template, but for the weekly report."""
    return [each for each in templates(story) if each != "weekly_report"]
