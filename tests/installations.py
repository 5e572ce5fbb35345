"""An installation with something in it, and what stands in one: for tests of what is done with a whole installation."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.installation import links_of
from bot.settings import Settings
from bot.store.database import open_database
from tests.store_builders import a_case, one, put, receive


@pytest.fixture
def installation(settings: Settings) -> Settings:
    """An installation with a case, a message and a letter that waits."""
    links_of(settings)
    with closing(open_database(settings.database)) as db:
        a_case(db)
        receive(db, "een")
        put(db)
    return settings


def elsewhere(tmp_path: Path) -> Settings:
    """A second machine, where nothing is yet."""
    return Settings(data_dir=str(tmp_path / "elsewhere"))


def counted(settings: Settings, table: str) -> int:
    with closing(open_database(settings.database)) as db:
        return int(one(db, f"SELECT count(*) FROM {table}"))
