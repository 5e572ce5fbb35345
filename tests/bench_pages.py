"""`make bench-pages`: how soon the pages of the desk stand there with 10,000 cases in the database. No test.

Most cases of a desk have ended: a hundredth waits for somebody, as after years of work.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

from sqlite_utils import Database
from starlette.testclient import TestClient

from bot.installation import seed_pool
from bot.pool_vectors import PoolShelf
from bot.report.week_report import make_report
from bot.settings import Settings
from bot.store.database import open_database, transaction
from bot.store.rows import as_text
from bot.story import Story
from bot.terminal import progress
from bot.web.app import make_app
from bot.week import week_of
from bot.wiring import wire
from tests.advisers_at_work import ask
from tests.at_the_desk import sign_in
from tests.many_cases import NEEDS, PLACES

CASES = 10_000
TIMES = 9
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
STATES = {"introduced": 2.0, "closed": 80.0, "unserved": 0.3, "asking": 0.3, "withdrawn": 17.4}
EVENTS = {"unserved": "unserved", "asking": "asked"}
PAGES = (
    *("/", "/bureau", "/bureau/dossiers", "/bureau/dossiers?woorden=buurttuin", "/bureau/dossiers?pagina=150"),
    *("/bureau/dossiers?regio=West-Brabant&onderwerp=funders", "/bureau/dossiers/SV-2026-0001", "/bureau/inzicht"),
    *("/bureau/inzicht/zonder-expert", "/bureau/weekverslag/2026-W46", "/bureau/weekverslag/2026-W47"),
    *("/bureau/initiatieven", "/bureau/lessen", "/bureau/instrumenten", "/bureau/pool", "/bureau/quarantaine"),
    *("/bureau/brieven", "/bureau/onderwerpen", "/bureau/wisverzoeken", "/bureau/wie-deed-wat"),
)
COLUMNS = (
    "id, reference, initiator, channel, language, state, municipality, needs, eligibility, initiative, question,"
    " opened_at, touched_at, closed_at"
)


def fill(db: Database, chance: Random) -> None:
    """Keep so many cases, each with the main lines of its history."""
    with transaction(db):
        for number in range(2, CASES + 1):
            _keep(db, number, chance)
    db.execute("ANALYZE")


def _keep(db: Database, number: int, chance: Random) -> None:
    opened = NOW - timedelta(hours=1 + chance.random() * 24 * 365)
    (state,) = chance.choices([*STATES], [*STATES.values()])
    needs = [{"code": chance.choice(NEEDS), "confidence": 0.9, "evidence": f"zin {number}"}]
    ended = as_text(opened + timedelta(days=20)) if state in ("closed", "withdrawn") else None
    row = [number, f"SV-2026-{number:04d}", f"initiatief{number}@example.org", "mail", "nl", state]
    row += [chance.choice(PLACES), json.dumps(needs), "eligible", f"Initiatief {number}"]
    row += ["Wie helpt ons met de buurttuin?", as_text(opened), as_text(opened + timedelta(days=5)), ended]
    db.execute(f"INSERT INTO cases ({COLUMNS}) VALUES ({', '.join('?' * len(row))})", row)
    for days, event in ((0, "opened"), (0, "understood"), (4, EVENTS.get(state, state))):
        at = as_text(opened + timedelta(days=days))
        db.execute(
            "INSERT INTO events (case_id, at, event, actor, detail) VALUES (?, ?, ?, 'bot', '')", [number, at, event]
        )


def milliseconds(act: Callable[[], object]) -> float:
    """The median of some turns, after one that fills what is kept."""
    act()
    found = []
    for _ in range(TIMES):
        start = time.perf_counter()
        act()
        found.append(1000 * (time.perf_counter() - start))
    return median(found)


def main() -> int:
    """Fill a database of its own, open every page and print a line each."""
    with tempfile.TemporaryDirectory() as folder:
        wiring = wire(Settings(data_dir=folder), progress)
        with closing(open_database(wiring.settings.database)) as db:
            seed_pool(db)
            story = Story(db, wiring, PoolShelf(wiring.encoder), NOW)
            ask(story)
            fill(db, Random(1))
            last = week_of(NOW).previous()
            taken = milliseconds(lambda: make_report(db, last, NOW, wiring.topics, keep=False))
            make_report(db, last, NOW, wiring.topics)  # as the clock does on Monday: the weeks are kept from then on
            app = make_app(wiring, story.shelf, lambda: story.now)
            with TestClient(app, follow_redirects=False) as browser:
                sign_in(story, browser)
                print(f"\n{'pagina, met 10.000 dossiers':<58}{'mediaan':>10}")
                for page in PAGES:
                    answer = browser.get(page)
                    assert answer.status_code == 200, (page, answer.status_code)
                    print(f"{page:<58}{milliseconds(lambda page=page: browser.get(page)):>7.1f} ms")  # type: ignore[misc]
            print(f"{'weekverslag maken':<58}{taken:>7.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
