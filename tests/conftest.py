"""What many tests share: the real model loaded once, and a fresh installation with its own folder."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from starlette.testclient import TestClient

from bot.installation import links_of, seed_pool
from bot.pool_vectors import PoolShelf
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.rows import as_text
from bot.story import Story
from bot.web.app import make_app
from bot.wiring import Wiring
from expertise.initiatives import shipped_initiatives
from expertise.instruments import shipped_instruments
from expertise.topics import shipped_topics
from matcher.encoder import Encoder, open_encoder
from tests.bot_api import BotApi

# How long an example takes says something of the machine, and nothing of what is tested.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default model, unpacked once into the ordinary cache folder."""
    return open_encoder("", Settings().model_cache)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of its own, on embedded defaults."""
    return Settings(data_dir=str(tmp_path / "data"))


@pytest.fixture
def wiring(settings: Settings, encoder: Encoder) -> Wiring:
    """All parts of the installation."""
    settings.folder.mkdir(parents=True)
    return Wiring(
        settings=settings,
        topics=shipped_topics(),
        instruments=shipped_instruments(),
        initiatives=shipped_initiatives(),
        encoder=encoder,
        links=links_of(settings),
    )


@pytest.fixture(scope="session")
def prepared_database(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A database with the sample pool and its vectors, made once and copied by every story.

    It was made when stories begin: which reports are due does not hang on the day the tests are run.
    """
    path = tmp_path_factory.mktemp("prepared") / "mixmatch.db"
    db = open_database(path)
    db.execute("UPDATE _sqlite_migrations SET applied_at = ?", [as_text(MONDAY)])
    seed_pool(db)
    PoolShelf(encoder).current(db)
    db.close()
    return path


@pytest.fixture
def story(wiring: Wiring, prepared_database: Path) -> Iterator[Story]:
    """A story that can begin: an empty database with the sample pool, on a Monday morning."""
    shutil.copy(prepared_database, wiring.settings.database)
    db = open_database(wiring.settings.database)
    yield Story(db, wiring, PoolShelf(wiring.encoder), MONDAY)
    db.close()


@pytest.fixture
def browser(story: Story) -> Iterator[TestClient]:
    """A browser without JavaScript on the pages of the story; it shows where it is sent instead of going there."""
    with TestClient(make_app(story.wiring, story.shelf, lambda: story.now), follow_redirects=False) as client:
        yield client


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    """A Bot API server of its own."""
    with BotApi() as server:
        yield server


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the machine it runs on."""
    for name in os.environ:
        if name.startswith("MIXMATCH_"):
            monkeypatch.delenv(name)
