"""What time brings comes step by step: a step that fails is reported, comes again, and stops no other step."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import flow
from bot.pool_vectors import PoolShelf
from bot.serving import Service
from bot.settings import Lmtp
from bot.story import Story
from tests.shelf import wait_until


def broken(*_: object) -> None:
    raise LookupError("a word that nobody may read")


def with_broken(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """Let these steps fail and the others only be noted; returns where they are noted."""
    done: list[str] = []
    steps = tuple(
        (name, broken if name in names else lambda *_, name=name: done.append(name)) for name, _ in flow.CLOCK
    )
    monkeypatch.setattr(flow, "CLOCK", steps)
    return done


def test_every_step_has_its_turn_whatever_the_others_do(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name, _ in flow.CLOCK]
    done = with_broken(monkeypatch, names[0], "reminders")
    with pytest.raises(flow.StepsFailed) as failed:
        flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert done == [name for name in names[1:] if name != "reminders"]
    assert failed.value.codes == (
        (f"clock_{names[0]}_failed", "LookupError"),
        ("clock_reminders_failed", "LookupError"),
    )


def test_the_report_is_sent_though_another_step_fails(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [(name, broken if name == "silence" else step) for name, step in flow.CLOCK]
    monkeypatch.setattr(flow, "CLOCK", tuple(kept))
    story.later(timedelta(days=7))
    with pytest.raises(flow.StepsFailed):
        flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert [row["template"] for row in story.db.query("SELECT template FROM letters")] == ["weekly_report"]


def test_the_service_reports_the_step_and_no_word_of_it(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = with_broken(monkeypatch, "absences")
    deaf = replace(story.wiring, settings=replace(story.wiring.settings, lmtp=Lmtp(port=0)))
    service = Service(deaf, PoolShelf(deaf.encoder), lambda: story.now)
    with caplog.at_level(logging.INFO, logger="mixmatch"):
        service.start()
        try:
            wait_until(lambda: "report" in done)
        finally:
            service.finish()
    assert "clock_absences_failed LookupError" in caplog.messages
    assert "nobody may read" not in caplog.text
