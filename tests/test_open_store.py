"""Opening the store of an installation: a newcomer finds the sample pool in it, and nobody loses a pool by that."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot import installation
from bot.config import BadSettings
from bot.installation import links_of, open_store, topics_of
from bot.settings import Settings
from bot.store import pool
from bot.store.database import open_database, transaction
from bot.terminal import Refused
from expertise.experts import shipped_pool
from expertise.topics import shipped_topics
from tests.store_builders import people


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation that does not exist yet."""
    return Settings(data_dir=str(tmp_path / "nieuw" / "data"))


def ids(db: Database) -> list[str]:
    return [expert.id for expert in pool.everyone(db)]


def test_a_new_store_holds_the_sample_pool(settings: Settings) -> None:
    with open_store(settings) as db:
        assert ids(db) == sorted(expert.id for expert in shipped_pool())
    with pytest.raises(Exception, match="closed"):
        db.execute("SELECT 1")


def test_an_imported_pool_stays_even_when_it_is_empty(settings: Settings) -> None:
    for own in (("e1", "e2"), ()):
        with open_store(settings) as db:
            people(db, *own)
        for _ in range(2):
            with open_store(settings) as db:
                assert ids(db) == list(own)


def test_a_pool_that_is_imported_at_the_same_moment_stays(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.folder.mkdir(parents=True)

    def after_an_import(db: Database) -> AbstractContextManager[Database]:
        with closing(open_database(settings.database)) as importer:
            people(importer, "e1")
        return transaction(db)

    monkeypatch.setattr(installation, "transaction", after_an_import)
    with open_store(settings) as db:
        assert ids(db) == ["e1"]


def test_a_store_that_cannot_be_used_is_refused_in_dutch(settings: Settings) -> None:
    settings.folder.mkdir(parents=True)
    settings.database.write_bytes(b"geen database " * 100)
    with pytest.raises(Refused, match=r"is geen database of is beschadigd\. Er is niets"), open_store(settings):
        pass


def test_the_key_of_the_links_is_made_once(settings: Settings) -> None:
    assert links_of(settings).key == links_of(settings).key
    assert (settings.folder / "signing.key").stat().st_mode & 0o077 == 0


def test_own_topics_are_read_or_refused_by_name(settings: Settings, tmp_path: Path) -> None:
    assert topics_of(settings) == shipped_topics()
    wrong = tmp_path / "onderwerpen.toml"
    wrong.write_text("[[topic]]\ncode = 1")
    for place in (wrong, tmp_path / "weg.toml"):
        with pytest.raises(BadSettings, match=f"Het onderwerpenbestand {place} klopt niet"):
            topics_of(Settings(topics_file=str(place)))


def test_the_folder_of_the_installation_is_for_its_owner_only(settings: Settings) -> None:
    with open_store(settings):
        assert settings.folder.stat().st_mode & 0o077 == 0
