"""The service stops and starts around Monday eight o'clock, also after a night with another hour: one report a week."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from bot.store.rows import as_text
from bot.story import Story
from bot.week import DUTCH_TIME, week_of
from bot.wiring import Wiring
from tests.faults.own_clock import Clock, came_by, sending_to, serving
from tests.shelf import wait_until
from tests.smtp_receiver import SmtpReceiver
from tests.smtp_receiver import receiver as receiver
from tests.store_builders import one

pytestmark = pytest.mark.faults

SECONDS = 120
MONDAYS = {
    "an ordinary week": "2026-11-23",
    "an hour was skipped": "2026-03-30",
    "an hour came twice": "2026-10-26",
    "week 53": "2027-01-04",
}


def dutch(day: str, time: str, days: int = 0) -> datetime:
    """A moment by a Dutch clock, so many days later."""
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=DUTCH_TIME) + timedelta(days=days)


def settled(story: Story, wiring: Wiring, clock: Clock, weeks: int) -> None:
    """The service runs until the clock came by and everything left; then so many weeks were reported."""
    with serving(wiring, clock) as service:
        came_by(service)
        reported = "SELECT count(*) FROM letters WHERE template = 'weekly_report' AND state = 'sent'"
        wait_until(lambda: one(story.db, reported) >= weeks, SECONDS)
        assert one(story.db, reported) == weeks


@pytest.mark.parametrize("monday", MONDAYS.values(), ids=list(MONDAYS))
def test_one_report_a_week_over_restarts_and_a_clock_set_back(
    story: Story, receiver: SmtpReceiver, monday: str
) -> None:
    wiring = replace(story.wiring, settings=sending_to(story.wiring.settings, receiver.port))
    began = as_text(dutch(monday, "12:00", -5))
    story.db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [began])
    clock = Clock(stands=True)
    runs = (
        (dutch(monday, "23:59", -1), 0), (dutch(monday, "07:59:30"), 0), (dutch(monday, "08:00"), 1),
        (dutch(monday, "08:00:01"), 1), (dutch(monday, "07:30"), 1), (dutch(monday, "20:00", -1), 1),
        (dutch(monday, "08:00"), 1), (dutch(monday, "09:00", 2), 1),
        (dutch(monday, "03:00", 16), 3),  # away over the next two times
    )  # fmt: skip
    for moment, weeks in runs:
        clock.set(moment)
        settled(story, wiring, clock, weeks)
    told = Counter(
        str(message_from_bytes(each.raw, policy=default)["Subject"])
        for each in receiver.mails
        if each.recipient == wiring.settings.programme.coordinator
    )
    assert set(told.values()) == {1}
    assert len(told) == 3
    sent = [row["week"] for row in story.db.query("SELECT week FROM sent_reports ORDER BY week")]
    assert sent == [str(week_of(dutch(monday, "12:00", days))) for days in (-5, 2, 9)]


def test_the_report_leaves_the_moment_it_is_eight_while_the_service_runs(story: Story, receiver: SmtpReceiver) -> None:
    wiring = replace(story.wiring, settings=sending_to(story.wiring.settings, receiver.port))
    monday = MONDAYS["an hour came twice"]
    story.db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [as_text(dutch(monday, "12:00", -5))])
    clock = Clock(dutch(monday, "07:59:50"))
    with serving(wiring, clock) as service:
        wait_until(lambda: len(receiver.mails) == 1, SECONDS)
        for _ in range(3):
            clock.back(timedelta(hours=1))
            came_by(service)
            clock.set(clock() + timedelta(hours=1))
            came_by(service)
        wait_until(lambda: one(story.db, "SELECT count(*) FROM letters WHERE state = 'sent'") == 1, SECONDS)
    assert len(receiver.mails) == 1
    written = datetime.fromisoformat(one(story.db, "SELECT created_at FROM letters")).astimezone(DUTCH_TIME)
    assert written.hour == 8
