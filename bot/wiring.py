"""Puts the parts together from the settings: store, topics, encoder, links. Nothing is decided or sent here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from bot.config import BadSettings, Settings
from bot.links import Links, signing_key
from bot.store import pool
from bot.store.database import NewerDatabase, NotADatabase, open_database, transaction
from bot.terminal import Progress, Refused
from expertise.experts import shipped_pool
from expertise.initiatives import Initiative, shipped_initiatives
from expertise.instruments import Instrument, shipped_instruments
from expertise.topics import Topic, read_topics, shipped_topics
from matcher.encoder import DEFAULT_MODEL, Encoder, ModelNotFound, open_encoder, packed_e5

STEPS = {"unpacking": "taalmodel uitpakken (eenmalig)", "loading": "taalmodel laden"}


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything the flow needs beside the store; the same for the whole life of the process."""

    settings: Settings
    topics: tuple[Topic, ...]
    instruments: tuple[Instrument, ...]
    initiatives: tuple[Initiative, ...]
    encoder: Encoder
    links: Links

    def label(self, need: str) -> str:
        """The Dutch label of a need; its code when the topic no longer exists."""
        return next((topic.label for topic in self.topics if topic.code == need), need)


def wire(settings: Settings, progress: Progress) -> Wiring:
    """Load the model and read the data that ships. Raises `Refused` when the model can't be had."""
    make_folder(settings)
    return Wiring(
        settings=settings,
        topics=topics_of(settings),
        instruments=shipped_instruments(),
        initiatives=shipped_initiatives(),
        encoder=encoder_of(settings, progress),
        links=links_of(settings),
    )


def make_folder(settings: Settings) -> None:
    """Make the folder of the installation; what citizens wrote is for its owner only."""
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def packed_model(settings: Settings) -> Path | None:
    """The packed language model that an adapter can be learned for; None when the settings name another model."""
    return packed_e5() if settings.model.name in {DEFAULT_MODEL, ""} else None


def encoder_of(settings: Settings, progress: Progress, adapter: bytes | Literal["shipped"] = "shipped") -> Encoder:
    """The language model of the settings, with the adapter that ships or another."""
    try:
        return open_encoder(settings.model.name, settings.model_cache, _in_dutch(progress), adapter)
    except ModelNotFound as problem:
        raise Refused(
            f"Het taalmodel {settings.model.name} kan niet worden geladen: {problem}."
            " Kijk naar model.name in de instellingen."
        ) from problem


def _in_dutch(progress: Progress) -> Callable[[str, float], None]:
    """The encoder's steps as a reader of the terminal sees them: the start of each, and every quarter of a long one."""
    told: set[tuple[str, int]] = set()

    def hear(step: str, part: float) -> None:
        quarter = int(part * 4)
        if (step, quarter) in told or quarter == 4:
            return
        told.add((step, quarter))
        share = f": {quarter * 25} %" if quarter else ""
        progress(f"{STEPS.get(step, step)}{share}")

    return hear


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
def open_store(settings: Settings) -> Iterator[Database]:
    """The database of the settings, with the sample pool in it as long as no pool was imported.

    Raises `Refused` for a file that is damaged or from a newer release.
    """
    make_folder(settings)
    try:
        db = open_database(settings.database)
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
