"""Puts the parts together from the settings, the language model among them. Nothing is decided or sent here.

What needs no model opens an installation by installation.py, which starts at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.guarded_reader import READS_HERE, Reader
from bot.installation import links_of, make_folder, topics_of
from bot.links import Links
from bot.settings import Settings
from bot.terminal import Progress, Refused
from expertise.initiatives import Initiative, shipped_initiatives
from expertise.instruments import Instrument, shipped_instruments
from expertise.topics import Topic
from matcher.encoder import DEFAULT_MODEL, Encoder, ModelNotFound, open_encoder, packed_e5

STEPS = {"unpacking": "taalmodel uitpakken (eenmalig)", "loading": "taalmodel laden"}


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything the flow needs beside the store; the same for the whole life of the process.

    `settings_file` is where the settings came from; None where that was no file, or nobody looks after it.
    """

    settings: Settings
    topics: tuple[Topic, ...]
    instruments: tuple[Instrument, ...]
    initiatives: tuple[Initiative, ...]
    encoder: Encoder
    links: Links
    reader: Reader = READS_HERE
    settings_file: Path | None = None

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
