"""The clock killed before every step and around its commits: in the end everything is as if nobody had killed it.

A year in which everybody has something due is played undisturbed, and again with kills. FAULT_KILLS=300 kills at
every commit.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import flow
from bot.adviser import absence
from bot.fault_points import CLOCK, ERASING, KILL_AT, KILL_ONLY_IN
from bot.installation import links_of
from bot.pool_vectors import PoolShelf
from bot.settings import Settings
from bot.store import erasures, pool
from bot.store.database import open_database, transaction
from bot.store.rows import as_text
from bot.story import Story
from bot.wiring import Wiring
from expertise.availability import Absence
from expertise.initiatives import shipped_initiatives
from expertise.instruments import shipped_instruments
from expertise.topics import shipped_topics
from matcher.encoder import Encoder
from tests.accepted_cases import accepted_case, turn_of
from tests.canary import CANARY, files_with
from tests.faults.clock_process import DONE
from tests.faults.starter import Starter, starter
from tests.mails import INCOMPLETE, NOT_CLOSING, mail
from tests.planted_person import OWN, everything_by_mail
from tests.proposed_cases import propose

KILLS = int(os.environ.get("FAULT_KILLS", "10"))
pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200 + 20 * KILLS)]
BEGIN = datetime(2026, 10, 19, 9, tzinfo=UTC)
DAYS = (0, 3, 7, 9, 14, 21, 28, 35, 42, 70, 100, 130, 200, 400)
MOMENTS = [(BEGIN + timedelta(days=day, hours=2)).isoformat() for day in DAYS]
FIRST_REPORT = timedelta(days=385)
"""As if the programme began then: so a few weeks are reported, and not a whole year."""
EVERY = 2 if KILLS >= 100 else 25
"""At how many commits of a process it is killed: after each such kill at least one commit more stands."""
EVENTS = "SELECT case_id, at, event, actor, detail FROM events"
RUN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class End:
    """How an installation is left: rows a table, and everything that people were told or that was decided."""

    rows: dict[str, int]
    letters: list[tuple[str, ...]]
    events: Counter[tuple[object, ...]]
    states: list[tuple[object, ...]]
    canaries: list[str]


@pytest.fixture(scope="module")
def quick(encoder: Encoder) -> Iterator[Starter]:
    """A process from which the clock starts; the model is unpacked before."""
    del encoder
    with starter() as starts:
        yield starts


@pytest.fixture(scope="module")
def planted(prepared_database: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation in which something becomes due for everybody, and somebody has to be erased."""
    folder = tmp_path_factory.mktemp("planted") / "data"
    folder.mkdir()
    shutil.copy(prepared_database, folder / "mixmatch.db")
    settings = Settings(data_dir=str(folder))
    everything = (shipped_topics(), shipped_instruments(), shipped_initiatives())
    wiring = Wiring(settings, *everything, encoder, links_of(settings))
    with closing(open_database(settings.database)) as db:
        db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [as_text(BEGIN + FIRST_REPORT)])
        story = Story(db, wiring, PoolShelf(encoder), BEGIN)
        everything_by_mail(story)
        erasures.ask(db, OWN, story.now)
        assert erasures.answer(db, OWN, "confirmed", story.now)
        assert erasures.approve(db, erasures.to_do(db)[0].id, "coordinator", story.now)
        story.now = BEGIN
        _plant_cases(story)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return folder


def _plant_cases(story: Story) -> None:
    propose(story, "voorstel@example.org")
    accepted_case(story, "toestemming@example.org", "mail")
    met = accepted_case(story, "kennismaking@example.org", "mail")
    away = next(each for each in pool.everyone(story.db) if each.role == "adviser")
    with transaction(story.db):
        story.db.execute("UPDATE cases SET state = 'introduced', consent = 1 WHERE id = ?", [met.id])
        sql = "INSERT INTO events (case_id, at, event, actor) VALUES (?, ?, 'introduced', 'bot')"
        story.db.execute(sql, [met.id, as_text(BEGIN)])
        absence.keep(turn_of(story, "absence"), Absence(away.id, date(2026, 10, 22), date(2026, 10, 30), ""))
    for text, sender in ((INCOMPLETE, "vraag@example.org"), (NOT_CLOSING, "toetsing@example.org")):
        story.mail_arrives(mail(text, sender=sender, now=story.now))


def come_by(quick: Starter, folder: Path, kill_at: str = "") -> bool:
    """Let the clock go on in a process of its own; False when that was killed before it had dealt with everything."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"MIXMATCH_DATA_DIR": str(folder), "OMP_NUM_THREADS": "1"}
    environment |= {KILL_AT: kill_at, KILL_ONLY_IN: str(folder)} if kill_at else {}
    log = folder.parent / "log"
    running = quick.start("tests.faults.clock_process", MOMENTS, environment, folder.parent, log)
    assert running.has_ended(RUN_SECONDS), log.read_text()
    running.kill()
    assert "Traceback" not in log.read_text(), log.read_text()
    done = folder / DONE
    return done.exists() and done.read_text() == str(len(MOMENTS))


def end_of(folder: Path) -> End:
    """What the clock left in this folder."""
    with closing(open_database(folder / "mixmatch.db")) as db:
        names = [name for name in db.table_names() if not name.startswith("sqlite_")]
        return End(
            rows={name: db.table(name).count for name in names},
            letters=sorted(db.execute("SELECT key, template, recipient, state FROM letters").fetchall()),
            events=Counter(db.execute(EVENTS).fetchall()),
            states=db.execute(
                "SELECT c.id, c.state, p.id, p.state, p.adviser_id, p.expert_id FROM cases c"
                " LEFT JOIN proposals p ON p.case_id = c.id ORDER BY c.id, p.id"
            ).fetchall(),
            canaries=files_with(folder, CANARY),
        )


@pytest.fixture(scope="module")
def undisturbed(quick: Starter, planted: Path, tmp_path_factory: pytest.TempPathFactory) -> End:
    """How it ends when nobody kills anything."""
    folder = tmp_path_factory.mktemp("undisturbed") / "data"
    shutil.copytree(planted, folder)
    assert come_by(quick, folder)
    end = end_of(folder)
    assert {event for _, _, event, *_ in end.events} >= {
        "adviser_reminded", "handed_over", "not_decided", "escalated", "initiator_reminded", "closed",
        "review_reminded", "follow_up_asked", "erased", "retention",
    }  # fmt: skip
    assert [template for _, template, *_ in end.letters].count("weekly_report") > 1
    assert end.canaries == []
    return end


def test_killed_before_every_step(quick: Starter, planted: Path, undisturbed: End, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(planted, folder)
    for number, (name, _) in enumerate(flow.CLOCK):
        assert not come_by(quick, folder, f"{CLOCK}{name}:{1 + number % 2}")
    assert come_by(quick, folder)
    assert end_of(folder) == undisturbed


@pytest.mark.parametrize("point", ERASING)
def test_killed_halfway_erasing_somebody(
    quick: Starter, planted: Path, undisturbed: End, tmp_path: Path, point: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(planted, folder)
    assert files_with(folder, CANARY) != []
    assert not come_by(quick, folder, point)
    assert come_by(quick, folder)
    assert end_of(folder) == undisturbed


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_killed_around_its_commits(quick: Starter, planted: Path, undisturbed: End, tmp_path: Path, point: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(planted, folder)
    kills = 0
    while not come_by(quick, folder, f"{point}:{EVERY}"):
        kills += 1
        assert kills < 2000
    print(f"{kills} kills")
    assert kills > 1
    assert end_of(folder) == undisturbed
