"""Whenever the clock comes by, the same letters leave as of one that comes by all the time: none twice, none skipped.

Outages of weeks, two processes at once, nights in which the hour changes, and a clock that was set back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import introduced, late_reviews, silence, unanswered, undecided
from bot.installation import links_of
from bot.pool_vectors import PoolShelf
from bot.settings import Settings
from bot.store.database import open_database, transaction
from bot.story import Story
from bot.wiring import Wiring
from expertise.initiatives import shipped_initiatives
from expertise.instruments import shipped_instruments
from expertise.topics import shipped_topics
from matcher.encoder import Encoder
from tests.accepted_cases import accepted_case
from tests.mails import INCOMPLETE, NOT_CLOSING, mail
from tests.proposed_cases import propose

Letter = tuple[str, str, str]
BEGIN = datetime(2026, 10, 19, 9, tzinfo=UTC)  # the Monday before the night that has an hour twice
END = BEGIN + timedelta(days=210)  # over Christmas, the night that skips an hour, Easter and the days of May
STEPS = (undecided.go_on, silence.go_on, unanswered.go_on, introduced.go_on, late_reviews.remind)


@pytest.fixture(scope="module")
def wiring_of_all(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Wiring:
    """The parts, with a signing key that all databases of this file share."""
    here = Settings(data_dir=str(tmp_path_factory.mktemp("clock")))
    return Wiring(
        settings=here,
        topics=shipped_topics(),
        instruments=shipped_instruments(),
        initiatives=shipped_initiatives(),
        encoder=encoder,
        links=links_of(here),
    )


@pytest.fixture(scope="module")
def waiting(prepared_database: Path, wiring_of_all: Wiring) -> Path:
    """A database in which somebody of every kind has something to do."""
    path = wiring_of_all.settings.folder / "mixmatch.db"
    shutil.copy(prepared_database, path)
    with closing(open_database(path)) as db:
        story = Story(db, wiring_of_all, PoolShelf(wiring_of_all.encoder), BEGIN)
        propose(story, "voorstel@example.org")
        accepted_case(story, "toestemming@example.org", "mail")
        met = accepted_case(story, "kennismaking@example.org", "mail")
        with transaction(db):
            db.execute("UPDATE cases SET state = 'introduced', consent = 1 WHERE id = ?", [met.id])
            sql = "INSERT INTO events (case_id, at, event, actor) VALUES (?, ?, 'introduced', 'bot')"
            db.execute(sql, [met.id, BEGIN.isoformat(timespec="milliseconds")])
        for text, sender in ((INCOMPLETE, "vraag@example.org"), (NOT_CLOSING, "toetsing@example.org")):
            story.mail_arrives(mail(text, sender=sender, now=story.now))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path


def letters_after(waiting: Path, wiring: Wiring, path: Path, moments: Iterable[datetime]) -> list[Letter]:
    """Every letter that was written when the clock came by at these moments, each time in a process of its own."""
    shutil.copy(waiting, path)
    shelf = PoolShelf(wiring.encoder)
    with closing(open_database(path)) as db:
        for moment in moments:
            for step in STEPS:
                step(db, wiring, shelf, moment)
        rows = db.query("SELECT key, template, recipient FROM letters ORDER BY key")
        found = [(row["key"], row["template"], row["recipient"]) for row in rows]
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    return found


@pytest.fixture(scope="module")
def expected(waiting: Path, wiring_of_all: Wiring) -> list[Letter]:
    """What a clock writes that comes by four times on every day."""
    days = (END - BEGIN).days + 1
    at_work = [BEGIN.replace(hour=hour) + timedelta(days=day) for day in range(days) for hour in (6, 9, 12, 15)]
    path = wiring_of_all.settings.folder / "expected.db"
    return letters_after(waiting, wiring_of_all, path, [moment for moment in at_work if moment >= BEGIN])


def test_everybody_is_reminded_once_and_everything_ends(expected: list[Letter]) -> None:
    written = sorted(template for key, template, _ in expected if key.split(":")[0] not in ("message", "proposed"))
    assert [each for each in written if not each.startswith(("accepted", "decision", "consent"))] == [
        "case_closed", "case_closed", "case_closed", "follow_up", "follow_up",
        "initiator_reminder", "initiator_reminder", "initiator_silent", "not_decided", "proposal",
        "proposal_unanswered", "proposal_waits", "proposal_waits", "review_reminder",
    ]  # fmt: skip


@st.composite
def _comings(draw: st.DrawFn) -> list[datetime]:
    """Moments at which a clock comes by: now and then, sometimes twice at once, sometimes with the time set back."""
    now, moments = BEGIN, []
    while now < END:
        hours = draw(st.one_of(st.integers(1, 30), st.integers(20, 24 * 25)))
        now += timedelta(hours=hours, minutes=draw(st.integers(0, 59)))
        moments += [now] * draw(st.sampled_from((1, 1, 2)))
        if draw(st.integers(0, 9)) == 0:
            moments.append(now - timedelta(hours=draw(st.integers(1, 24 * 9))))
    return moments


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(moments=_comings())
def test_a_clock_that_comes_by_now_and_then_writes_the_same_letters(
    waiting: Path, wiring_of_all: Wiring, expected: list[Letter], moments: list[datetime]
) -> None:
    afterwards = [END + timedelta(hours=5 * number) for number in range(24 * 60 // 5)]  # it runs on, undisturbed
    path = wiring_of_all.settings.folder / "any_time.db"
    assert letters_after(waiting, wiring_of_all, path, [*moments, *afterwards]) == expected
