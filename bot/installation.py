"""Opens what an installation holds: its folder, database, topics and signing key; no language model comes with it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from bot import service_lock
from bot.config import BadSettings
from bot.links import Links, signing_key
from bot.settings import Settings
from bot.store import pool
from bot.store.database import NewerDatabase, NotADatabase, open_database, transaction
from bot.terminal import Refused
from expertise.experts import shipped_pool
from expertise.topics import Topic, read_topics, shipped_topics


def make_folder(settings: Settings) -> None:
    """Make the folder of the installation; what citizens wrote is for its owner only."""
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def links_of(settings: Settings) -> Links:
    """What makes and checks the links of this installation."""
    make_folder(settings)
    key = signing_key(settings.folder / "signing.key")
    return Links(settings.web.base_url, key, settings.proposal_life)


def topics_of(settings: Settings) -> tuple[Topic, ...]:
    """The topics: the shipped ones, or a coordinator's own file. Raises `BadSettings` when that file is wrong."""
    if not settings.topics_file:
        return shipped_topics()
    try:
        return read_topics(Path(settings.topics_file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadSettings(f"Het onderwerpenbestand {settings.topics_file} klopt niet: {problem}") from problem


@contextmanager
def open_store(settings: Settings, *, serving: bool = False) -> Iterator[Database]:
    """The database of the settings, with the sample pool in it as long as no pool was imported.

    Only the service, which holds the installation itself (`serving`), brings the database up to date while it is
    held. Raises `Refused` for a file that is damaged or from a newer release, or that an older service uses.
    """
    make_folder(settings)
    try:
        db = open_database(settings.database, nullcontext if serving else partial(service_lock.held, settings.folder))
    except service_lock.InUse as problem:
        raise Refused(
            f"De dienst op {settings.folder} draait nog met een oudere versie. Stop die eerst, en probeer het dan"
            " opnieuw. Er is niets veranderd."
        ) from problem
    except NewerDatabase as problem:
        raise Refused(
            f"De database {settings.database} is gemaakt door een nieuwere versie van Mix&Match. Er is niets veranderd;"
            " installeer die nieuwere versie."
        ) from problem
    except NotADatabase as problem:
        raise Refused(
            f"Het bestand {settings.database} is geen database of is beschadigd. Er is niets veranderd;"
            " zet een reservekopie terug."
        ) from problem
    try:
        seed_pool(db)
        yield db
    finally:
        db.close()


def seed_pool(db: Database) -> None:
    """Fill an empty pool with the sample pool, so that a newcomer sees matches at once."""
    if db.table("experts").count == 0:
        with transaction(db):
            if db.table("experts").count == 0:  # still so, now that nobody else can import a pool meanwhile
                pool.replace(db, shipped_pool())
