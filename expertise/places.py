"""Which municipality, province and region a place name belongs to; reading a text for names does not belong here.

The list (places.csv) holds the municipalities of the Netherlands as of 2026, the villages, hamlets and better known
neighbourhoods of Noord-Brabant, larger places elsewhere and the Belgian neighbours. A municipality has the position
of the place where its town hall stands. Positions come from GeoNames (https://www.geonames.org, licence CC BY 4.0),
rounded to about ten metres, and for some sixty names that it lacks from general knowledge, to about a kilometre;
where neither had one they are empty.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Literal, cast

Kind = Literal["municipality", "place", "neighbourhood", "former"]

BRABANT: Final = "Noord-Brabant"
NETHERLANDS: Final = "Nederland"
BELGIUM: Final = "België"
REGIONS: Final = ("West-Brabant", "Midden-Brabant", "Noordoost-Brabant", "Zuidoost-Brabant")
FOCUS_MUNICIPALITIES: Final = frozenset(
    {
        "Oss",
        "Waalwijk",
        "Meierijstad",
        "Bergen op Zoom",
        "Oosterhout",
        "Helmond",
        "Maashorst",
        "Roosendaal",
    }
)

_ORDINARY = (
    "acht america axel balk beek bergen best born bosch buren dieren doorn eerde elden engelen enter essen gestel "
    "goes goor grave hall halle handel hank haren hoeven horst houten huizen kapelle leek leur linden losser made "
    "marken meeuwen mill monster nes noordeinde putten reek roden ryen schyf sluis son stein straten tuk veen "
    "velden waarde warande well wierden zeeland zegge zuilen"
)
# Folded names that are also an everyday word: "Buren helpen mee" is not about the town of Buren.
# Who looks for places in running text needs more than the bare word for these.
ORDINARY_WORDS: Final = frozenset(_ORDINARY.split())


@dataclass(frozen=True, slots=True)
class Place:
    """A named place; latitude and longitude are degrees (WGS 84) or None, region is the province outside Brabant.

    kind says what the name stands for today: `former` is only for a municipality that merged and left no village of
    that name (Landerd); a town that used to be a municipality (Veghel) is a `place`.
    """

    name: str
    municipality: str
    province: str
    region: str
    latitude: float | None
    longitude: float | None
    kind: Kind


_NOT_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")


def fold(name: str) -> str:
    """The form under which names are compared: no case, accents, apostrophes, hyphens; St. = Sint, ij = y, & = en."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    bare = _APOSTROPHES.sub("", bare).replace("&", " en ")
    words = _NOT_WORD.sub(" ", bare).replace("ij", "y").split()
    return " ".join("sint" if word in {"st", "snt"} else word for word in words)


@cache
def shipped_places() -> tuple[Place, ...]:
    """Every place of places.csv, in the order of the file: Noord-Brabant first, a municipality before its places."""
    return tuple(place for place, _ in _shipped_rows())


def municipality_named(name: str) -> Place | None:
    """The municipality with this official name (folded), or None; other spellings are found by places_named."""
    return _municipalities().get(fold(name))


def places_named(name: str) -> tuple[Place, ...]:
    """Every place with this name or alias (folded): municipalities first, Noord-Brabant before the rest; () if none.

    A town with the name of its municipality is the municipality's own row and not listed twice.
    """
    return _index().get(fold(name), ())


def known_names() -> frozenset[str]:
    """Every folded name and alias, for who searches a text for them."""
    return frozenset(_index())


def is_in_brabant(municipality: str) -> bool:
    """Whether this is a municipality of Noord-Brabant; False for a name that is no municipality at all."""
    place = _municipality_meant(municipality)
    return place is not None and place.province == BRABANT


def region_of(municipality: str) -> str | None:
    """The Brabant region of a municipality; None outside Noord-Brabant and for an unknown name."""
    place = _municipality_meant(municipality)
    return place.region if place is not None and place.province == BRABANT else None


def covers(regions: Sequence[str], municipality: str | None) -> bool | None:
    """Whether a working area reaches a municipality; None when the municipality is not known.

    Words in regions: Nederland, a province, one of the four Brabant regions or a municipality. A word that is none of
    these covers nothing.
    """
    place = None if municipality is None else _municipality_meant(municipality)
    if place is None:
        return None
    return any(_reaches(word, place) for word in regions)


def is_known_region(word: str) -> bool:
    """Whether a word can stand in an expert's list of regions (see covers)."""
    return fold(word) in _area_words() or _municipality_meant(word) is not None


# Ranking asks the same few areas over and over.
@lru_cache(maxsize=4096)
def _reaches(word: str, place: Place) -> bool:
    folded = fold(word)
    # An area goes before a municipality of the same name: Utrecht and Groningen are both.
    if folded == fold(NETHERLANDS):
        return place.province != BELGIUM
    if folded in _area_words():
        return folded in {fold(place.region), fold(place.province)}
    meant = _municipality_meant(word)
    return meant is not None and meant.municipality == place.municipality


def _municipality_meant(word: str) -> Place | None:
    """The one municipality with this name or alias; an official name wins, an ambiguous alias (Bergen) gives None."""
    official = municipality_named(word)
    if official is not None:
        return official
    meant = [place for place in places_named(word) if place.kind == "municipality"]
    return meant[0] if len(meant) == 1 else None


@cache
def _area_words() -> frozenset[str]:
    provinces = {place.province for place in shipped_places()}
    return frozenset(fold(word) for word in (NETHERLANDS, *REGIONS, *provinces))


@cache
def _municipalities() -> dict[str, Place]:
    return {fold(place.name): place for place in shipped_places() if place.kind == "municipality"}


@cache
def _index() -> dict[str, tuple[Place, ...]]:
    found: dict[str, dict[str, Place]] = {}
    for place, aliases in _shipped_rows():
        for name in (place.name, *aliases):
            found.setdefault(fold(name), {}).setdefault(place.municipality, place)
    return {name: _best_first(places.values()) for name, places in found.items()}


def _best_first(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: (place.kind != "municipality", place.province != BRABANT)))


@cache
def _shipped_rows() -> tuple[tuple[Place, tuple[str, ...]], ...]:
    text = files("expertise").joinpath("places.csv").read_text(encoding="utf-8")
    return tuple(_read_row(row) for row in csv.DictReader(text.splitlines()))


def _read_row(row: dict[str, str]) -> tuple[Place, tuple[str, ...]]:
    place = Place(
        name=row["name"],
        municipality=row["municipality"],
        province=row["province"],
        region=row["region"],
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        kind=cast(Kind, row["kind"]),
    )
    return place, tuple(alias for alias in row["aliases"].split(";") if alias)
